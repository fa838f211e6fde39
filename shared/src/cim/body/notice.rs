//! What the system tells clients, and typing.

use crate::cim::open_enum::open_enum;
use crate::json::Map;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A notice: object-model 1.21.1 `NotificationMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NotificationBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Text with it.
    pub markdown_text: Option<String>,
    /// What it is about.
    pub notification_type: Option<NotificationType>,
    /// Free; a notice that mirrors an event has the event's data under `data`.
    pub notification_data: Option<Map>,
}

open_enum! {
    /// What a notice is about: object-model 1.21.1 `NotificationType`.
    pub enum NotificationType: any_case {
        Info = "INFO",
        SystemError = "SYSTEM_ERROR",
        Warning = "WARNING",
        ChannelSessionStarted = "CHANNEL_SESSION_STARTED",
        ChannelSessionExpired = "CHANNEL_SESSION_EXPIRED",
        ChannelSessionEnded = "CHANNEL_SESSION_ENDED",
        AgentSubscribed = "AGENT_SUBSCRIBED",
        AgentUnsubscribed = "AGENT_UNSUBSCRIBED",
        TaskEnqueued = "TASK_ENQUEUED",
        NoAgentAvailable = "NO_AGENT_AVAILABLE",
        TypingStarted = "TYPING_STARTED",
        TypingStopped = "TYPING_STOPPED",
        AgentReserved = "AGENT_RESERVED",
        ParticipantRoleChanged = "PARTICIPANT_ROLE_CHANGED",
        TaskStateChanged = "TASK_STATE_CHANGED" | "TASK_STATE_CHANGE",
        ChannelSessionDataUpdated = "CHANNEL_SESSION_DATA_UPDATED",
        AdvisorSubscribed = "ADVISOR_SUBSCRIBED",
        RoomMemberStatusChanged = "ROOM_MEMBER_STATUS_CHANGED",
    }
}
