//! Numbers with a meaning, however services write them, for `#[serde(deserialize_with = "…")]`.

use crate::json::{IN_A_BROWSER, Value};
use serde::de::{Deserialize, Deserializer, Error, Unexpected};

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

/// A whole number from 0 to 2^53, the range in which every reader of JSON agrees, or to where its type ends. Null is a
/// fault.
pub(crate) fn natural<'de, D: Deserializer<'de>, T: TryFrom<i64>>(from: D) -> Result<T, D::Error> {
    let natural = |value: &Value| as_whole(value).and_then(|number| T::try_from(number).ok());
    number(Value::deserialize(from)?, natural, "a whole number from 0 up")
}

/// What [`natural`] reads.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Natural(#[serde(deserialize_with = "natural")] u64);

/// A whole number from 0 up that may be absent.
pub(crate) fn natural_or_default<'de, D: Deserializer<'de>, T: Default + From<u64>>(from: D) -> Result<T, D::Error> {
    let number = Option::<Natural>::deserialize(from)?;
    Ok(number.map_or_else(T::default, |Natural(number)| T::from(number)))
}

/// The same, where greater numbers than fit mean as many as there are.
pub(crate) fn count<'de, D: Deserializer<'de>, T: Default + From<u32>>(from: D) -> Result<T, D::Error> {
    let number = Option::<Natural>::deserialize(from)?;
    Ok(number.map_or_else(T::default, |Natural(number)| {
        T::from(u32::try_from(number).unwrap_or(u32::MAX))
    }))
}

fn number<T, E: Error>(value: Value, read: impl Fn(&Value) -> Option<T>, expected: &'static str) -> Result<T, E> {
    match value {
        Value::Null => Err(E::invalid_type(Unexpected::Unit, &expected)),
        value => read(&value).ok_or_else(|| E::custom(format_args!("expected {expected}"))),
    }
}

/// A number without a fraction. A relay writes it plainly, and what reads any other spelling brings a table of 10 kB that
/// no compression makes smaller: a browser does without.
pub(crate) fn as_whole(value: &Value) -> Option<i64> {
    match value.as_i64() {
        None if !IN_A_BROWSER => whole_double(value),
        number => number,
    }
}

fn whole_double(value: &Value) -> Option<i64> {
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
