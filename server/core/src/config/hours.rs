//! When a team answers, as an operator writes it.

use super::Config;
use crate::hours::BusinessHours;
use serde::Deserialize;

/// The hours of a channel. Each time is `HH:MM-HH:MM` in the time zone; one that ends before its beginning ends on the next
/// day.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The time zone by its name in the IANA database, as in `Europe/Berlin`.
    pub time_zone: String,
    /// Hours of each Monday; none is a day off.
    #[serde(default)]
    pub monday: Vec<String>,
    /// Hours of each Tuesday.
    #[serde(default)]
    pub tuesday: Vec<String>,
    /// Hours of each Wednesday.
    #[serde(default)]
    pub wednesday: Vec<String>,
    /// Hours of each Thursday.
    #[serde(default)]
    pub thursday: Vec<String>,
    /// Hours of each Friday.
    #[serde(default)]
    pub friday: Vec<String>,
    /// Hours of each Saturday.
    #[serde(default)]
    pub saturday: Vec<String>,
    /// Hours of each Sunday.
    #[serde(default)]
    pub sunday: Vec<String>,
    /// Days with other hours than their weekday.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// A day with hours of its own.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// As in `2026-12-25`.
    pub date: String,
    /// Its hours; none closes it.
    #[serde(default)]
    pub open: Vec<String>,
}

impl Config {
    /// Whether the team of a queue answers from one time to another, in epoch milliseconds, without a pause: on one of the
    /// channels that the queue is for.
    pub(crate) fn is_staffed(&self, queue: &str, from: i64, until: i64) -> bool {
        let mut of_queue = self
            .channels
            .values()
            .filter(|channel| channel.queue == queue)
            .peekable();
        let is_open = |hours: BusinessHours| hours.is_open_throughout(from, until);
        of_queue.peek().is_none() || of_queue.any(|channel| channel.business_hours().is_none_or(is_open))
    }
}
