//! Layers: which code may touch what.

use crate::packages::dependencies;
use crate::words::names;
use crate::workspace::{Source, sources_of};

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
const PURE_DEPENDENCIES: [&str; 9] = [
    "portico-shared",
    "serde",
    "serde_json",
    "serde_path_to_error",
    "serde_with",
    "base64",
    "speedate",
    "thiserror",
    "utoipa",
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
