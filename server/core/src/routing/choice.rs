//! Which request rings at whom. Pure: the same waiting requests and agents always give the same choice.

use super::queue::turn;
use crate::identity::StaffPrincipal;
use crate::store::{TaskPhase, TaskRecord};
use portico_shared::ids::{ConversationId, ParticipantId, TaskId};
use std::collections::BTreeSet;

/// An agent who is ready and connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) id: ParticipantId,
    /// Queues that it serves; empty means all.
    pub(super) queues: Vec<String>,
    /// Conversations that it serves now.
    pub(super) active: usize,
    /// Whether another request rings at it.
    pub(super) reserved: bool,
    /// How many conversations at once.
    pub(super) max_tasks: usize,
    /// Since when it has been ready, connected, and free of its last conversation, in epoch milliseconds.
    pub(super) since: i64,
}

/// A request that is to ring at an agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) task: TaskId,
    pub(super) conversation: ConversationId,
    pub(super) agent: ParticipantId,
}

impl Candidate {
    /// How busy an agent is follows from the open requests.
    pub(super) fn new(agent: &StaffPrincipal, since: i64, tasks: &[TaskRecord]) -> Self {
        let of_agent = |phase| {
            let mine = tasks.iter().filter(|task| task.state == phase);
            mine.filter(|task| task.assigned_to.as_ref() == Some(&agent.id)).count()
        };
        Self {
            active: of_agent(TaskPhase::Active),
            reserved: of_agent(TaskPhase::Reserved) > 0,
            max_tasks: usize::from(agent.max_tasks),
            id: agent.id.clone(),
            queues: agent.queues.clone(),
            since,
        }
    }

    fn is_free(&self) -> bool {
        !self.reserved && self.active < self.max_tasks
    }

    fn serves(&self, queue: &str) -> bool {
        self.queues.is_empty() || self.queues.iter().any(|served| served == queue)
    }
}

/// Gives each waiting request, the most urgent and then the oldest first, to the free agent of its queue with the
/// fewest conversations, among these to who has been available longest. Agents who let it ring before are asked again
/// only when there is no other agent. One task is reserved for an agent at a time.
pub(super) fn choose(tasks: &[TaskRecord], candidates: &[Candidate]) -> Vec<Choice> {
    let mut waiting: Vec<&TaskRecord> = tasks.iter().filter(|task| task.state == TaskPhase::Queued).collect();
    waiting.sort_by_cached_key(|task| turn(task));
    let mut free: Vec<&Candidate> = candidates.iter().filter(|agent| agent.is_free()).collect();
    free.sort_by_key(|agent| (agent.active, agent.since, agent.id.clone()));
    let mut taken = BTreeSet::new();
    let mut choices = Vec::new();
    for task in waiting {
        let mut able = free
            .iter()
            .filter(|agent| agent.serves(&task.queue) && !taken.contains(&agent.id));
        let fresh = able.clone().find(|agent| !task.missed_by.contains(&agent.id));
        let Some(agent) = fresh.or_else(|| able.next()) else {
            continue;
        };
        taken.insert(agent.id.clone());
        choices.push(Choice {
            task: task.id.clone(),
            conversation: task.conversation.clone(),
            agent: agent.id.clone(),
        });
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::queue::tests::task;

    fn agent(id: &str, active: usize, since: i64) -> Candidate {
        Candidate {
            id: ParticipantId::new(id),
            queues: Vec::new(),
            active,
            reserved: false,
            max_tasks: 3,
            since,
        }
    }

    fn chosen(tasks: &[TaskRecord], agents: &[Candidate]) -> Vec<(String, String)> {
        choose(tasks, agents)
            .into_iter()
            .map(|choice| (choice.task.to_string(), choice.agent.to_string()))
            .collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected
            .iter()
            .map(|(task, agent)| ((*task).to_owned(), (*agent).to_owned()))
            .collect()
    }

    #[test]
    fn the_most_urgent_request_goes_first_and_among_equals_the_oldest() {
        let tasks = [task("young", 1, 20), task("old", 1, 10), task("urgent", 11, 30)];
        assert_eq!(chosen(&tasks, &[agent("ann", 0, 0)]), pairs(&[("urgent", "ann")]));
        let agents = [agent("ann", 0, 0), agent("ben", 0, 1)];
        assert_eq!(chosen(&tasks, &agents), pairs(&[("urgent", "ann"), ("old", "ben")]));
    }

    #[test]
    fn the_agent_with_the_fewest_conversations_is_asked_then_who_waits_longest() {
        let agents = [agent("busy", 1, 0), agent("late", 0, 50), agent("early", 0, 40)];
        assert_eq!(chosen(&[task("t", 1, 0)], &agents), pairs(&[("t", "early")]));
    }

    #[test]
    fn nobody_has_two_offers_or_more_conversations_than_it_can() {
        let full = agent("full", 3, 0);
        let ringing = Candidate {
            reserved: true,
            ..agent("ringing", 0, 0)
        };
        assert_eq!(chosen(&[task("t", 1, 0)], &[full, ringing]), []);
        assert_eq!(
            chosen(&[task("a", 1, 0), task("b", 1, 1)], &[agent("ann", 0, 0)]),
            pairs(&[("a", "ann")])
        );
    }

    #[test]
    fn an_agent_serves_its_queues_only() {
        let sales = Candidate {
            queues: vec!["sales".to_owned()],
            ..agent("sal", 0, 0)
        };
        assert_eq!(chosen(&[task("t", 1, 0)], std::slice::from_ref(&sales)), []);
        let both = Candidate {
            queues: vec!["sales".to_owned(), "support".to_owned()],
            ..agent("bo", 0, 5)
        };
        assert_eq!(chosen(&[task("t", 1, 0)], &[sales, both]), pairs(&[("t", "bo")]));
    }

    #[test]
    fn who_let_it_ring_is_asked_again_only_when_all_did() {
        let missed = TaskRecord {
            missed_by: vec![ParticipantId::new("ann")],
            ..task("t", 11, 0)
        };
        let agents = [agent("ann", 0, 0), agent("ben", 2, 9)];
        assert_eq!(chosen(std::slice::from_ref(&missed), &agents), pairs(&[("t", "ben")]));
        assert_eq!(chosen(&[missed], &agents[..1]), pairs(&[("t", "ann")]));
    }

    #[test]
    fn a_request_that_nobody_can_take_does_not_hold_up_the_next_one() {
        let sales = TaskRecord {
            queue: "sales".to_owned(),
            ..task("s", 10, 0)
        };
        let support = Candidate {
            queues: vec!["support".to_owned()],
            ..agent("sue", 0, 0)
        };
        assert_eq!(chosen(&[sales, task("t", 1, 5)], &[support]), pairs(&[("t", "sue")]));
    }

    #[test]
    fn what_rings_or_is_served_is_not_offered_again() {
        let reserved = TaskRecord {
            state: TaskPhase::Reserved,
            ..task("r", 1, 0)
        };
        let active = TaskRecord {
            state: TaskPhase::Active,
            ..task("a", 1, 0)
        };
        assert_eq!(chosen(&[reserved, active], &[agent("ann", 0, 0)]), []);
    }
}
