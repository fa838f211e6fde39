//! What counts once: sign-ins that were finished and tickets that were exchanged, for as long as they would be good. In memory: one
//! process has the relay, and after a start a code is still good once at the provider, and a ticket for less than a minute.

use portico_core::clock::Clock;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Texts that do not count any more. Only what was proven comes here, so there are no more than people have signed in.
pub(super) struct Spent {
    /// Each with the time at which it may be forgotten, by the clock that goes on evenly.
    until: Mutex<HashMap<String, u64>>,
    lasts_ms: u64,
    clock: Arc<dyn Clock>,
}

impl Spent {
    /// Of texts that are good for so many seconds.
    pub(super) fn for_seconds(seconds: i64, clock: Arc<dyn Clock>) -> Self {
        Self {
            until: Mutex::default(),
            lasts_ms: seconds.unsigned_abs().saturating_mul(1_000),
            clock,
        }
    }

    /// Whether this is the first time.
    pub(super) fn take(&self, text: &str) -> bool {
        let now = self.clock.elapsed_ms();
        let mut until = self.until.lock().unwrap_or_else(PoisonError::into_inner);
        until.retain(|_, until| *until > now);
        until
            .insert(text.to_owned(), now.saturating_add(self.lasts_ms))
            .is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[derive(Default)]
    struct Stopped(AtomicU64);

    impl Clock for Stopped {
        fn now_ms(&self) -> i64 {
            0
        }

        fn elapsed_ms(&self) -> u64 {
            self.0.load(Ordering::Relaxed)
        }

        fn uuid(&self) -> String {
            String::new()
        }

        fn jitter(&self) -> f64 {
            0.0
        }
    }

    #[test]
    fn a_text_counts_once_while_it_is_good_and_is_forgotten_then() {
        let clock = Arc::new(Stopped::default());
        let spent = Spent::for_seconds(60, clock.clone());
        assert!(spent.take("a") && spent.take("b"));
        clock.0.store(59_999, Ordering::Relaxed);
        assert!(!spent.take("a"));
        clock.0.store(60_000, Ordering::Relaxed);
        assert!(spent.take("c"));
        let kept = spent.until.lock().expect("whole").len();
        assert_eq!(kept, 2, "b is forgotten, and a was tried again");
    }
}
