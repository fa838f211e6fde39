//! How long to wait before the next try: full jitter, so that clients that lost one relay do not come back as one.

/// The first delay is at most this, in milliseconds; each further one at most twice the one before.
pub(crate) const BASE_MS: u64 = 500;

/// No delay is longer, in milliseconds.
pub(crate) const CAP_MS: u64 = 30_000;

/// A count of failures, turned into delays.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Counts a failure and says how many milliseconds to wait: `random` (from `0.0..1.0`) of the present ceiling.
    pub(crate) fn next_delay_ms(&mut self, random: f64) -> u64 {
        // Past 2^6 the cap holds anyway; the bound keeps the shift defined after days of failing.
        let ceiling = (BASE_MS << self.failures.min(6)).min(CAP_MS);
        self.failures = self.failures.saturating_add(1);
        (ceiling as f64 * random.clamp(0.0, 1.0)) as u64
    }

    /// Whether the last try failed.
    pub(crate) fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// Success: the next delay is short again.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ceiling_doubles_up_to_the_cap_and_falls_back_on_success() {
        let mut backoff = Backoff::default();
        let ceilings: Vec<u64> = (0..9).map(|_| backoff.next_delay_ms(1.0)).collect();
        assert_eq!(ceilings, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
        backoff.reset();
        assert_eq!(backoff.next_delay_ms(1.0), 500);
    }

    #[test]
    fn the_random_value_takes_its_share_of_the_ceiling() {
        let mut backoff = Backoff::default();
        assert_eq!(backoff.next_delay_ms(0.0), 0);
        assert_eq!(backoff.next_delay_ms(0.25), 250);
    }
}
