//! Requests for agents, and agents who are ready for them or not.

use portico_shared::cim::task::TaskCloseReason;
use portico_shared::ids::{ConversationId, ParticipantId, TaskId};
use serde::{Deserialize, Serialize};

/// A request for an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// Its id.
    pub id: TaskId,
    /// Its one media's id.
    pub media: String,
    /// The agent.
    pub conversation: ConversationId,
    /// The queue's name.
    pub queue: String,
    /// 1 to 10 by request; 11 after an unanswered offer, so that it goes first.
    pub priority: u8,
    /// How far it is.
    pub state: TaskPhase,
    /// The agent it rings at or is served by.
    pub assigned_to: Option<ParticipantId>,
    /// Since when it waits, in epoch milliseconds.
    pub enqueued_at: i64,
    /// Agents that let it ring without answering.
    pub missed_by: Vec<ParticipantId>,
    /// When the current offer ends, in epoch milliseconds.
    #[serde(rename = "offer_ends_at")]
    pub reservation_ends_at: Option<i64>,
    /// Why it closed.
    pub close_reason: Option<TaskCloseReason>,
}

/// The state of a task's media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskPhase {
    /// Waits for an agent.
    Queued,
    /// Rings at one.
    Reserved,
    /// Is served.
    Active,
    /// Is over.
    Closed,
}

/// An agent's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentStateRecord {
    /// The user.
    pub agent: ParticipantId,
    /// Takes offers or not.
    pub ready: bool,
    /// Why not.
    pub reason: Option<String>,
    /// Since when, or since it left its last conversation, in epoch milliseconds: of those equally busy, who has waited
    /// longest is offered first.
    pub since: i64,
}
