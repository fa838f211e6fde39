//! The store of one machine: an SQLite file, one thread that writes it (`writer`) and a few that read beside it
//! (`readers`).
//!
//! Promises that hold by construction: a write is answered only after the transaction that holds it was synced
//! (`synchronous = full`); one connection writes, so that what a job has read is true until it commits; a reader sees
//! one state of the store and never waits. A full disk refuses writes and lets reads go on. Any other error that
//! leaves the state of the disk unknown stops the store, see [`SqliteStore::stopped`]. Each table or pair of tables
//! has a file that holds all statements about it; start reading at `log`. `opening` refuses what is no store or does not
//! belong together (`generation`), and `copies` are made and put back.

mod attributes;
mod audit;
mod changes;
mod commit;
mod conversations;
mod copies;
mod customers;
mod deliveries;
mod encoding;
mod erasures;
mod fault;
mod file;
mod files;
mod generation;
mod header;
mod identities;
mod labels;
mod lock;
mod log;
mod merges;
mod open_error;
mod opening;
mod people;
mod programs;
mod push;
mod readers;
mod retention;
mod routing;
mod schema;
mod sessions;
#[cfg(test)]
mod tests;
mod timers;
mod wal;
mod writer;

use crate::commit::PreparedCommit;
use crate::fault::{FatalSignal, Fault};
use crate::lock::Lock;
use crate::opening::Opened;
use crate::readers::{READERS, Readers};
use crate::writer::Writer;
use async_trait::async_trait;
use portico_core::store::{
    ActivityPlace, AgentStateRecord, AgentStateStore, Author, Change, Commit, ConversationRecord, ConversationStore,
    CustomerStore, DeliveryRecord, DeliveryStore, LogStore, PlacedActivity, Posted, Store, StoreError, StoredPage,
    TaskRecord, TaskStore, Timer, TimerStore,
};
use portico_shared::cim::{CimEvent, Customer};
use portico_shared::frame::Range;
use portico_shared::ids::{ClientId, ConversationId, CustomerId, Epoch, MessageId, ParticipantId, Seq, TaskId};
use std::path::{Path, PathBuf};

pub use copies::{CopyError, Incomplete, Report, backup, check, restore};
pub use open_error::OpenError;
pub use writer::GroupCommit;

/// A store in one SQLite file. Dropping it waits until everything queued is on disk.
#[derive(Debug)]
pub struct SqliteStore {
    path: PathBuf,
    epoch: Epoch,
    fatal_signal: FatalSignal,
    // Fields are dropped in this order: readers leave the WAL, the writer empties it, and only then may another relay
    // take the file.
    readers: Readers,
    writer: Writer,
    _lock: Lock,
}

impl SqliteStore {
    /// Opens the file at `path`, creating or migrating it as needed. Blocks on the disk; called once, at start.
    pub fn open(path: &Path, group_commit: GroupCommit) -> Result<Self, OpenError> {
        let Opened {
            path,
            lock,
            connection,
            mark_due,
            epoch,
        } = opening::open(path)?;
        let (sqlite, io) = (OpenError::sqlite(&path), OpenError::io(&path));
        let readers: Result<Vec<_>, _> = (0..READERS).map(|_| file::reader(&path)).collect();
        let readers = Readers::start(readers.map_err(sqlite)?).map_err(&io)?;
        let fatal_signal = FatalSignal::new();
        let writer = Writer::start(connection, group_commit, mark_due, fatal_signal.clone()).map_err(&io)?;
        Ok(Self {
            path,
            epoch,
            fatal_signal,
            readers,
            writer,
            _lock: lock,
        })
    }

    /// Where its file really lies: also where symbolic links led to it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the whole store at `path` and answers whether it holds together; for tests. [`check`] looks at more.
    pub fn check(path: &Path) -> Result<(), OpenError> {
        schema::check(&file::reader(path).map_err(OpenError::sqlite(path))?, path)
    }

    /// Waits until the store has stopped for good and answers why. The process must end then: everything that was
    /// acknowledged is on disk, but the store takes no more writes, and only opening it again finds out what else is.
    pub fn stopped(&self) -> impl Future<Output = String> + Send + 'static {
        let fatal_signal = self.fatal_signal.clone();
        async move { fatal_signal.raised().await }
    }
}

#[async_trait]
impl Store for SqliteStore {
    fn epoch(&self) -> &Epoch {
        &self.epoch
    }

    async fn apply(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        self.writer
            .write(move |connection| changes::write(connection, &changes))
            .await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        if !self.writer.forget_full() {
            return self.writer.write(schema::probe).await;
        }
        // After a full disk what is small may find room where what people write does not. The row is written and removed by
        // two commits: SQLite does not write pages that one transaction takes and gives back.
        let room = self.writer.write(schema::take_room).await;
        let given_back = self.writer.write(schema::give_room_back).await;
        let room = room.and(given_back);
        if room.is_err() {
            self.writer.remember_full();
        }
        room
    }
}

#[async_trait]
impl LogStore for SqliteStore {
    async fn commit(&self, commit: Commit) -> Result<Option<Posted>, StoreError> {
        let prepared = PreparedCommit::new(commit).map_err(Fault::of_read)?;
        self.writer.write(move |connection| prepared.write(connection)).await
    }

    async fn posted(&self, author: &Author, client_id: &ClientId) -> Result<Option<Posted>, StoreError> {
        let (author, client_id) = (author.clone(), client_id.clone());
        self.readers
            .read(move |connection| log::posted(connection, &author, &client_id))
            .await
    }

    async fn page(&self, conversation: &ConversationId, range: Range, limit: u32) -> Result<StoredPage, StoreError> {
        let conversation = conversation.clone();
        self.readers
            .read(move |connection| log::page(connection, &conversation, range, limit))
            .await
    }

    async fn position_of(&self, conversation: &ConversationId, message: &MessageId) -> Result<Option<Seq>, StoreError> {
        let (conversation, message) = (conversation.clone(), message.clone());
        self.readers
            .read(move |connection| log::position_of(connection, &conversation, &message))
            .await
    }
}

#[async_trait]
impl ConversationStore for SqliteStore {
    async fn conversation(&self, id: &ConversationId) -> Result<Option<ConversationRecord>, StoreError> {
        let id = id.clone();
        self.readers
            .read(move |connection| conversations::one(connection, &id))
            .await
    }

    async fn conversations_of_customer(
        &self,
        customer: &CustomerId,
        limit: u32,
    ) -> Result<Vec<ConversationRecord>, StoreError> {
        let customer = customer.clone();
        self.readers
            .read(move |connection| conversations::of_customer(connection, &customer, limit))
            .await
    }

    async fn earlier_conversations(
        &self,
        customer: &CustomerId,
        before: Option<&ConversationId>,
        limit: u32,
    ) -> Result<Vec<ConversationRecord>, StoreError> {
        let (customer, before) = (customer.clone(), before.cloned());
        self.readers
            .read(move |connection| match before {
                Some(before) => conversations::before(connection, &customer, &before, limit),
                None => conversations::of_customer(connection, &customer, limit),
            })
            .await
    }

    async fn conversations_of_participant(
        &self,
        participant: &ParticipantId,
        limit: u32,
    ) -> Result<Vec<ConversationRecord>, StoreError> {
        let participant = participant.clone();
        self.readers
            .read(move |connection| conversations::of_participant(connection, &participant, limit))
            .await
    }

    async fn conversation_ids_of_participant(
        &self,
        participant: &ParticipantId,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let participant = participant.clone();
        self.readers
            .read(move |connection| conversations::ids_of_participant(connection, &participant))
            .await
    }

    async fn conversation_of_session(&self, channel_session: &str) -> Result<Option<ConversationId>, StoreError> {
        let session = channel_session.to_owned();
        self.readers
            .read(move |connection| conversations::of_session(connection, &session))
            .await
    }
}

#[async_trait]
impl CustomerStore for SqliteStore {
    async fn customer(&self, id: &CustomerId) -> Result<Option<Customer>, StoreError> {
        let id = id.clone();
        self.readers
            .read(move |connection| customers::one(connection, &id))
            .await
    }

    async fn customer_by_identity(&self, channel: &str, identifier: &str) -> Result<Option<Customer>, StoreError> {
        let (channel, identifier) = (channel.to_owned(), identifier.to_owned());
        self.readers
            .read(move |connection| customers::by_identity(connection, &channel, &identifier))
            .await
    }

    async fn activities_of_customer(
        &self,
        customer: &CustomerId,
        until: i64,
        limit: u32,
    ) -> Result<Vec<CimEvent>, StoreError> {
        let before = ActivityPlace {
            at: until,
            number: i64::MAX,
        };
        let placed = self.earlier_activities(customer, Some(before), limit).await?;
        Ok(placed.into_iter().map(|(_, event)| event).collect())
    }

    async fn earlier_activities(
        &self,
        customer: &CustomerId,
        before: Option<ActivityPlace>,
        limit: u32,
    ) -> Result<Vec<PlacedActivity>, StoreError> {
        let customer = customer.clone();
        let newest = ActivityPlace {
            at: i64::MAX,
            number: i64::MAX,
        };
        let before = before.unwrap_or(newest);
        self.readers
            .read(move |connection| customers::activities(connection, &customer, before, limit))
            .await
    }

    async fn activity(
        &self,
        author: &Author,
        client_id: &ClientId,
    ) -> Result<Option<(CustomerId, CimEvent)>, StoreError> {
        let (author, client_id) = (author.clone(), client_id.clone());
        self.readers
            .read(move |connection| customers::activity(connection, &author, &client_id))
            .await
    }
}

#[async_trait]
impl TaskStore for SqliteStore {
    async fn task(&self, id: &TaskId) -> Result<Option<TaskRecord>, StoreError> {
        let id = id.clone();
        self.readers
            .read(move |connection| routing::task(connection, &id))
            .await
    }

    async fn open_tasks(&self) -> Result<Vec<TaskRecord>, StoreError> {
        self.readers.read(routing::open_tasks).await
    }

    async fn open_tasks_of(&self, agent: &ParticipantId) -> Result<Vec<TaskRecord>, StoreError> {
        let agent = agent.clone();
        self.readers
            .read(move |connection| routing::open_tasks_of(connection, &agent))
            .await
    }
}

#[async_trait]
impl AgentStateStore for SqliteStore {
    async fn agent_state(&self, agent: &ParticipantId) -> Result<Option<AgentStateRecord>, StoreError> {
        let agent = agent.clone();
        self.readers
            .read(move |connection| routing::agent_state(connection, &agent))
            .await
    }

    async fn agent_states(&self) -> Result<Vec<AgentStateRecord>, StoreError> {
        self.readers.read(routing::agent_states).await
    }
}

#[async_trait]
impl TimerStore for SqliteStore {
    async fn due_timers(&self, now: i64, limit: u32) -> Result<Vec<Timer>, StoreError> {
        self.readers
            .read(move |connection| timers::due(connection, now, limit))
            .await
    }

    async fn next_due(&self) -> Result<Option<i64>, StoreError> {
        self.readers.read(timers::next_due).await
    }
}

#[async_trait]
impl DeliveryStore for SqliteStore {
    async fn delivery_targets(&self) -> Result<Vec<ParticipantId>, StoreError> {
        self.readers.read(deliveries::targets).await
    }

    async fn claim_deliveries(
        &self,
        now: i64,
        lease_until: i64,
        limits: Vec<(ParticipantId, u32)>,
    ) -> Result<Vec<DeliveryRecord>, StoreError> {
        self.writer
            .write(move |connection| deliveries::claim(connection, now, lease_until, &limits))
            .await
    }

    async fn claim_overdue_deliveries(
        &self,
        since: i64,
        now: i64,
        lease_until: i64,
        limits: Vec<(ParticipantId, u32)>,
    ) -> Result<Vec<DeliveryRecord>, StoreError> {
        self.writer
            .write(move |connection| deliveries::claim_overdue(connection, since, now, lease_until, &limits))
            .await
    }

    async fn bot_rests(&self) -> Result<Vec<(ParticipantId, i64)>, StoreError> {
        self.readers.read(deliveries::rests).await
    }

    async fn dead_deliveries(&self, limit: u32) -> Result<Vec<DeliveryRecord>, StoreError> {
        self.readers
            .read(move |connection| deliveries::dead(connection, limit))
            .await
    }

    async fn revive_delivery(&self, id: i64, due_at: i64) -> Result<bool, StoreError> {
        self.writer
            .write(move |connection| deliveries::revive(connection, id, due_at))
            .await
    }
}
