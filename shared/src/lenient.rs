//! Members that services write in more than one way, for `#[serde(deserialize_with = "…")]`. Null counts as absent
//! unless it says otherwise.

use crate::cim::Timestamp;
use crate::json::{DecodeError, Value};
use serde::Serializer;
use serde::de::{Deserialize, Deserializer, Error};

pub(crate) use crate::number::{count, natural, natural_or_default, whole, whole_or_default};

/// What a type is when it is absent.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}

/// A point in time. Some clients write `""` for "you stamp it", which reads as absent too.
pub(crate) fn time<'de, D: Deserializer<'de>, T: Default + From<Timestamp>>(from: D) -> Result<T, D::Error> {
    match Value::deserialize(from)? {
        Value::Null => Ok(T::default()),
        Value::String(text) if text.trim().is_empty() => Ok(T::default()),
        value => Timestamp::read(&value)
            .map(T::from)
            .ok_or_else(|| D::Error::custom(Timestamp::EXPECTED)),
    }
}

/// Writes a point in time as ISO 8601.
pub(crate) fn in_iso<S: Serializer>(time: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(time)
}

/// A text; whatever else stands there is none.
pub(crate) fn text_if_one<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => Some(text),
        _ => None,
    })
}

/// A code or an id, which some senders write as a number and others as text.
pub(crate) fn text_or_number<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(from)? {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        _ => Err(D::Error::custom("expected a string")),
    }
}

/// Gives the member `key` the text of an older or second spelling, unless it has a value of its own.
pub(crate) fn fill(member: &mut Option<String>, key: &str, older: Option<Value>) -> Result<(), DecodeError> {
    match older {
        Some(Value::String(text)) => {
            member.get_or_insert(text);
        }
        Some(other) if !other.is_null() && member.is_none() => {
            return Err(DecodeError::new(key, "expected a string"));
        }
        _ => {}
    }
    Ok(())
}
