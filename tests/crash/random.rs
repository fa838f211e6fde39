//! Random numbers that a seed repeats.

use std::ops::Range;

/// A xorshift generator: small, and the same everywhere.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        // Zero is the one state that it never leaves.
        Self(seed.max(1))
    }

    /// A number in the range.
    pub(crate) fn within(&mut self, range: Range<u64>) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        range.start + self.0 % (range.end - range.start)
    }

    /// A generator of its own for somebody.
    pub(crate) fn split(&mut self) -> Self {
        Self::new(self.within(1..u64::MAX))
    }
}

/// The seed that the variable names, or a new one.
pub(crate) fn seed(variable: &str) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
        Err(_) => uuid::Uuid::now_v7().as_u64_pair().1,
    }
}
