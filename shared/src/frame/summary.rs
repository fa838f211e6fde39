//! Conversations and requests in a reader's lists, and the people in them.

use super::event::Item;
use crate::cim::conversation::ConversationState;
use crate::cim::participant::ParticipantRole;
use crate::cim::{Sender, SenderType};
use crate::ids::{ConversationId, Seq, TaskId};
use crate::json::Map;
use crate::lenient;
use crate::role::{Agent, Role, StaffDetails};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// Somebody in a conversation, reduced to what the reader may know.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Opaque; stable, so that a colour can be derived from it.
    pub id: String,
    /// What it is: a customer, an agent, a bot, ...
    pub kind: SenderType,
    /// What people call it.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub name: String,
    /// As what it takes part in the conversation at hand, if it does.
    pub role: Option<ParticipantRole>,
}

impl From<&Sender> for Person {
    fn from(sender: &Sender) -> Self {
        Self {
            id: sender.id.clone(),
            kind: sender.kind.clone(),
            name: sender.sender_name.clone(),
            role: None,
        }
    }
}

/// A conversation in a list.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    from = "FlatSummary<R>",
    bound(serialize = "R::Event: Serialize", deserialize = "R::Event: Deserialize<'de>")
)]
pub struct Summary<R: Role = Agent> {
    /// Its id.
    pub conversation: ConversationId,
    /// How far it is.
    pub state: ConversationState,
    /// The last position of its log.
    pub head: Seq,
    /// Who takes part now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<Person>,
    /// Whether a request for an agent waits or rings.
    pub waiting: bool,
    /// When it began, in epoch milliseconds.
    pub started_at: i64,
    /// The newest message that the reader may see.
    pub last: Option<Item<R>>,
    /// Messages of others after the reader's own `read` marker.
    pub unread: u32,
    /// The reader's own `read` marker.
    pub read: Seq,
    /// What this reader's role is told besides. Its keys stand flat in the summary.
    #[serde(flatten)]
    pub details: R::Details,
}

/// The keys of a [`Summary`], which has its details' among its own. Flattened, they would be read by way of a buffer that
/// does not take numbers.
#[derive(Deserialize)]
#[serde(bound = "R::Event: Deserialize<'de>")]
struct FlatSummary<R: Role> {
    conversation: ConversationId,
    state: ConversationState,
    head: Seq,
    #[serde(default, deserialize_with = "lenient::or_default")]
    people: Vec<Person>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    waiting: bool,
    #[serde(deserialize_with = "lenient::whole")]
    started_at: i64,
    #[serde(default, deserialize_with = "lenient::whole_or_default")]
    waiting_since: Option<i64>,
    last: Option<Item<R>>,
    #[serde(default, deserialize_with = "lenient::count")]
    unread: u32,
    #[serde(default, deserialize_with = "lenient::or_default")]
    read: Seq,
    channel: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    data: Map,
}

impl<R: Role> From<FlatSummary<R>> for Summary<R> {
    fn from(keys: FlatSummary<R>) -> Self {
        let details = StaffDetails {
            waiting_since: keys.waiting_since,
            channel: keys.channel,
            data: keys.data,
        };
        Self {
            conversation: keys.conversation,
            state: keys.state,
            head: keys.head,
            people: keys.people,
            waiting: keys.waiting,
            started_at: keys.started_at,
            last: keys.last,
            unread: keys.unread,
            read: keys.read,
            details: R::Details::from(details),
        }
    }
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
