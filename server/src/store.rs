//! What the relay needs of a durable store, and the records that pass through it.
//!
//! The store is the truth: it assigns nothing by itself, but it is the one place where a position in a log becomes
//! real. [`Store::commit`] writes events, the projections that follow from them and the deliveries that they cause
//! in one transaction, and returns only when that transaction is on disk. Adapters (`sqlite`) are
//! held to the same promises by one conformance suite. Nothing here knows about sockets, bots or rules.

#[cfg(test)]
pub(crate) mod conformance;
mod events;
mod people;
mod session;
pub mod sqlite;

pub use events::{Author, Committed, NewEvent, Posted, StoredEvent, StoredPage};
pub use people::{CredentialKind, CredentialRecord, UserRecord};
pub use session::SessionVersion;

use async_trait::async_trait;
use portico_shared::cim::{CimEvent, Customer};
use portico_shared::frame::Range;
use portico_shared::ids::{ClientId, ConversationId, CustomerId, Epoch, MessageId, ParticipantId, Seq, TaskId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The durable side of the relay. Every method may be called from any task.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// This incarnation of the store; see [`Epoch`].
    fn epoch(&self) -> &Epoch;

    /// Writes one step of one conversation in one transaction and returns once it is on disk.
    ///
    /// A [`NewEvent`] whose `(author, client_id)` exists already makes the whole commit a [`Committed::Duplicate`]
    /// that changes nothing. A conversation whose log is not at [`Commit::expected_head`] answers
    /// [`StoreError::Conflict`], also changing nothing.
    async fn commit(&self, commit: Commit) -> Result<Committed, StoreError>;

    /// Writes changes that belong to no conversation (agent states, settled deliveries, timers that fired).
    async fn apply(&self, changes: Vec<Change>) -> Result<(), StoreError>;

    /// The first result of a client id, if that author used it before.
    async fn posted(&self, author: &Author, client_id: &ClientId) -> Result<Option<Posted>, StoreError>;

    /// A range of a log, oldest first, at most `limit` events.
    async fn page(&self, conversation: &ConversationId, range: Range, limit: u32) -> Result<StoredPage, StoreError>;

    /// One conversation's projection.
    async fn conversation(&self, id: &ConversationId) -> Result<Option<ConversationRecord>, StoreError>;

    /// A customer's conversations, newest first.
    async fn conversations_of_customer(
        &self,
        customer: &CustomerId,
        limit: u32,
    ) -> Result<Vec<ConversationRecord>, StoreError>;

    /// The conversations that are not closed and in which this agent or bot takes part, newest first.
    async fn conversations_of_participant(
        &self,
        participant: &ParticipantId,
        limit: u32,
    ) -> Result<Vec<ConversationRecord>, StoreError>;

    /// The ids of all of them, newest first.
    async fn conversation_ids_of_participant(
        &self,
        participant: &ParticipantId,
    ) -> Result<Vec<ConversationId>, StoreError>;

    /// The conversation that a channel session belongs to.
    async fn conversation_of_session(&self, channel_session: &str) -> Result<Option<ConversationId>, StoreError>;

    /// The position of a message in a log.
    async fn position_of(&self, conversation: &ConversationId, message: &MessageId) -> Result<Option<Seq>, StoreError>;

    /// A customer by id.
    async fn customer(&self, id: &CustomerId) -> Result<Option<Customer>, StoreError>;

    /// A customer by one of its identities: channel type (`web`) and identifier.
    async fn customer_by_identity(&self, channel: &str, identifier: &str) -> Result<Option<Customer>, StoreError>;

    /// Activities that belong to a customer but to no conversation, newest first.
    async fn activities_of_customer(&self, customer: &CustomerId, limit: u32) -> Result<Vec<CimEvent>, StoreError>;

    /// The activity beside conversations that an author recorded under a client id, and whose it is.
    async fn activity(
        &self,
        author: &Author,
        client_id: &ClientId,
    ) -> Result<Option<(CustomerId, CimEvent)>, StoreError>;

    /// Tasks that are not closed, most urgent first: by priority downwards, then by waiting time.
    async fn open_tasks(&self) -> Result<Vec<TaskRecord>, StoreError>;

    /// Agent states as last written.
    async fn agent_states(&self) -> Result<Vec<AgentStateRecord>, StoreError>;

    /// Timers due at `now` (epoch milliseconds), oldest first. They stay until a change cancels them.
    async fn due_timers(&self, now: i64, limit: u32) -> Result<Vec<Timer>, StoreError>;

    /// When the next timer is due, in epoch milliseconds.
    async fn next_due(&self) -> Result<Option<i64>, StoreError>;

    /// Bots for which deliveries wait, due or not.
    async fn delivery_targets(&self) -> Result<Vec<ParticipantId>, StoreError>;

    /// Claims deliveries due at `now` until `lease_until`, for each target of `places` at most so many: of each (target,
    /// conversation) only the oldest unsettled one, so that a bot sees a conversation in order.
    async fn claim_deliveries(
        &self,
        now: i64,
        lease_until: i64,
        places: Vec<(ParticipantId, u32)>,
    ) -> Result<Vec<DeliveryRecord>, StoreError>;

    /// Dead letters, newest first.
    async fn dead_deliveries(&self, limit: u32) -> Result<Vec<DeliveryRecord>, StoreError>;

    /// Lets a dead letter be claimed again from `due_at` on, as if it had never been tried. False if there is none.
    async fn revive_delivery(&self, id: i64, due_at: i64) -> Result<bool, StoreError>;

    /// A contact-centre user by its sign-in name.
    async fn user_by_name(&self, username: &str) -> Result<Option<UserRecord>, StoreError>;

    /// A contact-centre user by id.
    async fn user(&self, id: &ParticipantId) -> Result<Option<UserRecord>, StoreError>;

    /// Creates or replaces a user.
    async fn put_user(&self, user: UserRecord) -> Result<(), StoreError>;

    /// A session or key by the SHA-256 of its secret.
    async fn credential(&self, secret_hash: &[u8; 32]) -> Result<Option<CredentialRecord>, StoreError>;

    /// Creates or replaces a session or key.
    async fn put_credential(&self, credential: CredentialRecord) -> Result<(), StoreError>;

    /// Takes back all sessions of a contact-centre user; sockets that were opened with them close within seconds.
    async fn end_sessions(&self, user: &ParticipantId) -> Result<(), StoreError>;

    /// Forgets sessions of contact-centre users that ended before this time, in epoch milliseconds.
    async fn forget_sessions(&self, ended_before: i64) -> Result<(), StoreError>;

    /// A value that the relay keeps for itself (its signing key), created by `make` on first use.
    async fn secret(&self, name: &str, make: [u8; 32]) -> Result<[u8; 32], StoreError>;

    /// Whether a write would be taken now: what `/readyz` answers.
    async fn ready(&self) -> Result<(), StoreError>;
}

/// One step of one conversation.
#[derive(Debug, Clone)]
pub struct Commit {
    /// The position that the log must be at; 0 creates the conversation.
    pub expected_head: Seq,
    /// What is appended, in order. May be empty when only projections change.
    pub events: Vec<Arc<NewEvent>>,
    /// The conversation's projection after these events; its `head` is `expected_head + events.len()`.
    pub conversation: ConversationRecord,
    /// Other projections and effects of the same step.
    pub changes: Vec<Change>,
}

/// Everything the actor of a conversation must know to go on after a restart: a fold of its log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConversationRecord {
    /// Its id.
    pub id: ConversationId,
    /// The log's last position. This and the other three that almost every message changes are no part of the record's
    /// JSON, so that it is not written anew with each of them.
    #[serde(skip)]
    pub head: Seq,
    /// Whose it is.
    pub customer: CustomerId,
    /// The channel's service identifier.
    pub channel: String,
    /// The customer's channel session as the last session event carried it. Its JSON is no part of the record's: it is
    /// by far the larger of the two and rarely changes.
    #[serde(skip)]
    pub channel_session: Arc<SessionVersion>,
    /// The channel session's id.
    pub channel_session_id: String,
    /// The room's id.
    pub room: String,
    /// `CREATED`, `ACTIVE`, ...: a conversation state by its wire name.
    pub state: String,
    /// When it began, in epoch milliseconds.
    pub started_at: i64,
    /// When the channel session ended, in epoch milliseconds.
    pub ended_at: Option<i64>,
    /// Who takes part now.
    pub participants: Vec<ParticipantRecord>,
    /// The open request for an agent.
    pub task: Option<TaskId>,
    /// Since when the customer has had no answer, in epoch milliseconds.
    #[serde(skip)]
    pub waiting_since: Option<i64>,
    /// When the customer last wrote, in epoch milliseconds.
    #[serde(skip)]
    pub spoke_at: Option<i64>,
    /// When the timer is due that looks whether the customer has been silent for too long, in epoch milliseconds; absent
    /// if there is none.
    pub silent_until: Option<i64>,
    /// Conversation data.
    pub data: Map<String, Value>,
    /// The keys of it that the customer stated. All others are of bots and applications.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub stated: BTreeSet<String>,
    /// Where each member has come to.
    pub marks: Vec<MarkRecord>,
    /// The newest message's position, for lists.
    #[serde(skip)]
    pub last_message: Option<Seq>,
}

/// Somebody in a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ParticipantRecord {
    /// The user's, bot's or customer's id.
    pub id: ParticipantId,
    /// `AGENT`, `BOT`, `CUSTOMER`.
    pub kind: String,
    /// `PRIMARY`, `ASSISTANT`, ...
    pub role: String,
    /// What people call it.
    pub name: String,
    /// When it joined, in epoch milliseconds.
    pub joined_at: i64,
}

/// Where one member has come to. Members are `customer:<id>`, `agent:<id>`, `bot:<id>`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkRecord {
    /// Whose mark.
    pub member: String,
    /// Everything up to here reached one of its clients.
    pub delivered: Seq,
    /// A person saw everything up to here.
    pub read: Seq,
}

/// A side effect of a step, in the same transaction.
#[derive(Debug, Clone)]
pub enum Change {
    /// Creates or replaces a customer and its identities (channel type to identifiers).
    Customer(Customer),
    /// What one author wrote into a conversation counts as another's from now on, with its client ids. An id that the other
    /// one has used itself stays where it is: its first result is known.
    MoveAuthor {
        /// The conversation.
        conversation: ConversationId,
        /// Who wrote.
        from: Author,
        /// Whose it is now.
        to: Author,
    },
    /// Creates or replaces a task.
    Task(TaskRecord),
    /// Creates or replaces a timer.
    SetTimer(Timer),
    /// Moves a timer to `due_at`, in epoch milliseconds, unless it is no longer as it was read.
    PostponeTimer {
        /// The timer as it was read.
        timer: Timer,
        /// When it is due instead.
        due_at: i64,
    },
    /// Removes a timer; it need not exist.
    CancelTimer(String),
    /// A bot is to receive an event of this commit.
    Deliver(NewDelivery),
    /// A delivery is done: its row goes.
    Settle(i64),
    /// A delivery failed and is tried again at `due_at`.
    Retry {
        /// Which delivery.
        id: i64,
        /// When, in epoch milliseconds.
        due_at: i64,
        /// What went wrong, for the operator.
        error: String,
    },
    /// A delivery failed for good: it becomes a dead letter.
    Dead {
        /// Which delivery.
        id: i64,
        /// What went wrong, for the operator.
        error: String,
    },
    /// An agent's state.
    AgentState(AgentStateRecord),
    /// An agent has left a conversation: it waits for the next one since now. What state it is in stays as it is.
    AgentFree {
        /// Who.
        agent: ParticipantId,
        /// When, in epoch milliseconds.
        since: i64,
    },
    /// An activity that belongs to a customer but to no conversation.
    CustomerActivity {
        /// Whose.
        customer: CustomerId,
        /// The activity.
        event: Box<CimEvent>,
        /// In whose name.
        author: Author,
        /// The author's idempotency key; a repeated one changes nothing.
        client_id: Option<ClientId>,
    },
}

/// A request for an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// Its id.
    pub id: TaskId,
    /// Its one media's id.
    pub media: String,
    /// Whose.
    pub conversation: ConversationId,
    /// The queue's name.
    pub queue: String,
    /// 1 to 10 by request; 11 after an unanswered offer, so that it goes first.
    pub priority: u8,
    /// How far it is.
    pub state: TaskPhase,
    /// The agent it rings at or is served by.
    pub assigned_to: Option<ParticipantId>,
    /// Since when it waits, in epoch milliseconds.
    pub enqueued_at: i64,
    /// Agents that let it ring without answering.
    pub missed_by: Vec<ParticipantId>,
    /// When the current offer ends, in epoch milliseconds.
    pub offer_ends_at: Option<i64>,
    /// Why it closed: a close reason of a task.
    pub close_reason: Option<String>,
}

/// The state of a task's media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaskPhase {
    /// Waits for an agent.
    Queued,
    /// Rings at one.
    Reserved,
    /// Is served.
    Active,
    /// Is over.
    Closed,
}

/// An agent's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentStateRecord {
    /// The user.
    pub agent: ParticipantId,
    /// Takes offers or not.
    pub ready: bool,
    /// Why not.
    pub reason: Option<String>,
    /// Since when, or since it left its last conversation, in epoch milliseconds: of those equally busy, who has waited
    /// longest is offered first.
    pub since: i64,
}

/// A deadline that survives a restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timer {
    /// Unique: `rona:<task>`, `inactivity:<conversation>`, ...
    pub key: String,
    /// Whose.
    pub conversation: ConversationId,
    /// When, in epoch milliseconds.
    pub due_at: i64,
}

/// A bot is to receive an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The bot's id.
    pub target: ParticipantId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The event's position.
    pub seq: Seq,
    /// When, in epoch milliseconds.
    pub due_at: i64,
}

/// A delivery as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// The row.
    pub id: i64,
    /// The bot's id.
    pub target: ParticipantId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The event's position.
    pub seq: Seq,
    /// How often it was tried before this claim.
    pub attempts: u32,
    /// What went wrong the last time.
    pub error: Option<String>,
}

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The log has moved on; the caller reloads and decides again.
    #[error("conversation {0} is at another position than expected")]
    Conflict(ConversationId),
    /// An identity of a customer that is being written belongs to this other one, and nothing was written. Who lost a
    /// race for a new identity reads the winner by [`Store::customer_by_identity`].
    #[error("an identity belongs to customer {0} already")]
    Taken(CustomerId),
    /// More writes are queued than the bound allows. Retryable.
    #[error("too many writes are queued")]
    Busy,
    /// The disk is full. Nothing was written; reading goes on, and a later write may succeed.
    #[error("the disk is full")]
    Full,
    /// The store has stopped: an fsync or write failed, and what is on disk is no longer known. The process ends.
    #[error("the store has stopped: {0}")]
    Stopped(String),
    /// What is to be written nests so deep that it could not be read back. It never can be written.
    #[error("it nests too deep to be stored")]
    TooDeep,
    /// A stored row cannot be read back.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// Anything else, with its cause.
    #[error("the store failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
