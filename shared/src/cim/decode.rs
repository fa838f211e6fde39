//! How JSON becomes a CIM type: one walk over a [`Value`] that remembers where it is and keeps the first fault.
//!
//! Decoding does not stop at a fault. A field that cannot be read takes its default, the walk goes on, and the caller
//! of the outermost decode gets the fault instead of the value. No field needs an early return, which is what keeps
//! the compiled size of some eighty types small. Nothing here may depend on the type being decoded.

mod kinds;

use crate::json::{Map, Value};

pub use kinds::nests_within;
pub(crate) use kinds::whole;

/// A JSON text that is not the CIM type it should be: where, and in what way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct DecodeError {
    /// Dotted path from the decoded value, as in `body.attachment.mediaUrl` or `body.buttons[2].title`; empty when
    /// the value itself is of the wrong kind.
    pub path: String,
    /// What is wrong there, as in `expected a string`.
    pub problem: &'static str,
}

impl DecodeError {
    /// What its `Display` says. Put together by hand, here and in the other errors of this crate that a browser makes a
    /// text of: the machinery of formats would be several times their size.
    pub fn sentence(&self) -> String {
        let between = if self.path.is_empty() { "" } else { ": " };
        [&self.path, between, self.problem].concat()
    }
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

    /// Reads a value that is not null into a place that is blank. Large types are filled where they stand: to read them
    /// elsewhere and move them costs more code than the reading.
    fn read_into(&mut self, value: Value, at: &Path<'_>, fault: &mut Fault) {
        *self = Self::read(value, at, fault);
    }

    /// The canonical JSON form.
    fn write(&self) -> Value;

    /// Appends the text of [`Field::write`], the order of members aside.
    fn push_json(&self, out: &mut Vec<u8>) {
        crate::cim::write::push(out, &self.write());
    }

    /// True for what an encoded object may leave out: nothing, an empty list, an empty map.
    fn is_empty(&self) -> bool {
        false
    }
}

/// Where a member of a record goes. Through this, one function serves the members of every type; a function for each
/// type that a member can have would be most of the program.
pub(crate) trait Place {
    /// Replaces what is there by what the value says.
    fn set(&mut self, value: Value, at: &Path<'_>, fault: &mut Fault);
}

impl<T: Field> Place for T {
    fn set(&mut self, value: Value, at: &Path<'_>, fault: &mut Fault) {
        self.read_into(value, at, fault);
    }
}

/// Decodes a whole value, null being a fault like any other wrong kind.
pub(crate) fn decode_root<T: Field>(value: Value, root: &'static str) -> Result<T, DecodeError> {
    let mut fault = Fault::default();
    let mut decoded = T::blank();
    decoded.read_into(value, &Path::root(root), &mut fault);
    match fault.0 {
        Some(error) => Err(error),
        None => Ok(decoded),
    }
}

/// The members of one JSON object while they are being taken out; what is left at the end is unknown and kept.
pub(crate) struct Fields<'a> {
    pub(crate) map: Map,
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

    /// Takes a member that may be absent into its place.
    pub(crate) fn take_into(&mut self, key: &str, place: &mut dyn Place) {
        if let Some(value) = self.remove(key) {
            place.set(value, &self.at.key(key), self.fault);
        }
    }

    /// Takes a member that must be there into its place.
    pub(crate) fn need_into(&mut self, key: &str, place: &mut dyn Place) {
        if self.map.get(key).is_none_or(Value::is_null) {
            self.fault.note(&self.at.key(key), "missing");
        }
        self.take_into(key, place);
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
    pub(crate) fn rest(self) -> Map {
        self.map
    }
}

/// What stands at a member of a record that is written: [`Place`]'s counterpart, apart from it, so that a program has
/// the writing of only what it writes.
pub(crate) trait Member {
    /// The canonical JSON form, unless an object may leave it out.
    fn written(&self) -> Option<Value>;
}

impl<T: Field> Member for T {
    fn written(&self) -> Option<Value> {
        (!self.is_empty()).then(|| self.write())
    }
}

/// Writes a member unless it is empty.
pub(crate) fn put(map: &mut Map, key: &str, member: &dyn Member) {
    if let Some(value) = member.written() {
        put_value(map, key, value);
    }
}

/// Writes a member, empty or not.
pub(crate) fn put_value(map: &mut Map, key: &str, value: Value) {
    map.insert(key.to_owned(), value);
}
