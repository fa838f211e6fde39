//! Points in time as the wire writes them: milliseconds, digits in a string, or ISO 8601 in several dialects.

use crate::cim::decode::{Fault, Field, Path, whole};
use crate::json::Value;
use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z, within the years 0000 to 9999.
///
/// Read from a whole number of milliseconds, from such a number in a string, or from ISO 8601 with `T` or a space,
/// with or without a fraction, with `Z`, an offset or nothing (taken as UTC). Written as a number; [`fmt::Display`]
/// and the event envelope write `YYYY-MM-DDTHH:MM:SS.mmm+00:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

const MS_PER_DAY: i64 = 86_400_000;
/// 0000-01-01T00:00:00.000Z.
const FIRST_MS: i64 = -62_167_219_200_000;
/// 9999-12-31T23:59:59.999Z.
const LAST_MS: i64 = 253_402_300_799_999;

impl Timestamp {
    /// The point `ms` milliseconds after 1970-01-01T00:00:00Z; beyond the years 0000 to 9999 the nearest one within.
    pub const fn from_ms(ms: i64) -> Self {
        if ms < FIRST_MS {
            Self(FIRST_MS)
        } else if ms > LAST_MS {
            Self(LAST_MS)
        } else {
            Self(ms)
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn ms(self) -> i64 {
        self.0
    }

    /// Reads the text forms; `None` for anything else, the empty string included.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        match text.parse::<i64>() {
            Ok(ms) => within(ms),
            Err(_) => iso(text.as_bytes()),
        }
    }

    /// `2024-01-18T13:11:34.545+00:00`, as Java services write event times.
    pub fn iso(self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil(self.0.div_euclid(MS_PER_DAY));
        let in_day = self.0.rem_euclid(MS_PER_DAY);
        let (hour, minute) = (in_day / 3_600_000, in_day / 60_000 % 60);
        let (second, ms) = (in_day / 1000 % 60, in_day % 1000);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}+00:00"
        )
    }
}

/// A time that may be absent. Some clients write `""` for "you stamp it", which reads as absent too.
impl Field for Option<Timestamp> {
    fn blank() -> Self {
        None
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        let time = match &value {
            Value::String(text) if text.trim().is_empty() => return None,
            Value::String(text) => Timestamp::parse(text),
            _ => whole(&value).and_then(within),
        };
        if time.is_none() {
            fault.note(at, "expected a point in time");
        }
        time
    }

    fn write(&self) -> Value {
        self.map_or(Value::Null, |time| Value::from(time.0))
    }

    fn is_empty(&self) -> bool {
        self.is_none()
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        match crate::cim::decode::decode_root(value, "") {
            Ok(Some(time)) => Ok(time),
            Ok(None) => Err(serde::de::Error::custom("expected a point in time")),
            Err(error) => Err(serde::de::Error::custom(error)),
        }
    }
}

fn within(ms: i64) -> Option<Timestamp> {
    (FIRST_MS..=LAST_MS).contains(&ms).then_some(Timestamp(ms))
}

/// `YYYY-MM-DD`, then `T` or a space, `HH:MM`, optional `:SS`, optional fraction, optional offset.
fn iso(text: &[u8]) -> Option<Timestamp> {
    let mut rest = text;
    let year = number(&mut rest, 4)?;
    literal(&mut rest, b"-")?;
    let month = number(&mut rest, 2).filter(|month| (1..=12).contains(month))?;
    literal(&mut rest, b"-")?;
    let day = number(&mut rest, 2).filter(|day| (1..=days_in(year, month)).contains(day))?;
    literal(&mut rest, b"Tt ")?;
    let hour = number(&mut rest, 2).filter(|hour| *hour < 24)?;
    literal(&mut rest, b":")?;
    let minute = number(&mut rest, 2).filter(|minute| *minute < 60)?;
    let mut ms = 0;
    if literal(&mut rest, b":").is_some() {
        // 60 is a leap second; it reads as the first moment after it.
        ms = number(&mut rest, 2).filter(|second| *second <= 60)? * 1000;
        if literal(&mut rest, b".,").is_some() {
            ms += fraction(&mut rest)?;
        }
    }
    let offset = offset(rest)?;
    within(days(year, month, day) * MS_PER_DAY + (hour * 60 + minute - offset) * 60_000 + ms)
}

/// Exactly `digits` digits.
fn number(rest: &mut &[u8], digits: usize) -> Option<i64> {
    let (head, tail) = rest.split_at_checked(digits)?;
    *rest = tail;
    head.iter().try_fold(0, |sum, digit| {
        digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0'))
    })
}

fn literal(rest: &mut &[u8], any_of: &[u8]) -> Option<()> {
    let (first, tail) = rest.split_first()?;
    any_of.contains(first).then(|| *rest = tail)
}

/// One digit or more; those after the third are cut off.
fn fraction(rest: &mut &[u8]) -> Option<i64> {
    let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (mut head, tail) = rest.split_at(length);
    *rest = tail;
    let kept = length.min(3);
    let scale = [0, 100, 10, 1][kept];
    (kept > 0).then_some(())?;
    number(&mut head, kept).map(|digits| digits * scale)
}

/// Minutes east of Greenwich: nothing, `Z`, `+HH`, `+HHMM` or `+HH:MM`.
fn offset(mut rest: &[u8]) -> Option<i64> {
    let sign = match rest.split_first() {
        None | Some((b'Z' | b'z', [])) => return Some(0),
        Some((b'+', tail)) => {
            rest = tail;
            1
        }
        Some((b'-', tail)) => {
            rest = tail;
            -1
        }
        Some(_) => return None,
    };
    let hours = number(&mut rest, 2).filter(|hours| *hours < 24)?;
    let minutes = match rest {
        [] => 0,
        _ => {
            let _ = literal(&mut rest, b":");
            number(&mut rest, 2).filter(|minutes| *minutes < 60)?
        }
    };
    rest.is_empty().then_some(sign * (hours * 60 + minutes))
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar. Years are counted from March, so that the leap day ends
/// one, and in eras of 400 years, which all have 146,097 days; 719,468 days lie between 0000-03-01 and 1970-01-01.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let since_march = (month + 9) % 12;
    let day_of_year = (153 * since_march + 2) / 5 + day - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
}

/// The inverse of [`days`]: year, month, day.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let since_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * since_march + 2) / 5 + 1;
    let month = (since_march + 2) % 12 + 1;
    let year = era * 400 + year + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_form_of_one_moment_reads_alike() {
        let moment = Some(Timestamp(1_705_583_494_545));
        for text in [
            "1705583494545",
            "2024-01-18T13:11:34.545+00:00",
            "2024-01-18T13:11:34.545Z",
            "2024-01-18T13:11:34.545+0000",
            "2024-01-18 13:11:34.545",
            "2024-01-18T18:11:34.545999+05:00",
            "2024-01-18T08:41:34.545-04:30",
            " 2024-01-18t13:11:34,545z ",
        ] {
            assert_eq!(Timestamp::parse(text), moment, "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "now",
            "2024-02-30T00:00:00Z",
            "2023-02-29T00:00:00Z",
            "2024-13-01T00:00:00Z",
            "2024-01-18",
            "2024-01-18T24:00:00Z",
            "2024-01-18T13:11:34.Z",
            "2024-01-18T13:11:34+5",
            "2024-01-18T13:11:34+05:00x",
            "0000-01-01T00:00:00+01:00",
            "99999999999999999",
            "２０２４-01-18T13:11:34Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_ends_of_the_range_are_written_and_read() {
        assert_eq!(Timestamp::from_ms(i64::MIN).iso(), "0000-01-01T00:00:00.000+00:00");
        assert_eq!(Timestamp::from_ms(i64::MAX).iso(), "9999-12-31T23:59:59.999+00:00");
        assert_eq!(Timestamp::from_ms(-1).iso(), "1969-12-31T23:59:59.999+00:00");
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_reads_as_the_same_moment(ms in FIRST_MS..=LAST_MS) {
            let time = Timestamp::from_ms(ms);
            proptest::prop_assert_eq!(Timestamp::parse(&time.iso()), Some(time));
        }
    }
}
