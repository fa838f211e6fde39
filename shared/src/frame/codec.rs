//! Frames to JSON text and back.
//!
//! A frame is read twice: its keys, to learn its `type` and what to answer to, and then the type's own struct straight
//! from the text. Unknown keys of a frame are ignored, so that either end may be newer. What a client may never state is
//! not: keys that name a sender, a customer or an owner, and header fields of a draft beyond its own, are refused as
//! [`RefusalCode::ForbiddenField`].

use super::client::ClientFrame;
use super::refusal::RefusalCode;
use super::server::ServerFrame;
use super::summary::Person;
use crate::cim::agent::AgentStateName;
use crate::cim::task::TaskCloseReason;
use crate::ids::{ClientId, ConversationId, TaskId};
use crate::json::{
    FORBIDDEN, IN_A_BROWSER, Map, NotJson, RESERVED_NAME, from_str, has_reserved_name, refuse_ambiguous, to_text,
};
use crate::lenient;
use crate::role::{ClientRole, Role};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

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

/// A frame whose `type` has been read.
struct Envelope<'t> {
    kind: String,
    keys: BTreeMap<String, &'t RawValue>,
    text: &'t str,
}

impl<'t> Envelope<'t> {
    fn open(text: &'t str) -> Result<Self, FrameError> {
        let nameless = |detail: String| FrameError {
            code: RefusalCode::Malformed,
            detail,
            client_id: None,
            conversation: None,
        };
        if has_reserved_name(text) {
            return Err(nameless(RESERVED_NAME.to_owned()));
        }
        let keys: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(|error| {
            // A relay's texts are not looked at closely.
            let ambiguous = if IN_A_BROWSER { Ok(()) } else { refuse_ambiguous(text) };
            nameless(match ambiguous {
                Err(mark) if mark.path.is_empty() => mark.to_string(),
                Ok(()) | Err(_) if error.is_data() => "expected an object".to_owned(),
                Ok(()) | Err(_) => NotJson::from(error).to_string(),
            })
        })?;
        let kind = keys.get("type").and_then(|kind| serde_json::from_str(kind.get()).ok());
        let kind = kind.ok_or_else(|| nameless("type: expected a string".to_owned()))?;
        Ok(Self { kind, keys, text })
    }

    fn error(&self, code: RefusalCode, detail: String) -> FrameError {
        FrameError {
            code,
            detail,
            client_id: self.key("client_id"),
            conversation: self.key("conversation"),
        }
    }

    /// A key that is repeated in the answer, if it can be read.
    fn key<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.keys.get(name)?.get()).ok()
    }

    fn unknown(&self) -> FrameError {
        self.error(
            RefusalCode::UnknownFrame,
            "type: not a frame of this protocol version".to_owned(),
        )
    }

    /// Refuses a frame that says who it is from.
    fn without_identity(self) -> Result<Self, FrameError> {
        match IDENTITY_KEYS.iter().find(|key| self.keys.contains_key(**key)) {
            Some(key) => Err(self.error(RefusalCode::ForbiddenField, format!("{key}: {FORBIDDEN}"))),
            None => Ok(self),
        }
    }

    /// Refuses a frame that another reader could read as another one.
    fn unambiguous(self) -> Result<Self, FrameError> {
        match refuse_ambiguous(self.text) {
            Ok(()) => Ok(self),
            Err(error) => Err(self.error(RefusalCode::Malformed, error.to_string())),
        }
    }

    /// Reads the frame's keys as `T`.
    fn read<T: DeserializeOwned>(&self) -> Result<T, FrameError> {
        from_str(self.text).map_err(|error| {
            let code = if error.problem == FORBIDDEN {
                RefusalCode::ForbiddenField
            } else {
                RefusalCode::Malformed
            };
            self.error(code, error.to_string())
        })
    }
}

impl<B: Serialize> ClientFrame<B> {
    /// Writes the frame as it crosses the socket.
    pub fn to_json(&self) -> String {
        to_text(self, FRAME_BYTES)
    }
}

impl ClientFrame {
    /// Reads a frame as the relay does.
    pub fn from_json(text: &str) -> Result<Self, FrameError> {
        let frame = Envelope::open(text)?.without_identity()?.unambiguous()?;
        Ok(match frame.kind.as_str() {
            "hello" => Self::Hello(frame.read()?),
            "auth" => frame.read().map(|Auth { token }| Self::Auth { token })?,
            "start" => Self::Start(frame.read()?),
            "join" => Self::Join(frame.read()?),
            "page" => Self::Page(frame.read()?),
            "post" => Self::Post(frame.read()?),
            "delivered" => Self::Delivered(frame.read()?),
            "read" => Self::Read(frame.read()?),
            "typing" => frame
                .read()
                .map(|Typing { conversation, on }| Self::Typing { conversation, on })?,
            "describe" => frame
                .read()
                .map(|Describe { conversation, data }| Self::Describe { conversation, data })?,
            "end" => frame.read().map(
                |Act {
                     conversation,
                     client_id,
                 }| Self::End {
                    conversation,
                    client_id,
                },
            )?,
            "state" => frame
                .read()
                .map(|State { state, reason }| Self::State { state, reason })?,
            "accept" => frame
                .read()
                .map(|Accept { task, client_id }| Self::Accept { task, client_id })?,
            "leave" => frame.read().map(
                |Act {
                     conversation,
                     client_id,
                 }| Self::Leave {
                    conversation,
                    client_id,
                },
            )?,
            "ping" => Self::Ping,
            _ => return Err(frame.unknown()),
        })
    }
}

impl<B> ClientFrame<B> {
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

impl<R: Role<Event: Serialize>> ServerFrame<R> {
    /// Writes the frame as it crosses the socket.
    pub fn to_json(&self) -> String {
        to_text(self, FRAME_BYTES)
    }
}

impl<R: ClientRole> ServerFrame<R> {
    /// Reads a frame as a client does.
    pub fn from_json(text: &str) -> Result<Self, FrameError> {
        let frame = Envelope::open(text)?;
        Ok(match frame.kind.as_str() {
            "welcome" => Self::Welcome(frame.read()?),
            "authenticated" => frame
                .read()
                .map(|Authenticated { expires_at }| Self::Authenticated { expires_at })?,
            "joined" => Self::Joined(frame.read()?),
            "page" => Self::Page(frame.read()?),
            "event" => Self::Event(frame.read()?),
            "accepted" => Self::Accepted(frame.read()?),
            "refused" => Self::Refused(frame.read()?),
            "typing" => frame.read().map(
                |PersonTypes {
                     conversation,
                     person,
                     on,
                 }| Self::Typing {
                    conversation,
                    person,
                    on,
                },
            )?,
            "queue_position" => Self::QueuePosition(frame.read()?),
            "conversation" => Self::Conversation(frame.read()?),
            "offer" if R::IS_OFFERED_TASKS => Self::Offer(frame.read()?),
            "offer_revoked" if R::IS_OFFERED_TASKS => frame
                .read()
                .map(|Revoked { task, reason }| Self::OfferRevoked { task, reason })?,
            "agent_state" if R::IS_OFFERED_TASKS => frame
                .read()
                .map(|State { state, reason }| Self::AgentState { state, reason })?,
            "goodbye" => frame
                .read()
                .map(|Goodbye { retry_after_ms }| Self::Goodbye { retry_after_ms })?,
            "pong" => Self::Pong,
            _ => return Err(frame.unknown()),
        })
    }
}

/// Keys of frames that have no struct of their own, while they are read.
#[derive(Deserialize)]
struct Auth {
    token: String,
}

#[derive(Deserialize)]
struct Typing {
    conversation: ConversationId,
    on: bool,
}

#[derive(Deserialize)]
struct Describe {
    conversation: ConversationId,
    #[serde(default, deserialize_with = "lenient::or_default")]
    data: Map,
}

#[derive(Deserialize)]
struct Act {
    conversation: ConversationId,
    client_id: ClientId,
}

#[derive(Deserialize)]
struct State {
    state: AgentStateName,
    reason: Option<String>,
}

#[derive(Deserialize)]
struct Accept {
    task: TaskId,
    client_id: ClientId,
}

#[derive(Deserialize)]
struct Authenticated {
    #[serde(default, deserialize_with = "lenient::whole_or_default")]
    expires_at: Option<i64>,
}

#[derive(Deserialize)]
struct PersonTypes {
    conversation: ConversationId,
    person: Person,
    on: bool,
}

#[derive(Deserialize)]
struct Revoked {
    task: TaskId,
    #[serde(default, deserialize_with = "lenient::or_default")]
    reason: TaskCloseReason,
}

#[derive(Deserialize)]
struct Goodbye {
    #[serde(deserialize_with = "lenient::natural")]
    retry_after_ms: u64,
}
