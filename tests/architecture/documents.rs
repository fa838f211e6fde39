//! Documents: what they name exists.

use crate::workspace::{files, root, text};
use std::path::Path;

/// Invariants of ARCHITECTURE.md.
const INVARIANTS: u32 = 16;

/// ARCHITECTURE.md has a table with a line for each invariant: its number, its words, and its tests as
/// `tests/protocol/file.rs: the_name_of_the_test`, in code marks or not, several separated by `;`, `<br>` or blanks.
#[test]
fn every_invariant_names_a_test_that_exists() {
    let document = text("ARCHITECTURE.md");
    for number in 1..=INVARIANTS {
        let row = document
            .lines()
            .find(|line| cells(line).first() == Some(&number.to_string().as_str()));
        let row = row.unwrap_or_else(|| panic!("ARCHITECTURE.md has no line for invariant {number}"));
        let cell = *cells(row).last().expect("a line has cells");
        let tests = tests_in(cell);
        assert!(!tests.is_empty(), "invariant {number} names no test: {cell}");
        for (file, name) in tests {
            assert!(root().join(&file).is_file(), "invariant {number}: there is no {file}");
            let found = program(&file).iter().any(|file| has_test(&text(file), &name));
            assert!(found, "invariant {number}: {file} has no test {name}");
        }
    }
}

/// Whether a program has a test of this name: one that runs, if only because something asks for the ignored ones.
fn has_test(program: &str, name: &str) -> bool {
    let Some((before, _)) = program.split_once(&format!("fn {name}(")) else {
        return false;
    };
    let attributes = before.rsplit("\n\n").next().unwrap_or_default();
    let is_test = ["#[test]", "#[tokio::test", "proptest"]
        .iter()
        .any(|it| attributes.contains(it));
    // `cargo xtask test` runs the ignored ones among the tests of disks.
    is_test && (!attributes.contains("#[ignore") || RUN_APART.iter().any(|reason| attributes.contains(reason)))
}

/// Why a test is ignored that `cargo xtask test` runs in a step of its own.
const RUN_APART: [&str; 2] = ["needs fiu-run", "needs to mount a file system"];

/// The file; a test program's `main.rs` stands for its modules too.
fn program(file: &str) -> Vec<String> {
    match file.strip_suffix("/main.rs") {
        Some(folder) => files(folder, &["rs"]),
        None => vec![file.to_owned()],
    }
}

fn cells(line: &str) -> Vec<&str> {
    match line.trim().strip_prefix('|') {
        Some(rest) => rest.trim_end_matches('|').split('|').map(str::trim).collect(),
        None => Vec::new(),
    }
}

/// A word that ends in `.rs`, and every word after it until the next such one.
fn tests_in(cell: &str) -> Vec<(String, String)> {
    let mut file = None;
    let mut tests = Vec::new();
    let is_separator = |character: char| !(character.is_alphanumeric() || "_/.-".contains(character));
    for word in cell
        .replace("<br>", " ")
        .split(is_separator)
        .map(|word| word.trim_matches('.'))
    {
        if word.ends_with(".rs") {
            file = Some(word.to_owned());
        } else if let Some(file) = file.as_ref().filter(|_| word.contains('_')) {
            tests.push((file.clone(), word.to_owned()));
        }
    }
    tests
}

/// The heading of the walkthrough whose stations are checked.
const WALKTHROUGH: &str = "### A customer sends a message";

/// Stations that a reader follows without losing the thread.
const MOST_STATIONS: usize = 10;

#[test]
fn every_station_of_the_walkthrough_names_a_function_that_exists() {
    let document = text("ARCHITECTURE.md");
    let stations = stations(&document);
    assert!(
        (1..=MOST_STATIONS).contains(&stations.len()),
        "{WALKTHROUGH}: {} stations, at most {MOST_STATIONS}",
        stations.len()
    );
    for station in stations {
        let named = functions_in(&station);
        assert!(!named.is_empty(), "no `file.rs: function` in: {station}");
        for (file, function) in named {
            assert!(root().join(&file).is_file(), "there is no {file}: {station}");
            assert!(
                has_function(&text(&file), &function),
                "{file} has no function {function}: {station}"
            );
        }
    }
}

/// The numbered items of the walkthrough, each with its further lines.
fn stations(document: &str) -> Vec<String> {
    let section = document.split_once(WALKTHROUGH).map_or("", |(_, rest)| rest);
    let section = section.split("\n#").next().unwrap_or_default();
    let mut stations: Vec<String> = Vec::new();
    for line in section.lines() {
        let number = line.split_once(". ").map_or("", |(number, _)| number);
        if !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit()) {
            stations.push(line.to_owned());
        } else if let Some(station) = stations.last_mut() {
            station.push(' ');
            station.push_str(line.trim());
        }
    }
    stations
}

/// What stands in code marks as `path/file.rs: function`.
fn functions_in(station: &str) -> Vec<(String, String)> {
    let code = station.split('`').skip(1).step_by(2);
    code.filter_map(|code| code.split_once(".rs: "))
        .map(|(file, function)| (format!("{file}.rs"), function.to_owned()))
        .collect()
}

fn has_function(program: &str, name: &str) -> bool {
    ["(", "<"]
        .iter()
        .any(|next| program.contains(&format!("fn {name}{next}")))
}

#[test]
fn stations_are_read_with_their_further_lines() {
    let document = format!(
        "{WALKTHROUGH}\n\n1. `a/b.rs: first`: begins\n   and `c.rs: second` ends.\n2. Nothing.\n\n### Next\n1. x"
    );
    let stations = stations(&document);
    assert_eq!(stations.len(), 2);
    let named = |file: &str, function: &str| (file.to_owned(), function.to_owned());
    assert_eq!(
        functions_in(&stations[0]),
        [named("a/b.rs", "first"), named("c.rs", "second")]
    );
    assert!(has_function("pub async fn first<T>(of: T)", "first"));
    assert!(!has_function("fn first_of_all()", "first"));
}

#[test]
fn every_link_of_the_documents_leads_to_a_file() {
    let mut documents = files("docs", &["md"]);
    documents.extend(["README.md", "ARCHITECTURE.md"].map(str::to_owned));
    let mut dead = Vec::new();
    for document in documents {
        let folder = Path::new(&document).parent().unwrap_or(Path::new(""));
        for target in links(&text(&document)) {
            let path = target.split(['#', '?']).next().unwrap_or_default();
            if !path.is_empty() && !root().join(folder).join(path).exists() {
                dead.push(format!("{document}: {target}"));
            }
        }
    }
    assert_eq!(dead, [""; 0], "links that lead nowhere");
}

/// Targets of `[text](target)`, `[name]: target` and `src="target"` that are not addresses, outside of code.
fn links(document: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_code = false;
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        for opening in ["](", "src=\"", "href=\""] {
            let targets = prose.match_indices(opening).map(|(at, _)| &prose[at + opening.len()..]);
            found.extend(targets.map(|rest| rest.split([')', '"', ' ']).next().unwrap_or_default().to_owned()));
        }
        if prose.starts_with('[')
            && let Some((_, target)) = prose.split_once("]: ")
        {
            found.push(target.trim().to_owned());
        }
    }
    found.retain(|target| !target.contains("://") && !target.starts_with("mailto:"));
    found
}

#[test]
fn tests_and_links_are_read_as_people_write_them() {
    let row = "| 3 | The same id makes one event | `tests/protocol/conversation.rs`: `one_event`, `tests/crash/main.rs: two_kills`; three_of_them |";
    assert_eq!(cells(row).len(), 3);
    let named = tests_in(cells(row)[2]);
    let named: Vec<_> = named
        .iter()
        .map(|(file, name)| (file.as_str(), name.as_str()))
        .collect();
    let conversation = "tests/protocol/conversation.rs";
    let crash = "tests/crash/main.rs";
    assert_eq!(
        named,
        [
            (conversation, "one_event"),
            (crash, "two_kills"),
            (crash, "three_of_them")
        ]
    );

    let document =
        "See [a](docs/a.md#part) and [b](https://b.example).\n```\n[c](c.md)\n```\n[d]: d.md\n`[e](e.md)` ![f](f.png)";
    assert_eq!(links(document), ["docs/a.md#part", "d.md", "f.png"]);
}
