//! What the relay sends to a client of a role.

use super::event::{LiveEvent, Page};
use super::refusal::Refused;
use super::summary::{Offer, Person, Summary};
use crate::cim::agent::AgentStateName;
use crate::cim::task::TaskCloseReason;
use crate::ids::{ClientId, ConversationId, Epoch, MessageId, Seq, TaskId};
use crate::lenient;
use crate::role::{Agent, Role};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

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
    /// `queue_position`: where the request of a customer who waits stands in its queue. Customers only.
    QueuePosition(QueuePosition),
    /// `conversation`: a conversation of this principal began or changed.
    Conversation(Box<Summary<R>>),
    /// `offer`: a request rings at this agent.
    Offer(Box<Offer>),
    /// `offer_revoked`: the request was answered elsewhere, withdrawn or timed out.
    OfferRevoked {
        /// The offer's task.
        task: TaskId,
        /// Why: `RONA`, `CANCELLED`, ...
        reason: TaskCloseReason,
    },
    /// `agent_state`: this agent's state as the relay holds it.
    AgentState {
        /// Ready or not ready.
        state: AgentStateName,
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
    pub agent_state: Option<AgentStateName>,
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

/// Where a customer's request for an agent stands in its queue. A number is all that a customer learns about others.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueuePosition {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its place, from 1, which is the next one.
    pub position: u32,
    /// How long customers of this queue have usually waited during the last hour, in whole minutes: 0 is less than one.
    /// Absent when too few have been answered to know.
    pub wait_minutes: Option<u32>,
}
