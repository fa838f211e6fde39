//! The commands of a conversation's actor, and where its reply to each goes.

use super::{ConnectionId, Refusal, SendHandle, Subscription, activity_id};
use crate::bot::BotReply;
use crate::conversation::reader_role::{Joined, ServerFrame};
use crate::identity::linking::LinkProof;
use crate::identity::{AppPrincipal, CustomerPrincipal, Principal, StaffPrincipal, agent_key, customer_key};
use crate::links::Preview;
use crate::store::{Author, Timer};
use crate::telemetry::REFUSALS;
use portico_shared::cim::body::FormDataBody;
use portico_shared::cim::{CimMessage, Customer};
use portico_shared::frame::{Accepted, Post, QueuePosition, RefusalCode, Start};
use portico_shared::ids::{ClientId, ConversationId, CustomerId, ParticipantId, Seq, TaskId};
use serde_json::{Map, Value};
use tokio::sync::oneshot;

/// A command on its way to an actor, with the place for its reply.
#[derive(Debug)]
pub struct Envelope {
    /// What the actor is to do.
    pub command: Command,
    /// Where the result goes.
    pub reply: Reply,
}

/// What a conversation's actor can do. `who` is the proven identity on whose behalf it acts.
#[derive(Debug)]
pub enum Command {
    /// A customer opens the conversation that this actor is for.
    Start {
        /// On whose behalf.
        who: CustomerPrincipal,
        /// What the frame said.
        start: Start,
        /// The customer as the store has it.
        known: Option<Box<Customer>>,
    },
    /// Append a message.
    Post {
        /// On whose behalf.
        who: Principal,
        /// The frame.
        post: Box<Post>,
    },
    /// End the customer's session.
    End {
        /// On whose behalf.
        who: Principal,
        /// The idempotency key of the frame.
        client_id: ClientId,
    },
    /// Take the task that is reserved for this agent.
    Accept {
        /// On whose behalf.
        who: StaffPrincipal,
        /// The reserved task.
        task: TaskId,
        /// The idempotency key of the frame.
        client_id: ClientId,
        /// The socket it came through; the agent's others are told that the offer is gone.
        via: Option<ConnectionId>,
    },
    /// Leave the conversation.
    Leave {
        /// On whose behalf.
        who: StaffPrincipal,
        /// The idempotency key of the frame.
        client_id: ClientId,
    },
    /// Move the reader's delivered or read marker forward.
    MoveMarker {
        /// On whose behalf.
        who: Principal,
        /// The last position that was delivered or read.
        up_to: Seq,
        /// Which of the two markers moves.
        kind: MarkerKind,
    },
    /// Change the visitor data: what the page or the visitor says about the visitor.
    UpdateVisitorData {
        /// On whose behalf.
        who: CustomerPrincipal,
        /// New values by key; `null` removes a key.
        data: Map<String, Value>,
    },
    /// Pass the conversation from a visitor to the known customer that the visitor proved to be.
    Link(Box<LinkProof>),
    /// Relay that a participant types, or stopped.
    Typing {
        /// On whose behalf.
        who: Principal,
        /// True when typing starts, false when it stops.
        on: bool,
    },
    /// Subscribe a connection to what happens from now on.
    Join {
        /// The identity that the connection is bound to.
        /// On whose behalf.
        who: Principal,
        /// Where the connection's frames are queued.
        handle: SendHandle,
        /// Counts against the connection's limit of live conversations until it is dropped.
        subscription: Subscription,
    },
    /// Unsubscribe a connection that has closed.
    Part(ConnectionId),
    /// Tell the customer where its request for an agent stands in the queue.
    TellPosition(QueuePosition),
    /// Reserve the open task for the agent that routing chose.
    Reserve {
        /// The open task.
        task: TaskId,
        /// The chosen agent.
        agent: StaffPrincipal,
    },
    /// Put the task back into its queue because the agent cannot answer any more. It does not count as missed.
    Withdraw {
        /// The reserved task.
        task: TaskId,
        /// The agent that it is reserved for.
        agent: ParticipantId,
    },
    /// A stored timer is due.
    Timer(Timer),
    /// Append a bot's reply to a delivery.
    BotReply(BotReply),
    /// Turn a delivery that failed for good into a dead letter.
    BotFailed {
        /// The bot that could not be reached or refused the call.
        bot: ParticipantId,
        /// The delivery row.
        delivery: i64,
        /// What went wrong, for the operator.
        error: String,
    },
    /// Append the answer to the survey that came by a link to it.
    AnswerSurvey {
        /// The form with its answers.
        filled: Box<FormDataBody>,
    },
    /// End the chat, and erase what was said in it, if it is this customer's.
    Erase {
        /// Whose data goes.
        customer: CustomerId,
        /// The id in its place from now on; it is no customer's.
        stand_in: CustomerId,
        /// Whose erasure it is counted for: the customer's, or that of all conversations whose time is over.
        erasure: CustomerId,
    },
    /// Append what a page calls itself that a message links to.
    Preview(Box<Preview>),
    /// Append an activity that a third-party program reports.
    Activity {
        /// On whose behalf.
        who: AppPrincipal,
        /// The activity as the program wrote it.
        message: Box<CimMessage>,
    },
}

impl Command {
    /// The author and client id by which a repeat of this command is recognised, if it carries one.
    pub fn idempotency(&self) -> Option<(Author, ClientId)> {
        match self {
            Self::Start { who, start, .. } => Some((Author(customer_key(&who.id)), start.client_id.clone())),
            Self::Post { who, post } => Some((Author(who.key()), post.client_id.clone())),
            Self::End { who, client_id } => Some((Author(who.key()), client_id.clone())),
            Self::Accept { who, client_id, .. } | Self::Leave { who, client_id } => {
                Some((Author(agent_key(&who.id)), client_id.clone()))
            }
            Self::Activity { who, message } => {
                let client_id = activity_id::client_id(&message.id);
                Some((Author(Principal::App(who.clone()).key()), client_id))
            }
            Self::MoveMarker { .. }
            | Self::UpdateVisitorData { .. }
            | Self::Link(_)
            | Self::Typing { .. }
            | Self::Join { .. }
            | Self::Part(_)
            | Self::TellPosition(_)
            | Self::Reserve { .. }
            | Self::Withdraw { .. }
            | Self::Timer(_)
            | Self::BotReply(_)
            | Self::BotFailed { .. }
            | Self::AnswerSurvey { .. }
            | Self::Preview(_)
            | Self::Erase { .. } => None,
        }
    }

    /// Its name in traces.
    pub fn name(&self) -> &'static str {
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
            Self::TellPosition(_) => "tell_position",
            Self::Reserve { .. } => "reserve",
            Self::Withdraw { .. } => "withdraw",
            Self::Timer(_) => "timer",
            Self::BotReply(_) => "bot_reply",
            Self::BotFailed { .. } => "bot_failed",
            Self::AnswerSurvey { .. } => "answer_survey",
            Self::Erase { .. } => "erase",
            Self::Preview(_) => "preview",
            Self::Activity { .. } => "activity",
        }
    }
}

/// The two markers that every reader of a conversation has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkerKind {
    /// The last position that reached one of its clients.
    Delivered,
    /// The last position that a person saw.
    Read,
}

/// The acknowledgement of a command.
#[derive(Debug, Default)]
pub enum Ack {
    /// Its event is on disk.
    Accepted(Accepted),
    /// The connection is subscribed.
    Joined(Box<Joined>),
    /// A bot's answer was appended but for what broke a rule, and its delivery is a dead letter.
    DeadLetter,
    /// There is nothing more to say: it is done, or there was nothing to do.
    #[default]
    Done,
}

/// Where the result of a command goes. Every command gets one: a reply that is dropped unsent, because the actor panicked
/// or stopped, refuses the command as retryable.
#[derive(Debug)]
pub struct Reply {
    to: To,
}

#[derive(Debug)]
enum To {
    None,
    /// The connection that sent the command, so that the reply is queued before the events that the command causes.
    Socket {
        handle: SendHandle,
        client_id: Option<ClientId>,
        conversation: Option<ConversationId>,
        /// Dropped once the reply is queued.
        _answered: Option<oneshot::Sender<()>>,
    },
    Caller(oneshot::Sender<Result<Ack, Refusal>>),
}

impl Reply {
    /// A reply that goes nowhere.
    pub fn none() -> Self {
        Self { to: To::None }
    }

    /// A reply that becomes a frame on this connection.
    pub fn socket(handle: SendHandle, client_id: Option<ClientId>, conversation: ConversationId) -> Self {
        Self {
            to: To::Socket {
                handle,
                client_id,
                conversation: Some(conversation),
                _answered: None,
            },
        }
    }

    /// The same for a frame that names no conversation. The receiver ends once the reply is queued.
    pub fn to_start(handle: SendHandle, client_id: ClientId) -> (Self, oneshot::Receiver<()>) {
        let (sender, receiver) = oneshot::channel();
        let to = To::Socket {
            handle,
            client_id: Some(client_id),
            conversation: None,
            _answered: Some(sender),
        };
        (Self { to }, receiver)
    }

    /// A reply that the caller awaits.
    pub fn channel() -> (Self, oneshot::Receiver<Result<Ack, Refusal>>) {
        let (sender, receiver) = oneshot::channel();
        (Self { to: To::Caller(sender) }, receiver)
    }

    /// Sends the result.
    pub fn send(mut self, result: Result<Ack, Refusal>) {
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
                Ok(Ack::DeadLetter | Ack::Done) => {}
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
