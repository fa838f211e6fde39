//! A token bucket over the relay's clock. By hand, because it is a dozen lines and tests hold its clock still.

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
        let passed = now.saturating_sub(self.at).max(0) as f64;
        self.at = self.at.max(now);
        self.level = (self.level + passed * self.per_ms).min(self.burst);
        if self.level >= 1.0 {
            self.level -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - self.level) / self.per_ms.max(f64::MIN_POSITIVE);
        Err(wait.ceil().clamp(1.0, 60_000.0) as u64)
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
    fn a_clock_that_stands_still_or_goes_back_gives_nothing() {
        let mut bucket = Bucket::new(1, 60, 10_000);
        assert_eq!(bucket.take(10_000), Ok(()));
        assert_eq!(bucket.take(5_000), Err(1_000));
    }
}
