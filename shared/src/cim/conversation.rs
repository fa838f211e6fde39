//! A conversation as the platform describes it to its agents.

use crate::cim::channel_session::Direction;
use crate::cim::event::RoomInfo;
use crate::cim::open_enum::open_enum;
use crate::cim::sla::Sla;
use crate::cim::{ChannelSession, ConversationParticipant, Customer, Timestamp};
use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// The whole state of a conversation: object-model 1.21.1 `Conversation`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Conversation {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Whose.
    pub customer: Option<Customer>,
    /// Who is in it.
    #[serde(deserialize_with = "lenient::or_default")]
    pub participants: Vec<ConversationParticipant>,
    /// How far it is.
    pub state: Option<ConversationState>,
    /// Who made contact.
    pub conversation_direction: Option<Direction>,
    /// The session that opened it.
    pub channel_session: Option<Box<ChannelSession>>,
    /// Since when.
    #[serde(deserialize_with = "lenient::time")]
    pub creation_time: Option<Timestamp>,
    /// Until when.
    #[serde(deserialize_with = "lenient::time")]
    pub end_time: Option<Timestamp>,
    /// Facts that bots and forms gathered; values are text as a rule.
    pub conversation_data: Option<Map>,
    /// What is remembered about it.
    pub metadata: Option<ConversationMetadata>,
    /// Its room.
    pub room_info: Option<RoomInfo>,
    /// The agents' time limit.
    pub agent_sla: Option<Sla>,
    /// What was left of that limit, in seconds.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub cached_agent_sla_duration: Option<i64>,
    /// How long it is on hold.
    pub hold_timer_details: Option<HoldTimer>,
    /// Whether an agent asks for help.
    pub agent_hand_raise: Option<AgentHandRaise>,
    /// Programs open beside it on the desk.
    #[serde(deserialize_with = "lenient::or_default")]
    pub external_gadgets: Vec<Gadget>,
}

open_enum! {
    /// How far a conversation is: object-model 1.21.1 `TopicState`.
    pub enum ConversationState {
        /// Opened; the bot may answer.
        Created = "CREATED",
        /// An agent is in it.
        Active = "ACTIVE",
        /// An agent paused it; no time limit runs.
        OnHold = "ON_HOLD",
        /// The agents have gone, the customer has not.
        Inactive = "INACTIVE",
        /// Every session of the customer is closed.
        CustomerLeft = "CUSTOMER_LEFT",
        /// The customer has gone, and agents note what it was about.
        WrapUp = "WRAP_UP",
        /// Nobody is left; it is put away.
        Closing = "CLOSING",
        Closed = "CLOSED",
    }
}

/// What is remembered about a conversation: object-model 1.21.1 `TopicMetadata`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ConversationMetadata {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its bot.
    pub bot_id: Option<String>,
    /// The session that was used last.
    pub last_used_channel_session: Option<Box<ChannelSession>>,
}

/// How long a conversation is on hold: object-model 1.21.1 `HoldTimerDetails`, data of `HOLD_TIMER`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct HoldTimer {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The whole time, in seconds.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub total_duration: Option<i64>,
    /// Since when.
    #[serde(deserialize_with = "lenient::time")]
    pub start_time: Option<Timestamp>,
}

/// Agents who ask for help: object-model 1.21.1 `AgentHandRaise`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AgentHandRaise {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Whether there is one.
    pub hand_raised: Option<bool>,
    /// Who.
    #[serde(deserialize_with = "lenient::or_default")]
    pub agent_names: Vec<String>,
}

/// A program beside the conversation on an agent's desk: object-model 1.21.1 `Gadget`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Gadget {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which program.
    pub gadget_id: Option<String>,
    /// On whose desk.
    pub agent_id: Option<String>,
    /// Its heading.
    pub title: Option<String>,
    /// What it is told.
    pub value: Option<Value>,
}
