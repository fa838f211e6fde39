//! All that crosses the socket: JSON text frames of the `portico.v1` subprotocol, one object each, told apart by `type`.
//!
//! A client says `hello`, gets `welcome`, and from then on each conversation is a log that it reads by cursor: `join`
//! subscribes it to live `event`s and tells it the log's head, `page` pulls what it missed. Events and pages *cover* a
//! range `(after, through]` of the log, because a reader may not be allowed to see every event in it: a client
//! whose cursor is before `after` has a gap and asks for a page.
//!
//! Keys of the frame are snake_case; what is CIM inside it (`message`, `event`) keeps CIM's camelCase, so that a reader
//! of a capture sees where the vocabulary begins. `docs/protocol.md` has an example of every frame, which a test parses.

mod codec;
mod draft;

use crate::cim::{MessageBody, Sender};
use crate::ids::{ClientId, ConversationId, Cursor, Epoch, MessageId, Seq, TaskId};
use crate::json::Map;
use crate::lenient;
use crate::role::{Agent, Role};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_with::skip_serializing_none;
use std::sync::Arc;

use codec::{FlatEvent, RangeKeys};
use draft::DraftKeys;

pub use codec::FrameError;

/// What a client (widget, desk, WebSocket bot) sends.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame {
    /// `hello`: the first frame. Says who speaks; everything after it is done in that name.
    Hello(Hello),
    /// `auth`: a newer token for the same identity, sent before the old one ends.
    Auth {
        /// The new token.
        token: String,
    },
    /// `start`: a customer opens a conversation. Answered by `accepted` with the conversation's id.
    Start(Start),
    /// `join`: subscribe to a conversation's live events. Answered by `joined`.
    Join(Join),
    /// `page`: pull a range of the log. Answered by `page`.
    Page(PageRequest),
    /// `post`: append a message. Answered by `accepted` or `refused`.
    Post(Post),
    /// `delivered`: every event up to here reached this client.
    Delivered(Mark),
    /// `read`: a person saw every event up to here.
    Read(Mark),
    /// `typing`: relayed to the other members, never stored.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Started (`true`) or stopped.
        on: bool,
    },
    /// `describe`: what a customer says of itself has changed while the chat is live. Answered only when refused.
    Describe {
        /// Where.
        conversation: ConversationId,
        /// As in [`Start::data`]; on top of what was said before. A null or an empty text takes a key back.
        #[serde(skip_serializing_if = "Map::is_empty")]
        data: Map,
    },
    /// `end`: the customer or an agent ends the chat. Answered like a post.
    End {
        /// Which conversation.
        conversation: ConversationId,
        /// Repeated on a retry.
        client_id: ClientId,
    },
    /// `state`: an agent becomes ready or not ready. Answered by `agent_state`.
    State {
        /// `READY` or `NOT_READY`.
        state: String,
        /// Why not ready, as the operator configured it.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// `accept`: an agent takes an offer. Answered by `accepted`, or `refused` when the offer is gone.
    Accept {
        /// The offer's task.
        task: TaskId,
        /// Repeated on a retry.
        client_id: ClientId,
    },
    /// `leave`: an agent leaves a conversation. Wrap-up is posted before it as a message.
    Leave {
        /// Which conversation.
        conversation: ConversationId,
        /// Repeated on a retry.
        client_id: ClientId,
    },
    /// `ping`: answered by `pong`.
    Ping,
}

/// The first frame.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// A visitor token, a staff session or an API key.
    pub token: String,
    /// Name and version of the client program, for the log: `widget/0.1.0`.
    pub client: Option<String>,
}

/// A customer opens a conversation on the channel that its token is bound to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// Repeated on a retry: the same conversation is answered.
    pub client_id: ClientId,
    /// What the visitor said about itself and where it is: values of the pre-chat form, `page_url`, `page_title`,
    /// `language`, `timezone`. Claims, shown to the agent as such.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Map::is_empty"
    )]
    pub data: Map,
}

/// Subscribes to a conversation.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Join {
    /// Which one.
    pub conversation: ConversationId,
    /// What the client already holds; absent on a first visit.
    pub after: Option<Cursor>,
}

/// A range of the log to pull.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RangeKeys", into = "RangeKeys")]
pub struct PageRequest {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Where from, and in which direction.
    pub range: Range,
    /// At most this many events; see [`crate::limits::MAX_PAGE`].
    pub limit: Option<u32>,
}

/// Which way a page reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// The oldest events after this position (catching up).
    After(Seq),
    /// The newest events before this position (scrolling back).
    Before(Seq),
}

/// A message to append.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Repeated on a retry: the first result is answered.
    pub client_id: ClientId,
    /// The content, shared with the outbox that it comes from.
    pub message: Arc<Draft>,
    /// Who may see it.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Audience::is_everyone"
    )]
    pub audience: Audience,
}

/// Who a post is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody in the conversation. Omitted on the wire.
    #[default]
    Everyone,
    /// `agents`: a whisper between contact-centre users. Customers and bots never receive it.
    Agents,
}

impl Audience {
    fn is_everyone(&self) -> bool {
        matches!(self, Self::Everyone)
    }
}

/// What a sender may state about a message: content and the few header fields that are its own. The relay completes
/// it to a full CIM message; a draft that states anything else about its header is refused as `forbidden_field`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "DraftKeys")]
pub struct Draft {
    /// The content.
    pub body: MessageBody,
    /// `header.intent`: an instruction or the payload of a clicked button.
    pub intent: Option<String>,
    /// `header.entities`: data that goes with the intent.
    pub entities: Option<Map>,
    /// `header.originalMessageId`: the message that is answered, quoted or edited.
    pub original_message_id: Option<MessageId>,
    /// `header.additionalData`.
    pub additional_data: Option<Map>,
    /// `header.language`.
    pub language: Option<Map>,
}

impl Draft {
    /// A draft with a body and nothing else.
    pub fn new(body: MessageBody) -> Self {
        Self {
            body,
            intent: None,
            entities: None,
            original_message_id: None,
            additional_data: None,
            language: None,
        }
    }
}

/// How far one member has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Everything up to and with this position.
    pub up_to: Seq,
}

/// What the relay sends to a client of a role. Events in it are what this role may see of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case", bound = "R::Event: Serialize")]
pub enum ServerFrame<R: Role = Agent> {
    /// `welcome`: the answer to `hello`.
    Welcome(Box<Welcome<R>>),
    /// `authenticated`: the answer to `auth`.
    Authenticated {
        /// When the token ends, in epoch milliseconds.
        #[serde(skip_serializing_if = "Option::is_none")]
        expires_at: Option<i64>,
    },
    /// `joined`: live events follow from the head on.
    Joined(Box<Joined<R>>),
    /// `page`: a covered range of the log.
    Page(Page<R>),
    /// `event`: one live event.
    Event(Box<LiveEvent<R>>),
    /// `accepted`: it is on disk.
    Accepted(Accepted),
    /// `refused`: nothing was done.
    Refused(Refused),
    /// `typing`: somebody else types, or stopped.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        person: Person,
        /// Started (`true`) or stopped.
        on: bool,
    },
    /// `conversation`: a conversation of this principal began or changed.
    Conversation(Box<Summary<R>>),
    /// `offer`: a request rings at this agent.
    Offer(Box<Offer>),
    /// `offer_revoked`: the request was answered elsewhere, withdrawn or timed out.
    OfferRevoked {
        /// The offer's task.
        task: TaskId,
        /// A close reason of a task: `RONA`, `CANCELLED`, ...
        reason: String,
    },
    /// `agent_state`: this agent's state as the relay holds it.
    AgentState {
        /// `READY` or `NOT_READY`.
        state: String,
        /// Why: the reason that the agent gave, or `RONA`.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// `goodbye`: the relay will close this socket; the client comes back after the delay.
    Goodbye {
        /// When to come back, in milliseconds, jitter included.
        retry_after_ms: u64,
    },
    /// `pong`.
    Pong,
}

/// Who and what the client is to the relay, and what it takes part in.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "R::Event: Serialize", deserialize = "R::Event: Deserialize<'de>"))]
pub struct Welcome<R: Role = Agent> {
    /// The identity that is bound to this socket.
    pub me: Person,
    /// The store's incarnation.
    pub epoch: Epoch,
    /// The relay's clock, in epoch milliseconds.
    #[serde(deserialize_with = "lenient::whole")]
    pub now: i64,
    /// When the token ends, in epoch milliseconds; absent for keys.
    #[serde(default, deserialize_with = "lenient::whole_or_default")]
    pub expires_at: Option<i64>,
    /// Customers: the live conversation, or the last one. Agents and bots: those that they take part in.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub conversations: Vec<Summary<R>>,
    /// Agents: requests that ring right now.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub offers: Vec<Offer>,
    /// Agents: the state that the relay holds.
    pub agent_state: Option<String>,
}

/// Somebody in a conversation, reduced to what the reader may know.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Opaque; stable, so that a colour can be derived from it.
    pub id: String,
    /// `CUSTOMER`, `AGENT`, `BOT`, `APP` or `SYSTEM`.
    pub kind: String,
    /// What people call it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// `PRIMARY`, `ASSISTANT`, `CUSTOMER`, ... when it takes part in the conversation at hand.
    pub role: Option<String>,
}

/// A conversation in a list.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "R::Event: Serialize", deserialize = "R::Event: Deserialize<'de>"))]
pub struct Summary<R: Role = Agent> {
    /// Its id.
    pub conversation: ConversationId,
    /// `CREATED`, `ACTIVE`, `CUSTOMER_LEFT`, `CLOSED`, ...: conversation states of object-model 1.21.1.
    pub state: String,
    /// The last position of its log.
    pub head: Seq,
    /// Who takes part now.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub people: Vec<Person>,
    /// Whether a request for an agent waits or rings.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub waiting: bool,
    /// When it began, in epoch milliseconds.
    #[serde(deserialize_with = "lenient::whole")]
    pub started_at: i64,
    /// Since when the customer has had no answer, in epoch milliseconds. Staff only.
    #[serde(default, deserialize_with = "lenient::whole_or_default")]
    pub waiting_since: Option<i64>,
    /// The newest message that the reader may see.
    pub last: Option<Item<R>>,
    /// Messages of others after the reader's own `read` mark.
    #[serde(default, deserialize_with = "lenient::count")]
    pub unread: u32,
    /// The reader's own `read` mark.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub read: Seq,
    /// The channel's service identifier. Staff only.
    pub channel: Option<String>,
    /// Conversation data: pre-chat values and page. Staff and bots only.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Map::is_empty"
    )]
    pub data: Map,
}

/// The answer to `join`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "R::Event: Serialize", deserialize = "R::Event: Deserialize<'de>"))]
pub struct Joined<R: Role = Agent> {
    /// Which conversation, and how it stands.
    pub summary: Summary<R>,
    /// The epoch that its positions count in. If it differs from the client's, the client drops its cache.
    pub epoch: Epoch,
    /// Live events follow from after this position; what is missing before it is pulled.
    pub head: Seq,
}

/// One event as its reader may see it.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "R::Event: Serialize", deserialize = "R::Event: Deserialize<'de>"))]
pub struct Item<R: Role = Agent> {
    /// Its position.
    pub seq: Seq,
    /// The event.
    pub event: R::Event,
    /// The sender's client id, sent only to the sender, so that its other tabs and a lost answer are merged.
    pub client_id: Option<ClientId>,
}

/// A covered range of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "R::Event: Serialize", deserialize = "R::Event: Deserialize<'de>"))]
pub struct Page<R: Role = Agent> {
    /// Which conversation.
    pub conversation: ConversationId,
    /// What positions count in.
    pub epoch: Epoch,
    /// The range covered begins after this position. 0 means the log's beginning was reached.
    pub after: Seq,
    /// The range covered ends with this position.
    pub through: Seq,
    /// What the reader may see in it, in order.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub items: Vec<Item<R>>,
    /// The log's last position when the page was read.
    pub head: Seq,
}

/// One live event; covers `(after, item.seq]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    from = "FlatEvent<R>",
    bound(serialize = "R::Event: Serialize", deserialize = "R::Event: Deserialize<'de>")
)]
pub struct LiveEvent<R: Role = Agent> {
    /// The event. Its keys stand flat in the frame.
    #[serde(flatten)]
    pub item: Item<R>,
    /// Which conversation.
    pub conversation: ConversationId,
    /// What positions count in.
    pub epoch: Epoch,
    /// Nothing visible stands between this position and the event.
    pub after: Seq,
}

/// The post, start, end, accept or leave with this client id is on disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    /// The sender's id.
    pub client_id: ClientId,
    /// Where it landed.
    pub conversation: ConversationId,
    /// What `seq` counts in.
    pub epoch: Epoch,
    /// Its position.
    pub seq: Seq,
    /// The message's id, or the event's when it is no message.
    pub message_id: MessageId,
    /// When the relay took it, in epoch milliseconds.
    #[serde(deserialize_with = "lenient::whole")]
    pub timestamp: i64,
}

/// Nothing was done, and why.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    /// The frame's client id, where it had one.
    pub client_id: Option<ClientId>,
    /// The frame's conversation, where it had one.
    pub conversation: Option<ConversationId>,
    /// Machine-readable.
    pub code: RefusalCode,
    /// For developers, in English; never shown to customers.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub message: String,
    /// Whether the very same frame may succeed later.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub retryable: bool,
    /// Not before this many milliseconds.
    #[serde(default, deserialize_with = "lenient::natural_or_default")]
    pub retry_after_ms: Option<u64>,
}

macro_rules! refusal_codes {
    ($($(#[$meta:meta])* $name:ident = $text:literal, $retryable:literal;)*) => {
        /// Why a frame was refused.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum RefusalCode {
            $($(#[$meta])* $name,)*
            /// A code of a newer relay.
            Other(String),
        }

        impl RefusalCode {
            /// All codes that this version knows, for the table in the protocol document.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Other(text) => text,
                }
            }

            /// Reads a code; an unknown one is kept.
            pub fn parse(text: &str) -> Self {
                match text {
                    $($text => Self::$name,)*
                    _ => Self::Other(text.to_owned()),
                }
            }

            /// Whether the same frame may succeed later.
            pub const fn retryable(&self) -> bool {
                match self {
                    $(Self::$name => $retryable,)*
                    Self::Other(_) => false,
                }
            }
        }
    };
}

refusal_codes! {
    /// The conversation or the store has too much to do.
    Busy = "busy", true;
    /// Too many frames in too short a time.
    RateLimited = "rate_limited", true;
    /// The store takes nothing at the moment, for example because the disk is full.
    Unavailable = "unavailable", true;
    /// The relay is shutting down.
    Draining = "draining", true;
    /// Not JSON, or a key is missing or has the wrong type; `message` names it.
    Malformed = "malformed", false;
    /// The frame's `type` is not known to this relay.
    UnknownFrame = "unknown_frame", false;
    /// The frame states what only the relay may state: a sender, a customer, a conversation's owner.
    ForbiddenField = "forbidden_field", false;
    /// This principal may not do that.
    Forbidden = "forbidden", false;
    /// No such conversation, or none that this principal may know of.
    NotFound = "not_found", false;
    /// The body breaks a rule of its type, or is too long; `message` names the field.
    InvalidBody = "invalid_body", false;
    /// The chat is over.
    ConversationEnded = "conversation_ended", false;
    /// The offer was answered elsewhere, withdrawn or timed out.
    OfferGone = "offer_gone", false;
}

/// A request for an agent that rings at a desk (`taskRequest` in CIM).
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// The task to accept.
    pub task: TaskId,
    /// The conversation that waits.
    pub conversation: ConversationId,
    /// The queue that it came through.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub queue: String,
    /// The customer.
    pub customer: Person,
    /// Since when the customer waits, in epoch milliseconds.
    #[serde(deserialize_with = "lenient::whole")]
    pub waiting_since: i64,
    /// When the offer goes to the next agent, in epoch milliseconds of the relay's clock.
    #[serde(deserialize_with = "lenient::whole")]
    pub expires_at: i64,
    /// The newest text of the customer.
    pub last_text: Option<String>,
    /// Conversation data: pre-chat values and page.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Map::is_empty"
    )]
    pub data: Map,
}

impl Serialize for RefusalCode {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for RefusalCode {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|code| Self::parse(&code))
    }
}

impl From<&Sender> for Person {
    fn from(sender: &Sender) -> Self {
        Self {
            id: sender.id.clone(),
            kind: sender.kind.as_str().to_owned(),
            name: sender.sender_name.clone(),
            role: None,
        }
    }
}
