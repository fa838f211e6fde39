//! One event: an entry of a conversation's log.

use crate::cim::decode::{DecodeError, Fault, Field, Fields, Path, decode_root, put_value};
use crate::cim::open_enum::open_enum;
use crate::cim::record::{record, serde_forms};
use crate::cim::write::{self, Object};
use crate::cim::{ChannelSession, EventType};
use crate::cim::{CimMessage, EventData, EventName, Sender, Timestamp};
use crate::json::{Map, Value};

/// Most events without their channel session are shorter than this, in bytes of JSON.
const JSON_BYTES: usize = 2 * 1024;

/// The smallest meaningful change in a conversation: object-model 1.21.1 `CimEvent`.
///
/// What `data` is follows from `name`, never from its shape.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CimEvent {
    /// Opaque.
    pub id: String,
    /// What happened; the one member to route on.
    pub name: EventName,
    /// A coarse class, which services of different ages assign differently.
    pub kind: EventType,
    /// When it happened. The order of a log is not the order of these: only sequence numbers order it.
    pub timestamp: Timestamp,
    /// Absent on events of a customer and on old ones.
    pub conversation_id: Option<String>,
    /// The actor, its identity resolved.
    pub event_emitter: Sender,
    /// The customer's session, repeated on every event of most services.
    pub channel_session: Option<Box<ChannelSession>>,
    /// What `name` says: usually a message.
    pub data: EventData,
    /// The room of the conversation.
    pub room_info: Option<RoomInfo>,
    /// Members that this version does not know, written back as they came.
    pub extra: Map,
}

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

    /// Reads the JSON form; the error names the member that cannot be read.
    pub fn decode(value: Value) -> Result<Self, DecodeError> {
        decode_root(value, "")
    }

    /// The canonical JSON form, with the time in ISO 8601 as Java services write it.
    pub fn encode(&self) -> Map {
        let mut map = self.extra.clone();
        put_value(&mut map, "id", self.id.write());
        put_value(&mut map, "name", self.name.write());
        put_value(&mut map, "timestamp", Value::String(self.timestamp.iso()));
        put_value(&mut map, "eventEmitter", self.event_emitter.write());
        put_value(&mut map, "data", self.data.write());
        self.put_surroundings(&mut map);
        map
    }

    /// The text of the canonical JSON form.
    pub fn to_json(&self) -> String {
        write::object(JSON_BYTES, |object| self.push_members(object))
    }

    fn push_members(&self, object: &mut Object<'_>) {
        object.put_all(&self.extra);
        object.put_always("id", &self.id);
        object.put_always("name", &self.name);
        object.put_always("type", &self.kind);
        object.put_text("timestamp", &self.timestamp.iso());
        object.put_always("conversationId", &self.conversation_id);
        object.put_always("eventEmitter", &self.event_emitter);
        object.put_always("channelSession", &self.channel_session);
        object.put_with("data", |out| self.data.push_json(out));
        object.put_always("roomInfo", &self.room_info);
    }

    /// Writes what no customer is shown.
    fn put_surroundings(&self, map: &mut Map) {
        put_value(map, "type", self.kind.write());
        put_value(map, "conversationId", self.conversation_id.write());
        put_value(map, "channelSession", self.channel_session.write());
        put_value(map, "roomInfo", self.room_info.write());
    }
}

impl Field for CimEvent {
    fn blank() -> Self {
        Self::default()
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        let mut event = Self::default();
        event.read_into(value, at, fault);
        event
    }

    fn read_into(&mut self, value: Value, at: &Path<'_>, fault: &mut Fault) {
        let mut fields = Fields::open(value, at, fault);
        fields.take_into("id", &mut self.id);
        fields.need_into("name", &mut self.name);
        if let Some(data) = fields.remove("data") {
            self.data = EventData::read(&self.name, data, &at.key("data"), fields.fault);
        }
        self.timestamp = fields.take::<Option<Timestamp>>("timestamp").unwrap_or_default();
        fields.take_into("eventEmitter", &mut self.event_emitter);
        {
            fields.rename("topicId", "conversationId");
            fields.take_into("type", &mut self.kind);
            fields.take_into("conversationId", &mut self.conversation_id);
            fields.take_into("channelSession", &mut self.channel_session);
            fields.take_into("roomInfo", &mut self.room_info);
        }
        self.extra = fields.rest();
    }

    fn write(&self) -> Value {
        Value::Object(self.encode())
    }

    fn push_json(&self, out: &mut Vec<u8>) {
        let mut object = Object::open(out);
        self.push_members(&mut object);
        object.close();
    }
}

serde_forms!(CimEvent);

record! {
    /// The room of a conversation: object-model 1.21.1 `RoomInfo`.
    pub struct RoomInfo {
        /// Which room.
        pub id: String = "id",
        /// Whether the contact centre routes in it.
        pub mode: Option<RoomMode> = "mode",
    }
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
