//! What an event tells a customer, chosen by its name.

use super::{CustomerMessage, CustomerPreview};
use crate::cim::EventName;
use crate::cim::channel_session::{ChannelSessionReason, ChannelSessionStateName};
use crate::cim::participant::{ParticipantRole, ParticipantType};
use crate::json::{DecodeError, from_str};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// The data of an event as a customer is sent it.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(untagged)]
pub enum CustomerData {
    /// A message, or a receipt of one.
    Message(Box<CustomerMessage>),
    /// The customer's session began or ended, and why.
    Session(CustomerSession),
    /// An agent who talks to the customer came or went.
    AgentChange(Box<AgentChange>),
    /// An agent began to talk to the customer, or stopped.
    RoleChanged(Box<RoleChanged>),
    /// What a page calls itself that a message links to.
    LinkPreview(Box<CustomerPreview>),
    /// That it happened.
    #[default]
    Nothing,
}

impl CustomerData {
    /// Reads the data of an event called `name`.
    pub(super) fn read(name: &EventName, json: &str) -> Result<Self, DecodeError> {
        Ok(match name {
            EventName::CustomerMessage
            | EventName::AgentMessage
            | EventName::BotMessage
            | EventName::MessageDeliveryNotification
            | EventName::ThirdPartyActivity => Self::Message(from_str(json)?),
            EventName::ChannelSessionStarted | EventName::ChannelSessionEnded | EventName::ChannelSessionExpired => {
                Self::Session(from_str(json)?)
            }
            EventName::AgentSubscribed | EventName::AgentUnsubscribed => Self::AgentChange(from_str(json)?),
            EventName::ParticipantRoleChanged => Self::RoleChanged(from_str(json)?),
            EventName::LinkPreview => Self::LinkPreview(Box::new(CustomerPreview::unread(json)?)),
            _ => Self::Nothing,
        })
    }
}

/// The customer's session.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerSession {
    /// Its id.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Whether the customer is still there.
    pub is_active: Option<bool>,
    /// How far it is, and why.
    pub state: Option<CustomerSessionState>,
}

/// How far a session is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerSessionState {
    /// How far.
    #[serde(deserialize_with = "lenient::or_default")]
    pub name: ChannelSessionStateName,
    /// Why.
    pub reason_code: Option<ChannelSessionReason>,
}

/// An agent came or went.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgentChange {
    /// Who, and as what.
    pub agent_participant: CustomerParticipant,
}

/// An agent takes part as something else now.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleChanged {
    /// Who, and as what.
    pub conversation_participant: CustomerParticipant,
}

/// An agent who talks, or has talked, to the customer.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomerParticipant {
    /// The participation's id.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// What kind of actor.
    #[serde(rename = "type", deserialize_with = "lenient::or_default")]
    pub kind: ParticipantType,
    /// As what it takes part.
    #[serde(deserialize_with = "lenient::or_default")]
    pub role: ParticipantRole,
    /// Who.
    #[serde(deserialize_with = "lenient::or_default")]
    pub participant: CustomerUser,
}

/// An agent as a customer knows it.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CustomerUser {
    /// `CCUser`, by which readers of CIM tell actors apart.
    participant_type: CcUserTag,
    /// The agent's id.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// What the identity provider knows of the agent, and customers may.
    pub keycloak_user: Option<KnownUser>,
}

impl CustomerUser {
    /// An agent with an id and what is known of it.
    pub fn new(id: impl Into<String>, known: Option<KnownUser>) -> Self {
        Self {
            participant_type: CcUserTag::CcUser,
            id: id.into(),
            keycloak_user: known,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
enum CcUserTag {
    #[default]
    #[serde(rename = "CCUser")]
    CcUser,
}

/// What the identity provider knows of an agent, and customers may.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct KnownUser {
    /// The user's id.
    pub id: Option<String>,
    /// First name.
    pub first_name: Option<String>,
}
