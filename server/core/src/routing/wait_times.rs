//! How long customers waited for an agent during the last hour, by queue. It is kept in memory alone: after a start of the
//! relay nothing is known, and nothing is told, until enough have been answered again.

use super::queue::waits;
use crate::store::{TaskPhase, TaskRecord};
use portico_shared::ids::TaskId;
use std::collections::{BTreeMap, HashSet, VecDeque};

/// What is older says little about now, in milliseconds.
const COUNTS_FOR_MS: i64 = 3_600_000;

/// Fewer waits say nothing about the next one.
const MIN_WAITS: usize = 5;

/// Most waits of a queue that are kept; beyond it the oldest is dropped.
const MAX_WAITS: usize = 1_000;

const MINUTE_MS: i64 = 60_000;

/// Above so many minutes, a wait is told in steps of five: the median is no more exact, and it changes less often.
const EXACT_MINUTES: i64 = 10;

/// A wait that ended with an agent.
#[derive(Debug, Clone, Copy)]
struct Wait {
    /// When it ended, in epoch milliseconds.
    ended_at: i64,
    lasted_ms: i64,
}

/// The waits of the last hour.
#[derive(Debug, Default)]
pub(super) struct WaitTimes {
    /// Requests that waited when they were last looked at.
    waiting: HashSet<TaskId>,
    ended: BTreeMap<String, VecDeque<Wait>>,
}

impl WaitTimes {
    /// Takes note of the open requests. Those that waited before and are served now have ended their wait; who gave up
    /// has not, and a wait in which the team was away (`counts` is false) says nothing of one by day.
    pub(super) fn observe(&mut self, tasks: &[TaskRecord], now: i64, counts: impl Fn(&TaskRecord) -> bool) {
        for task in tasks.iter().filter(|task| task.state == TaskPhase::Active) {
            if self.waiting.remove(&task.id) && counts(task) {
                let lasted_ms = now.saturating_sub(task.enqueued_at).max(0);
                let ended = self.ended.entry(task.queue.clone()).or_default();
                ended.push_back(Wait {
                    ended_at: now,
                    lasted_ms,
                });
                if ended.len() > MAX_WAITS {
                    ended.pop_front();
                }
            }
        }
        self.waiting = tasks
            .iter()
            .filter(|task| waits(task))
            .map(|task| task.id.clone())
            .collect();
        for ended in self.ended.values_mut() {
            ended.retain(|wait| wait.ended_at > now.saturating_sub(COUNTS_FOR_MS));
        }
    }

    /// How long customers of a queue usually waited, in whole minutes: the median, which one long wait does not move. Absent
    /// when too few are known.
    pub(super) fn usual_minutes(&self, queue: &str) -> Option<u32> {
        let ended = self.ended.get(queue)?;
        let mut lasted: Vec<i64> = ended.iter().map(|wait| wait.lasted_ms).collect();
        lasted.sort_unstable();
        let median = *lasted.get(lasted.len() / 2).filter(|_| lasted.len() >= MIN_WAITS)?;
        u32::try_from(told_minutes(median)).ok()
    }
}

/// A wait as it is told: less than a minute is 0, half a minute is rounded up.
fn told_minutes(ms: i64) -> i64 {
    let minutes = match ms {
        ..MINUTE_MS => 0,
        _ => (ms + MINUTE_MS / 2) / MINUTE_MS,
    };
    match minutes {
        0..=EXACT_MINUTES => minutes,
        _ => (minutes + 2) / 5 * 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::queue::tests::task;

    fn served(task: &TaskRecord) -> TaskRecord {
        TaskRecord {
            state: TaskPhase::Active,
            ..task.clone()
        }
    }

    /// Customers who came at 0 and waited so many seconds each.
    fn after_waits(seconds: &[i64]) -> WaitTimes {
        let mut times = WaitTimes::default();
        let mut tasks: Vec<_> = (0..seconds.len()).map(|at| task(&format!("t{at}"), 1, 0)).collect();
        times.observe(&tasks, 0, |_| true);
        for (at, seconds) in seconds.iter().enumerate() {
            tasks[at] = served(&tasks[at]);
            times.observe(&tasks, seconds * 1_000, |_| true);
        }
        times
    }

    #[test]
    fn the_usual_wait_is_the_one_in_the_middle() {
        let times = after_waits(&[30, 60, 240, 250, 3_000]);
        assert_eq!(times.usual_minutes("support"), Some(4));
        assert_eq!(times.usual_minutes("sales"), None);
    }

    #[test]
    fn a_few_waits_say_nothing() {
        assert_eq!(after_waits(&[60, 60, 60, 60]).usual_minutes("support"), None);
    }

    #[test]
    fn a_wait_counts_once_and_only_if_an_agent_ended_it() {
        let mut times = after_waits(&[60, 60, 60, 60]);
        let gone = task("gone", 1, 0);
        times.observe(std::slice::from_ref(&gone), 60_000, |_| true);
        times.observe(&[], 120_000, |_| true);
        assert_eq!(
            times.usual_minutes("support"),
            None,
            "who gave up has not been answered"
        );
        let fifth = task("fifth", 1, 0);
        times.observe(std::slice::from_ref(&fifth), 60_000, |_| true);
        for _ in 0..3 {
            times.observe(&[served(&fifth)], 120_000, |_| true);
        }
        assert_eq!(times.ended["support"].len(), 5);
    }

    #[test]
    fn who_asked_outside_of_hours_tells_no_wait() {
        let mut times = WaitTimes::default();
        let night = task("night", 1, 0);
        times.observe(std::slice::from_ref(&night), 0, |_| false);
        times.observe(&[served(&night)], 30_000_000, |_| false);
        assert!(times.ended.is_empty());
    }

    #[test]
    fn a_request_that_was_served_before_the_relay_began_tells_no_wait() {
        let mut times = WaitTimes::default();
        times.observe(&[served(&task("old", 1, 0))], 5_000_000, |_| true);
        assert!(times.ended.is_empty());
    }

    #[test]
    fn after_an_hour_a_wait_is_forgotten() {
        let mut times = after_waits(&[60; 5]);
        times.observe(&[], 60_000 + COUNTS_FOR_MS - 1, |_| true);
        assert_eq!(times.usual_minutes("support"), Some(1));
        times.observe(&[], 60_000 + COUNTS_FOR_MS, |_| true);
        assert_eq!(times.usual_minutes("support"), None);
    }

    #[test]
    fn waits_are_told_in_minutes_and_long_ones_in_fives() {
        let told = [
            0,
            59_999,
            60_000,
            89_999,
            90_000,
            600_000,
            12 * 60_000,
            13 * 60_000,
            94 * 60_000,
        ]
        .map(told_minutes);
        assert_eq!(told, [0, 0, 1, 1, 2, 10, 10, 15, 95]);
    }

    #[test]
    fn a_queue_keeps_no_more_waits_than_its_bound() {
        let times = after_waits(&[1; MAX_WAITS + 5]);
        assert_eq!(times.ended["support"].len(), MAX_WAITS);
    }
}
