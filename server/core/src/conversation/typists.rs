//! How often typing is passed on: what comes more often than clients are to send it is dropped.

use portico_shared::limits::TYPING_EVERY_MS;
use std::collections::HashMap;

/// Shortest time between two frames that say the same, in milliseconds. Half a second less than clients wait: a frame that
/// comes early by jitter must pass, or the indicator is taken down before the next one.
const SAME_AGAIN_MS: u64 = TYPING_EVERY_MS - 500;

/// Shortest time between two starts with a stop between them, in milliseconds.
const BEGIN_AGAIN_MS: u64 = 1_000;

/// Who types in one conversation, by the keys of those who take part.
#[derive(Debug, Default)]
pub(super) struct Typists {
    typists: HashMap<String, Typist>,
}

#[derive(Debug, Clone, Copy)]
struct Typist {
    on: bool,
    /// When it was last passed on that they type, in milliseconds of a clock that never goes back.
    began: u64,
}

impl Typists {
    /// Whether a typing frame is passed on. A stop passes once, also when its sender was not said to type.
    pub(super) fn passes(&mut self, key: &str, on: bool, now: u64) -> bool {
        let passes = match self.typists.get(key) {
            None => true,
            Some(typist) if on => {
                let pause = if typist.on { SAME_AGAIN_MS } else { BEGIN_AGAIN_MS };
                now >= typist.began.saturating_add(pause)
            }
            Some(typist) => typist.on,
        };
        if passes {
            let began = match self.typists.get(key) {
                Some(typist) if !on => typist.began,
                Some(_) | None => now,
            };
            self.typists.insert(key.to_owned(), Typist { on, began });
        }
        passes
    }

    /// One has written: with the message everyone takes the indicator down, and the next words are a new start.
    pub(super) fn wrote(&mut self, key: &str) {
        if let Some(typist) = self.typists.get_mut(key) {
            typist.on = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of these frames are passed on: typing or not, and when.
    fn passed(frames: &[(bool, u64)]) -> Vec<(bool, u64)> {
        let mut typists = Typists::default();
        let mut passed = frames.to_vec();
        passed.retain(|(on, now)| typists.passes("customer:c", *on, *now));
        passed
    }

    #[test]
    fn who_has_written_begins_anew() {
        let mut typists = Typists::default();
        assert!(typists.passes("customer:c", true, 0));
        typists.wrote("customer:c");
        assert!(
            typists.passes("customer:c", true, 2_200),
            "sooner than a repeat would pass"
        );
    }

    #[test]
    fn two_hundred_frames_in_a_second_are_one_or_two() {
        let same: Vec<_> = (0..200).map(|at| (true, at * 5)).collect();
        assert_eq!(passed(&same), [(true, 0)]);
        let changing: Vec<_> = (0..200).map(|at| (at % 2 == 0, at * 5)).collect();
        assert_eq!(passed(&changing), [(true, 0), (false, 5)]);
    }

    #[test]
    fn what_clients_send_is_passed_on() {
        let frames = [
            (true, 0),
            (true, 2_900),
            (true, 6_000),
            (false, 6_100),
            (true, 7_500),
            (false, 7_600),
        ];
        assert_eq!(passed(&frames), frames);
    }

    #[test]
    fn nobody_stops_twice_and_each_has_a_pace_of_its_own() {
        assert_eq!(
            passed(&[(false, 0), (false, 1), (true, 5_000), (false, 5_001), (false, 5_002)]).len(),
            3
        );
        let mut typists = Typists::default();
        assert!(typists.passes("customer:c", true, 0) && typists.passes("agent:a", true, 1));
    }
}
