//! A bot that fails again and again is left alone: it is tried with one call at a time, less and less often, until it
//! takes one. What waits for it meanwhile keeps its place, and is not waited with for ever.

use crate::clock::jittered;

/// Calls in a row that a bot does not take before it counts as away: more than one conversation whose message a bot
/// cannot digest makes by itself.
const FAILURES: u32 = 10;

/// Shortest wait before a bot that is away is tried again, in milliseconds.
const FIRST_WAIT_MS: i64 = 1_000;

/// Longest wait, in milliseconds: a bot that comes back finds out soon.
const LONGEST_WAIT_MS: i64 = 15_000;

/// How one bot has done lately.
#[derive(Debug, Default)]
pub(super) struct Breaker {
    /// Calls in a row that it did not take.
    failures: u32,
    /// While it is away.
    away: Option<Away>,
    /// Until when it has asked to be left alone, in epoch milliseconds.
    rests_until: i64,
}

#[derive(Debug, Clone, Copy)]
struct Away {
    /// When it is tried again, in epoch milliseconds.
    try_at: i64,
    /// The wait before that, in milliseconds.
    wait_ms: i64,
}

/// What a call has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing.
    None,
    /// From here on the bot is away.
    Away,
    /// It is there again.
    Back,
}

impl Breaker {
    /// How many calls may begin now, of `free` while `under_way` are not answered yet.
    pub(super) fn allows(&self, free: usize, under_way: usize, now: i64) -> usize {
        match self.away {
            _ if now < self.rests_until => 0,
            None => free,
            Some(away) if under_way == 0 && now >= away.try_at => free.min(1),
            Some(_) => 0,
        }
    }

    /// The bot has asked to be left alone until then.
    pub(super) fn rest(&mut self, until: i64) {
        self.rests_until = self.rests_until.max(until);
    }

    pub(super) fn is_away(&self) -> bool {
        self.away.is_some()
    }

    /// The bot took a call, or refused it: it is there.
    pub(super) fn answered(&mut self) -> Turn {
        self.failures = 0;
        match self.away.take() {
            Some(_) => Turn::Back,
            None => Turn::None,
        }
    }

    /// The bot did not take a call. `random` (0 to 1) is half of each wait.
    pub(super) fn failed(&mut self, now: i64, random: f64) -> Turn {
        self.failures = self.failures.saturating_add(1);
        match self.away {
            // Calls that began before it was away say nothing new.
            Some(away) if now < away.try_at => Turn::None,
            Some(away) => {
                let wait_ms = (away.wait_ms * 2).min(LONGEST_WAIT_MS);
                self.away = Some(Away::since(now, wait_ms, random));
                Turn::None
            }
            None if self.failures >= FAILURES => {
                self.away = Some(Away::since(now, FIRST_WAIT_MS, random));
                Turn::Away
            }
            None => Turn::None,
        }
    }
}

impl Away {
    fn since(now: i64, wait_ms: i64, random: f64) -> Self {
        Self {
            try_at: now + jittered(wait_ms, random),
            wait_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bot that is away since 0; it is tried again at 1,000.
    fn away() -> Breaker {
        let mut breaker = Breaker::default();
        for _ in 1..FAILURES {
            assert_eq!(breaker.failed(0, 1.0), Turn::None);
            assert_eq!(breaker.allows(7, 3, 0), 7);
        }
        assert_eq!(breaker.failed(0, 1.0), Turn::Away);
        breaker
    }

    #[test]
    fn a_bot_that_fails_again_and_again_is_tried_one_call_at_a_time() {
        let breaker = away();
        assert_eq!(breaker.allows(32, 0, 999), 0);
        assert_eq!(breaker.allows(32, 0, 1_000), 1);
        assert_eq!(
            breaker.allows(31, 1, 1_000),
            0,
            "while it is being tried nothing else is"
        );
    }

    #[test]
    fn a_bot_that_asks_for_it_is_left_alone_whatever_else_waits_for_it() {
        let mut breaker = Breaker::default();
        breaker.rest(5_000);
        breaker.rest(3_000);
        assert_eq!((breaker.allows(32, 0, 4_999), breaker.allows(32, 0, 5_000)), (0, 32));
    }

    #[test]
    fn each_try_that_fails_doubles_the_wait_up_to_the_longest() {
        let mut breaker = away();
        let mut now = 1_000;
        for wait in [2_000, 4_000, 8_000, LONGEST_WAIT_MS, LONGEST_WAIT_MS] {
            assert_eq!(breaker.failed(now, 1.0), Turn::None);
            assert_eq!(breaker.failed(now + 1, 1.0), Turn::None, "a straggler changes nothing");
            assert_eq!(
                (breaker.allows(32, 0, now + wait - 1), breaker.allows(32, 0, now + wait)),
                (0, 1)
            );
            now += wait;
        }
    }

    #[test]
    fn one_answer_brings_it_back_and_forgets_its_failures() {
        let mut breaker = away();
        assert_eq!(breaker.answered(), Turn::Back);
        assert_eq!(breaker.allows(32, 0, 0), 32);
        for _ in 1..FAILURES {
            assert_eq!(breaker.failed(0, 1.0), Turn::None);
        }
        assert_eq!(breaker.answered(), Turn::None);
        assert_eq!(breaker.failed(0, 1.0), Turn::None);
    }
}
