//! When a failed delivery is tried again.

/// Waits between attempts, in milliseconds. After the last one the delivery is a dead letter: a customer who waits for
/// a bot is better served by a person than by an answer two minutes late.
const SCHEDULE: [i64; 5] = [500, 2_000, 5_000, 15_000, 60_000];

/// How long to wait after attempt number `attempts` (0 for the first), or nothing if that was the last. Half of each
/// wait is jitter, so that a bot that comes back is not met by everything at once.
pub(super) fn delay_ms(attempts: u32, random: f64) -> Option<i64> {
    let wait = *SCHEDULE.get(usize::try_from(attempts).ok()?)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "milliseconds below 2^53"
    )]
    let jitter = (wait as f64 * 0.5 * random) as i64;
    Some(wait / 2 + jitter)
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
    fn a_wait_is_never_shorter_than_half() {
        assert_eq!(delay_ms(0, 0.0), Some(250));
    }
}
