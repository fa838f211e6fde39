//! Layers: which code may touch what.

use crate::packages::dependencies;
use crate::words::names;
use crate::workspace::{Source, sources, sources_of};

/// Everything that does I/O, or answers differently when asked twice.
const OUTSIDE_WORLD: [&str; 20] = [
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::os",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::hash::RandomState",
    "Instant",
    "SystemTime",
    "tokio",
    "web_sys",
    "js_sys",
    "getrandom",
    "rand",
    "now_v7",
    "new_v4",
    "println",
];

/// What the two pure packages may depend on at all.
const PURE_DEPENDENCIES: [&str; 6] = [
    "portico-shared",
    "serde",
    "serde_json",
    "base64",
    "thiserror",
    "pulldown-cmark",
];

/// Names of the relay's adapters to the outside world, and the files that may use them: the composition root and the
/// adapter itself.
const ADAPTERS: [(&str, &[&str]); 6] = [
    ("sqlite", &["server/src/app.rs", "server/src/store/sqlite"]),
    ("SqliteStore", &["server/src/app.rs", "server/src/store/sqlite"]),
    ("rusqlite", &["server/src/store/sqlite"]),
    ("bot::webhook", &["server/src/app.rs"]),
    ("Webhook", &["server/src/app.rs", "server/src/bot/webhook"]),
    ("SystemClock", &["server/src/app.rs", "server/src/clock"]),
];

/// Invariant 7.
#[test]
fn shared_and_client_do_no_io_and_read_no_clock() {
    for member in ["shared", "client"] {
        let dependencies = dependencies(member, |section| section != "dev-dependencies");
        let impure: Vec<_> = dependencies
            .iter()
            .filter(|name| !PURE_DEPENDENCIES.contains(&name.as_str()))
            .collect();
        assert!(impure.is_empty(), "{member} depends on {impure:?}");
        expect_none(sources_of(member), &OUTSIDE_WORLD, |_, _| false);
    }
}

/// Invariant 8.
#[test]
fn only_app_names_adapters() {
    for (adapter, homes) in ADAPTERS {
        expect_none(without_declarations("server/src"), &[adapter], |path, _| {
            homes.iter().any(|home| path.starts_with(home))
        });
    }
}

#[test]
fn axum_stays_at_the_edge() {
    let homes = ["server/src/http", "server/src/connection"];
    expect_none(
        sources("server/src"),
        &["axum", "hyper", "hyper_util", "tower_http"],
        |path, _| homes.iter().any(|home| path.starts_with(home)),
    );
}

/// Domain code knows the traits of its neighbours and nothing of the edge.
#[test]
fn the_domain_knows_nothing_of_the_edge() {
    for folder in [
        "conversation",
        "routing",
        "delivery",
        "timers",
        "store",
        "bot",
        "identity",
        "clock",
    ] {
        let of_folder = |source: &Source| {
            let rest = source.path.strip_prefix("server/src/").unwrap_or_default();
            rest == format!("{folder}.rs") || rest.starts_with(&format!("{folder}/"))
        };
        let domain: Vec<_> = sources("server/src").into_iter().filter(of_folder).collect();
        assert!(!domain.is_empty(), "{folder} is there");
        expect_none(
            domain,
            &["crate::http", "crate::connection", "crate::app", "crate::admin"],
            |_, _| false,
        );
    }
}

/// Without `pub mod name;`, which names a module where it lies and uses nothing.
fn without_declarations(folder: &str) -> Vec<Source> {
    let mut sources = sources(folder);
    for source in &mut sources {
        let used = source.code.lines().filter(|line| !is_declaration(line));
        source.code = used.map(|line| format!("{line}\n")).collect();
    }
    sources
}

fn is_declaration(line: &str) -> bool {
    let line = line.trim();
    line.ends_with(';')
        && ["mod ", "pub mod ", "pub(crate) mod "]
            .iter()
            .any(|start| line.starts_with(start))
}

/// Fails with every place where one of the names stands, unless it may.
pub(crate) fn expect_none(sources: Vec<Source>, forbidden: &[&str], may: impl Fn(&str, &str) -> bool) {
    let mut found = Vec::new();
    for source in sources {
        for name in forbidden {
            if names(&source.code, name) && !may(&source.path, name) {
                found.push(format!("{}: {name}", source.path));
            }
        }
    }
    assert_eq!(found, [""; 0], "names that must not stand there");
}
