//! What is done once an hour for each key, and counts only when it is done.

use portico_core::clock::Clock;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// In milliseconds.
const HOUR_MS: u64 = 60 * 60 * 1_000;

/// When it was last done, or is being done, for each key.
pub(super) struct Hourly {
    clock: Arc<dyn Clock>,
    done: Mutex<HashMap<String, u64>>,
}

/// The right to do it now. It is given back when this is dropped before it is [taken](Turn::take).
pub struct Turn<'a> {
    of: &'a Hourly,
    key: Option<String>,
}

impl Hourly {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            done: Mutex::default(),
        }
    }

    /// Nothing if it was done within the last hour, or is being done.
    pub(super) fn turn(&self, key: &str) -> Option<Turn<'_>> {
        let now = self.clock.elapsed_ms();
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        if done.get(key).is_some_and(|at| now.saturating_sub(*at) < HOUR_MS) {
            return None;
        }
        done.insert(key.to_owned(), now);
        Some(Turn {
            of: self,
            key: Some(key.to_owned()),
        })
    }

    /// Forgets what was done before the last hour.
    pub(super) fn sweep(&self) {
        let now = self.clock.elapsed_ms();
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.retain(|_, at| now.saturating_sub(*at) < HOUR_MS);
    }
}

impl Turn<'_> {
    /// It is done.
    pub fn take(mut self) {
        self.key = None;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            let mut done = self.of.done.lock().unwrap_or_else(PoisonError::into_inner);
            done.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_core::clock::SystemClock;
    use std::sync::atomic::{AtomicU64, Ordering};

    #[derive(Default)]
    struct Moved {
        elapsed: AtomicU64,
        system: SystemClock,
    }

    impl Clock for Moved {
        fn now_ms(&self) -> i64 {
            self.system.now_ms()
        }

        fn elapsed_ms(&self) -> u64 {
            self.elapsed.load(Ordering::SeqCst)
        }

        fn uuid(&self) -> String {
            self.system.uuid()
        }

        fn jitter(&self) -> f64 {
            self.system.jitter()
        }
    }

    #[test]
    fn what_failed_is_tried_again_and_what_was_done_an_hour_later() {
        let clock = Arc::new(Moved::default());
        let hourly = Hourly::new(clock.clone());
        let first = hourly.turn("ann").expect("the first");
        assert!(hourly.turn("ann").is_none(), "it is being done");
        drop(first);
        hourly.turn("ann").expect("it was not done").take();
        assert!(hourly.turn("ann").is_none());
        assert!(hourly.turn("ben").is_some());
        clock.elapsed.store(HOUR_MS - 1, Ordering::SeqCst);
        hourly.sweep();
        assert!(hourly.turn("ann").is_none());
        clock.elapsed.store(HOUR_MS, Ordering::SeqCst);
        assert!(hourly.turn("ann").is_some());
    }
}
