//! How JSON becomes a CIM type: one walk over a [`Value`] that remembers where it is and keeps the first fault.
//!
//! Decoding does not stop at a fault. A field that cannot be read takes its default, the walk goes on, and the caller
//! of the outermost decode gets the fault instead of the value. No field needs an early return, which is what keeps
//! the compiled size of some eighty types small. Nothing here may depend on the type being decoded.

use serde_json::{Map, Number, Value};

/// A JSON text that is not the CIM type it should be: where, and in what way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}{}{problem}", if path.is_empty() { "" } else { ": " })]
pub struct DecodeError {
    /// Dotted path from the decoded value, as in `body.attachment.mediaUrl` or `body.buttons[2].title`; empty when
    /// the value itself is of the wrong kind.
    pub path: String,
    /// What is wrong there, as in `expected a string`.
    pub problem: &'static str,
}

/// The way from the outermost value to the one at hand. Lives on the stack; becomes text only for a fault.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    /// The outermost value. An empty name leaves no mark in the path.
    pub(crate) const fn root(name: &'a str) -> Self {
        Self {
            parent: None,
            step: Step::Key(name),
        }
    }

    pub(crate) const fn key(&'a self, key: &'a str) -> Path<'a> {
        Path {
            parent: Some(self),
            step: Step::Key(key),
        }
    }

    pub(crate) const fn index(&'a self, index: usize) -> Path<'a> {
        Path {
            parent: Some(self),
            step: Step::Index(index),
        }
    }

    fn write(&self, out: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(out);
        }
        match self.step {
            Step::Key(key) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(key);
            }
            Step::Index(index) => {
                out.push('[');
                out.push_str(&index.to_string());
                out.push(']');
            }
        }
    }

    /// The fault `problem` at this place.
    pub(crate) fn fault(&self, problem: &'static str) -> DecodeError {
        let mut path = String::new();
        self.write(&mut path);
        DecodeError { path, problem }
    }
}

/// The first fault of a decode, if there is one yet.
#[derive(Default)]
pub(crate) struct Fault(Option<DecodeError>);

impl Fault {
    /// Keeps `problem` unless an earlier one is already kept.
    pub(crate) fn note(&mut self, at: &Path<'_>, problem: &'static str) {
        if self.0.is_none() {
            self.0 = Some(at.fault(problem));
        }
    }

    /// The fault that was kept.
    pub(crate) fn into_error(self) -> Option<DecodeError> {
        self.0
    }
}

/// A type that can stand as the value of a JSON member.
pub(crate) trait Field: Sized {
    /// What an absent member reads as, and what a fault leaves behind.
    fn blank() -> Self;

    /// Reads a value that is not null.
    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self;

    /// The canonical JSON form.
    fn write(&self) -> Value;

    /// True for what an encoded object may leave out: nothing, an empty list, an empty map.
    fn is_empty(&self) -> bool {
        false
    }
}

/// Decodes a whole value, null being a fault like any other wrong kind.
pub(crate) fn decode_root<T: Field>(value: Value, root: &'static str) -> Result<T, DecodeError> {
    let mut fault = Fault::default();
    let decoded = T::read(value, &Path::root(root), &mut fault);
    match fault.0 {
        Some(error) => Err(error),
        None => Ok(decoded),
    }
}

/// The members of one JSON object while they are being taken out; what is left at the end is unknown and kept.
pub(crate) struct Fields<'a> {
    pub(crate) map: Map<String, Value>,
    pub(crate) at: &'a Path<'a>,
    pub(crate) fault: &'a mut Fault,
}

impl<'a> Fields<'a> {
    /// Opens an object. Another kind of value is a fault and reads as an empty object.
    pub(crate) fn open(value: Value, at: &'a Path<'a>, fault: &'a mut Fault) -> Self {
        let map = match value {
            Value::Object(map) => map,
            _ => {
                fault.note(at, "expected an object");
                Map::new()
            }
        };
        Self { map, at, fault }
    }

    /// Removes a member; null counts as absent.
    pub(crate) fn remove(&mut self, key: &str) -> Option<Value> {
        self.map.remove(key).filter(|value| !value.is_null())
    }

    /// Takes a member that may be absent.
    pub(crate) fn take<T: Field>(&mut self, key: &str) -> T {
        match self.remove(key) {
            Some(value) => T::read(value, &self.at.key(key), self.fault),
            None => T::blank(),
        }
    }

    /// Takes a member that must be there.
    pub(crate) fn need<T: Field>(&mut self, key: &str) -> T {
        match self.remove(key) {
            Some(value) => T::read(value, &self.at.key(key), self.fault),
            None => {
                self.fault.note(&self.at.key(key), "missing");
                T::blank()
            }
        }
    }

    /// Gives `key` a value unless it has one of its own.
    pub(crate) fn fill(&mut self, key: &str, value: Value) {
        if self.map.get(key).is_none_or(Value::is_null) {
            self.map.insert(key.to_owned(), value);
        }
    }

    /// Moves the value of an older or second spelling to `key`, unless `key` has a value of its own.
    pub(crate) fn rename(&mut self, old: &str, key: &str) {
        if let Some(value) = self.remove(old) {
            self.fill(key, value);
        }
    }

    /// Turns a number into its text: some senders write a code or an id as a number, others as text.
    pub(crate) fn number_to_text(&mut self, key: &str) {
        if let Some(value) = self.map.get_mut(key)
            && let Value::Number(number) = value
        {
            *value = Value::String(number.to_string());
        }
    }

    /// What nobody took.
    pub(crate) fn rest(self) -> Map<String, Value> {
        self.map
    }
}

/// Writes a member unless it is empty.
pub(crate) fn put<T: Field>(map: &mut Map<String, Value>, key: &str, field: &T) {
    if !field.is_empty() {
        put_value(map, key, field.write());
    }
}

/// Writes a member, empty or not.
pub(crate) fn put_value(map: &mut Map<String, Value>, key: &str, value: Value) {
    map.insert(key.to_owned(), value);
}

impl Field for String {
    fn blank() -> Self {
        Self::new()
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        match value {
            Value::String(text) => text,
            _ => {
                fault.note(at, "expected a string");
                Self::new()
            }
        }
    }

    fn write(&self) -> Value {
        Value::String(self.clone())
    }
}

impl Field for bool {
    fn blank() -> Self {
        false
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        match value {
            Value::Bool(flag) => flag,
            _ => {
                fault.note(at, "expected true or false");
                false
            }
        }
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Field for i64 {
    fn blank() -> Self {
        0
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        whole(&value).unwrap_or_else(|| {
            fault.note(at, "expected a whole number");
            0
        })
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

/// A JSON number without a fraction, however it was written (`5`, `5.0`, `5e0`).
pub(crate) fn whole(value: &Value) -> Option<i64> {
    if let Some(number) = value.as_i64() {
        return Some(number);
    }
    // Beyond 2^53 a double no longer holds every whole number.
    let number = value
        .as_f64()
        .filter(|n| n.trunc() == *n && n.abs() <= 9_007_199_254_740_992.0)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "checked to be whole and within 2^53 above"
    )]
    Some(number as i64)
}

/// A number that may have a fraction, kept as it was written.
impl Field for Number {
    fn blank() -> Self {
        Self::from(0)
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        match value {
            Value::Number(number) => number,
            _ => {
                fault.note(at, "expected a number");
                Self::blank()
            }
        }
    }

    fn write(&self) -> Value {
        Value::Number(self.clone())
    }
}

/// Whether a value has at most `levels` levels of arrays and objects.
pub(crate) fn nests_within(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => levels > 0 && items.iter().all(|item| nests_within(item, levels - 1)),
        Value::Object(map) => levels > 0 && map.values().all(|item| nests_within(item, levels - 1)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

/// Free JSON.
impl Field for Value {
    fn blank() -> Self {
        Self::Null
    }

    fn read(value: Value, _: &Path<'_>, _: &mut Fault) -> Self {
        value
    }

    fn write(&self) -> Value {
        self.clone()
    }

    fn is_empty(&self) -> bool {
        self.is_null()
    }
}

/// A free JSON object.
impl Field for Map<String, Value> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        Fields::open(value, at, fault).rest()
    }

    fn write(&self) -> Value {
        Value::Object(self.clone())
    }

    fn is_empty(&self) -> bool {
        Map::is_empty(self)
    }
}

impl<T: Field> Field for Option<T> {
    fn blank() -> Self {
        None
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        Some(T::read(value, at, fault))
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Field::write)
    }

    fn is_empty(&self) -> bool {
        self.is_none()
    }
}

impl<T: Field> Field for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        let mut items = Self::new();
        for (index, item) in array(value, at, fault).into_iter().enumerate() {
            items.push(T::read(item, &at.index(index), fault));
        }
        items
    }

    fn write(&self) -> Value {
        let mut items = Vec::new();
        for item in self {
            items.push(item.write());
        }
        Value::Array(items)
    }

    fn is_empty(&self) -> bool {
        Vec::is_empty(self)
    }
}

fn array(value: Value, at: &Path<'_>, fault: &mut Fault) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        _ => {
            fault.note(at, "expected an array");
            Vec::new()
        }
    }
}

impl<T: Field> Field for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        Self::new(T::read(value, at, fault))
    }

    fn write(&self) -> Value {
        T::write(self)
    }

    fn is_empty(&self) -> bool {
        T::is_empty(self)
    }
}
