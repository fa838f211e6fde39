//! Rules for every file.

use crate::layers::expect_none;
use crate::words::names;
use crate::workspace::{files, members, sources_of, text};

/// Most lines of a file before its tests.
const MOST_LINES: usize = 450;

/// Most lines of a script.
const MOST_SCRIPT_LINES: usize = 400;

/// Where scripts are written by hand.
const SCRIPT_FOLDERS: [&str; 5] = ["public", "widget", "desk", "ui", "packages"];

/// Invariant 5. That the bounded ones are small enough is the business of whoever names their capacity.
#[test]
fn no_queue_is_unbounded() {
    let unbounded = [
        "unbounded_channel",
        "unbounded",
        "mpsc::channel::<",
        "std::sync::mpsc::channel",
        "UnboundedSender",
    ];
    for member in members()
        .into_iter()
        .filter(|member| member != "tests" && member != "xtask")
    {
        expect_none(sources_of(&member), &unbounded, |_, _| false);
    }
}

/// Invariant 10: text of a message is never handed to the browser's HTML parser.
#[test]
fn no_text_is_ever_inserted_as_html() {
    let rust = [
        "inner_html",
        "set_inner_html",
        "outer_html",
        "set_outer_html",
        "insert_adjacent_html",
        "set_srcdoc",
        "create_contextual_fragment",
        "eval",
    ];
    for member in ["shared", "client", "ui", "widget", "desk"] {
        expect_none(sources_of(member), &rust, |_, _| false);
    }
    let script = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "srcdoc",
        "eval",
        "DOMParser",
    ];
    let mut scripts = Vec::new();
    for folder in ["public", "widget", "desk", "ui", "server"] {
        scripts.extend(files(folder, &["js", "ts", "mjs", "html"]));
    }
    assert!(
        scripts.iter().any(|path| path == "public/embed/main.js"),
        "there are scripts to look at"
    );
    for path in scripts {
        let text = without_comments(&text(&path));
        let found: Vec<_> = script.iter().filter(|name| names(&text, name)).collect();
        assert!(found.is_empty(), "{path}: {found:?}");
    }
}

/// Lines that are only a comment say what is not done.
fn without_comments(script: &str) -> String {
    let is_comment = |line: &&str| {
        ["//", "/*", "*"]
            .iter()
            .any(|start| line.trim_start().starts_with(start))
    };
    script
        .lines()
        .filter(|line| !is_comment(line))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn files_are_short_enough_to_be_read() {
    let mut long = Vec::new();
    for source in members().iter().flat_map(|member| sources_of(member)) {
        if source.lines > MOST_LINES {
            long.push(format!("{}: {} lines", source.path, source.lines));
        }
    }
    for folder in SCRIPT_FOLDERS {
        for path in files(folder, &["js", "mjs", "ts", "tsx"]) {
            let lines = text(&path).lines().count();
            if lines > MOST_SCRIPT_LINES {
                long.push(format!("{path}: {lines} lines"));
            }
        }
    }
    assert_eq!(
        long, [""; 0],
        "files longer than {MOST_LINES} lines before their tests, or scripts than {MOST_SCRIPT_LINES}"
    );
}
