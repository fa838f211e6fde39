//! What an actor is asked, and how it answers.

use super::{ConnectionId, Refusal, SendHandle, Subscription};
use crate::bot::BotReply;
use crate::identity::linking::SignedIn;
use crate::identity::{AppPrincipal, CustomerPrincipal, Principal, StaffPrincipal, agent_key, customer_key};
use crate::store::{Author, Timer};
use crate::telemetry::REFUSALS;
use portico_shared::cim::{CimMessage, Customer};
use portico_shared::frame::{Accepted, Joined, Post, RefusalCode, ServerFrame, Start};
use portico_shared::ids::{ClientId, ConversationId, ParticipantId, Seq, TaskId};
use serde_json::{Map, Value};
use tokio::sync::oneshot;

/// A request and where its answer goes.
#[derive(Debug)]
pub(crate) struct Envelope {
    /// What is asked.
    pub(crate) command: Command,
    /// Who waits.
    pub(crate) reply: Reply,
}

/// What an actor is asked.
#[derive(Debug)]
pub(crate) enum Command {
    /// A customer opens the conversation that this actor is for.
    Start {
        /// Who.
        who: CustomerPrincipal,
        /// With what.
        start: Start,
        /// The customer as the store has it.
        known: Option<Box<Customer>>,
    },
    /// Append a message.
    Post {
        /// Who.
        who: Principal,
        /// What.
        post: Box<Post>,
    },
    /// End the chat.
    End {
        /// Who.
        who: Principal,
        /// Its idempotency key.
        client_id: ClientId,
    },
    /// Take the offer that rings.
    Accept {
        /// Who.
        who: StaffPrincipal,
        /// Which offer.
        task: TaskId,
        /// Its idempotency key.
        client_id: ClientId,
        /// The socket it came through; the agent's others are told that the offer is gone.
        via: Option<ConnectionId>,
    },
    /// Leave the conversation.
    Leave {
        /// Who.
        who: StaffPrincipal,
        /// Its idempotency key.
        client_id: ClientId,
    },
    /// Somebody has come this far.
    MoveMarker {
        /// Who.
        who: Principal,
        /// How far.
        up_to: Seq,
        /// In which sense.
        kind: MarkerKind,
    },
    /// What a customer says of itself has changed.
    UpdateVisitorData {
        /// Who.
        who: CustomerPrincipal,
        /// What is new, and what is taken back.
        data: Map<String, Value>,
    },
    /// The customer proved to be a known one.
    Link(Box<SignedIn>),
    /// Somebody types, or stopped.
    Typing {
        /// Who.
        who: Principal,
        /// Started or stopped.
        on: bool,
    },
    /// Subscribe a connection to what happens from now on.
    Join {
        /// Whose connection.
        who: Principal,
        /// The connection.
        handle: SendHandle,
        /// Its place among what the connection reads.
        subscription: Subscription,
    },
    /// The connection is gone.
    Part(ConnectionId),
    /// Routing found an agent.
    Reserve {
        /// Which request.
        task: TaskId,
        /// For whom.
        agent: StaffPrincipal,
    },
    /// The offer cannot be answered by that agent any more: it goes on without a miss.
    Withdraw {
        /// Which request.
        task: TaskId,
        /// At whom it rings.
        agent: ParticipantId,
    },
    /// A deadline is over.
    Timer(Timer),
    /// What a bot answered to a delivery.
    BotReply(BotReply),
    /// A delivery to the bot failed for good.
    BotFailed {
        /// The bot.
        bot: ParticipantId,
        /// The delivery row.
        delivery: i64,
        /// What went wrong, for the operator.
        error: String,
    },
    /// A third-party program reports something.
    Activity {
        /// Who.
        who: AppPrincipal,
        /// What.
        message: Box<CimMessage>,
    },
}

impl Command {
    /// Whose client id it carries.
    pub(crate) fn idempotency(&self) -> Option<(Author, ClientId)> {
        match self {
            Self::Start { who, start, .. } => Some((Author(customer_key(&who.id)), start.client_id.clone())),
            Self::Post { who, post } => Some((Author(who.key()), post.client_id.clone())),
            Self::End { who, client_id } => Some((Author(who.key()), client_id.clone())),
            Self::Accept { who, client_id, .. } | Self::Leave { who, client_id } => {
                Some((Author(agent_key(&who.id)), client_id.clone()))
            }
            Self::Activity { who, message } => {
                let client_id = ClientId::parse(&message.id)?;
                Some((Author(Principal::App(who.clone()).key()), client_id))
            }
            Self::MoveMarker { .. }
            | Self::UpdateVisitorData { .. }
            | Self::Link(_)
            | Self::Typing { .. }
            | Self::Join { .. }
            | Self::Part(_)
            | Self::Reserve { .. }
            | Self::Withdraw { .. }
            | Self::Timer(_)
            | Self::BotReply(_)
            | Self::BotFailed { .. } => None,
        }
    }

    /// What it is called in the log.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Start { .. } => "start",
            Self::Post { .. } => "post",
            Self::End { .. } => "end",
            Self::Accept { .. } => "accept",
            Self::Leave { .. } => "leave",
            Self::MoveMarker { .. } => "move_marker",
            Self::UpdateVisitorData { .. } => "update_visitor_data",
            Self::Link(_) => "link",
            Self::Typing { .. } => "typing",
            Self::Join { .. } => "join",
            Self::Part(_) => "part",
            Self::Reserve { .. } => "reserve",
            Self::Withdraw { .. } => "withdraw",
            Self::Timer(_) => "timer",
            Self::BotReply(_) => "bot_reply",
            Self::BotFailed { .. } => "bot_failed",
            Self::Activity { .. } => "activity",
        }
    }
}

/// In which sense somebody has come so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MarkerKind {
    /// It reached a client.
    Delivered,
    /// A person saw it.
    Read,
}

/// What was done.
#[derive(Debug)]
pub(crate) enum Ack {
    /// It is on disk.
    Accepted(Accepted),
    /// The connection is subscribed.
    Joined(Box<Joined>),
    /// It is done, or there was nothing to do.
    Done,
}

/// Where an answer goes. Every request is answered once: one that is dropped unanswered, because its actor panicked
/// or stopped, is refused as retryable.
#[derive(Debug)]
pub(crate) struct Reply {
    to: To,
}

#[derive(Debug)]
enum To {
    None,
    /// The socket that asked, so that the answer stands before the events that it causes.
    Socket {
        handle: SendHandle,
        client_id: Option<ClientId>,
        conversation: Option<ConversationId>,
        /// Dropped once the answer is queued.
        _answered: Option<oneshot::Sender<()>>,
    },
    Caller(oneshot::Sender<Result<Ack, Refusal>>),
}

impl Reply {
    /// Nobody waits.
    pub(crate) fn none() -> Self {
        Self { to: To::None }
    }

    /// The answer is a frame on this socket.
    pub(crate) fn socket(handle: SendHandle, client_id: Option<ClientId>, conversation: ConversationId) -> Self {
        Self {
            to: To::Socket {
                handle,
                client_id,
                conversation: Some(conversation),
                _answered: None,
            },
        }
    }

    /// The same for a frame that names no conversation. The second half ends once the answer is queued.
    pub(crate) fn to_start(handle: SendHandle, client_id: ClientId) -> (Self, oneshot::Receiver<()>) {
        let (sender, receiver) = oneshot::channel();
        let to = To::Socket {
            handle,
            client_id: Some(client_id),
            conversation: None,
            _answered: Some(sender),
        };
        (Self { to }, receiver)
    }

    /// The answer is awaited.
    pub(crate) fn channel() -> (Self, oneshot::Receiver<Result<Ack, Refusal>>) {
        let (sender, receiver) = oneshot::channel();
        (Self { to: To::Caller(sender) }, receiver)
    }

    /// Answers.
    pub(crate) fn send(mut self, result: Result<Ack, Refusal>) {
        self.dispatch(result);
    }

    fn dispatch(&mut self, result: Result<Ack, Refusal>) {
        match std::mem::replace(&mut self.to, To::None) {
            To::None => {}
            To::Socket {
                handle,
                client_id,
                conversation,
                _answered,
            } => match result {
                Ok(Ack::Accepted(accepted)) => handle.push(&ServerFrame::Accepted(accepted)),
                Ok(Ack::Joined(joined)) => handle.push(&ServerFrame::Joined(joined)),
                Ok(Ack::Done) => {}
                Err(refusal) => {
                    metrics::counter!(REFUSALS, "code" => refusal.code.as_str().to_owned()).increment(1);
                    handle.push(&ServerFrame::Refused(refusal.frame(client_id, conversation)));
                }
            },
            To::Caller(sender) => {
                let _ = sender.send(result);
            }
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.dispatch(Err(Refusal::new(
            RefusalCode::Unavailable,
            "the conversation stopped; try again",
        )));
    }
}
