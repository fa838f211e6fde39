//! What a client (widget, desk, WebSocket bot) sends.

use super::draft::Draft;
use crate::cim::MessageBody;
use crate::cim::agent::AgentStateName;
use crate::ids::{ClientId, ConversationId, Cursor, DeskId, Seq, TaskId};
use crate::json::{DecodeError, MISSING, Map};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use std::sync::Arc;

/// What a client (widget, desk, WebSocket bot) sends, with bodies of the type `B`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ClientFrame<B = MessageBody> {
    /// `hello`: the first frame. Says who speaks; everything after it is done in that name.
    Hello(Hello),
    /// `auth`: a newer token for the same identity, sent before the old one ends.
    Auth {
        /// The new token.
        token: String,
    },
    /// `start`: a customer opens a conversation. Answered by `accepted` with the conversation's id.
    Start(Start<B>),
    /// `join`: subscribe to a conversation's live events. Answered by `joined`.
    Join(Join),
    /// `page`: pull a range of the log. Answered by `page`.
    Page(PageRequest),
    /// `post`: append a message. Answered by `accepted` or `refused`.
    Post(Post<B>),
    /// `delivered`: every event up to here reached this client.
    Delivered(ReadMarker),
    /// `read`: a person saw every event up to here.
    Read(ReadMarker),
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
        /// As in [`Start::data`]; on top of what was said before. A null or a blank text takes a key back.
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
        /// Which of the two.
        state: AgentStateName,
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
    /// Agents: which of their desks it is, of which one is connected. Programs that are no desks state none.
    pub desk: Option<DeskClaim>,
}

/// A desk that connects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskClaim {
    /// Minted by the desk, the same for as long as its page or tab lives.
    pub id: DeskId,
    /// Whether it takes the place of another desk that is connected, because a person said so. Without it such a desk is closed with
    /// `desk in use`.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub take_over: bool,
}

/// A customer opens a conversation on the channel that its token is bound to.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Start<B = MessageBody> {
    /// Repeated on a retry: the same conversation is answered.
    pub client_id: ClientId,
    /// What the visitor said about itself and where it is: `page_url`, `page_title`, `language`, `timezone`, and what the
    /// page knows of it. Claims, shown to the agent as such.
    #[serde(
        default,
        deserialize_with = "lenient::or_default",
        skip_serializing_if = "Map::is_empty"
    )]
    pub data: Map,
    /// The channel's pre-chat form, filled: a `FORM_DATA`. Its answers go on top of `data`.
    pub form: Option<Box<B>>,
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

/// The keys of a [`PageRequest`], of which one names the direction.
#[skip_serializing_none]
#[derive(Serialize, Deserialize)]
struct RangeKeys {
    conversation: ConversationId,
    after: Option<Seq>,
    before: Option<Seq>,
    #[serde(default, deserialize_with = "lenient::count")]
    limit: Option<u32>,
}

impl TryFrom<RangeKeys> for PageRequest {
    type Error = String;

    fn try_from(keys: RangeKeys) -> Result<Self, String> {
        let range = match (keys.before, keys.after) {
            (Some(before), _) => Range::Before(before),
            (None, Some(after)) => Range::After(after),
            (None, None) => return Err(DecodeError::new("after", MISSING).marked()),
        };
        Ok(Self {
            conversation: keys.conversation,
            range,
            limit: keys.limit,
        })
    }
}

impl From<PageRequest> for RangeKeys {
    fn from(request: PageRequest) -> Self {
        let (after, before) = match request.range {
            Range::After(seq) => (Some(seq), None),
            Range::Before(seq) => (None, Some(seq)),
        };
        Self {
            conversation: request.conversation,
            after,
            before,
            limit: request.limit,
        }
    }
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
pub struct Post<B = MessageBody> {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Repeated on a retry: the first result is answered.
    pub client_id: ClientId,
    /// The content, shared with the outbox that it comes from.
    pub message: Arc<Draft<B>>,
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

/// How far one member has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadMarker {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Everything up to and with this position.
    pub up_to: Seq,
}
