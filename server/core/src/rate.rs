//! Rate limits over the relay's clock, so that tests can hold them still.

use crate::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{NotUntil, Quota, RateLimiter};
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// A limit of each key. Keys stay in memory until they are swept (`retain_recent`).
pub type PerKey<K> = RateLimiter<K, DashMapStateStore<K>, LimiterClock, NoOpMiddleware<Duration>>;

/// One limit.
pub type Single = RateLimiter<NotKeyed, InMemoryState, LimiterClock, NoOpMiddleware<Duration>>;

/// The relay's clock as a rate limiter reads it.
#[derive(Clone)]
pub struct LimiterClock(Arc<dyn Clock>);

impl LimiterClock {
    /// Reads it.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self(clock)
    }
}

impl governor::clock::Clock for LimiterClock {
    /// Since some moment before the first call.
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(self.0.elapsed_ms())
    }
}

/// `burst` at once and `per_minute` after that.
pub fn quota(burst: u32, per_minute: u32) -> Quota {
    Quota::per_minute(at_least_one(per_minute)).allow_burst(at_least_one(burst))
}

/// A limit of each key.
pub fn per_key<K: Clone + Hash + Eq>(quota: Quota, clock: &LimiterClock) -> PerKey<K> {
    RateLimiter::dashmap_with_clock(quota, clock.clone())
}

/// One limit.
pub fn single(quota: Quota, clock: &LimiterClock) -> Single {
    RateLimiter::direct_with_clock(quota, clock.clone())
}

/// How long it is until what was refused would pass.
pub fn wait(refusal: &NotUntil<Duration>, clock: &LimiterClock) -> Duration {
    refusal.wait_time_from(governor::clock::Clock::now(clock))
}

fn at_least_one(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN)
}
