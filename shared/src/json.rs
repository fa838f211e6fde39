//! JSON values: serde_json's where a program has it anyway, and a small reader and writer of the same shape for the
//! widget, in which serde_json would be a tenth of all that a visitor downloads.
//!
//! Code that is built both ways takes [`Value`], [`Map`] and [`Number`] from here and uses no more of them than the
//! small ones have.

#[cfg(not(feature = "full-bodies"))]
mod read;
#[cfg(not(feature = "full-bodies"))]
mod small;
#[cfg(not(feature = "full-bodies"))]
mod write;

#[cfg(feature = "full-bodies")]
pub use serde_json::{Number, Value};
#[cfg(not(feature = "full-bodies"))]
pub use small::{Map, Number, Value};

/// The members of an object, by name.
#[cfg(feature = "full-bodies")]
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
#[cfg(feature = "full-bodies")]
pub fn parse(text: &str) -> Result<Value, NotJson> {
    serde_json::from_str(text).map_err(|error| NotJson {
        line: error.line(),
        column: error.column(),
    })
}

/// Reads a text that is one JSON value and nothing else. More than 127 levels of arrays and objects are refused.
#[cfg(not(feature = "full-bodies"))]
pub fn parse(text: &str) -> Result<Value, NotJson> {
    read::parse(text)
}

/// The value as compact text.
#[cfg(feature = "full-bodies")]
pub fn text_of(value: &Value) -> String {
    // A value has only text as keys, so writing it cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// The value as compact text.
#[cfg(not(feature = "full-bodies"))]
pub fn text_of(value: &Value) -> String {
    write::text_of(value)
}
