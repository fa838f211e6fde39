//! What is done once in a while for each key, and counts only when it is done. It is kept in memory: one process has the relay.

use portico_core::clock::Clock;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// When it was last done, or is being done, for each key.
pub(crate) struct OnceIn {
    while_ms: u64,
    clock: Arc<dyn Clock>,
    done: Mutex<HashMap<String, u64>>,
}

/// The right to do it now. It is given back when this is dropped before it is [taken](Turn::take).
pub struct Turn<'a> {
    of: &'a OnceIn,
    key: Option<String>,
}

impl OnceIn {
    /// Once in so many seconds.
    pub(crate) fn seconds(seconds: u64, clock: Arc<dyn Clock>) -> Self {
        Self {
            while_ms: seconds.saturating_mul(1_000),
            clock,
            done: Mutex::default(),
        }
    }

    /// Nothing if it was done within that time, or is being done.
    pub(crate) fn turn(&self, key: &str) -> Option<Turn<'_>> {
        let now = self.clock.elapsed_ms();
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        if done.get(key).is_some_and(|at| now.saturating_sub(*at) < self.while_ms) {
            return None;
        }
        done.insert(key.to_owned(), now);
        Some(Turn {
            of: self,
            key: Some(key.to_owned()),
        })
    }

    /// Forgets what was done before that.
    pub(crate) fn sweep(&self) {
        let now = self.clock.elapsed_ms();
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        done.retain(|_, at| now.saturating_sub(*at) < self.while_ms);
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
    fn what_failed_is_tried_again_and_what_was_done_a_while_later() {
        let clock = Arc::new(Moved::default());
        let once = OnceIn::seconds(60, clock.clone());
        let first = once.turn("ann").expect("the first");
        assert!(once.turn("ann").is_none(), "it is being done");
        drop(first);
        once.turn("ann").expect("it was not done").take();
        assert!(once.turn("ann").is_none());
        assert!(once.turn("ben").is_some());
        clock.elapsed.store(59_999, Ordering::SeqCst);
        once.sweep();
        assert!(once.turn("ann").is_none());
        clock.elapsed.store(60_000, Ordering::SeqCst);
        once.sweep();
        assert!(
            once.done.lock().expect("whole").is_empty(),
            "nothing is kept for longer"
        );
        assert!(once.turn("ann").is_some());
    }
}
