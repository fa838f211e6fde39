//! JSON values, as serde_json has them.

pub use serde_json::{Number, Value};

/// The members of an object, by name.
pub type Map = serde_json::Map<String, Value>;

/// A text that is no JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct NotJson {
    /// From 1.
    pub line: usize,
    /// From 1, in bytes.
    pub column: usize,
}

impl NotJson {
    /// What its `Display` says, without the machinery of formats.
    pub fn sentence(&self) -> String {
        let (line, column) = (self.line.to_string(), self.column.to_string());
        ["not JSON near line ", &line, ", column ", &column].concat()
    }
}

/// Reads a text that is one JSON value and nothing else. More than 127 levels of arrays and objects are refused.
pub fn parse(text: &str) -> Result<Value, NotJson> {
    serde_json::from_str(text).map_err(|error| NotJson {
        line: error.line(),
        column: error.column(),
    })
}

/// The value as compact text.
pub fn text_of(value: &Value) -> String {
    // A value has only text as keys, so writing it cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}
