//! What a document says, one file per language: `messages/en.json` is the list, every other file of the folder a
//! translation of it.
//!
//! The build scripts of the widget and of the desk call [`build`]. It refuses a translation that is not whole, by the
//! file, the message and what to do, and writes a function for each message, so that a message that is not there does
//! not compile. `docs/languages.md` describes the files for translators.

mod check;
mod code;
mod language;
mod plural;

use language::Language;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

/// The language that the others are translations of. It is compiled into the program.
const SOURCE: &str = "en";

/// For a build script: reads `messages/` and `index.html` of its package and writes `messages.rs` for
/// `include!(concat!(env!("OUT_DIR"), "/messages.rs"))`.
pub fn build() -> ExitCode {
    let folder = |name| PathBuf::from(env::var_os(name).unwrap_or_default());
    println!("cargo:rerun-if-changed=messages");
    println!("cargo:rerun-if-changed=index.html");
    match package(&folder("CARGO_MANIFEST_DIR")) {
        Ok(code) => match fs::write(folder("OUT_DIR").join("messages.rs"), code) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => fail(&[format!("messages.rs cannot be written: {error}")]),
        },
        Err(problems) => fail(&problems),
    }
}

fn fail(problems: &[String]) -> ExitCode {
    eprintln!("\nThe messages are not whole; docs/languages.md describes them.\n");
    problems.iter().for_each(|problem| eprintln!("  {problem}\n"));
    ExitCode::FAILURE
}

/// The Rust code for a package's messages, or all that is wrong with them.
fn package(package: &Path) -> Result<String, Vec<String>> {
    let folder = package.join("messages");
    let mut languages = BTreeMap::new();
    let mut problems = Vec::new();
    for path in files(&folder).map_err(|error| vec![format!("{}: {error}", folder.display())])? {
        match Language::read(&path) {
            Ok(language) => drop(languages.insert(language.tag.clone(), language)),
            Err(problem) => problems.push(problem),
        }
    }
    let Some(source) = languages.remove(SOURCE) else {
        problems.push(format!("{}: there is no {SOURCE}.json", folder.display()));
        return Err(problems);
    };
    match source.list() {
        Ok(list) => {
            problems.extend(check::source(&source, &list));
            for language in languages.values() {
                problems.extend(check::translation(language, &list));
            }
            let tags: Vec<&str> = languages.keys().map(String::as_str).collect();
            problems.extend(check::page(&package.join("index.html"), &tags));
            if problems.is_empty() {
                return Ok(code::of(&list));
            }
        }
        Err(more) => problems.extend(more),
    }
    Err(problems)
}

fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?;
    let mut paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests;
