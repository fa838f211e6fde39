//! What can happen in a conversation.

use crate::cim::open_enum::open_enum;

open_enum! {
    /// What happened: object-model 1.21.1 `CimEventName`, and from `FIND_AGENT` on, names of other releases and of
    /// documentation. Since CX 4.10.5 the intent of a third-party activity may be a name too.
    pub enum EventName {
        CustomerMessage = "CUSTOMER_MESSAGE",
        AgentMessage = "AGENT_MESSAGE",
        BotMessage = "BOT_MESSAGE",
        /// Among agents; never for the customer.
        WhisperMessage = "WHISPER_MESSAGE",
        MessageDeliveryNotification = "MESSAGE_DELIVERY_NOTIFICATION",
        TypingIndicator = "TYPING_INDICATOR",
        ChannelSessionStarted = "CHANNEL_SESSION_STARTED",
        ChannelSessionEnded = "CHANNEL_SESSION_ENDED",
        ChannelSessionExpired = "CHANNEL_SESSION_EXPIRED",
        ChannelSessionDataUpdated = "CHANNEL_SESSION_DATA_UPDATED",
        ConversationPaused = "CONVERSATION_PAUSED",
        ConversationResumed = "CONVERSATION_RESUMED",
        TaskEnqueued = "TASK_ENQUEUED",
        NoAgentAvailable = "NO_AGENT_AVAILABLE",
        AgentSubscribed = "AGENT_SUBSCRIBED",
        AgentUnsubscribed = "AGENT_UNSUBSCRIBED",
        ParticipantRoleChanged = "PARTICIPANT_ROLE_CHANGED",
        ThirdPartyActivity = "THIRD_PARTY_ACTIVITY",
        /// For agents only.
        BotSuggestion = "BOT_SUGGESTION",
        /// A bot asks the system to do something.
        ActionMessage = "ACTION_MESSAGE",
        AgentOutbound = "AGENT_OUTBOUND",
        RemoveChannelSession = "REMOVE_CHANNEL_SESSION",
        CustomerLeft = "CUSTOMER_LEFT",
        AssociatedCustomerChanged = "ASSOCIATED_CUSTOMER_CHANGED",
        ConversationDataChanged = "CONVERSATION_DATA_CHANGED",
        TopicStateChangeEvent = "TOPIC_STATE_CHANGE_EVENT",
        HoldTimer = "HOLD_TIMER",
        AgentReserved = "AGENT_RESERVED",
        TaskStateChanged = "TASK_STATE_CHANGED" | "TASK_STATE_CHANGE",
        AgentReservedTimeout = "AGENT_RESERVED_TIMEOUT",
        AgentAcceptTimeout = "AGENT_ACCEPT_TIMEOUT",
        EwtMessage = "EWT_MESSAGE",
        AssignResourceRequested = "ASSIGN_RESOURCE_REQUESTED",
        RevokeResource = "REVOKE_RESOURCE",
        /// Nobody can answer.
        NoResponseEntity = "NO_RESPONSE_ENTITY",
        BotSubscribed = "BOT_SUBSCRIBED",
        BotUnsubscribed = "BOT_UNSUBSCRIBED",
        RemoveAllAgents = "REMOVE_ALL_AGENTS",
        AgentMrdInterrupted = "AGENT_MRD_INTERRUPTED",
        AgentSla = "AGENT_SLA",
        AgentSlaStarted = "AGENT_SLA_STARTED",
        AgentSlaStopped = "AGENT_SLA_STOPPED",
        AgentSlaExpired = "AGENT_SLA_EXPIRED",
        ResetAgentSla = "RESET_AGENT_SLA",
        CustomerSla = "CUSTOMER_SLA",
        CustomerSlaStarted = "CUSTOMER_SLA_STARTED",
        CustomerSlaStopped = "CUSTOMER_SLA_STOPPED",
        CustomerSlaExpired = "CUSTOMER_SLA_EXPIRED",
        ResponseSlaBreached = "RESPONSE_SLA_BREACHED",
        CustomerActivityTimeout = "CUSTOMER_ACTIVITY_TIMEOUT",
        BotTimeout = "BOT_TIMEOUT",
        BotNotAvailable = "BOT_NOT_AVAILABLE",
        WrapupApplied = "WRAPUP_APPLIED",
        CallLegStarted = "CALL_LEG_STARTED",
        CallLegEnded = "CALL_LEG_ENDED",
        CallHold = "CALL_HOLD",
        CallResume = "CALL_RESUME",
        VoiceActivity = "VOICE_ACTIVITY",
        CiscoVoiceEvent = "CISCO_VOICE_EVENT",
        IvrAggregatedActivity = "IVR_AGGREGATED_ACTIVITY",
        ExternalGadgetRequested = "EXTERNAL_GADGET_REQUESTED",
        HandRaised = "HAND_RAISED",
        HandDown = "HAND_DOWN",
        AdvisorSubscribed = "ADVISOR_SUBSCRIBED",
        RoomCreated = "ROOM_CREATED",
        RoomMemberStatusChanged = "ROOM_MEMBER_STATUS_CHANGED",
        FindAgent = "FIND_AGENT",
        ConversationStarted = "CONVERSATION_STARTED",
        MediaRecording = "MEDIA_RECORDING",
        FormsData = "FORMS_DATA",
        /// Documentation's name of `AGENT_MRD_INTERRUPTED`.
        MrdInterrupted = "MRD_INTERRUPTED",
        /// What was said in the conversation is erased; only this relay says so.
        CustomerDataErased = "CUSTOMER_DATA_ERASED",
        /// What a page calls itself that a message links to; only this relay says so.
        LinkPreview = "LINK_PREVIEW",
        /// Older.
        TopicStateChanged = "TOPIC_STATE_CHANGED",
        /// Older.
        AcceptTimeout = "ACCEPT_TIMEOUT",
        /// Older.
        AgentResponseTimeout = "AGENT_RESPONSE_TIMEOUT",
        /// Older.
        CustomerResponseTimeout = "CUSTOMER_RESPONSE_TIMEOUT",
    }
}

open_enum! {
    /// A coarse class of events: object-model 1.21.1 `CimEventType`. Services disagree about it: route on the name.
    pub enum EventType {
        Message = "MESSAGE",
        Suggestion = "SUGGESTION",
        Activity = "ACTIVITY",
        Notification = "NOTIFICATION",
        Call = "CALL",
    }
}

impl EventName {
    /// The class that stored events of this name have. A chat message is a `MESSAGE`, whatever documentation says.
    pub fn usual_kind(&self) -> EventType {
        match self {
            Self::CustomerMessage
            | Self::AgentMessage
            | Self::BotMessage
            | Self::ActionMessage
            | Self::WhisperMessage => EventType::Message,
            Self::BotSuggestion => EventType::Suggestion,
            Self::AgentOutbound
            | Self::EwtMessage
            | Self::WrapupApplied
            | Self::CallLegStarted
            | Self::CallLegEnded
            | Self::VoiceActivity
            | Self::ThirdPartyActivity
            | Self::IvrAggregatedActivity => EventType::Activity,
            _ => EventType::Notification,
        }
    }
}
