//! The table of texts, for the tests of all crates that show one: they take this file in by its path.

use serde_json::Value;

/// The texts that every screen has to show whole: a source, the same in plain words, and on one line.
pub(crate) fn texts() -> Vec<[String; 3]> {
    let table: Vec<Value> = serde_json::from_str(include_str!("../texts.json")).expect("a table");
    let column = |row: &Value, name: &str| row[name].as_str().expect("a text").to_owned();
    table
        .iter()
        .map(|row| ["source", "plain", "line"].map(|name| column(row, name)))
        .collect()
}
