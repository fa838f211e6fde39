//! What an actor is asked, and how it answers.

use super::{ConnectionId, Follow, Refusal, Sink};
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
pub(crate) struct Letter {
    /// What is asked.
    pub(crate) ask: Ask,
    /// Who waits.
    pub(crate) answer: Answer,
}

/// What an actor is asked.
#[derive(Debug)]
pub(crate) enum Ask {
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
    Mark {
        /// Who.
        who: Principal,
        /// How far.
        up_to: Seq,
        /// In which sense.
        kind: MarkKind,
    },
    /// What a customer says of itself has changed.
    Describe {
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
        sink: Sink,
        /// Its place among what the connection reads.
        follow: Follow,
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

impl Ask {
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
            Self::Mark { .. }
            | Self::Describe { .. }
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
            Self::Mark { .. } => "mark",
            Self::Describe { .. } => "describe",
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
pub(crate) enum MarkKind {
    /// It reached a client.
    Delivered,
    /// A person saw it.
    Read,
}

/// What was done.
#[derive(Debug)]
pub(crate) enum Done {
    /// It is on disk.
    Accepted(Accepted),
    /// The connection is subscribed.
    Joined(Box<Joined>),
    /// It is done, or there was nothing to do.
    Quietly,
}

/// Where an answer goes. Every request is answered once: one that is dropped unanswered, because its actor panicked
/// or stopped, is refused as retryable.
#[derive(Debug)]
pub(crate) struct Answer {
    to: To,
}

#[derive(Debug)]
enum To {
    Nobody,
    /// The socket that asked, so that the answer stands before the events that it causes.
    Socket {
        sink: Sink,
        client_id: Option<ClientId>,
        conversation: Option<ConversationId>,
        /// Dropped once the answer is queued.
        _answered: Option<oneshot::Sender<()>>,
    },
    Caller(oneshot::Sender<Result<Done, Refusal>>),
}

impl Answer {
    /// Nobody waits.
    pub(crate) fn nobody() -> Self {
        Self { to: To::Nobody }
    }

    /// The answer is a frame on this socket.
    pub(crate) fn socket(sink: Sink, client_id: Option<ClientId>, conversation: ConversationId) -> Self {
        Self {
            to: To::Socket {
                sink,
                client_id,
                conversation: Some(conversation),
                _answered: None,
            },
        }
    }

    /// The same for a frame that names no conversation. The second half ends once the answer is queued.
    pub(crate) fn to_start(sink: Sink, client_id: ClientId) -> (Self, oneshot::Receiver<()>) {
        let (sender, receiver) = oneshot::channel();
        let to = To::Socket {
            sink,
            client_id: Some(client_id),
            conversation: None,
            _answered: Some(sender),
        };
        (Self { to }, receiver)
    }

    /// The answer is awaited.
    pub(crate) fn caller() -> (Self, oneshot::Receiver<Result<Done, Refusal>>) {
        let (sender, receiver) = oneshot::channel();
        (Self { to: To::Caller(sender) }, receiver)
    }

    /// Answers.
    pub(crate) fn give(mut self, result: Result<Done, Refusal>) {
        self.send(result);
    }

    fn send(&mut self, result: Result<Done, Refusal>) {
        match std::mem::replace(&mut self.to, To::Nobody) {
            To::Nobody => {}
            To::Socket {
                sink,
                client_id,
                conversation,
                _answered,
            } => match result {
                Ok(Done::Accepted(accepted)) => sink.push(&ServerFrame::Accepted(accepted)),
                Ok(Done::Joined(joined)) => sink.push(&ServerFrame::Joined(joined)),
                Ok(Done::Quietly) => {}
                Err(refusal) => {
                    metrics::counter!(REFUSALS, "code" => refusal.code.as_str().to_owned()).increment(1);
                    sink.push(&ServerFrame::Refused(refusal.frame(client_id, conversation)));
                }
            },
            To::Caller(sender) => {
                let _ = sender.send(result);
            }
        }
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.send(Err(Refusal::new(
            RefusalCode::Unavailable,
            "the conversation stopped; try again",
        )));
    }
}
