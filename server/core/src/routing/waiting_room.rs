//! What customers who wait are told: their place, how long it usually takes, and how often.

use super::queue::places;
use super::wait_times::WaitTimes;
use crate::store::TaskRecord;
use portico_shared::frame::QueuePosition;
use portico_shared::ids::ConversationId;
use std::collections::HashMap;

/// Shortest time between two positions that one conversation is told, in milliseconds. Each who leaves a queue of a thousand
/// moves all others; a queue that moves fast is told as it stands every few seconds, and not step by step.
const AGAIN_AFTER_MS: u64 = 5_000;

/// Those who wait, and what they know: what routing remembers from one round to the next.
#[derive(Debug, Default)]
pub struct WaitingRoom {
    wait_times: WaitTimes,
    told: HashMap<ConversationId, Told>,
}

/// What a conversation was told last.
#[derive(Debug)]
struct Told {
    position: QueuePosition,
    /// When, in milliseconds of a clock that never goes back.
    at: u64,
}

impl WaitingRoom {
    /// Where each request that waits stands now. For waits that have ended, `counts` says whether the team was there all the time.
    pub(super) fn positions(
        &mut self,
        tasks: &[TaskRecord],
        now: i64,
        counts: impl Fn(&TaskRecord) -> bool,
    ) -> Vec<QueuePosition> {
        self.wait_times.observe(tasks, now, counts);
        let places = places(tasks).into_iter();
        let position = |(task, position): (&TaskRecord, u32)| QueuePosition {
            conversation: task.conversation.clone(),
            position,
            wait_minutes: self.wait_times.usual_minutes(&task.queue),
        };
        places.map(position).collect()
    }

    /// The positions that are to be told now. One that has to wait is among those of a later look, as it is then.
    pub(super) fn due(&mut self, positions: Vec<QueuePosition>, elapsed_ms: u64) -> Vec<QueuePosition> {
        let mut known = std::mem::take(&mut self.told);
        let mut due = Vec::new();
        for position in positions {
            let told = known.remove(&position.conversation);
            let told = told.filter(|told| told.position == position || elapsed_ms < told.at + AGAIN_AFTER_MS);
            let told = told.unwrap_or_else(|| {
                due.push(position.clone());
                Told {
                    position: position.clone(),
                    at: elapsed_ms,
                }
            });
            self.told.insert(position.conversation, told);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::queue::tests::task;

    fn of(room: &mut WaitingRoom, tasks: &[TaskRecord], at: u64) -> Vec<(String, u32)> {
        let positions = room.positions(tasks, 0, |_| true);
        let due = room.due(positions, at).into_iter();
        due.map(|due| (due.conversation.to_string(), due.position)).collect()
    }

    #[test]
    fn a_position_is_told_at_once_and_then_only_when_it_changes() {
        let mut room = WaitingRoom::default();
        let tasks = [task("a", 1, 0), task("b", 1, 1)];
        assert_eq!(of(&mut room, &tasks, 0), [("c-a".into(), 1), ("c-b".into(), 2)]);
        assert_eq!(of(&mut room, &tasks, 60_000), []);
        assert_eq!(of(&mut room, &tasks[1..], 60_001), [("c-b".into(), 1)]);
    }

    #[test]
    fn a_queue_of_a_thousand_is_told_as_it_stands_every_few_seconds() {
        let mut room = WaitingRoom::default();
        let tasks: Vec<_> = (0..1_000).map(|at| task(&format!("{at:04}"), 1, at)).collect();
        assert_eq!(of(&mut room, &tasks, 0).len(), 1_000);
        let mut frames = 0;
        for left in 1..=100_u64 {
            frames += of(&mut room, &tasks[left as usize..], left * 50).len();
        }
        assert_eq!(
            frames, 900,
            "a hundred left within five seconds; each other one is told once"
        );
        assert_eq!(of(&mut room, &tasks[100..], 60_000), [], "and knows where it stands");
    }

    #[test]
    fn what_had_to_wait_is_told_later_as_it_is_then() {
        let mut room = WaitingRoom::default();
        let tasks = [task("a", 1, 0), task("b", 1, 1), task("c", 1, 2)];
        of(&mut room, &tasks, 0);
        assert_eq!(of(&mut room, &tasks[1..], 1_000), []);
        assert_eq!(of(&mut room, &tasks[2..], 2_000), []);
        assert_eq!(of(&mut room, &tasks[2..], AGAIN_AFTER_MS), [("c-c".into(), 1)]);
    }

    #[test]
    fn a_position_that_is_as_it_was_told_again_is_not_told() {
        let mut room = WaitingRoom::default();
        let tasks = [task("a", 1, 0), task("b", 1, 1)];
        of(&mut room, &tasks, 0);
        let urgent = [task("a", 1, 0), task("b", 1, 1), task("u", 11, 2)];
        assert_eq!(of(&mut room, &urgent, 1_000), [("c-u".into(), 1)]);
        assert_eq!(of(&mut room, &tasks, 6_000), []);
    }

    #[test]
    fn who_asks_again_later_is_told_at_once() {
        let mut room = WaitingRoom::default();
        let tasks = [task("a", 1, 0)];
        of(&mut room, &tasks, 0);
        assert_eq!(of(&mut room, &[], 1_000), []);
        assert!(room.told.is_empty(), "who waits no more is forgotten");
        assert_eq!(of(&mut room, &tasks, 2_000), [("c-a".into(), 1)]);
    }
}
