//! Business hours: when a team answers, in its own time zone, with its holidays.
//!
//! Hours are those of the clock on the wall: in a night in which clocks are put forward or back, a shift from 22:00 to 06:00
//! is an hour shorter or longer, and a time that the clock skips or shows twice counts for the team. A holiday has the whole
//! day: what began the day before ends at midnight.

mod shift;
#[cfg(test)]
mod tests;

use crate::config::Hours;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use portico_shared::availability::OpenWindow;
use shift::Shift;
use std::collections::BTreeMap;

/// Days before today in which the last window is looked for.
const DAYS_BACK: i64 = 31;

/// Days from today on in which the next windows are looked for.
const DAYS_AHEAD: i64 = 370;

/// Most windows from now on that are told. A browser that shows a chat for longer asks again when it is loaded.
const MAX_WINDOWS: usize = 8;

/// One wrong value of hours, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where: `monday[0]`.
    pub key: String,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub what: &'static str,
}

/// The hours of a team.
#[derive(Debug, Clone)]
pub struct BusinessHours {
    zone: TimeZone,
    /// From Monday on.
    week: [Vec<Shift>; 7],
    holidays: BTreeMap<Date, Vec<Shift>>,
}

impl BusinessHours {
    /// Reads what an operator wrote.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn new(hours: &Hours) -> Result<Self, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let zone = zone(&hours.time_zone, &mut mistakes);
        let week = [
            ("monday", &hours.monday),
            ("tuesday", &hours.tuesday),
            ("wednesday", &hours.wednesday),
            ("thursday", &hours.thursday),
            ("friday", &hours.friday),
            ("saturday", &hours.saturday),
            ("sunday", &hours.sunday),
        ]
        .map(|(day, shifts)| shift::read_all(day, shifts, &mut mistakes));
        let holidays = holidays(hours, &mut mistakes);
        if mistakes.is_empty() && week.iter().chain(holidays.values()).all(Vec::is_empty) {
            mistakes.push(Mistake {
                key: "monday".to_owned(),
                value: String::new(),
                what: "no day has hours; a team that always answers has no hours at all",
            });
        }
        match zone {
            Some(zone) if mistakes.is_empty() => Ok(Self { zone, week, holidays }),
            Some(_) | None => Err(mistakes),
        }
    }

    /// Whether the team answers at a time, in epoch milliseconds.
    pub fn is_open(&self, at: i64) -> bool {
        self.is_open_throughout(at, at)
    }

    /// Whether the team answers from one time to another, both of them included, without a pause.
    pub fn is_open_throughout(&self, from: i64, until: i64) -> bool {
        let windows = self.windows(from);
        windows.iter().any(|window| window.from <= from && until < window.until)
    }

    /// The last window before a time, the one that it is in, and the next ones, in order. Windows that touch are one. None if
    /// the team does not come back: of the time behind the last window nothing is said.
    pub fn windows(&self, now: i64) -> Vec<OpenWindow> {
        let Ok(moment) = Timestamp::from_millisecond(now) else {
            return Vec::new();
        };
        let today = self.zone.to_datetime(moment).date();
        let mut windows: Vec<OpenWindow> = Vec::new();
        // Where those begin that are not over.
        let mut first = 0;
        for day in (-DAYS_BACK..DAYS_AHEAD).filter_map(|days| shift::days_after(today, days)) {
            for window in self.windows_of(day) {
                match windows.last_mut() {
                    Some(last) if window.from <= last.until => last.until = last.until.max(window.until),
                    _ => windows.push(window),
                }
            }
            first = windows.iter().take_while(|window| window.until <= now).count();
            // One more than is told: the last one may go on with the next day.
            if windows.len() > first + MAX_WINDOWS {
                break;
            }
        }
        if first == windows.len() {
            return Vec::new();
        }
        let told = windows.into_iter().skip(first.saturating_sub(1));
        told.take(MAX_WINDOWS + first.min(1)).collect()
    }

    /// What begins on a day, as points in time.
    fn windows_of(&self, day: Date) -> Vec<OpenWindow> {
        let next = shift::days_after(day, 1);
        let is_cut = next.is_some_and(|next| self.holidays.contains_key(&next));
        let of_week = || &self.week[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
        let shifts = self.holidays.get(&day).unwrap_or_else(of_week).iter();
        let shifts = shifts.map(|shift| if is_cut { shift.until_midnight() } else { *shift });
        shifts.filter_map(|shift| shift.on(day, &self.zone)).collect()
    }
}

fn zone(name: &str, mistakes: &mut Vec<Mistake>) -> Option<TimeZone> {
    let zone = TimeZone::get(name).ok();
    if zone.is_none() {
        mistakes.push(Mistake {
            key: "time_zone".to_owned(),
            value: name.to_owned(),
            what: "no such time zone; its name is that of the IANA database, as in Europe/Berlin",
        });
    }
    zone
}

fn holidays(hours: &Hours, mistakes: &mut Vec<Mistake>) -> BTreeMap<Date, Vec<Shift>> {
    let mut holidays = BTreeMap::new();
    for (at, holiday) in hours.holidays.iter().enumerate() {
        let shifts = shift::read_all(&format!("holidays[{at}].open"), &holiday.open, mistakes);
        let what = match shift::read_date(&holiday.date) {
            None => "a date is written as in 2026-12-25",
            Some(date) => match holidays.insert(date, shifts) {
                Some(_) => "another holiday before is on this day",
                None => continue,
            },
        };
        mistakes.push(Mistake {
            key: format!("holidays[{at}].date"),
            value: holiday.date.clone(),
            what,
        });
    }
    holidays
}
