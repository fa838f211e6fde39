//! What a message asks the platform, or tells a bot, to do.

use crate::cim::open_enum::open_enum;

open_enum! {
    /// The instruction of a message: object-model 1.21.1 `MessageIntent`, and one that only the widget sends.
    ///
    /// Any other text is a payload for a bot (the payload of the button that was clicked), so case matters.
    pub enum Intent {
        None = "NONE",
        /// A quoting reply to `originalMessageId`.
        ReplyTo = "REPLY_TO",
        /// Replaces the text of `originalMessageId`.
        Update = "UPDATE",
        /// Opens a channel session and a conversation.
        StartChat = "START_CHAT",
        /// Closes the channel session on the customer's wish.
        EndChat = "END_CHAT",
        CallLegStarted = "CALL_LEG_STARTED",
        CallLegEnded = "CALL_LEG_ENDED",
        /// An agent starts the contact.
        AgentOutbound = "AGENT_OUTBOUND",
        StartVoice = "START_VOICE",
        EndVoice = "END_VOICE",
        /// Closes the channel session because the customer's browser has gone.
        NetworkDisconnect = "NETWORK_DISCONNECT",
        /// A voice channel wants an agent.
        AssignResourceRequested = "ASSIGN_RESOURCE_REQUESTED",
        /// One activity that sums up a whole visit to an IVR.
        IvrAggregatedActivity = "IVR_AGGREGATED_ACTIVITY",
        /// Opens a session and a conversation without bot or routing.
        StartConversation = "START_CONVERSATION",
        CallHold = "CALL_HOLD",
        CallResume = "CALL_RESUME",
        /// A pre-chat form kept as an activity.
        WidgetFormActivity = "WIDGET_FORM_ACTIVITY",
    }
}
