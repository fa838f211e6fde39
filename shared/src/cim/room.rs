//! Rooms, in which a customer's conversations lie one after another.

use crate::cim::agent::AgentState;
use crate::cim::event::RoomMode;
use crate::cim::open_enum::open_enum;
use crate::cim::{ChannelSession, Timestamp};
use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// What holds a customer's (or a team's) events for good: object-model 1.21.1 `Room`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Room {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its id.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Who is in it.
    #[serde(deserialize_with = "lenient::or_default")]
    pub members: Vec<RoomMember>,
    /// Whose it is.
    #[serde(rename = "type")]
    pub kind: Option<RoomType>,
    /// Whether the contact centre routes in it.
    pub mode: Option<RoomMode>,
    /// Its heading.
    pub label: Option<String>,
    /// Any JSON.
    pub last_message: Option<Value>,
    /// Whether it is gone.
    pub is_deleted: Option<bool>,
    /// By whom.
    pub created_by: Option<String>,
    /// When.
    #[serde(deserialize_with = "lenient::time")]
    pub created_on: Option<Timestamp>,
    /// By whom it was changed.
    pub updated_by: Option<String>,
    /// When it was changed.
    #[serde(deserialize_with = "lenient::time")]
    pub updated_on: Option<Timestamp>,
}

open_enum! {
    /// Whose a room is: object-model 1.21.1 `RoomType`.
    pub enum RoomType {
        Customer = "CUSTOMER",
        Team = "TEAM",
    }
}

/// Somebody in a room: object-model 1.21.1 `RoomMember`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RoomMember {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Who.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// The name.
    pub name: Option<String>,
    /// As what.
    #[serde(rename = "type")]
    pub kind: Option<RoomMemberType>,
    /// Whether the member is there.
    pub status: Option<AgentState>,
    /// In which room.
    pub room_id: Option<String>,
    /// Since when.
    #[serde(deserialize_with = "lenient::time")]
    pub join_time: Option<Timestamp>,
    /// How many messages are unread.
    #[serde(deserialize_with = "lenient::whole_or_default")]
    pub unread_count: Option<i64>,
}

open_enum! {
    /// As what somebody is in a room: object-model 1.21.1 `RoomMemberType`.
    pub enum RoomMemberType {
        Customer = "CUSTOMER",
        Advisor = "ADVISOR",
        Analyst = "ANALYST",
        RoomManager = "ROOM_MANAGER",
        Guest = "GUEST",
        TeamMember = "TEAM_MEMBER",
    }
}

/// An advisor joined: object-model 1.21.1 `AdvisorSubscriberEventDto`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AdvisorSubscribed {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Who.
    pub room_member: Option<RoomMember>,
    /// The customer's sessions.
    #[serde(deserialize_with = "lenient::or_default")]
    pub channel_sessions: Vec<ChannelSession>,
}

/// A member came or went: object-model 1.21.1 `RoomMemberStatusChangedDto`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RoomMemberStatus {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Who.
    pub member: Option<RoomMember>,
    /// The customer's sessions.
    #[serde(deserialize_with = "lenient::or_default")]
    pub channel_sessions: Vec<ChannelSession>,
    /// When.
    #[serde(deserialize_with = "lenient::time")]
    pub status_change_time: Option<Timestamp>,
    /// Free.
    pub metadata: Option<Map>,
}
