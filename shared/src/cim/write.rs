//! JSON text straight from CIM types, without the tree of values that [`Field::write`] makes: the relay writes every
//! event of every conversation this way.

use crate::cim::decode::Field;
use serde::Serialize;
use serde_json::{Map, Value};

/// A JSON object while its members are written, in the order in which they come.
pub(crate) struct Object<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
}

impl<'o> Object<'o> {
    /// Begins an object.
    pub(crate) fn open(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, empty: true }
    }

    /// Writes a member unless it is empty.
    pub(crate) fn put<T: Field>(&mut self, key: &str, field: &T) {
        if !field.is_empty() {
            self.put_always(key, field);
        }
    }

    /// Writes a member, empty or not.
    pub(crate) fn put_always<T: Field>(&mut self, key: &str, field: &T) {
        self.key(key);
        field.push_json(self.out);
    }

    /// Writes a text.
    pub(crate) fn put_text(&mut self, key: &str, text: &str) {
        self.key(key);
        push(self.out, text);
    }

    /// Writes the members of another object, whose keys are none of this one's.
    pub(crate) fn put_all(&mut self, members: &Map<String, Value>) {
        for (key, value) in members {
            self.key(key);
            push(self.out, value);
        }
    }

    /// Writes a member by what appends its value.
    pub(crate) fn put_with(&mut self, key: &str, value: impl FnOnce(&mut Vec<u8>)) {
        self.key(key);
        value(self.out);
    }

    /// Ends the object.
    pub(crate) fn close(self) {
        self.out.push(b'}');
    }

    fn key(&mut self, key: &str) {
        if !std::mem::take(&mut self.empty) {
            self.out.push(b',');
        }
        push(self.out, key);
        self.out.push(b':');
    }
}

/// Appends a value of whatever kind.
pub(crate) fn push<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    // Memory takes everything, and keys are text: there is nothing that could fail.
    let written = serde_json::to_writer(out, value);
    debug_assert!(written.is_ok(), "{written:?}");
}

/// The text of an object that `members` writes. `about` bytes are made room for.
pub(crate) fn object(about: usize, members: impl FnOnce(&mut Object<'_>)) -> String {
    let mut out = Vec::with_capacity(about);
    let mut object = Object::open(&mut out);
    members(&mut object);
    object.close();
    // What serde_json writes is UTF-8.
    String::from_utf8(out).unwrap_or_default()
}
