//! Payloads about agents in a conversation.

use crate::cim::ConversationParticipant;
use crate::cim::conversation::Gadget;
use crate::cim::record::record;
use crate::json::{Map, Value};

record! {
    /// An agent came or went: object-model 1.21.1 `AgentSubUnSubDTO`.
    pub struct AgentChange {
        /// Who, and as what.
        pub agent_participant: Box<ConversationParticipant> = "agentParticipant" required,
        /// Why.
        pub reason: Option<String> = "reason" always,
    }
}

record! {
    /// Somebody takes part as something else now: object-model 1.21.1 `ParticipantRoleChangedDto`.
    pub struct RoleChanged {
        /// Who, and as what.
        pub conversation_participant: Box<ConversationParticipant> = "conversationParticipant" required,
        /// Free; `reason` is usual.
        pub metadata: Option<Map> = "metadata",
    }
}

record! {
    /// An agent starts a contact: object-model 1.21.1 `AgentOutboundDto`.
    pub struct AgentOutbound {
        /// On which session.
        pub channel_session_id: Option<String> = "channelSessionId",
        /// Who.
        pub agent_id: Option<String> = "agentId",
    }
}

record! {
    /// Work that cannot be interrupted keeps an agent from conversations.
    pub struct MrdInterrupted {
        /// Of which media routing domain.
        pub mrd_id: Option<String> = "mrdId",
        /// Who.
        pub agent_id: Option<String> = "agentId",
        /// From which.
        pub conversations: Vec<Value> = "conversations" always,
    }
}

record! {
    /// An agent asks for help, or no longer does.
    pub struct HandRaise {
        /// Who.
        pub agent_id: Option<String> = "agentId",
        /// The agent's name.
        pub user_name: Option<String> = "userName",
    }
}

record! {
    /// A program opens or closes on agents' desks: object-model 1.21.1 `ExternalGadgetRequestedDto`.
    pub struct GadgetRequest {
        /// `open` or `close`.
        pub action: Option<String> = "action",
        /// Which programs, where.
        pub gadgets: Vec<Gadget> = "gadgets" always,
    }
}
