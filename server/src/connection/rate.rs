//! Token buckets over the relay's clock, one for each identity, whichever of its sockets it sends over. By hand, because
//! it is a few lines and tests hold their clock still.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Identities that are remembered before those are looked for that can be forgotten.
const FIRST_SWEEP: usize = 1_024;

/// The rates of everybody who is connected, and of those who left with a bucket that was not full: whoever connects
/// anew, or once more, has no more than it had. Identities whose bucket has filled again are forgotten whenever there
/// are twice as many as were left the last time, so there are never more than twice as many as must be remembered.
#[derive(Debug)]
pub struct Rates {
    known: Mutex<Known>,
}

#[derive(Debug)]
struct Known {
    buckets: HashMap<String, Shared>,
    /// How many there are at the next sweep.
    sweep_at: usize,
}

type Shared = Arc<Mutex<Bucket>>;

/// One socket's share in the rate of its identity.
#[derive(Debug)]
pub(super) struct Rate(Shared);

impl Default for Rates {
    fn default() -> Self {
        let known = Known {
            buckets: HashMap::new(),
            sweep_at: FIRST_SWEEP,
        };
        Self {
            known: Mutex::new(known),
        }
    }
}

impl Rates {
    /// The rate of an identity: `burst` frames at once and `per_minute` after that, all its sockets together.
    pub(super) fn of(&self, identity: String, (burst, per_minute): (u32, u32), now: i64) -> Rate {
        let mut known = lock(&self.known);
        if known.buckets.len() >= known.sweep_at {
            // Whoever has a socket holds its bucket, too.
            known
                .buckets
                .retain(|_, bucket| Arc::strong_count(bucket) > 1 || !lock(bucket).is_full(now));
            known.sweep_at = FIRST_SWEEP.max(2 * known.buckets.len());
        }
        let bucket = known.buckets.entry(identity);
        let bucket = bucket.or_insert_with(|| Arc::new(Mutex::new(Bucket::new(burst, per_minute, now))));
        Rate(Arc::clone(bucket))
    }
}

impl Rate {
    /// Takes a token, or says in how many milliseconds there will be one.
    pub(super) fn take(&self, now: i64) -> Result<(), u64> {
        lock(&self.0).take(now)
    }
}

/// A panic while a lock was held leaves numbers behind that are as good as any.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How much somebody may ask for.
#[derive(Debug)]
pub(super) struct Bucket {
    /// Tokens that are left.
    level: f64,
    /// Most tokens.
    burst: f64,
    /// Tokens that come back per millisecond.
    per_ms: f64,
    /// When the level was right, in epoch milliseconds.
    at: i64,
}

impl Bucket {
    /// A full bucket of `burst` tokens, `per_minute` of which come back in a minute.
    pub(super) fn new(burst: u32, per_minute: u32, now: i64) -> Self {
        let burst = f64::from(burst);
        Self {
            level: burst,
            burst,
            per_ms: f64::from(per_minute) / 60_000.0,
            at: now,
        }
    }

    /// Takes a token, or says in how many milliseconds there will be one.
    pub(super) fn take(&mut self, now: i64) -> Result<(), u64> {
        self.level = self.level_at(now);
        self.at = self.at.max(now);
        if self.level >= 1.0 {
            self.level -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - self.level) / self.per_ms.max(f64::MIN_POSITIVE);
        Err(wait.ceil().clamp(1.0, 60_000.0) as u64)
    }

    fn is_full(&self, now: i64) -> bool {
        self.level_at(now) >= self.burst
    }

    fn level_at(&self, now: i64) -> f64 {
        let passed = now.saturating_sub(self.at).max(0) as f64;
        (self.level + passed * self.per_ms).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_one_at_a_time() {
        let mut bucket = Bucket::new(3, 60, 0);
        for _ in 0..3 {
            assert_eq!(bucket.take(0), Ok(()));
        }
        assert_eq!(bucket.take(0), Err(1_000));
        assert_eq!(bucket.take(400), Err(600));
        assert_eq!(bucket.take(1_000), Ok(()));
        assert_eq!(bucket.take(1_000), Err(1_000));
    }

    #[test]
    fn it_never_holds_more_than_its_burst() {
        let mut bucket = Bucket::new(2, 60_000, 0);
        assert_eq!(bucket.take(1_000_000), Ok(()));
        assert_eq!(bucket.take(1_000_000), Ok(()));
        assert!(bucket.take(1_000_000).is_err());
    }

    #[test]
    fn two_sockets_share_a_rate_and_a_new_one_fills_nothing_up() {
        let rates = Rates::default();
        let of = |who: &str, now| rates.of(who.to_owned(), (3, 60), now);
        let (one, two) = (of("a", 0), of("a", 0));
        assert!(one.take(0).is_ok() && two.take(0).is_ok() && one.take(0).is_ok());
        assert_eq!((one.take(0), two.take(400)), (Err(1_000), Err(600)));
        assert!(of("b", 400).take(400).is_ok(), "somebody else has a rate of its own");
        drop((one, two));
        assert_eq!(of("a", 400).take(400), Err(600));
        assert!(of("a", 1_000).take(1_000).is_ok());
    }

    #[test]
    fn who_has_gone_is_forgotten_once_its_rate_is_full_again_and_not_before() {
        let rates = Rates::default();
        let of = |who: String, now| rates.of(who, (2, 60), now);
        let known = || lock(&rates.known).buckets.len();
        let stays = of("stays".to_owned(), 0);
        for at in 1..FIRST_SWEEP {
            assert!(of(format!("left-{at}"), 0).take(0).is_ok());
        }
        assert_eq!(known(), FIRST_SWEEP);
        of("early".to_owned(), 999);
        assert_eq!(
            known(),
            FIRST_SWEEP + 1,
            "all of them still have less than they may have"
        );
        for at in known()..2 * FIRST_SWEEP {
            of(format!("more-{at}"), 1_000);
        }
        of("late".to_owned(), 1_000);
        assert_eq!(known(), 2, "the one who is connected and the newest");
        assert!(stays.take(1_000).is_ok());
    }

    #[test]
    fn a_clock_that_stands_still_or_goes_back_gives_nothing() {
        let mut bucket = Bucket::new(1, 60, 10_000);
        assert_eq!(bucket.take(10_000), Ok(()));
        assert_eq!(bucket.take(5_000), Err(1_000));
    }
}
