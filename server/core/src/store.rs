//! What the relay needs of a durable store, and the records that pass through it.
//!
//! The store is the truth: it assigns nothing by itself, but it is the one place where a position in a log becomes
//! real. [`LogStore::commit`] writes events, the projections that follow from them and the deliveries that they cause
//! in one transaction, and returns only when that transaction is on disk. Adapters (`sqlite`) are
//! held to the same promises by one conformance suite. Nothing here knows about sockets, bots or rules.

mod activities;
mod audit;
mod change;
#[doc(hidden)]
pub mod conformance;
mod conversation;
mod deliveries;
mod erasures;
mod error;
mod events;
mod files;
mod identities;
mod people;
mod programs;
mod push;
mod retention;
mod routing;
mod session;
mod timer;

pub use activities::{ActivityPlace, PlacedActivity};
pub use audit::{Actor, ActorKind, AuditAction, AuditQuery, AuditRecord, AuditStore, NewAudit, ObjectKind};
pub use change::Change;
pub use conversation::{AskedSurvey, Commit, ConversationRecord, ParticipantRecord, ReadMarker};
pub use deliveries::{DeliveryRecord, NewDelivery};
pub use erasures::{EmptiedCustomer, ErasedBy, ErasedConversation, ErasedCounts, ErasedCustomer, Erasure, NewErasure};
pub use error::StoreError;
pub use events::{Author, NewEvent, Posted, StoredEvent, StoredPage};
pub use files::{FileAdded, FileContent, FilePiece, FilePosted, FileQuota, FileReaders, FileRecord, FileState};
pub use identities::{
    FoundProfiles, Identity, IdentitySource, IdentityStore, MOST_IDENTITIES, MOST_IDENTITIES_IN_ALL, MergeRecord,
    NewMerge, Profile, WordSearch,
};
pub use people::{CredentialKind, CredentialRecord, KeyUse, ProviderIdentity, UserRecord};
pub use programs::{ProgramRecord, ProgramStore, WebhookSecret};
pub use push::{NewPush, PushKey, PushRecord, PushSubscription};
pub use retention::{EndedConversation, EndedCounts, EndedPlace, RetentionMark, RetentionRule, RetentionStore};
pub use routing::{AgentStateRecord, TaskPhase, TaskRecord};
pub use session::SessionVersion;
pub use timer::{Timer, TimerKind};

use async_trait::async_trait;
use portico_shared::cim::{CimEvent, Customer};
use portico_shared::frame::Range;
use portico_shared::ids::{ClientId, ConversationId, CustomerId, Epoch, FileId, MessageId, ParticipantId, Seq, TaskId};

/// Most bytes of JSON that one page reads from a log. A hundred usual events are a fifth of it; of the largest that anybody
/// may post, so many that a reader still comes on well.
pub const MOST_PAGE_BYTES: usize = 1024 * 1024;

/// The durable side of the relay: a trait for each kind of thing that it keeps. Every method may be called from any task.
#[async_trait]
pub trait Store:
    LogStore
    + ConversationStore
    + CustomerStore
    + IdentityStore
    + TaskStore
    + AgentStateStore
    + TimerStore
    + DeliveryStore
    + UserStore
    + CredentialStore
    + ProgramStore
    + FileStore
    + PushStore
    + ErasureStore
    + RetentionStore
    + AuditStore
    + SecretStore
{
    /// This incarnation of the store; see [`Epoch`].
    fn epoch(&self) -> &Epoch;

    /// Writes changes that belong to no conversation (agent states, settled deliveries, timers that fired).
    async fn apply(&self, changes: Vec<Change>) -> Result<(), StoreError>;

    /// Whether a write would be taken now: what `/readyz` answers.
    async fn ready(&self) -> Result<(), StoreError>;
}

/// The logs, and the one place that writes to them.
#[async_trait]
pub trait LogStore: Send + Sync + 'static {
    /// Writes one commit of one conversation in one transaction and returns once it is on disk.
    ///
    /// If the `(author, client_id)` of a [`NewEvent`] exists already, it answers the first result of that client id and
    /// writes nothing. A conversation whose log is not at [`Commit::expected_head`] answers [`StoreError::Conflict`] and
    /// writes nothing either.
    async fn commit(&self, commit: Commit) -> Result<Option<Posted>, StoreError>;

    /// The first result of a client id, if that author used it before.
    async fn posted(&self, author: &Author, client_id: &ClientId) -> Result<Option<Posted>, StoreError>;

    /// A range of a log, oldest first: what lies next to where the range begins, at most `limit` events of at most
    /// [`MOST_PAGE_BYTES`], and one at least if there is any.
    async fn page(&self, conversation: &ConversationId, range: Range, limit: u32) -> Result<StoredPage, StoreError>;

    /// The position of a message in a log.
    async fn position_of(&self, conversation: &ConversationId, message: &MessageId) -> Result<Option<Seq>, StoreError>;
}

/// What is known of conversations without reading their logs.
#[async_trait]
pub trait ConversationStore: Send + Sync + 'static {
    /// One conversation's projection.
    async fn conversation(&self, id: &ConversationId) -> Result<Option<ConversationRecord>, StoreError>;

    /// A customer's conversations, newest first. One that cannot be read is left out, with an error in the log.
    async fn conversations_of_customer(
        &self,
        customer: &CustomerId,
        limit: u32,
    ) -> Result<Vec<ConversationRecord>, StoreError>;

    /// The same from after `before` on, where that is one of them; none, where it is not. Without it, from the newest on.
    async fn earlier_conversations(
        &self,
        customer: &CustomerId,
        before: Option<&ConversationId>,
        limit: u32,
    ) -> Result<Vec<ConversationRecord>, StoreError>;

    /// The conversations that are not closed and in which this agent or bot takes part, newest first. One that cannot be
    /// read is left out, with an error in the log.
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
}

/// Customers, and what was done by them or about them outside conversations.
#[async_trait]
pub trait CustomerStore: Send + Sync + 'static {
    /// A customer by id.
    async fn customer(&self, id: &CustomerId) -> Result<Option<Customer>, StoreError>;

    /// A customer by one of its identities: channel type (`web`) and identifier.
    async fn customer_by_identity(&self, channel: &str, identifier: &str) -> Result<Option<Customer>, StoreError>;

    /// Activities that belong to a customer but to no conversation, from `until` (epoch milliseconds) back, newest first.
    async fn activities_of_customer(
        &self,
        customer: &CustomerId,
        until: i64,
        limit: u32,
    ) -> Result<Vec<CimEvent>, StoreError>;

    /// All of them in parts, newest first: those behind the place where the last part ended; at most so many.
    async fn earlier_activities(
        &self,
        customer: &CustomerId,
        before: Option<ActivityPlace>,
        limit: u32,
    ) -> Result<Vec<PlacedActivity>, StoreError>;

    /// The activity beside conversations that an author recorded under a client id, and whose it is.
    async fn activity(
        &self,
        author: &Author,
        client_id: &ClientId,
    ) -> Result<Option<(CustomerId, CimEvent)>, StoreError>;
}

/// Requests for agents.
#[async_trait]
pub trait TaskStore: Send + Sync + 'static {
    /// A task by id, open or closed.
    async fn task(&self, id: &TaskId) -> Result<Option<TaskRecord>, StoreError>;

    /// Tasks that are not closed, most urgent first: by priority downwards, then by waiting time.
    async fn open_tasks(&self) -> Result<Vec<TaskRecord>, StoreError>;

    /// The open tasks that ring at this agent or that it serves, oldest first.
    async fn open_tasks_of(&self, agent: &ParticipantId) -> Result<Vec<TaskRecord>, StoreError>;
}

/// Whether agents take requests.
#[async_trait]
pub trait AgentStateStore: Send + Sync + 'static {
    /// An agent's state as last written.
    async fn agent_state(&self, agent: &ParticipantId) -> Result<Option<AgentStateRecord>, StoreError>;

    /// Agent states as last written.
    async fn agent_states(&self) -> Result<Vec<AgentStateRecord>, StoreError>;
}

/// Deadlines that survive a restart.
#[async_trait]
pub trait TimerStore: Send + Sync + 'static {
    /// Timers due at `now` (epoch milliseconds), oldest first. They stay until a change cancels them.
    async fn due_timers(&self, now: i64, limit: u32) -> Result<Vec<Timer>, StoreError>;

    /// When the next timer is due, in epoch milliseconds.
    async fn next_due(&self) -> Result<Option<i64>, StoreError>;
}

/// What bots are still to be told.
#[async_trait]
pub trait DeliveryStore: Send + Sync + 'static {
    /// Bots for which deliveries wait, due or not.
    async fn delivery_targets(&self) -> Result<Vec<ParticipantId>, StoreError>;

    /// Claims deliveries due at `now` until `lease_until`, for each target of `limits` at most so many: of each (target,
    /// conversation) only the oldest unsettled one, so that a bot sees a conversation in order.
    async fn claim_deliveries(
        &self,
        now: i64,
        lease_until: i64,
        limits: Vec<(ParticipantId, u32)>,
    ) -> Result<Vec<DeliveryRecord>, StoreError>;

    /// As [`DeliveryStore::claim_deliveries`], those that were due for the first time at `since` or before, whether or not
    /// they are due again: what was tried meanwhile has waited as long as what was not.
    async fn claim_overdue_deliveries(
        &self,
        since: i64,
        now: i64,
        lease_until: i64,
        limits: Vec<(ParticipantId, u32)>,
    ) -> Result<Vec<DeliveryRecord>, StoreError>;

    /// Until when bots have asked to be left alone, in epoch milliseconds; what is over may be among it.
    async fn bot_rests(&self) -> Result<Vec<(ParticipantId, i64)>, StoreError>;

    /// Dead letters, newest first.
    async fn dead_deliveries(&self, limit: u32) -> Result<Vec<DeliveryRecord>, StoreError>;

    /// Lets a dead letter be claimed again from `due_at` on, as if it had never been tried. False if there is none.
    async fn revive_delivery(&self, id: i64, due_at: i64) -> Result<bool, StoreError>;
}

/// Contact-centre users.
#[async_trait]
pub trait UserStore: Send + Sync + 'static {
    /// A contact-centre user by its sign-in name.
    async fn user_by_name(&self, username: &str) -> Result<Option<UserRecord>, StoreError>;

    /// A contact-centre user by id.
    async fn user(&self, id: &ParticipantId) -> Result<Option<UserRecord>, StoreError>;

    /// All of them, by sign-in name.
    async fn users(&self) -> Result<Vec<UserRecord>, StoreError>;

    /// Creates or replaces a user.
    async fn put_user(&self, user: UserRecord) -> Result<(), StoreError>;
}

/// Sessions of contact-centre users, and keys of bots and apps.
#[async_trait]
pub trait CredentialStore: Send + Sync + 'static {
    /// A session or key by the SHA-256 of its secret.
    async fn credential(&self, secret_hash: &[u8; 32]) -> Result<Option<CredentialRecord>, StoreError>;

    /// Creates or replaces a session or key.
    async fn put_credential(&self, credential: CredentialRecord) -> Result<(), StoreError>;

    /// The sessions of a contact-centre user that were not taken back, the newest first.
    async fn sessions(&self, user: &ParticipantId) -> Result<Vec<CredentialRecord>, StoreError>;

    /// Takes back all sessions of a contact-centre user; sockets that were opened with them close within seconds.
    async fn end_sessions(&self, user: &ParticipantId) -> Result<(), StoreError>;

    /// The keys of a bot or an app that were not taken back, the oldest first.
    async fn keys(&self, kind: CredentialKind, subject: &ParticipantId) -> Result<Vec<CredentialRecord>, StoreError>;

    /// Writes when keys were used last, by the SHA-256 of each. One that is not there is left out.
    async fn note_key_uses(&self, uses: Vec<([u8; 32], KeyUse)>) -> Result<(), StoreError>;

    /// Forgets sessions of contact-centre users that ended before this time, in epoch milliseconds.
    async fn forget_sessions(&self, ended_before: i64) -> Result<(), StoreError>;
}

/// What is known of files that were uploaded. A message binds one by [`Change::PostFile`].
#[async_trait]
pub trait FileStore: Send + Sync + 'static {
    /// A file by id, whatever became of it.
    async fn file(&self, id: &FileId) -> Result<Option<FileRecord>, StoreError>;

    /// Files that are a customer's: those that it has sent, and those in its conversations that it may read, by their ids.
    async fn files_of_customer(&self, customer: &CustomerId) -> Result<Vec<FileRecord>, StoreError>;

    /// Adds a file, unless its owner has more than it may with it.
    async fn add_file(&self, file: FileRecord, quota: FileQuota) -> Result<FileAdded, StoreError>;

    /// Adds a piece to a file whose bytes end where the piece begins. False, and nothing is written, if they do not, or if
    /// the file takes no bytes any more.
    async fn add_piece(&self, piece: FilePiece) -> Result<bool, StoreError>;

    /// Marks a file as deleted that is in no message. False if it is not there, is in one, or was deleted before.
    async fn delete_file(&self, id: &FileId) -> Result<bool, StoreError>;

    /// Marks files as deleted whose time was over at `now` (epoch milliseconds), and answers them, the oldest first, with
    /// those that were marked before and not forgotten: the first ones, or those that come `after` one that was answered.
    async fn expire_files(
        &self,
        now: i64,
        after: Option<FileRecord>,
        limit: u32,
    ) -> Result<Vec<FileRecord>, StoreError>;

    /// Forgets a file that is marked as deleted and whose time was over at `now`.
    async fn forget_file(&self, id: &FileId, now: i64) -> Result<(), StoreError>;
}

/// Browsers that want notifications, and what they are still to be told. A commit adds to that by [`Change::Push`].
#[async_trait]
pub trait PushStore: Send + Sync + 'static {
    /// Adds a browser, or replaces what is known of it: an endpoint has one customer, the last one, and what the one before was
    /// to be told goes. Beyond `most` of one customer on one channel, those that said so the longest ago are forgotten. If the
    /// customer's data was erased at `proven_at` (epoch milliseconds) or later, it answers [`StoreError::Erased`].
    async fn subscribe(&self, subscription: PushSubscription, proven_at: i64, most: u32) -> Result<(), StoreError>;

    /// Forgets a customer's browser, and what it was to be told. It need not exist.
    async fn unsubscribe(&self, customer: &CustomerId, endpoint: &str) -> Result<(), StoreError>;

    /// Forgets browsers that have last said before `said_before` (epoch milliseconds) that they want notifications, and those
    /// that last said so within `unused` of customers who have no conversation.
    async fn forget_subscriptions(&self, said_before: i64, unused: std::ops::Range<i64>) -> Result<(), StoreError>;

    /// When the next notification is due, in epoch milliseconds.
    async fn next_push(&self) -> Result<Option<i64>, StoreError>;

    /// Claims notifications due at `now` until `lease_until`, the longest due first, at most so many.
    async fn claim_pushes(&self, now: i64, lease_until: i64, limit: u32) -> Result<Vec<PushRecord>, StoreError>;
}

/// Customers whose data is erased. An erasure has steps that each survive a crash: it begins, its conversations go one by one
/// ([`Change::EraseConversation`]), then what belongs to none of them, then what is left of all that in files, and at last it
/// stands in the record.
#[async_trait]
pub trait ErasureStore: Send + Sync + 'static {
    /// Whether anything of a customer is there to be erased: its record, a conversation, an activity, a file or a browser.
    async fn is_known(&self, customer: &CustomerId) -> Result<bool, StoreError>;

    /// Begins an erasure, or begins anew with one that is under way.
    async fn begin_erasure(&self, erasure: NewErasure) -> Result<(), StoreError>;

    /// Customers whose erasure has begun and is not in the record yet.
    async fn erasures_under_way(&self) -> Result<Vec<ErasedCustomer>, StoreError>;

    /// Erases what is known of a customer beside conversations, and marks its files as deleted at `now` (epoch milliseconds).
    /// The customer is emptied then. Begins to erase the visitors whose chat became the customer's, too.
    async fn erase_customer(&self, customer: &CustomerId, now: i64) -> Result<EmptiedCustomer, StoreError>;

    /// Files that were marked by an erasure of the customer and are not forgotten.
    async fn files_of_erasure(&self, customer: &CustomerId) -> Result<u64, StoreError>;

    /// Overwrites what was erased wherever it lies. False if something that reads it keeps it from that for now.
    async fn scrub(&self) -> Result<bool, StoreError>;

    /// Writes an erasure into the record, and answers it; nothing if none of the customer is under way, if it began anew since the
    /// customer was emptied, or if a file came late that is marked as deleted now. One of the relay itself that has erased nothing
    /// ends without a line. With the line goes [a record of the audit log](crate::audit::of_erasure).
    async fn finish_erasure(&self, customer: &CustomerId, now: i64) -> Result<Option<Erasure>, StoreError>;

    /// The customer's last erasure, done or under way.
    async fn erased_customer(&self, customer: &CustomerId) -> Result<Option<ErasedCustomer>, StoreError>;

    /// Forgets customers whose erasure is in the record and was asked for before this time, in epoch milliseconds.
    async fn forget_erased(&self, asked_before: i64) -> Result<(), StoreError>;

    /// The record, newest first.
    async fn erasures(&self, limit: u32) -> Result<Vec<Erasure>, StoreError>;
}

/// What the relay keeps for itself.
#[async_trait]
pub trait SecretStore: Send + Sync + 'static {
    /// A value that the relay keeps for itself (its signing key), created by `make` on first use.
    async fn secret(&self, name: &str, make: [u8; 32]) -> Result<[u8; 32], StoreError>;
}
