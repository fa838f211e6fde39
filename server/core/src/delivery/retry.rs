//! When a failed delivery is tried again.

use crate::clock::jittered;
use std::time::Duration;

/// Waits between attempts, in milliseconds. After the last one the delivery is a dead letter: a customer who waits for
/// a bot is better served by a person than by an answer two minutes late.
const SCHEDULE: [i64; 5] = [500, 2_000, 5_000, 15_000, 60_000];

/// How long to wait after attempt number `attempts` (0 for the first), or nothing if that was the last.
pub(super) fn delay_ms(attempts: u32, random: f64) -> Option<i64> {
    let wait = *SCHEDULE.get(usize::try_from(attempts).ok()?)?;
    Some(jittered(wait, random))
}

/// Longest time for which a bot is left alone because it asks for it, in milliseconds: as long as the longest wait of ours.
pub(super) const LONGEST_ASKED_MS: i64 = SCHEDULE[SCHEDULE.len() - 1];

/// How long a bot that asks for it is left alone, in milliseconds.
pub(super) fn asked_ms(retry_after: Option<Duration>) -> i64 {
    let asked = retry_after.map_or(0, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    asked.min(LONGEST_ASKED_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let longest: Vec<_> = (0..SCHEDULE.len() as u32)
            .map_while(|attempt| delay_ms(attempt, 0.999))
            .collect();
        assert_eq!(longest.len(), SCHEDULE.len());
        assert!(longest.windows(2).all(|pair| pair[0] < pair[1]), "{longest:?}");
        assert_eq!(delay_ms(SCHEDULE.len() as u32, 0.5), None);
    }

    #[test]
    fn a_bot_is_left_alone_as_long_as_it_asks_within_reason() {
        assert_eq!(asked_ms(None), 0);
        assert_eq!(asked_ms(Some(Duration::from_secs(7))), 7_000);
        assert_eq!(asked_ms(Some(Duration::MAX)), LONGEST_ASKED_MS);
    }

    #[test]
    fn a_wait_is_never_shorter_than_half() {
        assert_eq!(delay_ms(0, 0.0), Some(250));
    }
}
