//! The workspace's files, as the rules look at them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The folder of the root `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the package lies in the workspace").to_owned()
}

/// The text of a file, by its path from the root.
///
/// # Panics
/// When it is not there.
pub(crate) fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The folders of the workspace's packages.
pub(crate) fn members() -> Vec<String> {
    let manifest = text("Cargo.toml");
    let list = manifest
        .split_once("\nmembers = [")
        .and_then(|(_, rest)| rest.split_once(']'));
    let (list, _) = list.expect("the workspace lists its members");
    let members: Vec<_> = list
        .split(',')
        .map(|name| name.trim().trim_matches('"').to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    assert!(members.len() > 5, "there are members: {members:?}");
    members
}

/// Files below a folder with one of these extensions, as paths from the root.
pub(crate) fn files(folder: &str, extensions: &[&str]) -> Vec<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("a folder can be read").path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() {
                if !matches!(name, "target" | "node_modules" | "dist") && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if extensions
                .iter()
                .any(|extension| name.ends_with(&format!(".{extension}")))
            {
                let path = path.strip_prefix(root()).expect("below the root").to_owned();
                found.insert(path.to_string_lossy().into_owned());
            }
        }
    }
    found.into_iter().collect()
}

/// A Rust source file.
pub(crate) struct Source {
    /// From the root.
    pub(crate) path: String,
    /// Lines before the first test in it.
    pub(crate) lines: usize,
    /// Its code without comments, tests, and the content of string literals.
    pub(crate) code: String,
}

/// The Rust sources below a folder that are part of the product, not of its tests.
pub(crate) fn sources(folder: &str) -> Vec<Source> {
    let texts: BTreeMap<String, String> = files(folder, &["rs"])
        .into_iter()
        .map(|path| (path.clone(), text(&path)))
        .collect();
    let tests: Vec<String> = texts.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    let is_test = |path: &str| {
        let stem = path.trim_end_matches(".rs");
        tests.iter().any(|test| {
            let rest = stem.strip_prefix(test.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let sources: Vec<_> = texts
        .iter()
        .filter(|(path, _)| !is_test(path))
        .map(|(path, text)| {
            let product = product(text);
            Source {
                path: path.clone(),
                lines: product.lines().count(),
                code: code(&product),
            }
        })
        .collect();
    assert!(!sources.is_empty(), "{folder} has sources");
    sources
}

/// The sources of one package: its `src`, or all of it where there is none.
pub(crate) fn sources_of(member: &str) -> Vec<Source> {
    let src = format!("{member}/src");
    sources(if root().join(&src).is_dir() { &src } else { member })
}

const TEST: &str = "#[cfg(test)]";

/// The part of a file that is not only built for tests: all before the first test module with a body.
fn product(text: &str) -> String {
    let mut product = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim() == TEST {
            match lines.peek().copied().and_then(declared) {
                Some(_) => drop(lines.next()),
                None => break,
            }
        } else {
            product.push_str(line);
            product.push('\n');
        }
    }
    product
}

/// Paths, without extension, of the modules that a file declares for tests only.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let stem = path.trim_end_matches(".rs");
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let below = if matches!(name, "lib" | "main") { folder } else { stem };
    let lines: Vec<&str> = text.lines().collect();
    let declared = lines
        .windows(2)
        .filter(|pair| pair[0].trim() == TEST)
        .filter_map(|pair| declared(pair[1]));
    declared.map(|name| format!("{below}/{name}")).collect()
}

/// The name in `mod name;`.
fn declared(line: &str) -> Option<&str> {
    let line = line
        .trim()
        .trim_start_matches("pub(crate) ")
        .trim_start_matches("pub(super) ");
    line.strip_prefix("mod ")?.strip_suffix(';')
}

/// Leaves comments and the content of strings out. Raw strings and strings over several lines are read line by line,
/// which is enough for the rules.
fn code(text: &str) -> String {
    let mut code = String::new();
    for line in text.lines() {
        let (mut in_string, mut escaped) = (false, false);
        let mut characters = line.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '"' if !escaped => in_string = !in_string,
                '/' if !in_string && characters.peek() == Some(&'/') => break,
                _ if in_string => {}
                _ => code.push(character),
            }
            escaped = in_string && character == '\\' && !escaped;
        }
        code.push('\n');
    }
    code
}

#[test]
fn tests_comments_and_strings_are_no_product() {
    let text = "//! std::fs\nuse a;\n#[cfg(test)]\nmod tests;\nlet x = \"// std \\\" fs\"; // why\n#[cfg(test)]\nmod inline {\n}\n";
    assert_eq!(code(&product(text)), "\nuse a;\nlet x = ; \n");
    assert_eq!(test_modules("server/src/lib.rs", text), ["server/src/tests"]);
    assert_eq!(test_modules("server/src/store.rs", text), ["server/src/store/tests"]);
}
