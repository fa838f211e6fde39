//! How long a client has said nothing. Counted by a clock that goes on evenly: when the machine's time of day is set, or the
//! machine itself goes on after a pause, no client has become silent by it.

use portico_shared::limits::DEAD_AFTER_MS;
use std::time::Duration;

/// A look that comes so late has been kept from coming, and so has the reading of what was sent meanwhile.
const HELD_UP: Duration = Duration::from_secs(15);

/// Whether one client lives.
#[derive(Debug)]
pub(super) struct Silence {
    /// When something was heard last, in milliseconds of the clock that goes on evenly.
    heard_at: u64,
    /// When it was looked at last.
    looked_at: u64,
}

impl Silence {
    /// Of a client that is heard now.
    pub(super) fn new(now: u64) -> Self {
        Self {
            heard_at: now,
            looked_at: now,
        }
    }

    /// The client has said something.
    pub(super) fn heard(&mut self, now: u64) {
        self.heard_at = now;
    }

    /// Whether the client is taken for dead. To be asked every few seconds. A relay that was held up itself, as by a machine that
    /// was paused, begins to count anew.
    pub(super) fn is_dead(&mut self, now: u64) -> bool {
        let since = Duration::from_millis(now.saturating_sub(self.looked_at));
        self.looked_at = now;
        if since >= HELD_UP {
            self.heard_at = now;
        }
        now.saturating_sub(self.heard_at) > DEAD_AFTER_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK_EVERY_MS: u64 = 4_000;

    /// When a client that says nothing from `now` on is taken for dead.
    fn dies_at(silence: &mut Silence, now: u64) -> u64 {
        let mut looks = (1..100).map(|n| now + n * LOOK_EVERY_MS);
        looks.find(|&at| silence.is_dead(at)).expect("it is dead some time")
    }

    #[test]
    fn a_client_that_says_nothing_for_long_is_dead() {
        let mut silence = Silence::new(0);
        assert_eq!(dies_at(&mut silence, 0), 64_000);
        let mut silence = Silence::new(0);
        silence.heard(50_000);
        assert_eq!(dies_at(&mut silence, 0), 112_000);
    }

    #[test]
    fn a_relay_that_was_held_up_takes_nobody_for_dead_before_it_has_listened_again() {
        let mut silence = Silence::new(0);
        assert!(!silence.is_dead(40_000 + LOOK_EVERY_MS));
        let paused_until = 1_000_000;
        assert!(!silence.is_dead(paused_until));
        assert_eq!(dies_at(&mut silence, paused_until), paused_until + 64_000);
    }
}
