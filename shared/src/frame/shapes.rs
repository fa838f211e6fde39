//! The JSON form of what frames are made of: one line per key, read by the same walk as CIM types.

use super::{
    Accepted, Audience, Draft, Hello, Item, Join, Joined, LiveEvent, Mark, Offer, Page, PageRequest, Person, Post,
    Range, RefusalCode, Refused, Start, Summary, Welcome,
};
use crate::cim::decode::{Fault, Field, Fields, Path, put, put_value, whole};
use crate::cim::write::{Object, push};
use crate::ids::{ClientId, ConversationId, Cursor, CustomerId, Epoch, MessageId, ParticipantId, Seq, TaskId};
use crate::json::{Map, Value};

/// The problem of a key that a client may not state; the codec answers it as `forbidden_field`.
pub(super) const FORBIDDEN: &str = "only the relay states this";

/// Gives existing structs their JSON form: one line per key. `required` keys must be there and not null.
macro_rules! shapes {
    ($($name:ident {
        $($field:ident = $key:literal $($mode:ident)?),* $(,)?
    })*) => {
        $(impl Field for $name {
            fn blank() -> Self {
                Self {
                    $($field: Field::blank(),)*
                }
            }

            fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
                let mut shape = Self::blank();
                shape.read_into(value, at, fault);
                shape
            }

            fn read_into(&mut self, value: Value, at: &Path<'_>, fault: &mut Fault) {
                let mut fields = Fields::open(value, at, fault);
                $(crate::cim::record::read_field!(fields, $key, &mut self.$field, $($mode)?);)*
            }

            fn write(&self) -> Value {
                let mut map = Map::new();
                $(put(&mut map, $key, &self.$field);)*
                Value::Object(map)
            }

            fn push_json(&self, out: &mut Vec<u8>) {
                let mut object = Object::open(out);
                self.push_members(&mut object);
                object.close();
            }
        }

        impl $name {
            /// Writes the keys.
            pub(super) fn push_members(&self, object: &mut Object<'_>) {
                $(object.put($key, &self.$field);)*
            }
        })*
    };
}

shapes! {
    Hello { token = "token" required, client = "client" }
    Start { client_id = "client_id" required, data = "data" }
    Cursor { epoch = "epoch" required, seq = "seq" required }
    Join { conversation = "conversation" required, after = "after" }
    Mark { conversation = "conversation" required, up_to = "up_to" required }
    Person { id = "id" required, kind = "kind" required, name = "name", role = "role" }
    Summary {
        conversation = "conversation" required, state = "state" required, head = "head" required, people = "people",
        waiting = "waiting", started_at = "started_at" required, waiting_since = "waiting_since", last = "last",
        unread = "unread", read = "read", channel = "channel", data = "data",
    }
    Welcome {
        me = "me" required, epoch = "epoch" required, now = "now" required, expires_at = "expires_at",
        conversations = "conversations", offers = "offers", agent_state = "agent_state",
    }
    Joined { summary = "summary" required, epoch = "epoch" required, head = "head" required }
    Page {
        conversation = "conversation" required, epoch = "epoch" required, after = "after" required,
        through = "through" required, items = "items", head = "head" required,
    }
    Item { seq = "seq" required, event = "event" required, client_id = "client_id" }
    Accepted {
        client_id = "client_id" required, conversation = "conversation" required, epoch = "epoch" required,
        seq = "seq" required, message_id = "message_id" required, timestamp = "timestamp" required,
    }
    Refused {
        client_id = "client_id", conversation = "conversation", code = "code" required, message = "message",
        retryable = "retryable", retry_after_ms = "retry_after_ms",
    }
    Post {
        conversation = "conversation" required, client_id = "client_id" required, message = "message" required,
        audience = "audience",
    }
}

shapes! {
    Offer {
        task = "task" required, conversation = "conversation" required, queue = "queue", customer = "customer" required,
        waiting_since = "waiting_since" required, expires_at = "expires_at" required, last_text = "last_text",
        data = "data",
    }
}

macro_rules! id_fields {
    ($($name:ident),*) => {
        $(impl Field for $name {
            fn blank() -> Self {
                Self::new("")
            }

            fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
                match value.as_str().and_then(Self::parse) {
                    Some(id) => id,
                    None => {
                        fault.note(at, "expected an id");
                        Self::blank()
                    }
                }
            }

            fn write(&self) -> Value {
                Value::String(self.as_str().to_owned())
            }

            fn push_json(&self, out: &mut Vec<u8>) {
                push(out, self.as_str());
            }
        })*
    };
}

id_fields!(
    ConversationId,
    MessageId,
    ClientId,
    CustomerId,
    ParticipantId,
    TaskId,
    Epoch
);

/// Whole numbers from 0 to 2^53, the range in which every reader of JSON agrees.
fn natural(value: &Value, at: &Path<'_>, fault: &mut Fault) -> u64 {
    whole(value)
        .and_then(|number| u64::try_from(number).ok())
        .unwrap_or_else(|| {
            fault.note(at, "expected a whole number from 0 up");
            0
        })
}

impl Field for u64 {
    fn blank() -> Self {
        0
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        natural(&value, at, fault)
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Field for u32 {
    fn blank() -> Self {
        0
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        Self::try_from(natural(&value, at, fault)).unwrap_or(Self::MAX)
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Field for Seq {
    fn blank() -> Self {
        Self::START
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        Self(natural(&value, at, fault))
    }

    fn write(&self) -> Value {
        Value::from(self.0)
    }
}

impl Field for RefusalCode {
    fn blank() -> Self {
        Self::Other(String::new())
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        Self::parse(&String::read(value, at, fault))
    }

    fn write(&self) -> Value {
        Value::String(self.as_str().to_owned())
    }
}

impl Field for Audience {
    fn blank() -> Self {
        Self::Everyone
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        match value.as_str() {
            Some("agents") => Self::Agents,
            Some("everyone") => Self::Everyone,
            _ => {
                fault.note(at, "expected agents or everyone");
                Self::Everyone
            }
        }
    }

    fn write(&self) -> Value {
        Value::from(match self {
            Self::Agents => "agents",
            Self::Everyone => "everyone",
        })
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Everyone)
    }
}

impl Field for Draft {
    fn blank() -> Self {
        Self::new(Field::blank())
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        let mut message = Fields::open(value, at, fault);
        let body = message.need("body");
        let header = message.remove("header").unwrap_or_else(|| Value::Object(Map::new()));
        refuse_rest(message);
        let at = at.key("header");
        let mut header = Fields::open(header, &at, fault);
        let draft = Self {
            body,
            intent: header.take("intent"),
            entities: header.take("entities"),
            original_message_id: header.take("originalMessageId"),
            additional_data: header.take("additionalData"),
            language: header.take("language"),
        };
        refuse_rest(header);
        draft
    }

    fn write(&self) -> Value {
        let mut header = Map::new();
        put(&mut header, "intent", &self.intent);
        put(&mut header, "entities", &self.entities);
        put(&mut header, "originalMessageId", &self.original_message_id);
        put(&mut header, "additionalData", &self.additional_data);
        put(&mut header, "language", &self.language);
        let mut map = Map::new();
        if !header.is_empty() {
            put_value(&mut map, "header", Value::Object(header));
        }
        put(&mut map, "body", &self.body);
        Value::Object(map)
    }
}

/// Whatever is left of a draft is something that only the relay states.
fn refuse_rest(fields: Fields<'_>) {
    if let Some(key) = fields.map.keys().next() {
        fields.fault.note(&fields.at.key(key), FORBIDDEN);
    }
}

impl Field for PageRequest {
    fn blank() -> Self {
        Self {
            conversation: Field::blank(),
            range: Range::After(Seq::START),
            limit: None,
        }
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        let mut fields = Fields::open(value, at, fault);
        let range = match fields.take::<Option<Seq>>("before") {
            Some(before) => Range::Before(before),
            None => Range::After(fields.need("after")),
        };
        Self {
            conversation: fields.need("conversation"),
            range,
            limit: fields.take("limit"),
        }
    }

    fn write(&self) -> Value {
        let mut map = Map::new();
        put(&mut map, "conversation", &self.conversation);
        match self.range {
            Range::After(seq) => put(&mut map, "after", &seq),
            Range::Before(seq) => put(&mut map, "before", &seq),
        }
        put(&mut map, "limit", &self.limit);
        Value::Object(map)
    }
}

impl Field for LiveEvent {
    fn blank() -> Self {
        Self {
            conversation: Field::blank(),
            epoch: Field::blank(),
            after: Seq::START,
            item: Field::blank(),
        }
    }

    fn read(value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
        let mut event = Self::blank();
        event.read_into(value, at, fault);
        event
    }

    fn read_into(&mut self, value: Value, at: &Path<'_>, fault: &mut Fault) {
        let mut fields = Fields::open(value, at, fault);
        fields.need_into("conversation", &mut self.conversation);
        fields.need_into("epoch", &mut self.epoch);
        fields.need_into("after", &mut self.after);
        fields.need_into("seq", &mut self.item.seq);
        fields.need_into("event", &mut self.item.event);
        fields.take_into("client_id", &mut self.item.client_id);
    }

    fn write(&self) -> Value {
        let mut map = into_map(self.item.write());
        put(&mut map, "conversation", &self.conversation);
        put(&mut map, "epoch", &self.epoch);
        put(&mut map, "after", &self.after);
        Value::Object(map)
    }
}

impl LiveEvent {
    /// Writes the keys.
    pub(super) fn push_members(&self, object: &mut Object<'_>) {
        self.item.push_members(object);
        object.put("conversation", &self.conversation);
        object.put("epoch", &self.epoch);
        object.put("after", &self.after);
    }
}

pub(super) fn into_map(value: Value) -> Map {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
