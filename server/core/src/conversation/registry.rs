//! What the rest of the relay calls: finds or starts the actor of a conversation and sends it commands.

use super::actor::Actor;
use super::mailboxes::{Mailboxes, SHARDS};
use super::{Ack, Command, ConnectionId, Envelope, Refusal, Reply, Services};
use crate::bot::{BotReply, ReplyOutcome};
use crate::identity::StaffPrincipal;
use crate::store::Timer;
use portico_shared::frame::{Accepted, QueuePosition, RefusalCode};
use portico_shared::ids::{ConversationId, CustomerId, ParticipantId, TaskId};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};

/// How much an actor takes on.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Commands that wait for one conversation. One more is refused as busy.
    pub mailbox: usize,
    /// How long an actor without subscribers and commands stays at least; at most twice as long.
    pub idle: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            mailbox: 64,
            idle: Duration::from_secs(60),
        }
    }
}

/// The conversations of this node. A cheap handle.
#[derive(Clone)]
pub struct Registry {
    inner: Arc<Inner>,
}

struct Inner {
    services: Arc<Services>,
    bounds: Bounds,
    mailboxes: Mailboxes,
    /// One customer's starts go one after the other, so that two tabs open one conversation and not two. These are
    /// held while the store works, so they are not std's.
    starts: Arc<[tokio::sync::Mutex<()>]>,
}

/// A customer's turn to start, until it is dropped.
pub(crate) type Turn<'r> = tokio::sync::MutexGuard<'r, ()>;

/// A delivery to a bot that failed for good.
#[derive(Debug, Clone)]
pub struct BotFailure {
    /// The bot.
    pub bot: ParticipantId,
    /// Which conversation.
    pub conversation: ConversationId,
    /// The delivery row.
    pub delivery: i64,
    /// What went wrong, for the operator.
    pub error: String,
}

impl Registry {
    /// A registry without conversations.
    pub fn new(services: Services) -> Self {
        Self::with_bounds(services, Bounds::default())
    }

    /// The same with other bounds.
    pub fn with_bounds(services: Services, bounds: Bounds) -> Self {
        let inner = Inner {
            services: Arc::new(services),
            bounds,
            mailboxes: Mailboxes::new(bounds.idle),
            starts: Self::turns(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// What it works with.
    pub fn services(&self) -> &Services {
        &self.inner.services
    }

    /// Appends what a bot answered to a delivery, and settles the delivery in the same step, or makes it a dead letter if
    /// something of the answer cannot be said. A repeat changes nothing.
    pub async fn bot_reply(&self, reply: BotReply) -> Result<ReplyOutcome, Refusal> {
        let conversation = reply.conversation.clone();
        match self.call(&conversation, Command::BotReply(reply)).await? {
            Ack::DeadLetter => Ok(ReplyOutcome::DeadLetter),
            Ack::Accepted(_) | Ack::Joined(_) | Ack::Done => Ok(ReplyOutcome::Delivered),
        }
    }

    /// Turns a delivery into a dead letter and brings in what answers in the bot's place.
    pub async fn bot_failed(&self, failure: BotFailure) -> Result<(), Refusal> {
        let BotFailure {
            bot,
            conversation,
            delivery,
            error,
        } = failure;
        self.call(&conversation, Command::BotFailed { bot, delivery, error })
            .await
            .map(drop)
    }

    /// Sends a due timer to its conversation.
    pub async fn fire(&self, timer: Timer) -> Result<(), Refusal> {
        let conversation = timer.conversation.clone();
        self.call(&conversation, Command::Timer(timer)).await.map(drop)
    }

    /// Reserves a task for an agent.
    pub async fn reserve(
        &self,
        conversation: &ConversationId,
        task: TaskId,
        agent: StaffPrincipal,
    ) -> Result<(), Refusal> {
        self.call(conversation, Command::Reserve { task, agent })
            .await
            .map(drop)
    }

    /// Ends the reservation of an agent that cannot answer any more.
    pub async fn withdraw(
        &self,
        conversation: &ConversationId,
        task: TaskId,
        agent: ParticipantId,
    ) -> Result<(), Refusal> {
        self.call(conversation, Command::Withdraw { task, agent })
            .await
            .map(drop)
    }

    /// Tells a conversation's customer where its request stands in the queue, if anybody reads the conversation. Best
    /// effort: the next change is told again, and a join asks the board.
    pub fn tell_position(&self, position: QueuePosition) {
        self.inner.mailboxes.send_if_loaded(
            &position.conversation.clone(),
            Envelope {
                command: Command::TellPosition(position),
                reply: Reply::none(),
            },
        );
    }

    /// A connection no longer reads a conversation. Best effort: its closed send handle is noticed at the next event anyway.
    pub fn part(&self, conversation: &ConversationId, connection: ConnectionId) {
        self.inner.mailboxes.send_if_loaded(
            conversation,
            Envelope {
                command: Command::Part(connection),
                reply: Reply::none(),
            },
        );
    }

    /// Sends a command to a conversation's actor, starting it if need be. It gets a reply in any case.
    pub fn send(&self, conversation: &ConversationId, envelope: Envelope) {
        if self.services().shutdown.is_cancelled() {
            let refusal = Refusal::new(RefusalCode::Draining, "the relay is shutting down");
            return envelope.reply.send(Err(refusal));
        }
        let spawn = || self.spawn(conversation);
        self.inner.mailboxes.send(conversation, envelope, spawn);
    }

    /// Wakes the worker that waits for the next deadline.
    pub fn wake_timers(&self) -> &Notify {
        &self.inner.services.wake_timers
    }

    /// Sends a command and waits for its reply.
    pub async fn call(&self, conversation: &ConversationId, command: Command) -> Result<Ack, Refusal> {
        let (reply, waiting) = Reply::channel();
        self.send(conversation, Envelope { command, reply });
        match waiting.await {
            Ok(result) => result,
            Err(_) => Err(Refusal::new(
                RefusalCode::Unavailable,
                "the conversation stopped; try again",
            )),
        }
    }

    pub(super) async fn accepted(&self, conversation: &ConversationId, command: Command) -> Result<Accepted, Refusal> {
        match self.call(conversation, command).await? {
            Ack::Accepted(accepted) => Ok(accepted),
            Ack::Joined(_) | Ack::DeadLetter | Ack::Done => {
                Err(Refusal::new(RefusalCode::Unavailable, "not acknowledged"))
            }
        }
    }

    /// The customer's turn to start.
    pub(crate) async fn starts_of(&self, customer: &CustomerId) -> Turn<'_> {
        self.inner.starts[self.shard_of(customer)].lock().await
    }

    /// Locks by which what concerns one customer goes one after the other: each takes the lock of [`Self::shard_of`] it.
    pub(crate) fn turns() -> Arc<[tokio::sync::Mutex<()>]> {
        (0..SHARDS).map(|_| tokio::sync::Mutex::default()).collect()
    }

    /// Which of [`Self::turns`] is a customer's.
    pub(crate) fn shard_of(&self, customer: &CustomerId) -> usize {
        self.inner.mailboxes.shard_of(customer)
    }

    /// The turns of two customers at once. Always taken in the same order, so that two links never wait for each other.
    pub(super) async fn starts_of_both(&self, one: &CustomerId, other: &CustomerId) -> [Option<Turn<'_>>; 2] {
        let (one, other) = (self.shard_of(one), self.shard_of(other));
        let first = self.inner.starts[one.min(other)].lock().await;
        let second = match one == other {
            true => None,
            false => Some(self.inner.starts[one.max(other)].lock().await),
        };
        [Some(first), second]
    }

    fn spawn(&self, conversation: &ConversationId) -> mpsc::Sender<Envelope> {
        let (mailbox, envelopes) = mpsc::channel(self.inner.bounds.mailbox);
        let actor = Actor::new(
            conversation.clone(),
            self.inner.services.clone(),
            self.inner.mailboxes.clone(),
        );
        self.services().tracker.spawn(actor.run(envelopes));
        mailbox
    }
}
