//! A conversation as the platform describes it to its agents.

use crate::cim::channel_session::Direction;
use crate::cim::event::RoomInfo;
use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::cim::sla::Sla;
use crate::cim::{ChannelSession, ConversationParticipant, Customer, Timestamp};
use crate::json::{Map, Value};

record! {
    /// The whole state of a conversation: object-model 1.21.1 `Conversation`.
    pub struct Conversation {
        /// Its id.
        pub id: String = "id",
        /// Whose.
        pub customer: Option<Customer> = "customer",
        /// Who is in it.
        pub participants: Vec<ConversationParticipant> = "participants" always,
        /// How far it is.
        pub state: Option<ConversationState> = "state",
        /// Who made contact.
        pub conversation_direction: Option<Direction> = "conversationDirection",
        /// The session that opened it.
        pub channel_session: Option<Box<ChannelSession>> = "channelSession",
        /// Since when.
        pub creation_time: Option<Timestamp> = "creationTime",
        /// Until when.
        pub end_time: Option<Timestamp> = "endTime",
        /// Facts that bots and forms gathered; values are text as a rule.
        pub conversation_data: Option<Map> = "conversationData",
        /// What is remembered about it.
        pub metadata: Option<ConversationMetadata> = "metadata",
        /// Its room.
        pub room_info: Option<RoomInfo> = "roomInfo",
        /// The agents' time limit.
        pub agent_sla: Option<Sla> = "agentSla",
        /// What was left of that limit, in seconds.
        pub cached_agent_sla_duration: Option<i64> = "cachedAgentSlaDuration",
        /// How long it is on hold.
        pub hold_timer_details: Option<HoldTimer> = "holdTimerDetails",
        /// Whether an agent asks for help.
        pub agent_hand_raise: Option<AgentHandRaise> = "agentHandRaise",
        /// Programs open beside it on the desk.
        pub external_gadgets: Vec<Gadget> = "externalGadgets" always,
    }
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

record! {
    /// What is remembered about a conversation: object-model 1.21.1 `TopicMetadata`.
    pub struct ConversationMetadata {
        /// Its bot.
        pub bot_id: Option<String> = "botId",
        /// The session that was used last.
        pub last_used_channel_session: Option<Box<ChannelSession>> = "lastUsedChannelSession",
    }
}

record! {
    /// How long a conversation is on hold: object-model 1.21.1 `HoldTimerDetails`, data of `HOLD_TIMER`.
    pub struct HoldTimer {
        /// The whole time, in seconds.
        pub total_duration: Option<i64> = "totalDuration",
        /// Since when.
        pub start_time: Option<Timestamp> = "startTime",
    }
}

record! {
    /// Agents who ask for help: object-model 1.21.1 `AgentHandRaise`.
    pub struct AgentHandRaise {
        /// Whether there is one.
        pub hand_raised: Option<bool> = "handRaised",
        /// Who.
        pub agent_names: Vec<String> = "agentNames" always,
    }
}

record! {
    /// A program beside the conversation on an agent's desk: object-model 1.21.1 `Gadget`.
    pub struct Gadget {
        /// Which program.
        pub gadget_id: Option<String> = "gadgetId",
        /// On whose desk.
        pub agent_id: Option<String> = "agentId",
        /// Its heading.
        pub title: Option<String> = "title",
        /// What it is told.
        pub value: Option<Value> = "value",
    }
}
