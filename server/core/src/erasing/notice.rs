//! Whether conversations may go by a rule now. What goes cannot be brought back, and two mistakes are easily made: a number of days
//! that is too small, and a machine's clock that is far ahead. So nothing goes on the first day of a rule that is new or shorter than
//! before, nor on the first day after the time of day was found more than a day ahead of when conversations last could go. Days are
//! counted by how long the relay runs, not by the time of day. Start reading at [`judge`].

use crate::clock::DAY_MS;
use crate::store::{RetentionMark, RetentionRule};

/// How long a rule, or a time of day, waits before anything goes by it.
pub const NOTICE_MS: i64 = DAY_MS;

/// What a time of day may be ahead of the last trusted one, as after a night without the relay.
const AHEAD_MS: i64 = DAY_MS;

/// Two looks at both clocks differ by this much at most while neither is set, beside half of what has passed.
const UNEVEN_MS: i64 = 5_000;

/// The clocks at a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// The time of day, in epoch milliseconds.
    pub now: i64,
    /// Milliseconds since the look before in the same process; 0 at its first.
    pub passed_ms: i64,
    /// How the time of day has gone on meanwhile.
    pub pace: Pace,
}

/// How the time of day has gone on since the look before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// By as much as has passed.
    Even,
    /// By somewhat more or less: the machine stood still for a while, as for a backup, or its clock was put right.
    Uneven,
    /// By much more.
    Leaps,
}

impl Look {
    /// The first look of a process.
    pub fn first(now: i64) -> Self {
        Self {
            now,
            passed_ms: 0,
            pace: Pace::Even,
        }
    }

    /// A look some time after another, by both clocks: the time of day, and the milliseconds that go on evenly.
    pub fn after(before: (i64, u64), at: (i64, u64)) -> Self {
        let passed_ms = i64::try_from(at.1.saturating_sub(before.1)).unwrap_or(i64::MAX);
        let by_day = at.0.saturating_sub(before.0);
        let ahead = by_day.saturating_sub(passed_ms);
        let pace = if ahead.saturating_abs() <= UNEVEN_MS + passed_ms / 2 {
            Pace::Even
        } else if ahead <= AHEAD_MS {
            Pace::Uneven
        } else {
            Pace::Leaps
        };
        Self {
            now: at.0,
            passed_ms,
            pace,
        }
    }
}

/// Whether conversations may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They may.
    Goes,
    /// Not before a running relay has waited for longer.
    Waits {
        /// For how long still, in milliseconds.
        left_ms: i64,
        /// Why.
        cause: Cause,
    },
}

/// Why nothing goes yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The rule is new, or shorter than it was.
    NewRule,
    /// The time of day is far ahead of when conversations last could go.
    TimeAhead,
}

/// Judges a rule, and answers how far it is trusted from now on.
pub fn judge(before: Option<&RetentionMark>, rule: &RetentionRule, look: Look) -> (RetentionMark, Verdict) {
    let known = before.filter(|mark| mark.rule.days <= rule.days);
    let trusted_at = known.and_then(|mark| mark.trusted_at);
    if trusted_at.is_some_and(|at| look.now.saturating_sub(at) <= AHEAD_MS) {
        return (trusted(rule, look.now), Verdict::Goes);
    }
    let waited_ms = match (known, look.pace) {
        (Some(mark), Pace::Even) => mark.waited_ms.saturating_add(look.passed_ms),
        // Not counted, and no reason to begin anew: some machines stand still for a while each night.
        (Some(mark), Pace::Uneven) => mark.waited_ms,
        (Some(_), Pace::Leaps) | (None, _) => 0,
    };
    if waited_ms >= NOTICE_MS {
        return (trusted(rule, look.now), Verdict::Goes);
    }
    let mark = RetentionMark {
        rule: rule.clone(),
        trusted_at,
        waited_ms,
    };
    let waits = Verdict::Waits {
        left_ms: NOTICE_MS - waited_ms,
        cause: if trusted_at.is_some() {
            Cause::TimeAhead
        } else {
            Cause::NewRule
        },
    };
    (mark, waits)
}

fn trusted(rule: &RetentionRule, now: i64) -> RetentionMark {
    RetentionMark {
        rule: rule.clone(),
        trusted_at: Some(now),
        waited_ms: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;
    const NOW: i64 = 1_700_000_000_000;

    fn rule(days: u32) -> RetentionRule {
        RetentionRule {
            channel: "shop".into(),
            days,
        }
    }

    /// A relay that looks each minute.
    struct Relay {
        mark: Option<RetentionMark>,
        now: i64,
    }

    impl Relay {
        fn trusting(days: u32) -> Self {
            Self {
                mark: Some(trusted(&rule(days), NOW)),
                now: NOW,
            }
        }

        /// Where the time of day moves by this much in a minute.
        fn minute(&mut self, days: u32, moves: i64) -> Verdict {
            let at = (self.now + moves, 60_000);
            self.look(days, Look::after((self.now, 0), at))
        }

        fn look(&mut self, days: u32, look: Look) -> Verdict {
            self.now = look.now;
            let (mark, verdict) = judge(self.mark.as_ref(), &rule(days), look);
            self.mark = Some(mark);
            verdict
        }

        /// Minutes until conversations go, each as long by the time of day as by the other clock.
        fn minutes_until_they_go(&mut self, days: u32) -> i64 {
            (1..=10_000)
                .find(|_| self.minute(days, MINUTE) == Verdict::Goes)
                .expect("they go")
        }
    }

    fn cause(verdict: Verdict) -> Option<Cause> {
        match verdict {
            Verdict::Goes => None,
            Verdict::Waits { cause, .. } => Some(cause),
        }
    }

    #[test]
    fn a_new_rule_waits_for_a_day_of_a_running_relay() {
        let mut relay = Relay { mark: None, now: NOW };
        assert_eq!(cause(relay.look(30, Look::first(NOW))), Some(Cause::NewRule));
        assert_eq!(relay.minutes_until_they_go(30), 24 * 60);
        // Stopped for a week meanwhile: that is no day of a running relay.
        let mut relay = Relay { mark: None, now: NOW };
        relay.look(30, Look::first(NOW));
        assert_eq!(
            cause(relay.look(30, Look::first(NOW + 7 * DAY_MS))),
            Some(Cause::NewRule)
        );
        assert_eq!(relay.minutes_until_they_go(30), 24 * 60);
    }

    #[test]
    fn a_rule_that_is_shorter_waits_anew_and_one_that_is_longer_does_not() {
        let mut relay = Relay::trusting(30);
        assert_eq!(relay.minute(60, MINUTE), Verdict::Goes);
        assert_eq!(cause(relay.minute(59, MINUTE)), Some(Cause::NewRule));
        assert_eq!(relay.minutes_until_they_go(59), 24 * 60);
    }

    #[test]
    fn a_time_of_day_that_jumps_lets_nothing_go_until_it_was_right_for_a_day() {
        let mut relay = Relay::trusting(30);
        assert_eq!(relay.minute(30, MINUTE), Verdict::Goes);
        assert_eq!(cause(relay.minute(30, 365 * DAY_MS)), Some(Cause::TimeAhead));
        // The relay's time never goes backwards: after the machine's clock is put right, it stands still.
        for _ in 0..3 * 24 * 60 {
            assert_eq!(cause(relay.minute(30, 0)), Some(Cause::TimeAhead));
        }
        // A relay that is started anew has the right time.
        let right = NOW + 4 * DAY_MS;
        relay.mark.as_mut().expect("one").trusted_at = Some(right - MINUTE);
        assert_eq!(relay.look(30, Look::first(right)), Verdict::Goes);
    }

    #[test]
    fn a_relay_that_was_stopped_for_long_goes_on_after_a_day() {
        let mut relay = Relay::trusting(30);
        assert_eq!(relay.look(30, Look::first(NOW + DAY_MS)), Verdict::Goes);
        let late = relay.look(30, Look::first(NOW + 22 * DAY_MS));
        assert_eq!(cause(late), Some(Cause::TimeAhead));
        for _ in 0..12 * 60 {
            relay.minute(30, MINUTE);
        }
        // What was waited counts after a restart.
        relay.look(30, Look::first(relay.now + 10 * MINUTE));
        assert_eq!(relay.minutes_until_they_go(30), 12 * 60);
    }

    #[test]
    fn a_machine_that_stands_still_for_a_while_begins_no_day_anew() {
        let mut relay = Relay { mark: None, now: NOW };
        relay.look(30, Look::first(NOW));
        for _ in 0..12 * 60 {
            relay.minute(30, MINUTE);
        }
        for moves in [10 * MINUTE, -MINUTE, 0] {
            assert_eq!(cause(relay.minute(30, moves)), Some(Cause::NewRule));
        }
        assert_eq!(relay.minutes_until_they_go(30), 12 * 60, "it counts for nothing");
        let mut relay = Relay { mark: None, now: NOW };
        relay.look(30, Look::first(NOW));
        for _ in 0..12 * 60 {
            relay.minute(30, MINUTE);
        }
        relay.minute(30, 2 * DAY_MS);
        assert_eq!(relay.minutes_until_they_go(30), 24 * 60);
    }

    #[test]
    fn a_time_of_day_that_goes_back_holds_nothing_up() {
        let mut relay = Relay::trusting(30);
        assert_eq!(relay.look(30, Look::first(NOW - 365 * DAY_MS)), Verdict::Goes);
        assert_eq!(cause(relay.minute(30, 365 * DAY_MS)), Some(Cause::TimeAhead));
    }
}
