//! Packages: who depends on whom, and whether what is depended on is used.

use crate::words::names;
use crate::workspace::{files, members, sources_of, text};
use std::collections::BTreeSet;

/// Which packages of the workspace a package may depend on. A new package needs a line.
const MAY_DEPEND_ON: [(&str, &[&str]); 14] = [
    ("shared", &[]),
    ("client", &["portico-shared"]),
    ("i18n", &[]),
    ("ui", &["portico-shared", "portico-client"]),
    ("ui/lazy", &["portico-shared", "portico-ui"]),
    (
        "widget",
        &[
            "portico-shared",
            "portico-client",
            "portico-i18n",
            "portico-ui",
            "portico-lazy",
        ],
    ),
    (
        "desk",
        &[
            "portico-shared",
            "portico-client",
            "portico-i18n",
            "portico-ui",
            "portico-lazy",
        ],
    ),
    (
        "server",
        &["portico-shared", "portico-client", "portico-core", "portico-sqlite"],
    ),
    // On the store for its tests alone: anything else would be a cycle, which Cargo refuses.
    ("server/core", &["portico-shared", "portico-sqlite"]),
    ("server/sqlite", &["portico-shared", "portico-core"]),
    ("demo-bot", &[]),
    ("playground", &[]),
    ("xtask", &[]),
    ("tests", &["portico-shared", "portico-client", "portico-ui", "portico"]),
];

/// Libraries of the outside world, and the only package of the product that may depend on each. The compiler keeps the rest.
const ONLY_IN: [(&str, &str); 5] = [
    ("axum", "server"),
    ("hyper", "server"),
    ("tower-http", "server"),
    ("reqwest", "server"),
    ("rusqlite", "server/sqlite"),
];

/// Dependencies that no source names, with the reason.
const UNNAMED: [(&str, &str, &str); 0] = [];

/// `shared <- client <- ui <- widget, desk`; `shared <- server/core <- server/sqlite <- server`; `client <- server`; `i18n <- widget, desk` when they are built; `demo-bot`,
/// `playground` and `xtask` depend on none; `tests` may depend on all.
#[test]
fn packages_depend_on_each_other_in_one_direction() {
    let expected: BTreeSet<String> = MAY_DEPEND_ON.iter().map(|(member, _)| (*member).to_owned()).collect();
    assert_eq!(
        members().into_iter().collect::<BTreeSet<_>>(),
        expected,
        "every package has a line"
    );
    for (member, allowed) in MAY_DEPEND_ON {
        for dependency in dependencies(member, |_| true) {
            let is_ours = dependency == "portico" || dependency.starts_with("portico-");
            assert!(
                !is_ours || allowed.contains(&dependency.as_str()),
                "{member} must not depend on {dependency}"
            );
        }
    }
}

/// Invariant 8.
#[test]
fn the_rules_know_no_adapter() {
    for (library, home) in ONLY_IN {
        for member in MAY_DEPEND_ON.map(|(member, _)| member) {
            let product = dependencies(member, |section| section != "dev-dependencies");
            let foreign = matches!(member, "tests" | "xtask" | "demo-bot" | "playground") || member == home;
            assert!(
                foreign || !product.contains(library),
                "{member} must not depend on {library}"
            );
        }
    }
}

#[test]
fn every_dependency_is_used() {
    let mut unused = Vec::new();
    for (member, _) in MAY_DEPEND_ON {
        let mut code: String = sources_of(member).into_iter().map(|source| source.code).collect();
        code.extend(
            files(member, &["rs"])
                .iter()
                .filter(|path| path.ends_with("/build.rs"))
                .map(|path| text(path)),
        );
        for dependency in dependencies(member, |section| section != "dev-dependencies") {
            let excused = UNNAMED
                .iter()
                .any(|(package, name, _)| (*package, *name) == (member, dependency.as_str()));
            if !excused && !names(&code, &dependency.replace('-', "_")) {
                unused.push(format!("{member}: {dependency}"));
            }
        }
    }
    assert_eq!(unused, [""; 0], "dependencies that no source names");
}

/// What a package depends on, in the sections that `wanted` takes.
pub(crate) fn dependencies(member: &str, wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let manifest = text(&format!("{member}/Cargo.toml"));
    let (mut found, mut section, mut depth) = (BTreeSet::new(), String::new(), 0_i32);
    for line in manifest.lines().map(str::trim) {
        if depth == 0 && line.starts_with('[') {
            section = line.trim_matches(['[', ']']).to_owned();
        } else if depth == 0 && section.ends_with("dependencies") && wanted(&section) {
            let name: String = line
                .chars()
                .take_while(|c| c.is_alphanumeric() || "-_".contains(*c))
                .collect();
            if !name.is_empty() {
                found.insert(name);
            }
        }
        // A list over several lines is one entry.
        depth += line
            .chars()
            .map(|c| i32::from(c == '[') - i32::from(c == ']'))
            .sum::<i32>();
    }
    found
}
