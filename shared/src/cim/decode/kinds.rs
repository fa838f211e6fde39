//! The kinds of members that are no types of their own: text, numbers, free JSON, lists.

use crate::cim::decode::{Fault, Field, Fields, Path};
use crate::cim::write::push;
use crate::json::{Map, Number, Value};
use std::sync::Arc;

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

    fn push_json(&self, out: &mut Vec<u8>) {
        push(out, self);
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
    value.as_i64().or_else(|| rounded(value))
}

fn rounded(value: &Value) -> Option<i64> {
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
pub fn nests_within(value: &Value, levels: usize) -> bool {
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

    fn push_json(&self, out: &mut Vec<u8>) {
        push(out, self);
    }

    fn is_empty(&self) -> bool {
        self.is_null()
    }
}

/// A free JSON object.
impl Field for Map {
    fn blank() -> Self {
        Self::new()
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        Fields::open(value, at, fault).rest()
    }

    fn write(&self) -> Value {
        Value::Object(self.clone())
    }

    fn push_json(&self, out: &mut Vec<u8>) {
        push(out, self);
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

    fn read_into(&mut self, value: Value, at: &Path<'_>, fault: &mut Fault) {
        self.insert(T::blank()).read_into(value, at, fault);
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Field::write)
    }

    fn push_json(&self, out: &mut Vec<u8>) {
        match self {
            Some(value) => value.push_json(out),
            None => push(out, &Value::Null),
        }
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
        items.read_into(value, at, fault);
        items
    }

    fn read_into(&mut self, value: Value, at: &Path<'_>, fault: &mut Fault) {
        each(value, at, fault, &mut |item, at, fault| {
            self.push(T::blank());
            if let Some(place) = self.last_mut() {
                place.read_into(item, at, fault);
            }
        });
    }

    fn write(&self) -> Value {
        let mut items = Vec::new();
        for item in self {
            items.push(item.write());
        }
        Value::Array(items)
    }

    fn push_json(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            item.push_json(out);
        }
        out.push(b']');
    }

    fn is_empty(&self) -> bool {
        Vec::is_empty(self)
    }
}

impl<T: Field> Field for Arc<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        Self::new(T::read(value, at, fault))
    }

    fn write(&self) -> Value {
        T::write(self)
    }

    fn push_json(&self, out: &mut Vec<u8>) {
        T::push_json(self, out);
    }

    fn is_empty(&self) -> bool {
        T::is_empty(self)
    }
}

impl<T: Field> Field for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        let mut place = Self::new(T::blank());
        T::read_into(&mut place, value, at, fault);
        place
    }

    fn read_into(&mut self, value: Value, at: &Path<'_>, fault: &mut Fault) {
        T::read_into(self, value, at, fault);
    }

    fn write(&self) -> Value {
        T::write(self)
    }

    fn push_json(&self, out: &mut Vec<u8>) {
        T::push_json(self, out);
    }

    fn is_empty(&self) -> bool {
        T::is_empty(self)
    }
}

/// Hands out the items of a list, one after the other. Another kind of value is a fault.
fn each(value: Value, at: &Path<'_>, fault: &mut Fault, take: &mut dyn FnMut(Value, &Path<'_>, &mut Fault)) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                take(item, &at.index(index), fault);
            }
        }
        _ => fault.note(at, "expected an array"),
    }
}
