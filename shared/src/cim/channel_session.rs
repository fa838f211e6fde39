//! A customer's presence on one channel.

use crate::cim::channel::Channel;
use crate::cim::event::RoomInfo;
use crate::cim::open_enum::open_enum;
use crate::cim::participant::{TAG, write_actor};
use crate::cim::{ChannelData, Customer};
use crate::json::{DecodeError, Map, Value};
use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::Serializer as Members;
use serde_with::skip_serializing_none;

/// A customer's presence on one channel, through which it takes part: object-model 1.21.1 `ChannelSession`.
///
/// `participantType` is always `ChannelSession`. Java writes `is_active` twice, and so does this.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", remote = "Self")]
pub struct ChannelSession {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id; as a participant, the customer's too.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// How far it is, and why.
    pub state: Option<ChannelSessionState>,
    /// On which channel.
    pub channel: Option<Box<Channel>>,
    /// Whose.
    pub customer: Option<Customer>,
    /// Known customers it could be.
    #[serde(deserialize_with = "lenient::or_default")]
    pub customer_suggestions: Vec<Value>,
    /// The customer's address on the channel.
    pub channel_data: Option<ChannelData>,
    /// The latest instruction.
    #[serialize_always]
    pub latest_intent: Option<String>,
    /// Not defined; `{value}`.
    pub customer_presence: Option<Value>,
    /// Whether the customer is still there.
    pub is_active: Option<bool>,
    /// The conversation it belongs to.
    pub conversation_id: Option<String>,
    /// The conversation's room.
    pub room_info: Option<RoomInfo>,
    /// Who started it.
    pub channel_session_direction: Option<Direction>,
}

impl Serialize for ChannelSession {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let more = self.is_active.map(|active| ("active", Value::from(active)));
        write_actor("ChannelSession", Self::serialize(self, Members), more, to)
    }
}

impl<'de> Deserialize<'de> for ChannelSession {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut session = Self::deserialize(from)?;
        session.extra.remove(TAG);
        let active = session.extra.remove("active").filter(|active| !active.is_null());
        if let (None, Some(active)) = (session.is_active, active) {
            let active = active.as_bool();
            let fault = || DecodeError::new("isActive", "expected true or false").inside();
            session.is_active = Some(active.ok_or_else(fault)?);
        }
        Ok(session)
    }
}

/// How far a session is: object-model 1.21.1 `ChannelSessionState`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ChannelSessionState {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Why.
    pub reason_code: Option<ChannelSessionReason>,
    /// How far.
    #[serde(deserialize_with = "lenient::or_default")]
    pub name: ChannelSessionStateName,
}

open_enum! {
    /// How far a session is: object-model 1.21.1 `ChannelSessionStateEnum`.
    pub enum ChannelSessionStateName {
        Started = "STARTED",
        Ended = "ENDED",
        Closed = "CLOSED",
    }
}

open_enum! {
    /// Why a session is in its state: object-model 1.21.1 `ChannelSessionReasonCode`.
    pub enum ChannelSessionReason {
        Customer = "CUSTOMER",
        Inactivity = "INACTIVITY",
        Network = "NETWORK",
        Agent = "AGENT",
        ForceClosed = "FORCE_CLOSED",
    }
}

open_enum! {
    /// Who made contact: object-model 1.21.1 `Direction`.
    pub enum Direction {
        /// The customer.
        Inbound = "INBOUND",
        /// The contact centre.
        Outbound = "OUTBOUND",
    }
}
