//! Points in time as the wire writes them: milliseconds, digits in a string, or ISO 8601 in several dialects.

use crate::json::Value;
use crate::number;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use speedate::{
    DateTime, DateTimeConfig, MicrosecondsPrecisionOverflowBehavior, ParseError, TimeConfig, TimestampUnit,
};
use std::fmt;

/// Milliseconds since 1970-01-01T00:00:00Z, within the years 0000 to 9999.
///
/// Read from a whole number of milliseconds, from such a number in a string, or from ISO 8601 with `T` or a space,
/// with or without a fraction, with `Z`, an offset or nothing (taken as UTC). Of a fraction six digits count; the second 60,
/// which a leap second has, is the first one of the next minute, as clocks that know no leap seconds count it. Written as a
/// number; [`fmt::Display`] and the event envelope write `YYYY-MM-DDTHH:MM:SS.mmm+00:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// 0000-01-01T00:00:00.000Z.
const FIRST_MS: i64 = -62_167_219_200_000;
/// 9999-12-31T23:59:59.999Z.
const LAST_MS: i64 = 253_402_300_799_999;

impl Timestamp {
    /// What is wrong with a value that is no point in time.
    pub(crate) const EXPECTED: &str = "expected a point in time";

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
            Err(_) => iso(text),
        }
    }

    /// Reads any form.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Self::parse(text),
            _ => number::as_whole(value).and_then(within),
        }
    }

    /// `2024-01-18T13:11:34.545+00:00`, as Java services write event times.
    pub fn iso(self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = DateTimeConfig {
            timestamp_unit: TimestampUnit::Second,
            ..DateTimeConfig::default()
        };
        // The range of the milliseconds is that of the years that have dates.
        let moment =
            DateTime::from_timestamp_with_config(self.0.div_euclid(1000), 0, &config).map_err(|_| fmt::Error)?;
        let (date, time, ms) = (moment.date, moment.time, self.0.rem_euclid(1000));
        let (hour, minute, second) = (time.hour, time.minute, time.second);
        write!(f, "{date}T{hour:02}:{minute:02}:{second:02}.{ms:03}+00:00")
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::read(&Value::deserialize(from)?).ok_or_else(|| D::Error::custom(Self::EXPECTED))
    }
}

fn within(ms: i64) -> Option<Timestamp> {
    (FIRST_MS..=LAST_MS).contains(&ms).then_some(Timestamp(ms))
}

/// A date with a time.
fn iso(text: &str) -> Option<Timestamp> {
    let config = TimeConfig {
        microseconds_precision_overflow_behavior: MicrosecondsPrecisionOverflowBehavior::Truncate,
        ..TimeConfig::default()
    };
    let read = |text: &str| DateTime::parse_bytes_rfc3339_with_config(text.as_bytes(), &config);
    let (moment, leap) = match read(text) {
        Ok(moment) => (moment, 0),
        Err(ParseError::OutOfRangeSecond) => (read(&text.replacen(":60", ":59", 1)).ok()?, 1),
        Err(_) => return None,
    };
    let offset = i64::from(moment.time.tz_offset.unwrap_or(0));
    within(moment.timestamp_ms() + (leap - offset) * 1000)
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
            "2024-01-18T13:11:34.5459999999999999Z",
            "2024-01-18T18:11:34,545000000000000000000+05:00",
            "2024-01-18T08:41:34.545-04:30",
            " 2024-01-18t13:11:34,545z ",
        ] {
            assert_eq!(Timestamp::parse(text), moment, "{text}");
        }
    }

    #[test]
    fn a_leap_second_is_the_first_one_of_the_next_minute() {
        let midnight = Timestamp::parse("2017-01-01T00:00:00Z");
        assert!(midnight.is_some());
        for text in [
            "2016-12-31T23:59:60Z",
            "2016-12-31 23:59:60.000",
            "2017-01-01T05:29:60+05:30",
        ] {
            assert_eq!(Timestamp::parse(text), midnight, "{text}");
        }
        let within = Timestamp::parse("2016-12-31T23:59:60.5Z");
        assert_eq!(within, Timestamp::parse("2017-01-01T00:00:00.5Z"));
        assert!(Timestamp::parse("2016-12-31T23:59:59.9Z") < midnight);
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
