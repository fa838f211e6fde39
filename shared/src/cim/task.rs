//! A request for an agent, and the media it is about.

use crate::cim::open_enum::open_enum;
use crate::cim::{ChannelSession, Timestamp};
use crate::json::Map;
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A request for an agent: object-model 1.21.1 `TaskDto`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Task {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id; on desk sockets a task is named `<task>:<media>`.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// For which conversation.
    pub conversation_id: Option<String>,
    /// How far it is.
    pub state: Option<TaskState>,
    /// The agent, once there is one.
    #[serialize_always]
    pub assigned_to: Option<AssignedAgent>,
    /// The timer that ends the search.
    pub agent_request_ttl_timer_id: Option<String>,
    /// What it is about.
    #[serde(deserialize_with = "lenient::or_default")]
    pub active_media: Vec<TaskMedia>,
}

/// How far a task is: object-model 1.21.1 `TaskState`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TaskState {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// How far.
    #[serde(deserialize_with = "lenient::or_default")]
    pub name: TaskStateName,
    /// Why it ended.
    pub reason_code: Option<TaskCloseReason>,
}

open_enum! {
    /// How far a task is: object-model 1.21.1 `TaskStateName`.
    pub enum TaskStateName {
        Active = "ACTIVE",
        WrapUp = "WRAP_UP",
        Closed = "CLOSED",
    }
}

open_enum! {
    /// Why a task ended: object-model 1.21.1 `TaskStateReasonCode`.
    pub enum TaskCloseReason {
        /// The agent was done.
        Done = "DONE",
        /// The agent did not answer the offer.
        Rona = "RONA",
        ResponseTimeout = "RESPONSE_TIMEOUT",
        NoAgentAvailable = "NO_AGENT_AVAILABLE",
        Reroute = "REROUTE",
        /// Documentation spells it with one L.
        Cancelled = "CANCELLED" | "CANCELED",
        AgentLogout = "AGENT_LOGOUT",
        Transferred = "TRANSFERRED",
        ForceClosed = "FORCE_CLOSED",
        WrapUpApplied = "WRAP_UP_APPLIED",
        WrapUpNotApplied = "WRAP_UP_NOT_APPLIED",
        WrapUpExpired = "WRAP_UP_EXPIRED",
    }
}

/// The agent of a task.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AssignedAgent {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The agent's id.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// The agent's name.
    pub name: Option<String>,
}

/// One medium of a task: object-model 1.21.1 `TaskMedia`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TaskMedia {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Its media routing domain.
    pub mrd_id: Option<String>,
    /// Its task.
    pub task_id: Option<String>,
    /// Where it waits; absent when one agent was asked for by name.
    #[serialize_always]
    pub queue: Option<QueueName>,
    /// What kind of request it is.
    #[serde(rename = "type")]
    pub kind: Option<TaskType>,
    /// 0 to 11, the greater the more urgent.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub priority: Option<i64>,
    /// How far it is.
    pub state: Option<MediaState>,
    /// The session that asked.
    pub request_session: Option<Box<ChannelSession>>,
    /// Every session it covers.
    #[serde(deserialize_with = "lenient::or_default", skip_serializing_if = "Vec::is_empty")]
    pub channel_sessions: Vec<ChannelSession>,
    /// Since when it waits.
    #[serde(deserialize_with = "lenient::time")]
    pub enqueue_time: Option<Timestamp>,
    /// When an agent took it; 0 before that.
    #[serde(deserialize_with = "lenient::time")]
    pub answer_time: Option<Timestamp>,
}

/// A queue by id and name: object-model 1.21.1 `TaskQueue`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct QueueName {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
}

open_enum! {
    /// How far a medium is: object-model 1.21.1 `TaskMediaState`.
    pub enum MediaState {
        Started = "STARTED",
        Queued = "QUEUED",
        /// Offered to an agent.
        Reserved = "RESERVED",
        Active = "ACTIVE",
        Closed = "CLOSED",
    }
}

/// What kind of request a task is: object-model 1.21.1 `TaskType`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskType {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Why an agent is wanted.
    pub direction: Option<TaskDirection>,
    /// Any agent of a queue, or one.
    pub mode: Option<TaskMode>,
    /// Free; `offerToAgent`, `lastAssignedAgentId` and notes are usual.
    pub metadata: Option<Map>,
}

open_enum! {
    /// Why an agent is wanted: object-model 1.21.1 `TaskTypeDirection`.
    pub enum TaskDirection {
        Inbound = "INBOUND",
        Outbound = "OUTBOUND",
        Consult = "CONSULT",
        ConsultTransfer = "CONSULT_TRANSFER",
        ConsultConference = "CONSULT_CONFERENCE",
        DirectTransfer = "DIRECT_TRANSFER",
        DirectConference = "DIRECT_CONFERENCE",
        SilentMonitor = "SILENT_MONITOR",
        BargeIn = "BARGE_IN",
    }
}

open_enum! {
    /// Whom a task looks for: object-model 1.21.1 `TaskTypeMode`.
    pub enum TaskMode {
        /// Any agent of a queue.
        Queue = "QUEUE",
        /// One agent.
        Agent = "AGENT",
    }
}
