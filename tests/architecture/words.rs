//! Names in code: `std::fs` is found in `std::fs::read` and in `use std::{fs, io}`, not in `std::fsx`.

/// Whether a path or a word stands in the code.
pub(crate) fn names(code: &str, path: &str) -> bool {
    if stands_alone(code, path) {
        return true;
    }
    match path.rsplit_once("::") {
        Some((parent, name)) => groups(code, parent).any(|group| stands_alone(group, name)),
        None => false,
    }
}

/// Whether it stands in the text with nothing beside it that would make it a longer name.
fn stands_alone(text: &str, path: &str) -> bool {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    text.match_indices(path).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + path.len()..].chars().next();
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

/// What stands in the braces of `parent::{…}`.
fn groups<'c>(code: &'c str, parent: &str) -> impl Iterator<Item = &'c str> {
    let opening = format!("{parent}::{{");
    let starts: Vec<_> = code.match_indices(&opening).map(|(at, text)| at + text.len()).collect();
    starts.into_iter().map(|at| {
        let mut depth = 1;
        let end = code[at..].find(|character| {
            depth += i32::from(character == '{') - i32::from(character == '}');
            depth == 0
        });
        &code[at..end.map_or(code.len(), |end| at + end)]
    })
}

#[test]
fn names_are_found_alone_in_paths_and_in_groups() {
    for code in [
        "std::fs::read(x)",
        "use std::fs;",
        "use std::{fs, io};",
        "use std::{\n    collections::{A, B},\n    fs::File,\n};",
    ] {
        assert!(names(code, "std::fs"), "{code}");
    }
    for code in [
        "std::fsx::read(x)",
        "use std::io; fs",
        "use std::{io}; fs",
        "my_std::fs",
    ] {
        assert!(!names(code, "std::fs"), "{code}");
    }
}
