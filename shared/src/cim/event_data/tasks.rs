//! Payloads about requests for an agent.

use crate::cim::open_enum::open_enum;
use crate::cim::task::{QueueName, Task, TaskType};
use crate::cim::{CcUser, ChannelSession};
use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A request is offered to an agent: object-model 1.21.1 `AgentReservedDto`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AgentReserved {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which request; older services sent the conversation's id instead.
    pub task: Option<Box<Task>>,
    /// Who.
    pub cc_user: Option<Box<CcUser>>,
}

/// A request waits in a queue: object-model 1.21.1 `TaskEnqueuedDto`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct TaskEnqueued {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which request.
    pub task: Box<Task>,
    /// Where.
    pub queue: Option<QueueName>,
}

/// A request came further.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskStateChanged {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The request after the change.
    pub task: Box<Task>,
    /// Whether the state of the whole changed, and not only that of a medium.
    pub task_state_changed: Option<bool>,
    /// The ids of the media whose state changed.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub media_state_changes: Vec<Value>,
}

/// No agent was found: object-model 1.21.1 `NoAgentAvailableDto`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NoAgent {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// What was asked for.
    pub request_type: Option<TaskType>,
}

/// An agent is wanted: object-model 1.21.1 `FindAgentDto`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FindAgent {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Out of which queue; the channel's own if absent.
    pub queue: Option<RequestedQueue>,
    /// What for.
    pub request_type: Option<TaskType>,
    /// Free; `priority` is usual.
    pub additional_details: Option<Map>,
}

/// A queue that somebody asks for: object-model 1.21.1 `RequestQueue`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RequestedQueue {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// How it is named.
    #[serde(rename = "type")]
    pub kind: Option<QueueNaming>,
    /// Its id or its name.
    pub value: Option<String>,
}

open_enum! {
    /// How a queue is named.
    pub enum QueueNaming: any_case {
        Id = "ID",
        Name = "NAME",
    }
}

/// An agent is no longer wanted: object-model 1.21.1 `RevokeResourceDto`. Bots send the reason alone.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RevokeResource {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Why, from a bot.
    pub reason_code: Option<String>,
    /// Which request.
    pub task_id: Option<String>,
    /// How far it was.
    pub current_task_state: Option<String>,
    /// Why it ends.
    pub task_close_reason: Option<String>,
    /// The agent it was offered to.
    pub agent_id: Option<String>,
    /// For which conversation.
    pub conversation_id: Option<String>,
}

/// A session is to be closed: object-model 1.21.1 `RemoveChannelSessionDto`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RemoveChannelSession {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which.
    pub channel_session: Option<Box<ChannelSession>>,
    /// Why.
    pub reason_code: Option<String>,
}
