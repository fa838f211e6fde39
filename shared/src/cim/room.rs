//! Rooms, in which a customer's conversations lie one after another.

use crate::cim::agent::AgentState;
use crate::cim::event::RoomMode;
use crate::cim::open_enum::open_enum;
use crate::cim::record::record;
use crate::cim::{ChannelSession, Timestamp};
use crate::json::{Map, Value};

record! {
    /// What holds a customer's (or a team's) events for good: object-model 1.21.1 `Room`.
    pub struct Room {
        /// Its id.
        pub id: String = "id",
        /// Its name.
        pub name: Option<String> = "name",
        /// What it is for.
        pub description: Option<String> = "description",
        /// Who is in it.
        pub members: Vec<RoomMember> = "members" always,
        /// Whose it is.
        pub kind: Option<RoomType> = "type",
        /// Whether the contact centre routes in it.
        pub mode: Option<RoomMode> = "mode",
        /// Its heading.
        pub label: Option<String> = "label",
        /// Any JSON.
        pub last_message: Option<Value> = "lastMessage",
        /// Whether it is gone.
        pub is_deleted: Option<bool> = "isDeleted",
        /// By whom.
        pub created_by: Option<String> = "createdBy",
        /// When.
        pub created_on: Option<Timestamp> = "createdOn",
        /// By whom it was changed.
        pub updated_by: Option<String> = "updatedBy",
        /// When it was changed.
        pub updated_on: Option<Timestamp> = "updatedOn",
    }
}

open_enum! {
    /// Whose a room is: object-model 1.21.1 `RoomType`.
    pub enum RoomType {
        Customer = "CUSTOMER",
        Team = "TEAM",
    }
}

record! {
    /// Somebody in a room: object-model 1.21.1 `RoomMember`.
    pub struct RoomMember {
        /// Who.
        pub id: String = "id",
        /// The name.
        pub name: Option<String> = "name",
        /// As what.
        pub kind: Option<RoomMemberType> = "type",
        /// Whether the member is there.
        pub status: Option<AgentState> = "status",
        /// In which room.
        pub room_id: Option<String> = "roomId",
        /// Since when.
        pub join_time: Option<Timestamp> = "joinTime",
        /// How many messages are unread.
        pub unread_count: Option<i64> = "unreadCount",
    }
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

record! {
    /// An advisor joined: object-model 1.21.1 `AdvisorSubscriberEventDto`.
    pub struct AdvisorSubscribed {
        /// Who.
        pub room_member: Option<RoomMember> = "roomMember",
        /// The customer's sessions.
        pub channel_sessions: Vec<ChannelSession> = "channelSessions" always,
    }
}

record! {
    /// A member came or went: object-model 1.21.1 `RoomMemberStatusChangedDto`.
    pub struct RoomMemberStatus {
        /// Who.
        pub member: Option<RoomMember> = "member",
        /// The customer's sessions.
        pub channel_sessions: Vec<ChannelSession> = "channelSessions" always,
        /// When.
        pub status_change_time: Option<Timestamp> = "statusChangeTime",
        /// Free.
        pub metadata: Option<Map> = "metadata",
    }
}
