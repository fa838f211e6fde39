//! Payloads about agents in a conversation.

use crate::cim::ConversationParticipant;
use crate::cim::conversation::Gadget;
use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// An agent came or went: object-model 1.21.1 `AgentSubUnSubDTO`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentChange {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Who, and as what.
    pub agent_participant: Box<ConversationParticipant>,
    /// Why.
    pub reason: Option<String>,
}

/// Somebody takes part as something else now: object-model 1.21.1 `ParticipantRoleChangedDto`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleChanged {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Who, and as what.
    pub conversation_participant: Box<ConversationParticipant>,
    /// Free; `reason` is usual.
    pub metadata: Option<Map>,
}

/// An agent starts a contact: object-model 1.21.1 `AgentOutboundDto`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AgentOutbound {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// On which session.
    pub channel_session_id: Option<String>,
    /// Who.
    pub agent_id: Option<String>,
}

/// Work that cannot be interrupted keeps an agent from conversations.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct MrdInterrupted {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Of which media routing domain.
    pub mrd_id: Option<String>,
    /// Who.
    pub agent_id: Option<String>,
    /// From which.
    #[serde(deserialize_with = "lenient::or_default")]
    pub conversations: Vec<Value>,
}

/// An agent asks for help, or no longer does.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct HandRaise {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Who.
    pub agent_id: Option<String>,
    /// The agent's name.
    pub user_name: Option<String>,
}

/// A program opens or closes on agents' desks: object-model 1.21.1 `ExternalGadgetRequestedDto`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct GadgetRequest {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// `open` or `close`.
    pub action: Option<String>,
    /// Which programs, where.
    #[serde(deserialize_with = "lenient::or_default")]
    pub gadgets: Vec<Gadget>,
}
