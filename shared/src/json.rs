//! JSON values, as serde_json has them, and reading them so that a fault says where it is.
//!
//! What is read here is read twice when it is wrong: once straight from its text, and then once more, while account is
//! kept of where it is, from the text of its tree of values. What the tree says counts: of a member that is there twice
//! the last one.
//!
//! Numbers that no type has a member for are kept digit for digit (serde_json's `arbitrary_precision`). The price is that
//! a number which passes through serde's own buffers arrives as an object: types that are read through them, by
//! `untagged`, by an inner `tag`, or by `flatten` into anything but a [`Map`], must have no numbers.

mod ambiguous;
mod by_name;

pub use ambiguous::refuse_ambiguous;

use crate::limits::MAX_NUMBER_CHARS;
use by_name::ByName;
use serde::Serialize;
use serde::de::{self, DeserializeOwned};
use serde_path_to_error::Segment;

pub use serde_json::{Number, Value};

/// The members of an object, by name.
pub type Map = serde_json::Map<String, Value>;

/// A text that is no JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} near line {line}, column {column}")]
pub struct NotJson {
    /// In what way it is none.
    pub what: &'static str,
    /// From 1.
    pub line: usize,
    /// From 1, in bytes.
    pub column: usize,
}

const NOT_JSON: &str = "not JSON";
const TOO_DEEP: &str = "more than 127 levels of arrays and objects";

impl From<serde_json::Error> for NotJson {
    fn from(error: serde_json::Error) -> Self {
        // Serde hands out no more than a sentence.
        let is_too_deep = error.to_string().starts_with("recursion limit exceeded");
        Self {
            what: if is_too_deep { TOO_DEEP } else { NOT_JSON },
            line: error.line(),
            column: error.column(),
        }
    }
}

/// JSON that is not the type it should be: where, and in what way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}{between}{problem}", between = if .path.is_empty() { "" } else { ": " })]
pub struct DecodeError {
    /// Dotted path from the decoded value, as in `body.attachment.mediaUrl` or `body.buttons[2].title`; empty when
    /// the value itself is of the wrong kind.
    pub path: String,
    /// What is wrong there, as in `expected a string`.
    pub problem: String,
}

/// The problem of a member that must be there.
pub(crate) const MISSING: &str = "missing";

/// The problem of a member that a type which refuses unknown ones does not know: it would state what is not the sender's
/// to state.
pub(crate) const FORBIDDEN: &str = "only the relay states this";

/// Between the path and the problem of an error that passes through an outer type's reading. In no path and no problem.
const UNIT: char = '\u{1f}';

impl DecodeError {
    /// The fault `problem` of the member called `path`.
    pub fn new(path: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            problem: problem.into(),
        }
    }

    /// The same fault, seen from the value that has this one as its member `place`.
    #[must_use]
    pub fn within(mut self, place: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') || place.is_empty() {
            ""
        } else {
            "."
        };
        self.path = [place, dot, &self.path].concat();
        self
    }

    /// As an error of the type whose reading it interrupts.
    pub(crate) fn inside<E: de::Error>(self) -> E {
        E::custom(self.marked())
    }

    /// The sentence that such an error is made of.
    pub(crate) fn marked(&self) -> String {
        format!("{}{UNIT}{}", self.path, self.problem)
    }

    /// What serde_json says, in the words of this crate and without where it is.
    fn without_place(error: &serde_json::Error) -> Self {
        Self::new("", expectation(&error.to_string()))
    }

    /// What serde says, in the words of this crate. Serde hands out no more than a sentence.
    fn of(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let is_member = matches!(error.path().iter().next_back(), Some(Segment::Map { .. }));
        let path = match error.path().iter().len() {
            0 => String::new(),
            _ => error.path().to_string(),
        };
        let place = format!(" at line {} column {}", error.inner().line(), error.inner().column());
        let sentence = error.inner().to_string();
        let sentence = sentence.strip_suffix(&place).unwrap_or(&sentence);
        let named = |start: &str| sentence.strip_prefix(start)?.split('`').next();
        let inner = if let Some((inner, problem)) = sentence.split_once(UNIT) {
            Self::new(inner, problem)
        } else if let Some(name) = named("missing field `") {
            Self::new(name, MISSING)
        } else if let Some(name) = named("unknown field `") {
            // The path ends with the member's name if that was read as a key.
            let is_named = matches!(error.path().iter().next_back(), Some(Segment::Map { key }) if key == name);
            Self::new(if is_named { "" } else { name }, FORBIDDEN)
        } else if is_member && sentence.starts_with("invalid type: null") {
            Self::new("", MISSING)
        } else {
            Self::new("", expectation(sentence))
        };
        inner.within(&path)
    }
}

/// `expected a string` out of `invalid type: null, expected a string`; any other sentence as it is.
fn expectation(sentence: &str) -> String {
    let Some((_, expected)) = sentence.rsplit_once(", expected ") else {
        return sentence.to_owned();
    };
    let expected = match expected {
        "a boolean" => "true or false",
        "a sequence" => "an array",
        "a JSON number" => "a number",
        "a map" => "an object",
        _ if expected.starts_with("struct ") => "an object",
        other => other,
    };
    format!("expected {expected}")
}

/// Refuses numbers that readers of JSON cannot all hold: longer than [`MAX_NUMBER_CHARS`], or beyond the range of doubles. The
/// error names the first one's place.
pub fn check_numbers(value: &Value) -> Result<(), DecodeError> {
    match value {
        Value::Number(number) if is_holdable(number.as_str()) => Ok(()),
        Value::Number(_) => Err(DecodeError::new(
            "",
            format!("more than {MAX_NUMBER_CHARS} characters or than a double holds"),
        )),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(at, item)| check_numbers(item).map_err(|error| error.within(&format!("[{at}]")))),
        Value::Object(members) => members
            .iter()
            .try_for_each(|(name, member)| check_numbers(member).map_err(|error| error.within(name))),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

fn is_holdable(number: &str) -> bool {
    number.len() <= MAX_NUMBER_CHARS && number.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Names of members by which serde_json tells its own numbers and raw texts apart inside a [`Value`]. From outside they
/// would turn an object into a number that cannot be read back, or a string into JSON of any depth.
const RESERVED: [&str; 2] = ["$serde_json::private::Number", "$serde_json::private::RawValue"];

/// Whether a JSON text has a member with a name that serde_json reserves for itself. Such a text is refused where it comes in
/// and never stored. A string that merely mentions such a name is like any other.
pub fn has_reserved_name(text: &str) -> bool {
    // Only a text that may spell the name, plainly or by escapes of ASCII characters, is looked at closely.
    if !text.contains("::private::") && !text.contains("\\u00") {
        return false;
    }
    let plain = without_ascii_escapes(text);
    RESERVED.iter().any(|name| {
        plain.split(&format!("\"{name}\"")).skip(1).any(|after| {
            let after = after.trim_start_matches([' ', '\t', '\n', '\r']);
            after.starts_with(':')
        })
    })
}

/// The text with `\u0024` and the like as the printable ASCII characters that they stand for; other escapes stay.
fn without_ascii_escapes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let escape = &rest[at..];
        let printable = escape
            .strip_prefix("\\u00")
            .and_then(|digits| u8::from_str_radix(digits.get(..2)?, 16).ok())
            .filter(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'));
        let length = match printable {
            Some(byte) => {
                plain.push(char::from(byte));
                "\\u0000".len()
            }
            // The character after a backslash belongs to it, above all another backslash or a quote.
            None => {
                let next = escape.chars().nth(1).map_or(0, char::len_utf8);
                plain.push_str(&escape[..1 + next]);
                1 + next
            }
        };
        rest = &escape[length..];
    }
    plain.push_str(rest);
    plain
}

/// The problem of a text with a name of [`RESERVED`].
pub(crate) const RESERVED_NAME: &str = "a member has a name that is reserved";

/// A browser reads what a relay wrote and mends nothing of it: there an error says what is wrong and not where. The reading
/// that keeps account of its place would be as much code again, for each type, in what every visitor fetches.
pub(crate) const IN_A_BROWSER: bool = cfg!(target_arch = "wasm32");

/// Reads a text.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    if has_reserved_name(text) {
        return Err(DecodeError::new("", RESERVED_NAME));
    }
    untracked(text).or_else(|error| {
        if IN_A_BROWSER {
            return Err(DecodeError::without_place(&error));
        }
        match parse(text) {
            Ok(value) => tracked(&text_of(&value)),
            Err(error) => Err(DecodeError::new("", error.to_string())),
        }
    })
}

/// Reads a value, by way of its text: read from the value itself, a number that no type has a member for would have to
/// be one that some integer or double holds.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T, DecodeError> {
    from_str(&text_of(&value))
}

fn untracked<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    let mut text = serde_json::Deserializer::from_str(text);
    let read = T::deserialize(ByName(&mut text))?;
    text.end()?;
    Ok(read)
}

fn tracked<T: DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    let mut text = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(ByName(&mut text)).map_err(|error| DecodeError::of(&error))
}

/// The members of what is written as an object; of anything else none. By way of its text, which each type can be written
/// as already: a tree would be a second way to write it.
pub fn to_map<T: Serialize>(value: &T) -> Map {
    serde_json::from_str(&to_text(value, 0)).unwrap_or_default()
}

/// The text of a value. `about` bytes are made room for.
pub(crate) fn to_text<T: Serialize>(value: &T, about: usize) -> String {
    let mut out = Vec::with_capacity(about);
    // Memory takes everything, and keys are text: there is nothing that could fail.
    let written = serde_json::to_writer(&mut out, value);
    debug_assert!(written.is_ok(), "{written:?}");
    // What serde_json writes is UTF-8.
    String::from_utf8(out).unwrap_or_default()
}

/// Reads a text that is one JSON value and nothing else. More than 127 levels of arrays and objects are refused, and so are
/// the names that [`has_reserved_name`] looks for.
pub fn parse(text: &str) -> Result<Value, NotJson> {
    if has_reserved_name(text) {
        return Err(NotJson {
            what: NOT_JSON,
            line: 1,
            column: 1,
        });
    }
    serde_json::from_str(text).map_err(NotJson::from)
}

/// The value as compact text.
pub fn text_of(value: &Value) -> String {
    // A value has only text as keys, so writing it cannot fail.
    serde_json::to_string(value).unwrap_or_default()
}

/// Whether a value has at most `levels` levels of arrays and objects.
pub fn nests_within(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => levels > 0 && items.iter().all(|item| nests_within(item, levels - 1)),
        Value::Object(map) => levels > 0 && map.values().all(|item| nests_within(item, levels - 1)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_serde_json_reserves_are_found_however_they_are_spelt() {
        for text in [
            r#"{"$serde_json::private::Number":"1"}"#,
            r#"{"a":{"a":1,"$serde_json::private::RawValue" : "[]"}}"#,
            "[{\"$serde_json::private::Number\"\n:\"x\"}]",
            r#"{"\u0024serde_json::private::Number":"1"}"#,
            r#"{"\u0024serde_json\u003a\u003Apriv\u0061te::RawValue":"1"}"#,
        ] {
            assert!(has_reserved_name(text), "{text}");
            assert!(parse(text).is_err(), "{text}");
            assert!(from_str::<Value>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_object_is_no_list_of_its_members() {
        #[derive(Debug, Default, PartialEq, serde::Deserialize)]
        struct Inner {
            one: u8,
        }
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Outer {
            inner: Option<Inner>,
            list: Vec<Inner>,
        }
        let outer = Outer {
            inner: Some(Inner { one: 1 }),
            list: vec![Inner { one: 2 }],
        };
        assert_eq!(from_str(r#"{"inner":{"one":1},"list":[{"one":2}]}"#), Ok(outer));
        for (text, path) in [
            (r#"[{"one":1},[]]"#, ""),
            (r#"{"inner":[1],"list":[]}"#, "inner"),
            (r#"{"list":[{"one":1},[2]]}"#, "list[1]"),
        ] {
            let error = from_str::<Outer>(text).expect_err(text);
            assert_eq!(
                (error.path.as_str(), error.problem.as_str()),
                (path, "expected an object")
            );
        }
    }

    #[test]
    fn a_text_may_mention_a_reserved_name() {
        for text in [
            r#"{"text":"$serde_json::private::Number"}"#,
            r#"{"text":"say \"$serde_json::private::Number\": 1"}"#,
            r#"{"text":"\\u0024serde_json::private::Number"}"#,
            r#"{"\\u0024serde_json::private::Number":1}"#,
            r#"{"text":"\u00e9\u00", "b":1}"#,
        ] {
            assert!(!has_reserved_name(text), "{text}");
        }
    }
}
