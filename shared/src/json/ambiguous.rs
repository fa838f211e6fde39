//! Texts that two readers would read as two things: readers differ in which of two members of one name counts, and in
//! whether a byte order mark is part of the text.

use super::{DecodeError, NotJson};
use serde::Deserializer;
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeSet;
use std::fmt;

/// What Windows programs put before a text in UTF-8.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Refuses a text that begins with a byte order mark, has an object with two members of one name, or cannot be looked through
/// because it is no JSON or nests too deep: what a reader skips could hide anything.
///
/// # Errors
/// What is wrong, and the path of the second member.
pub fn refuse_ambiguous(text: &str) -> Result<(), DecodeError> {
    if text.starts_with(BYTE_ORDER_MARK) {
        let problem = "it begins with a byte order mark (U+FEFF), which JSON does not have";
        return Err(DecodeError::new("", problem));
    }
    let mut twice = None;
    let seen = Look { twice: &mut twice }.deserialize(&mut serde_json::Deserializer::from_str(text));
    match (seen, twice) {
        (Err(_), Some(path)) => Err(DecodeError::new(path, "there twice")),
        (Err(error), None) => Err(DecodeError::new("", NotJson::from(error).to_string())),
        (Ok(()), _) => Ok(()),
    }
}

/// Looks through one value, and ends at the first member that is there twice.
struct Look<'t> {
    /// The path of that member from this value on.
    twice: &'t mut Option<String>,
}

impl Look<'_> {
    /// Adds what leads to a value in which something was found.
    fn lead(twice: &mut Option<String>, place: &str) {
        if let Some(inner) = twice {
            let dot = if inner.starts_with('[') { "" } else { "." };
            *twice = Some(format!("{place}{dot}{inner}"));
        }
    }
}

impl<'de> DeserializeSeed<'de> for Look<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Look<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        let mut at = 0_usize;
        loop {
            match values.next_element_seed(Look { twice: self.twice }) {
                Ok(Some(())) => at += 1,
                Ok(None) => return Ok(()),
                Err(error) => {
                    Self::lead(self.twice, &format!("[{at}]"));
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut names = BTreeSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if names.contains(&name) {
                *self.twice = Some(name);
                return Err(de::Error::custom("there twice"));
            }
            if let Err(error) = members.next_value_seed(Look { twice: self.twice }) {
                Self::lead(self.twice, &name);
                return Err(error);
            }
            names.insert(name);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<String> {
        refuse_ambiguous(text).err().map(|error| error.to_string())
    }

    #[test]
    fn a_member_that_is_there_twice_is_named_wherever_it_is() {
        for (text, path) in [
            (r#"{"a":1,"a":1}"#, "a"),
            (r#"{"a":1,"\u0061":2}"#, "a"),
            (r#"{"x":[0,{"b":{},"b":1.10}]}"#, "x[1].b"),
            (r#"[[{"c":null,"c":null}]]"#, "[0][0].c"),
            (r#"{"x":{"y":{"d":"","e":true,"d":""}}}"#, "x.y.d"),
        ] {
            assert_eq!(problem(text), Some(format!("{path}: there twice")), "{text}");
        }
    }

    #[test]
    fn the_same_name_in_two_objects_is_nothing_to_refuse() {
        for text in [
            r#"{"a":{"a":[{"a":1},{"a":12345678901234567890123}]},"b":"a"}"#,
            r#"[1.10,-0,1e400,"\ufeff"]"#,
        ] {
            assert_eq!(problem(text), None, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_looked_through_is_refused() {
        // A reader would skip the deep member, and take the second of the two that stand behind it.
        let deep = format!(r#"{{"x":{}{},"a":1,"a":2}}"#, "[".repeat(129), "]".repeat(129));
        let too_deep = "more than 127 levels of arrays and objects";
        for (text, why) in [
            (deep.as_str(), too_deep),
            ("no JSON", "not JSON"),
            (r#"{"a":1,"#, "not JSON"),
            ("", "not JSON"),
        ] {
            assert!(problem(text).is_some_and(|told| told.starts_with(why)), "{text}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_named() {
        let told = problem("\u{feff}{}").expect("it is there");
        assert!(told.contains("byte order mark"), "{told}");
    }
}
