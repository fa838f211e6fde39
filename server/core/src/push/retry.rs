//! When a notification is tried again that could not be sent.

use crate::clock::jittered;
use std::time::Duration;

/// The wait after the first attempt, in milliseconds; each further one is twice as long.
const FIRST_MS: i64 = 10_000;

/// The longest wait, in milliseconds, also where a push service asks for a longer one.
const LONGEST_MS: i64 = 60 * 60 * 1_000;

/// Attempts after which waits grow no more: beyond this one is the longest already.
const MOST_DOUBLINGS: u32 = 9;

/// How long to wait after attempt number `attempts` (0 for the first), and no shorter than the service asks.
pub(super) fn delay_ms(attempts: u32, asked: Option<Duration>, random: f64) -> i64 {
    let wait = (FIRST_MS << attempts.min(MOST_DOUBLINGS)).min(LONGEST_MS);
    let asked = asked.map_or(0, |asked| i64::try_from(asked.as_millis()).unwrap_or(i64::MAX));
    jittered(wait, random).max(asked).min(LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_longest() {
        let longest: Vec<_> = (0..12).map(|attempt| delay_ms(attempt, None, 0.999)).collect();
        assert!(longest.windows(2).all(|pair| pair[0] <= pair[1]), "{longest:?}");
        assert!(longest[0] < FIRST_MS && longest[11] > LONGEST_MS / 2);
        assert!(delay_ms(u32::MAX, None, 0.999) <= LONGEST_MS);
        assert_eq!(delay_ms(0, None, 0.0), FIRST_MS / 2);
    }

    #[test]
    fn a_service_is_left_alone_as_long_as_it_asks_within_reason() {
        assert_eq!(delay_ms(0, Some(Duration::from_secs(120)), 0.5), 120_000);
        assert_eq!(delay_ms(0, Some(Duration::MAX), 0.5), LONGEST_MS);
    }
}
