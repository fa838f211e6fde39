//! One event: an entry of a conversation's log.

use crate::cim::open_enum::open_enum;
use crate::cim::{ChannelSession, CimMessage, EventData, EventName, EventType, Sender, Timestamp};
use crate::json::{DecodeError, Map, to_text};
use crate::lenient;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use serde_with::skip_serializing_none;

/// Most events without their channel session are shorter than this, in bytes of JSON.
const JSON_BYTES: usize = 2 * 1024;

/// The smallest meaningful change in a conversation: object-model 1.21.1 `CimEvent`.
///
/// What `data` is follows from `name`, never from its shape. So it stays text, as `D`, until the name is known, whichever
/// of them comes first.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CimEvent<D = EventData> {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Opaque.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub id: String,
    /// What happened; the one member to route on.
    pub name: EventName,
    /// A coarse class, which services of different ages assign differently.
    #[serde(rename = "type", default, deserialize_with = "lenient::or_default")]
    pub kind: EventType,
    /// When it happened. The order of a log is not the order of these: only sequence numbers order it. Written in
    /// ISO 8601, as Java services do.
    #[serde(default, deserialize_with = "lenient::time", serialize_with = "lenient::in_iso")]
    pub timestamp: Timestamp,
    /// Absent on events of a customer and on old ones.
    pub conversation_id: Option<String>,
    /// The actor, its identity resolved.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub event_emitter: Sender,
    /// The customer's session, repeated on every event of most services.
    pub channel_session: Option<Box<ChannelSession>>,
    /// What `name` says: usually a message.
    pub data: D,
    /// The room of the conversation.
    pub room_info: Option<RoomInfo>,
}

/// An event whose name has been read and its data has not.
type Unread = CimEvent<Option<Box<RawValue>>>;

impl CimEvent {
    /// The message that this event carries, if it carries one.
    pub fn message(&self) -> Option<&CimMessage> {
        match &self.data {
            EventData::Message(message) => Some(message),
            _ => None,
        }
    }

    /// The same, to change it.
    pub fn message_mut(&mut self) -> Option<&mut CimMessage> {
        match &mut self.data {
            EventData::Message(message) => Some(message),
            _ => None,
        }
    }

    /// The text of the canonical JSON form.
    pub fn to_json(&self) -> String {
        to_text(self, JSON_BYTES)
    }
}

impl<'de> Deserialize<'de> for CimEvent {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Unread::deserialize(from)?.read().map_err(DecodeError::inside)
    }
}

impl Unread {
    fn read(mut self) -> Result<CimEvent, DecodeError> {
        let data = match &self.data {
            Some(json) => EventData::read(&self.name, json.get()).map_err(|error| error.within("data"))?,
            None => EventData::Null,
        };
        let topic = self.extra.remove("topicId");
        lenient::fill(&mut self.conversation_id, "conversationId", topic)?;
        Ok(CimEvent {
            extra: self.extra,
            id: self.id,
            name: self.name,
            kind: self.kind,
            timestamp: self.timestamp,
            conversation_id: self.conversation_id,
            event_emitter: self.event_emitter,
            channel_session: self.channel_session,
            data,
            room_info: self.room_info,
        })
    }
}

/// The room of a conversation: object-model 1.21.1 `RoomInfo`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RoomInfo {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Which room.
    #[serde(deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Whether the contact centre routes in it.
    pub mode: Option<RoomMode>,
}

open_enum! {
    /// What a room is for: object-model 1.21.1 `RoomMode`.
    pub enum RoomMode {
        /// Customers and agents.
        ContactCenter = "CONTACT_CENTER",
        /// A closed circle; nothing is routed.
        Private = "PRIVATE",
    }
}
