//! A customer's presence on one channel.

use crate::cim::channel::Channel;
use crate::cim::decode::Fields;
use crate::cim::event::RoomInfo;
use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::cim::{ChannelData, Customer};
use crate::json::{Map, Value};

record! {
    /// A customer's presence on one channel, through which it takes part: object-model 1.21.1 `ChannelSession`.
    ///
    /// `participantType` is always `ChannelSession`. Java writes `is_active` twice, and so does this.
    pub struct ChannelSession {
        /// Its id; as a participant, the customer's too.
        pub id: String = "id",
        /// How far it is, and why.
        pub state: Option<ChannelSessionState> = "state",
        /// On which channel.
        pub channel: Option<Box<Channel>> = "channel",
        /// Whose.
        pub customer: Option<Customer> = "customer",
        /// Known customers it could be.
        pub customer_suggestions: Vec<Value> = "customerSuggestions" always,
        /// The customer's address on the channel.
        pub channel_data: Option<ChannelData> = "channelData",
        /// The latest instruction.
        pub latest_intent: Option<String> = "latestIntent" always,
        /// Not defined; `{value}`.
        pub customer_presence: Option<Value> = "customerPresence",
        /// Whether the customer is still there.
        pub is_active: Option<bool> = "isActive",
        /// The conversation it belongs to.
        pub conversation_id: Option<String> = "conversationId",
        /// The conversation's room.
        pub room_info: Option<RoomInfo> = "roomInfo",
        /// Who started it.
        pub channel_session_direction: Option<Direction> = "channelSessionDirection",
    }
    prepare = one_active;
    finish = both_active;
}

fn one_active(fields: &mut Fields<'_>) {
    fields.map.remove("participantType");
    fields.rename("active", "isActive");
}

fn both_active(map: &mut Map) {
    map.insert("participantType".to_owned(), Value::from("ChannelSession"));
    if let Some(active) = map.get("isActive").cloned() {
        map.insert("active".to_owned(), active);
    }
}

record! {
    /// How far a session is: object-model 1.21.1 `ChannelSessionState`.
    pub struct ChannelSessionState {
        /// Why.
        pub reason_code: Option<ChannelSessionReason> = "reasonCode" always,
        /// How far.
        pub name: ChannelSessionStateName = "name",
    }
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
