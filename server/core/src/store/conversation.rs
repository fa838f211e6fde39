//! What a commit of a conversation writes, and the conversation after it.

use super::{Change, NewEvent, SessionVersion};
use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::participant::{ParticipantRole, ParticipantType};
use portico_shared::ids::{ConversationId, CustomerId, MessageId, ParticipantId, Seq, TaskId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// One commit of one conversation.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The position that the log must be at; 0 creates the conversation.
    pub expected_head: Seq,
    /// What is appended, in order. May be empty when only projections change.
    pub events: Vec<Arc<NewEvent>>,
    /// The conversation's projection after these events; its `head` is `expected_head + events.len()`.
    pub conversation: ConversationRecord,
    /// Other projections and effects of the same commit.
    pub changes: Vec<Change>,
}

/// Everything the actor of a conversation must know to go on after a restart: a fold of its log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationRecord {
    /// Its id.
    pub id: ConversationId,
    /// The log's last position. This and the other three that almost every message changes are no part of the record's
    /// JSON, so that it is not written anew with each of them.
    #[serde(skip)]
    pub head: Seq,
    /// Whose it is.
    pub customer: CustomerId,
    /// The channel's service identifier.
    pub channel: String,
    /// The customer's channel session as the last session event carried it. Its JSON is no part of the record's: it is
    /// by far the larger of the two and rarely changes.
    #[serde(skip)]
    pub channel_session: Arc<SessionVersion>,
    /// The channel session's id.
    pub channel_session_id: String,
    /// The room's id.
    pub room: String,
    /// How far it is.
    pub state: ConversationState,
    /// When it began, in epoch milliseconds.
    pub started_at: i64,
    /// When the channel session ended, in epoch milliseconds.
    pub ended_at: Option<i64>,
    /// Who takes part now.
    pub participants: Vec<ParticipantRecord>,
    /// The open task for an agent.
    pub task: Option<TaskId>,
    /// Since when the customer has had no answer, in epoch milliseconds.
    #[serde(skip)]
    pub waiting_since: Option<i64>,
    /// When the customer last wrote, in epoch milliseconds.
    #[serde(skip)]
    pub spoke_at: Option<i64>,
    /// When the timer is due that looks whether the customer has been silent for too long, in epoch milliseconds; absent
    /// if there is none.
    pub silent_until: Option<i64>,
    /// Conversation data.
    pub data: Map<String, Value>,
    /// The keys of `data` that are visitor data. All others were set by bots and applications.
    #[serde(rename = "stated", default, skip_serializing_if = "BTreeSet::is_empty")]
    pub visitor_keys: BTreeSet<String>,
    /// The positions of questions that take one answer and have it: the newest ones.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub answered: BTreeSet<Seq>,
    /// The survey that the customer was sent when the chat ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub survey: Option<AskedSurvey>,
    /// The version of the channel's terms that the customer has agreed to, as the log says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<u32>,
    /// Whether what was said in it is erased, and nothing is added any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub erased: bool,
    /// Each member's delivered and read markers.
    #[serde(rename = "marks")]
    pub markers: Vec<ReadMarker>,
    /// The newest message's position, for lists.
    #[serde(skip)]
    pub last_message: Option<Seq>,
}

/// A survey that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedSurvey {
    /// Where it stands in the log.
    pub seq: Seq,
    /// Its message, which an answer names.
    pub message: MessageId,
}

/// A participant of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParticipantRecord {
    /// The user's, bot's or customer's id.
    pub id: ParticipantId,
    /// What it is.
    pub kind: ParticipantType,
    /// As what it takes part.
    pub role: ParticipantRole,
    /// What people call it.
    pub name: String,
    /// When it joined, in epoch milliseconds.
    pub joined_at: i64,
}

/// How far one member has read. Members are `customer:<id>`, `agent:<id>`, `bot:<id>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadMarker {
    /// The member's key.
    pub member: String,
    /// Everything up to here reached one of its clients.
    pub delivered: Seq,
    /// A person saw everything up to here.
    pub read: Seq,
}
