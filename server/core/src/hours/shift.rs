//! From when until when on one day, by the clock on the wall.

use super::Mistake;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, AmbiguousTimestamp, TimeZone};
use jiff::{Timestamp, ToSpan};
use portico_shared::availability::OpenWindow;

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// A part of a day, and of the next one if it goes on over midnight. In minutes after the day's first midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    from: i64,
    until: i64,
}

impl Shift {
    /// Reads `09:00-17:30`, or `22:00-06:00` for one that ends on the next day.
    fn read(text: &str) -> Result<Self, &'static str> {
        let times = text.split_once('-');
        match times.and_then(|(from, until)| Some((minutes(from)?, minutes(until)?))) {
            None | Some((DAY, _)) => {
                Err("hours are written as in 09:00-17:30, on a clock of 24 hours; the whole day is 00:00-24:00")
            }
            Some((from, until)) if from == until => {
                Err("it ends when it begins; the whole day is 00:00-24:00, and a day off has no hours")
            }
            Some((from, until)) if from < until => Ok(Self { from, until }),
            Some((from, until)) => Ok(Self {
                from,
                until: until + DAY,
            }),
        }
    }

    /// The same without what is on the next day.
    pub(super) fn until_midnight(self) -> Self {
        Self {
            until: self.until.min(DAY),
            ..self
        }
    }

    /// When it is on a day. `None` if nothing is left of it: the clock skips it, or the calendar ends.
    pub(super) fn on(self, day: Date, zone: &TimeZone) -> Option<OpenWindow> {
        let at = |minutes| wall_clock(day, minutes).map(|time| zone.to_ambiguous_timestamp(time));
        let from = at(self.from)?.compatible().ok()?.as_millisecond();
        let until = end(at(self.until)?, self.until, zone)?.as_millisecond();
        (from < until).then_some(OpenWindow { from, until })
    }
}

/// When a time ends a shift: where the clock skips it, when the clock does so; where it is shown twice, the second time, but
/// for a midnight, of which the second one is within the next day.
fn end(time: AmbiguousTimestamp, minutes: i64, zone: &TimeZone) -> Option<Timestamp> {
    match time.offset() {
        AmbiguousOffset::Gap { .. } => Some(zone.following(time.earlier().ok()?).next()?.timestamp()),
        AmbiguousOffset::Fold { .. } if minutes % DAY == 0 => time.earlier().ok(),
        AmbiguousOffset::Fold { .. } | AmbiguousOffset::Unambiguous { .. } => time.later().ok(),
    }
}

/// All shifts of one key.
pub(super) fn read_all(key: &str, shifts: &[String], mistakes: &mut Vec<Mistake>) -> Vec<Shift> {
    let mut good = Vec::new();
    for (at, text) in shifts.iter().enumerate() {
        match Shift::read(text) {
            Ok(shift) => good.push(shift),
            Err(what) => mistakes.push(Mistake {
                key: format!("{key}[{at}]"),
                value: text.clone(),
                what,
            }),
        }
    }
    good.sort_by_key(|shift| shift.from);
    good
}

/// `2026-12-25`, and nothing else that a date may be written as.
pub(super) fn read_date(text: &str) -> Option<Date> {
    let is_plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    text.parse().ok().filter(|_| is_plain)
}

/// A day so many days later.
pub(super) fn days_after(day: Date, days: i64) -> Option<Date> {
    day.checked_add(days.days()).ok()
}

fn wall_clock(day: Date, minutes: i64) -> Option<DateTime> {
    let day = days_after(day, minutes / DAY)?;
    let (hour, minute) = (minutes % DAY / 60, minutes % 60);
    let time = Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()?;
    Some(day.to_datetime(time))
}

/// `09:30` as minutes after midnight; `24:00` is the end of the day.
fn minutes(text: &str) -> Option<i64> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let two_digits = |text: &str| {
        let is_number = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|_| is_number)
    };
    let (hours, minutes) = (two_digits(hours)?, two_digits(minutes)?);
    let of_day = hours * 60 + minutes;
    (minutes < 60 && of_day <= DAY).then_some(of_day)
}
