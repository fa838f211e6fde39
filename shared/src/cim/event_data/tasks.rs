//! Payloads about requests for an agent.

use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::cim::task::{QueueName, Task, TaskType};
use crate::cim::{CcUser, ChannelSession};
use crate::json::{Map, Value};

record! {
    /// A request is offered to an agent: object-model 1.21.1 `AgentReservedDto`.
    pub struct AgentReserved {
        /// Which request; older services sent the conversation's id instead.
        pub task: Option<Box<Task>> = "task",
        /// Who.
        pub cc_user: Option<Box<CcUser>> = "ccUser",
    }
}

record! {
    /// A request waits in a queue: object-model 1.21.1 `TaskEnqueuedDto`.
    pub struct TaskEnqueued {
        /// Which request.
        pub task: Box<Task> = "task" required,
        /// Where.
        pub queue: Option<QueueName> = "queue",
    }
}

record! {
    /// A request came further.
    pub struct TaskStateChanged {
        /// The request after the change.
        pub task: Box<Task> = "task" required,
        /// Whether the state of the whole changed, and not only that of a medium.
        pub task_state_changed: Option<bool> = "taskStateChanged",
        /// The ids of the media whose state changed.
        pub media_state_changes: Vec<Value> = "mediaStateChanges" always,
    }
}

record! {
    /// No agent was found: object-model 1.21.1 `NoAgentAvailableDto`.
    pub struct NoAgent {
        /// What was asked for.
        pub request_type: Option<TaskType> = "requestType",
    }
}

record! {
    /// An agent is wanted: object-model 1.21.1 `FindAgentDto`.
    pub struct FindAgent {
        /// Out of which queue; the channel's own if absent.
        pub queue: Option<RequestedQueue> = "queue",
        /// What for.
        pub request_type: Option<TaskType> = "requestType",
        /// Free; `priority` is usual.
        pub additional_details: Option<Map> = "additionalDetails",
    }
}

record! {
    /// A queue that somebody asks for: object-model 1.21.1 `RequestQueue`.
    pub struct RequestedQueue {
        /// How it is named.
        pub kind: Option<QueueNaming> = "type",
        /// Its id or its name.
        pub value: Option<String> = "value",
    }
}

open_enum! {
    /// How a queue is named.
    pub enum QueueNaming: any_case {
        Id = "ID",
        Name = "NAME",
    }
}

record! {
    /// An agent is no longer wanted: object-model 1.21.1 `RevokeResourceDto`. Bots send the reason alone.
    pub struct RevokeResource {
        /// Why, from a bot.
        pub reason_code: Option<String> = "reasonCode",
        /// Which request.
        pub task_id: Option<String> = "taskId",
        /// How far it was.
        pub current_task_state: Option<String> = "currentTaskState",
        /// Why it ends.
        pub task_close_reason: Option<String> = "taskCloseReason",
        /// The agent it was offered to.
        pub agent_id: Option<String> = "agentId",
        /// For which conversation.
        pub conversation_id: Option<String> = "conversationId",
    }
}

record! {
    /// A session is to be closed: object-model 1.21.1 `RemoveChannelSessionDto`.
    pub struct RemoveChannelSession {
        /// Which.
        pub channel_session: Option<Box<ChannelSession>> = "channelSession",
        /// Why.
        pub reason_code: Option<String> = "reasonCode",
    }
}
