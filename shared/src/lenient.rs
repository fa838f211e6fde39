//! Members that services write in more than one way, for `#[serde(deserialize_with = "…")]`. Null counts as absent
//! unless it says otherwise.

use crate::cim::Timestamp;
use crate::ids::Seq;
use crate::json::{DecodeError, Value};
use serde::Serializer;
use serde::de::{Deserialize, Deserializer, Error, Unexpected};

/// What a type is when it is absent.
pub(crate) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Option::deserialize(from).map(Option::unwrap_or_default)
}

/// A whole number, however it is written: `5`, `5.0`, `5e0`. Null is a fault.
pub(crate) fn whole<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    number(Value::deserialize(from)?, as_whole, "a whole number")
}

/// A whole number that may be absent.
pub(crate) fn whole_or_default<'de, D: Deserializer<'de>, T: Default + From<i64>>(from: D) -> Result<T, D::Error> {
    match Value::deserialize(from)? {
        Value::Null => Ok(T::default()),
        value => number(value, as_whole, "a whole number").map(T::from),
    }
}

/// A whole number from 0 to 2^53, the range in which every reader of JSON agrees. Null is a fault.
pub(crate) fn natural<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let natural = |value: &Value| as_whole(value).and_then(|number| u64::try_from(number).ok());
    number(Value::deserialize(from)?, natural, "a whole number from 0 up")
}

/// A whole number from 0 up that may be absent.
pub(crate) fn natural_or_default<'de, D: Deserializer<'de>, T: Default + From<u64>>(from: D) -> Result<T, D::Error> {
    let number = Option::<Seq>::deserialize(from)?;
    Ok(number.map_or_else(T::default, |number| T::from(number.0)))
}

/// The same, where greater numbers than fit mean as many as there are.
pub(crate) fn count<'de, D: Deserializer<'de>, T: Default + From<u32>>(from: D) -> Result<T, D::Error> {
    let number = Option::<Seq>::deserialize(from)?;
    Ok(number.map_or_else(T::default, |number| {
        T::from(u32::try_from(number.0).unwrap_or(u32::MAX))
    }))
}

fn number<T, E: Error>(value: Value, read: impl Fn(&Value) -> Option<T>, expected: &'static str) -> Result<T, E> {
    match value {
        Value::Null => Err(E::invalid_type(Unexpected::Unit, &expected)),
        value => read(&value).ok_or_else(|| E::custom(format_args!("expected {expected}"))),
    }
}

/// A number without a fraction.
pub(crate) fn as_whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        // Beyond 2^53 a double no longer holds every whole number.
        let number = value
            .as_f64()
            .filter(|n| n.trunc() == *n && n.abs() <= 9_007_199_254_740_992.0)?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "checked to be whole and within 2^53 above"
        )]
        Some(number as i64)
    })
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
