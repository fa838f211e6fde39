//! The order in which requests of a queue are served, and the place of each.

use crate::store::{TaskPhase, TaskRecord};
use portico_shared::ids::TaskId;
use std::cmp::Reverse;

/// Whose turn comes first: the most urgent request, and then the oldest.
pub(super) fn turn(task: &TaskRecord) -> (Reverse<u8>, i64, TaskId) {
    (Reverse(task.priority), task.enqueued_at, task.id.clone())
}

/// The requests that wait, and the place of each in its queue, from 1. Those that ring are before all others: they are
/// about to be taken, or come back as the most urgent ones.
pub(super) fn places(tasks: &[TaskRecord]) -> Vec<(&TaskRecord, u32)> {
    let mut waiting: Vec<&TaskRecord> = tasks.iter().filter(|task| waits(task)).collect();
    waiting.sort_by_cached_key(|task| (task.queue.clone(), task.state != TaskPhase::Reserved, turn(task)));
    let queues = waiting.chunk_by(|one, next| one.queue == next.queue);
    queues.flat_map(|queue| queue.iter().copied().zip(1..)).collect()
}

/// Whether a request waits for its agent, who may be about to answer.
pub(super) fn waits(task: &TaskRecord) -> bool {
    match task.state {
        TaskPhase::Queued | TaskPhase::Reserved => true,
        TaskPhase::Active | TaskPhase::Closed => false,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use portico_shared::ids::{ConversationId, ParticipantId};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// A request of the queue `support` that waits.
    pub(in crate::routing) fn task(id: &str, priority: u8, enqueued_at: i64) -> TaskRecord {
        TaskRecord {
            id: TaskId::new(id),
            media: "m".to_owned(),
            conversation: ConversationId::new(format!("c-{id}")),
            queue: "support".to_owned(),
            priority,
            state: TaskPhase::Queued,
            assigned_to: None,
            enqueued_at,
            missed_by: Vec::new(),
            reservation_ends_at: None,
            close_reason: None,
        }
    }

    fn named(tasks: &[TaskRecord]) -> Vec<(&str, u32)> {
        let places = places(tasks).into_iter();
        places.map(|(task, place)| (task.id.as_str(), place)).collect()
    }

    #[test]
    fn the_most_urgent_is_next_and_then_the_oldest() {
        let tasks = [task("young", 1, 30), task("urgent", 5, 40), task("old", 1, 20)];
        assert_eq!(named(&tasks), [("urgent", 1), ("old", 2), ("young", 3)]);
    }

    #[test]
    fn an_unanswered_request_is_put_before_all_that_wait() {
        let missed = TaskRecord {
            missed_by: vec![ParticipantId::new("ann")],
            ..task("missed", 11, 50)
        };
        assert_eq!(named(&[task("old", 10, 1), missed]), [("missed", 1), ("old", 2)]);
    }

    #[test]
    fn what_rings_is_before_what_waits_and_what_is_served_counts_no_more() {
        let with = |state, task| TaskRecord { state, ..task };
        let tasks = [
            task("urgent", 11, 0),
            with(TaskPhase::Reserved, task("rings", 1, 9)),
            with(TaskPhase::Active, task("served", 1, 1)),
            with(TaskPhase::Closed, task("closed", 1, 1)),
        ];
        assert_eq!(named(&tasks), [("rings", 1), ("urgent", 2)]);
    }

    #[test]
    fn each_queue_counts_by_itself() {
        let sales = TaskRecord {
            queue: "sales".to_owned(),
            ..task("s", 10, 0)
        };
        assert_eq!(named(&[task("t", 1, 5), sales]), [("s", 1), ("t", 1)]);
    }

    fn any_tasks() -> impl Strategy<Value = Vec<TaskRecord>> {
        let phase = prop_oneof![
            4 => Just(TaskPhase::Queued),
            1 => Just(TaskPhase::Reserved),
            1 => Just(TaskPhase::Active),
        ];
        let any = (1_u8..=11, 0_i64..20, 0_u8..3, phase);
        proptest::collection::vec(any, 0..40).prop_map(|rows| {
            let tasks = rows.into_iter().enumerate();
            let task_of = |(at, (priority, enqueued_at, queue, state)): (usize, (u8, i64, u8, TaskPhase))| TaskRecord {
                queue: format!("q{queue}"),
                state,
                ..task(&format!("t{at:02}"), priority, enqueued_at)
            };
            tasks.map(task_of).collect()
        })
    }

    fn by_id(tasks: &[TaskRecord]) -> BTreeMap<TaskId, (String, u32)> {
        let places = places(tasks).into_iter();
        places
            .map(|(task, place)| (task.id.clone(), (task.queue.clone(), place)))
            .collect()
    }

    proptest! {
        /// The places of a queue are 1, 2, 3 and so on, in the order in which its requests are served.
        #[test]
        fn places_are_counted_without_gaps_in_the_order_of_turns(tasks in any_tasks()) {
            let mut last: BTreeMap<String, u32> = BTreeMap::new();
            let mut before: Option<&TaskRecord> = None;
            for (task, place) in places(&tasks) {
                let expected = last.entry(task.queue.clone()).or_default();
                *expected += 1;
                prop_assert_eq!(place, *expected);
                if let Some(before) = before.filter(|before| before.queue == task.queue && before.state == task.state) {
                    prop_assert!(turn(before) < turn(task));
                }
                before = Some(task);
            }
            prop_assert_eq!(last.values().sum::<u32>() as usize, tasks.iter().filter(|task| waits(task)).count());
        }

        /// A request that leaves moves the requests behind it up by one, and no others.
        #[test]
        fn who_leaves_moves_those_behind_up_by_one(tasks in any_tasks(), index in any::<prop::sample::Index>()) {
            let before = by_id(&tasks);
            prop_assume!(!before.is_empty());
            let leaver = before.keys().nth(index.index(before.len())).expect("an index within").clone();
            let (queue, place) = before[&leaver].clone();
            let stay: Vec<_> = tasks.into_iter().filter(|task| task.id != leaver).collect();
            let after = by_id(&stay);
            for (id, (of, was)) in before.into_iter().filter(|(id, _)| *id != leaver) {
                let moves_up = of == queue && was > place;
                prop_assert_eq!(after[&id].1, was - u32::from(moves_up));
            }
        }

        /// The order in which the store names requests makes no difference.
        #[test]
        fn places_do_not_depend_on_the_order_of_the_list(tasks in any_tasks()) {
            let forwards = by_id(&tasks);
            let backwards: Vec<_> = tasks.into_iter().rev().collect();
            prop_assert_eq!(forwards, by_id(&backwards));
        }
    }
}
