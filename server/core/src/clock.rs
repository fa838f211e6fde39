//! Time and randomness, handed in where they are needed so that tests can hold them still.

use portico_shared::ids::{ClientId, ConversationId};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// Milliseconds of a day.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Where the relay reads the time and mints ids.
pub trait Clock: Send + Sync + 'static {
    /// Now, in epoch milliseconds.
    fn now_ms(&self) -> i64;

    /// The same as the standard library has it.
    fn system_time(&self) -> SystemTime {
        let ms = u64::try_from(self.now_ms()).unwrap_or_default();
        SystemTime::UNIX_EPOCH + Duration::from_millis(ms)
    }

    /// Milliseconds since some moment before the first call. It goes on evenly when the time of day is set, so rates are
    /// counted by it.
    fn elapsed_ms(&self) -> u64;

    /// A fresh UUIDv7.
    fn uuid(&self) -> String;

    /// A random number from 0 (inclusive) to 1 (exclusive), for jitter; not for secrets.
    fn jitter(&self) -> f64;
}

/// The machine's clock and random source.
#[derive(Debug)]
pub struct SystemClock {
    /// The latest time that was given out: the clock never runs backwards within one process.
    latest: AtomicI64,
    /// What [`Clock::elapsed_ms`] counts from.
    started: Instant,
}

impl Default for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn default() -> Self {
        Self {
            latest: AtomicI64::default(),
            started: Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now_ms(&self) -> i64 {
        let since_epoch = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let now = i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX);
        self.latest.fetch_max(now, Ordering::Relaxed).max(now)
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that mints ids")]
    fn uuid(&self) -> String {
        uuid::Uuid::now_v7().to_string()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that rolls dice")]
    fn jitter(&self) -> f64 {
        let mut bytes = [0_u8; 4];
        match getrandom::fill(&mut bytes) {
            Ok(()) => f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0),
            Err(_) => 0.5,
        }
    }
}

/// A wait in milliseconds of which half is left to chance (`random` from 0 to 1), so that calls that failed together are not repeated
/// together.
pub fn jittered(wait_ms: i64, random: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "milliseconds below 2^53"
    )]
    let jitter = (wait_ms as f64 * 0.5 * random) as i64;
    wait_ms / 2 + jitter
}

/// A fresh conversation id.
pub fn conversation_id(clock: &dyn Clock) -> ConversationId {
    ConversationId::new(clock.uuid())
}

/// A client id for what the relay itself posts.
pub fn client_id(clock: &dyn Clock) -> ClientId {
    ClientId::new(clock.uuid())
}
