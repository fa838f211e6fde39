//! A request for an agent, and the media it is about.

use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::cim::{ChannelSession, Timestamp};
use crate::json::Map;

record! {
    /// A request for an agent: object-model 1.21.1 `TaskDto`.
    pub struct Task {
        /// Its id; on desk sockets a task is named `<task>:<media>`.
        pub id: String = "id",
        /// For which conversation.
        pub conversation_id: Option<String> = "conversationId",
        /// How far it is.
        pub state: Option<TaskState> = "state",
        /// The agent, once there is one.
        pub assigned_to: Option<AssignedAgent> = "assignedTo" always,
        /// The timer that ends the search.
        pub agent_request_ttl_timer_id: Option<String> = "agentRequestTtlTimerId",
        /// What it is about.
        pub active_media: Vec<TaskMedia> = "activeMedia" always,
    }
}

record! {
    /// How far a task is: object-model 1.21.1 `TaskState`.
    pub struct TaskState {
        /// How far.
        pub name: TaskStateName = "name",
        /// Why it ended.
        pub reason_code: Option<TaskCloseReason> = "reasonCode" always,
    }
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

record! {
    /// The agent of a task.
    pub struct AssignedAgent {
        /// The agent's id.
        pub id: String = "id",
        /// The agent's name.
        pub name: Option<String> = "name",
    }
}

record! {
    /// One medium of a task: object-model 1.21.1 `TaskMedia`.
    pub struct TaskMedia {
        /// Its id.
        pub id: String = "id",
        /// Its media routing domain.
        pub mrd_id: Option<String> = "mrdId",
        /// Its task.
        pub task_id: Option<String> = "taskId",
        /// Where it waits; absent when one agent was asked for by name.
        pub queue: Option<QueueName> = "queue" always,
        /// What kind of request it is.
        pub kind: Option<TaskType> = "type",
        /// 0 to 11, the greater the more urgent.
        pub priority: Option<i64> = "priority",
        /// How far it is.
        pub state: Option<MediaState> = "state",
        /// The session that asked.
        pub request_session: Option<Box<ChannelSession>> = "requestSession",
        /// Every session it covers.
        pub channel_sessions: Vec<ChannelSession> = "channelSessions",
        /// Since when it waits.
        pub enqueue_time: Option<Timestamp> = "enqueueTime",
        /// When an agent took it; 0 before that.
        pub answer_time: Option<Timestamp> = "answerTime",
    }
}

record! {
    /// A queue by id and name: object-model 1.21.1 `TaskQueue`.
    pub struct QueueName {
        /// Its id.
        pub id: Option<String> = "id",
        /// Its name.
        pub name: Option<String> = "name",
    }
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

record! {
    /// What kind of request a task is: object-model 1.21.1 `TaskType`.
    pub struct TaskType {
        /// Why an agent is wanted.
        pub direction: Option<TaskDirection> = "direction",
        /// Any agent of a queue, or one.
        pub mode: Option<TaskMode> = "mode",
        /// Free; `offerToAgent`, `lastAssignedAgentId` and notes are usual.
        pub metadata: Option<Map> = "metadata",
    }
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
