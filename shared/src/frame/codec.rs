//! Frames to JSON text and back, by the same walk that CIM types use, so that an error says where.
//!
//! Unknown keys of a frame are ignored, so that either end may be newer. What a client may never state is not: keys
//! that name a sender, a customer or an owner, and header fields of a draft beyond its own, are refused as
//! [`RefusalCode::ForbiddenField`].

use super::shapes::{FORBIDDEN, into_map};
use super::{ClientFrame, RefusalCode, ServerFrame};
use crate::cim::DecodeError;
use crate::cim::decode::{Fault, Field, Fields, Path, put};
use crate::cim::write::{Object, object};
use crate::ids::{ClientId, ConversationId};
use crate::json::{Map, Value};

/// A text that is no frame: what to answer, and to what.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{code}: {detail}", code = .code.as_str())]
pub struct FrameError {
    /// `malformed`, `unknown_frame` or `forbidden_field`.
    pub code: RefusalCode,
    /// Names the key, for developers.
    pub detail: String,
    /// The frame's client id, if it could be read.
    pub client_id: Option<ClientId>,
    /// The frame's conversation, if it could be read.
    pub conversation: Option<ConversationId>,
}

/// Keys of a client's frame that would state somebody's identity.
const IDENTITY_KEYS: &[&str] = &[
    "sender",
    "customer",
    "customer_id",
    "eventEmitter",
    "event_emitter",
    "principal",
    "author",
    "owner",
    "seq",
];

/// Most frames are shorter than this, in bytes.
const FRAME_BYTES: usize = 1024;

/// A frame while it is read: its `type`, and the other keys.
struct Envelope {
    kind: String,
    rest: Value,
    client_id: Option<ClientId>,
    conversation: Option<ConversationId>,
}

impl Envelope {
    fn open(text: &str) -> Result<Self, FrameError> {
        let nameless = |detail: String| FrameError {
            code: RefusalCode::Malformed,
            detail,
            client_id: None,
            conversation: None,
        };
        let value: Value = crate::json::parse(text).map_err(|error| nameless(error.sentence()))?;
        let Value::Object(mut map) = value else {
            return Err(nameless("expected an object".to_owned()));
        };
        let Some(Value::String(kind)) = map.remove("type") else {
            return Err(nameless("type: expected a string".to_owned()));
        };
        let client_id = map.get("client_id").and_then(Value::as_str).and_then(ClientId::parse);
        let conversation = map
            .get("conversation")
            .and_then(Value::as_str)
            .and_then(ConversationId::parse);
        Ok(Self {
            kind,
            rest: Value::Object(map),
            client_id,
            conversation,
        })
    }

    fn error(&self, code: RefusalCode, detail: String) -> FrameError {
        FrameError {
            code,
            detail,
            client_id: self.client_id.clone(),
            conversation: self.conversation.clone(),
        }
    }

    fn unknown(&self) -> FrameError {
        self.error(
            RefusalCode::UnknownFrame,
            "type: not a frame of this protocol version".to_owned(),
        )
    }

    fn fault(&self, error: &DecodeError) -> FrameError {
        let code = if error.problem == FORBIDDEN {
            RefusalCode::ForbiddenField
        } else {
            RefusalCode::Malformed
        };
        self.error(code, error.sentence())
    }

    /// Refuses a frame that says who it is from.
    fn without_identity(self) -> Result<Self, FrameError> {
        let stated = self
            .rest
            .as_object()
            .and_then(|map| IDENTITY_KEYS.iter().find(|key| map.contains_key(**key)));
        match stated {
            Some(key) => Err(self.error(RefusalCode::ForbiddenField, format!("{key}: {FORBIDDEN}"))),
            None => Ok(self),
        }
    }

    /// Reads the frame's keys as `T`.
    fn read<T: Field>(&mut self) -> Result<T, FrameError> {
        crate::cim::decode::decode_root(self.rest.take(), "").map_err(|error| self.fault(&error))
    }

    /// Opens the frame's keys for a variant without a struct of its own.
    fn keys<T>(&mut self, take: impl FnOnce(&mut Fields<'_>) -> T) -> Result<T, FrameError> {
        let mut fault = Fault::default();
        let root = Path::root("");
        let mut fields = Fields::open(self.rest.take(), &root, &mut fault);
        let taken = take(&mut fields);
        match fault.into_error() {
            Some(error) => Err(self.fault(&error)),
            None => Ok(taken),
        }
    }
}

fn text(kind: &str, value: Value) -> String {
    let mut map = into_map(value);
    map.insert("type".to_owned(), Value::from(kind));
    crate::json::text_of(&Value::Object(map))
}

/// The text of a frame whose keys `members` writes. Their values need no tree to be made of them first.
fn frame(kind: &str, members: impl FnOnce(&mut Object<'_>)) -> String {
    object(FRAME_BYTES, |keys| {
        keys.put_text("type", kind);
        members(keys);
    })
}

/// An object of the given keys, empty ones left out.
macro_rules! object {
    ($($key:literal: $field:expr),* $(,)?) => {{
        let mut map = Map::new();
        $(put(&mut map, $key, $field);)*
        Value::Object(map)
    }};
}

impl ClientFrame {
    /// Writes the frame as it crosses the socket.
    pub fn to_json(&self) -> String {
        match self {
            Self::Hello(hello) => text("hello", hello.write()),
            Self::Auth { token } => text("auth", object! { "token": token }),
            Self::Start(start) => text("start", start.write()),
            Self::Join(join) => text("join", join.write()),
            Self::Page(page) => text("page", page.write()),
            Self::Post(post) => text("post", post.write()),
            Self::Delivered(mark) => text("delivered", mark.write()),
            Self::Read(mark) => text("read", mark.write()),
            Self::Typing { conversation, on } => text("typing", object! { "conversation": conversation, "on": on }),
            Self::Describe { conversation, data } => {
                text("describe", object! { "conversation": conversation, "data": data })
            }
            Self::End {
                conversation,
                client_id,
            } => text("end", object! { "conversation": conversation, "client_id": client_id }),
            Self::State { state, reason } => text("state", object! { "state": state, "reason": reason }),
            Self::Accept { task, client_id } => text("accept", object! { "task": task, "client_id": client_id }),
            Self::Leave {
                conversation,
                client_id,
            } => text(
                "leave",
                object! { "conversation": conversation, "client_id": client_id },
            ),
            Self::Ping => text("ping", Value::Null),
        }
    }
}

/// The relay's side.
impl ClientFrame {
    /// Reads a frame as the relay does.
    pub fn from_json(text: &str) -> Result<Self, FrameError> {
        let mut frame = Envelope::open(text)?.without_identity()?;
        Ok(match frame.kind.as_str() {
            "hello" => Self::Hello(frame.read()?),
            "auth" => frame.keys(|keys| Self::Auth {
                token: keys.need("token"),
            })?,
            "start" => Self::Start(frame.read()?),
            "join" => Self::Join(frame.read()?),
            "page" => Self::Page(frame.read()?),
            "post" => Self::Post(frame.read()?),
            "delivered" => Self::Delivered(frame.read()?),
            "read" => Self::Read(frame.read()?),
            "typing" => frame.keys(|keys| Self::Typing {
                conversation: keys.need("conversation"),
                on: keys.need("on"),
            })?,
            "describe" => frame.keys(|keys| Self::Describe {
                conversation: keys.need("conversation"),
                data: keys.take("data"),
            })?,
            "end" => frame.keys(|keys| Self::End {
                conversation: keys.need("conversation"),
                client_id: keys.need("client_id"),
            })?,
            "state" => frame.keys(|keys| Self::State {
                state: keys.need("state"),
                reason: keys.take("reason"),
            })?,
            "accept" => frame.keys(|keys| Self::Accept {
                task: keys.need("task"),
                client_id: keys.need("client_id"),
            })?,
            "leave" => frame.keys(|keys| Self::Leave {
                conversation: keys.need("conversation"),
                client_id: keys.need("client_id"),
            })?,
            "ping" => Self::Ping,
            _ => return Err(frame.unknown()),
        })
    }

    /// The frame's `type`, for metrics and logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Hello(_) => "hello",
            Self::Auth { .. } => "auth",
            Self::Start(_) => "start",
            Self::Join(_) => "join",
            Self::Page(_) => "page",
            Self::Post(_) => "post",
            Self::Delivered(_) => "delivered",
            Self::Read(_) => "read",
            Self::Typing { .. } => "typing",
            Self::Describe { .. } => "describe",
            Self::End { .. } => "end",
            Self::State { .. } => "state",
            Self::Accept { .. } => "accept",
            Self::Leave { .. } => "leave",
            Self::Ping => "ping",
        }
    }
}

impl ServerFrame {
    /// Reads a frame as a client does.
    pub fn from_json(text: &str) -> Result<Self, FrameError> {
        let mut frame = Envelope::open(text)?;
        Ok(match frame.kind.as_str() {
            "welcome" => Self::Welcome(frame.read()?),
            "authenticated" => frame.keys(|keys| Self::Authenticated {
                expires_at: keys.take("expires_at"),
            })?,
            "joined" => Self::Joined(frame.read()?),
            "page" => Self::Page(frame.read()?),
            "event" => Self::Event(frame.read()?),
            "accepted" => Self::Accepted(frame.read()?),
            "refused" => Self::Refused(frame.read()?),
            "typing" => frame.keys(|keys| Self::Typing {
                conversation: keys.need("conversation"),
                person: keys.need("person"),
                on: keys.need("on"),
            })?,
            "conversation" => Self::Conversation(frame.read()?),
            "offer" => Self::Offer(frame.read()?),
            "offer_revoked" => frame.keys(|keys| Self::OfferRevoked {
                task: keys.need("task"),
                reason: keys.take("reason"),
            })?,
            "agent_state" => frame.keys(|keys| Self::AgentState {
                state: keys.need("state"),
                reason: keys.take("reason"),
            })?,
            "goodbye" => frame.keys(|keys| Self::Goodbye {
                retry_after_ms: keys.need("retry_after_ms"),
            })?,
            "pong" => Self::Pong,
            _ => return Err(frame.unknown()),
        })
    }
}

/// The relay's side.
impl ServerFrame {
    /// Writes the frame as it crosses the socket.
    pub fn to_json(&self) -> String {
        match self {
            Self::Welcome(welcome) => frame("welcome", |keys| welcome.push_members(keys)),
            Self::Authenticated { expires_at } => text("authenticated", object! { "expires_at": expires_at }),
            Self::Joined(joined) => frame("joined", |keys| joined.push_members(keys)),
            Self::Page(page) => frame("page", |keys| page.push_members(keys)),
            Self::Event(event) => frame("event", |keys| event.push_members(keys)),
            Self::Accepted(accepted) => frame("accepted", |keys| accepted.push_members(keys)),
            Self::Refused(refused) => frame("refused", |keys| refused.push_members(keys)),
            Self::Typing {
                conversation,
                person,
                on,
            } => text(
                "typing",
                object! { "conversation": conversation, "person": person, "on": on },
            ),
            Self::Conversation(summary) => frame("conversation", |keys| summary.push_members(keys)),
            Self::Offer(offer) => frame("offer", |keys| offer.push_members(keys)),
            Self::OfferRevoked { task, reason } => text("offer_revoked", object! { "task": task, "reason": reason }),
            Self::AgentState { state, reason } => text("agent_state", object! { "state": state, "reason": reason }),
            Self::Goodbye { retry_after_ms } => text("goodbye", object! { "retry_after_ms": retry_after_ms }),
            Self::Pong => text("pong", Value::Null),
        }
    }
}
