//! A store that counts what is read of it and passes everything on, but the logs that a test has damaged. Before the next
//! write it writes what a test says that another has written meanwhile.

use portico_core::store::{
    ActivityPlace, AgentStateRecord, AgentStateStore, AuditQuery, AuditRecord, AuditStore, Author, Change, Commit,
    ConversationRecord, ConversationStore, CredentialKind, CredentialRecord, CredentialStore, CustomerStore,
    DeliveryRecord, DeliveryStore, EmptiedCustomer, EndedConversation, EndedCounts, EndedPlace, ErasedCustomer,
    Erasure, ErasureStore, FileAdded, FilePiece, FileQuota, FileRecord, FileStore, FoundProfiles, IdentityStore,
    KeyUse, LogStore, MergeRecord, NewErasure, PlacedActivity, Posted, Profile, ProgramRecord, ProgramStore,
    PushRecord, PushStore, PushSubscription, RetentionMark, RetentionStore, SecretStore, Store, StoreError, StoredPage,
    TaskRecord, TaskStore, Timer, TimerStore, UserRecord, UserStore, WordSearch,
};
use portico_shared::cim::{CimEvent, Customer};
use portico_shared::frame::Range;
use portico_shared::ids::{ClientId, ConversationId, CustomerId, Epoch, FileId, MessageId, ParticipantId, Seq, TaskId};
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

pub(super) struct CountingStore {
    pub(super) inner: Arc<dyn Store>,
    pub(super) reads: Arc<AtomicUsize>,
    /// Conversations whose logs can be neither read nor written.
    pub(super) damaged: Arc<Mutex<HashSet<ConversationId>>>,
    /// What another writes between what is read next and what is written next.
    pub(super) meanwhile: Arc<Mutex<Vec<Change>>>,
    /// Whose erasure begins between them.
    pub(super) erased_meanwhile: Arc<Mutex<Option<NewErasure>>>,
}

impl CountingStore {
    fn is_sound(&self, conversation: &ConversationId) -> Result<(), StoreError> {
        match self.damaged.lock().expect("no panic").contains(conversation) {
            true => Err(StoreError::Damaged(format!("conversation {conversation} lacks events"))),
            false => Ok(()),
        }
    }

    async fn write_meanwhile(&self) -> Result<(), StoreError> {
        let erasure = self.erased_meanwhile.lock().expect("no panic").take();
        if let Some(erasure) = erasure {
            self.inner.begin_erasure(erasure).await?;
        }
        let changes = std::mem::take(&mut *self.meanwhile.lock().expect("no panic"));
        match changes.is_empty() {
            true => Ok(()),
            false => self.inner.apply(changes).await,
        }
    }
}

macro_rules! forward {
    ($($store:ident {
        $(read fn $read:ident($($of:ident: $of_type:ty),*) -> $read_type:ty;)*
        $(write fn $write:ident($($to:ident: $to_type:ty),*) -> $write_type:ty;)*
    })*) => {
        $(#[async_trait::async_trait]
        impl $store for CountingStore {
            $(async fn $read(&self $(, $of: $of_type)*) -> Result<$read_type, StoreError> {
                self.reads.fetch_add(1, Ordering::SeqCst);
                self.inner.$read($($of),*).await
            })*
            $(async fn $write(&self $(, $to: $to_type)*) -> Result<$write_type, StoreError> {
                self.inner.$write($($to),*).await
            })*
        })*
    };
}

#[async_trait::async_trait]
impl Store for CountingStore {
    fn epoch(&self) -> &Epoch {
        self.inner.epoch()
    }

    async fn apply(&self, changes: Vec<Change>) -> Result<(), StoreError> {
        self.write_meanwhile().await?;
        self.inner.apply(changes).await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.inner.ready().await
    }
}

#[async_trait::async_trait]
impl LogStore for CountingStore {
    async fn commit(&self, commit: Commit) -> Result<Option<Posted>, StoreError> {
        self.is_sound(&commit.conversation.id)?;
        self.write_meanwhile().await?;
        self.inner.commit(commit).await
    }

    async fn posted(&self, author: &Author, client_id: &ClientId) -> Result<Option<Posted>, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.inner.posted(author, client_id).await
    }

    async fn page(&self, conversation: &ConversationId, range: Range, limit: u32) -> Result<StoredPage, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.is_sound(conversation)?;
        self.inner.page(conversation, range, limit).await
    }

    async fn position_of(&self, conversation: &ConversationId, message: &MessageId) -> Result<Option<Seq>, StoreError> {
        self.reads.fetch_add(1, Ordering::SeqCst);
        self.inner.position_of(conversation, message).await
    }
}

forward! {
    ConversationStore {
        read fn conversation(id: &ConversationId) -> Option<ConversationRecord>;
        read fn conversations_of_customer(customer: &CustomerId, limit: u32) -> Vec<ConversationRecord>;
        read fn earlier_conversations(customer: &CustomerId, before: Option<&ConversationId>, limit: u32) -> Vec<ConversationRecord>;
        read fn conversations_of_participant(participant: &ParticipantId, limit: u32) -> Vec<ConversationRecord>;
        read fn conversation_ids_of_participant(participant: &ParticipantId) -> Vec<ConversationId>;
        read fn conversation_of_session(channel_session: &str) -> Option<ConversationId>;
    }
    CustomerStore {
        read fn customer(id: &CustomerId) -> Option<Customer>;
        read fn customer_by_identity(channel: &str, identifier: &str) -> Option<Customer>;
        read fn activities_of_customer(customer: &CustomerId, until: i64, limit: u32) -> Vec<CimEvent>;
        read fn earlier_activities(customer: &CustomerId, before: Option<ActivityPlace>, limit: u32) -> Vec<PlacedActivity>;
        read fn activity(author: &Author, client_id: &ClientId) -> Option<(CustomerId, CimEvent)>;
    }
    IdentityStore {
        read fn profile(customer: &CustomerId) -> Option<Profile>;
        read fn profiles_with(channel: &str, key: &str, after: Option<&CustomerId>, limit: u32) -> Vec<Profile>;
        read fn merges_of(customer: &CustomerId, before: Option<i64>) -> Vec<MergeRecord>;
        read fn search_profiles(search: WordSearch) -> FoundProfiles;
    }
    TaskStore {
        read fn task(id: &TaskId) -> Option<TaskRecord>;
        read fn open_tasks() -> Vec<TaskRecord>;
        read fn open_tasks_of(agent: &ParticipantId) -> Vec<TaskRecord>;
    }
    AgentStateStore {
        read fn agent_state(agent: &ParticipantId) -> Option<AgentStateRecord>;
        read fn agent_states() -> Vec<AgentStateRecord>;
    }
    TimerStore {
        read fn due_timers(now: i64, limit: u32) -> Vec<Timer>;
        read fn next_due() -> Option<i64>;
    }
    DeliveryStore {
        read fn delivery_targets() -> Vec<ParticipantId>;
        read fn bot_rests() -> Vec<(ParticipantId, i64)>;
        read fn dead_deliveries(limit: u32) -> Vec<DeliveryRecord>;
        write fn claim_deliveries(now: i64, lease_until: i64, limits: Vec<(ParticipantId, u32)>) -> Vec<DeliveryRecord>;
        write fn claim_overdue_deliveries(since: i64, now: i64, lease_until: i64, limits: Vec<(ParticipantId, u32)>) -> Vec<DeliveryRecord>;
        write fn revive_delivery(id: i64, due_at: i64) -> bool;
    }
    UserStore {
        read fn user_by_name(username: &str) -> Option<UserRecord>;
        read fn user(id: &ParticipantId) -> Option<UserRecord>;
        read fn users() -> Vec<UserRecord>;
        write fn put_user(user: UserRecord) -> ();
    }
    CredentialStore {
        read fn credential(secret_hash: &[u8; 32]) -> Option<CredentialRecord>;
        read fn sessions(user: &ParticipantId) -> Vec<CredentialRecord>;
        read fn keys(kind: CredentialKind, subject: &ParticipantId) -> Vec<CredentialRecord>;
        write fn put_credential(credential: CredentialRecord) -> ();
        write fn end_sessions(user: &ParticipantId) -> ();
        write fn forget_sessions(ended_before: i64) -> ();
        write fn note_key_uses(uses: Vec<([u8; 32], KeyUse)>) -> ();
    }
    ProgramStore {
        read fn programs() -> Vec<ProgramRecord>;
    }
    FileStore {
        read fn file(id: &FileId) -> Option<FileRecord>;
        read fn files_of_customer(customer: &CustomerId) -> Vec<FileRecord>;
        write fn add_file(file: FileRecord, quota: FileQuota) -> FileAdded;
        write fn add_piece(piece: FilePiece) -> bool;
        write fn delete_file(id: &FileId) -> bool;
        write fn expire_files(now: i64, after: Option<FileRecord>, limit: u32) -> Vec<FileRecord>;
        write fn forget_file(id: &FileId, now: i64) -> ();
    }
    PushStore {
        read fn next_push() -> Option<i64>;
        write fn subscribe(subscription: PushSubscription, proven_at: i64, most: u32) -> ();
        write fn unsubscribe(customer: &CustomerId, endpoint: &str) -> ();
        write fn forget_subscriptions(said_before: i64, unused: std::ops::Range<i64>) -> ();
        write fn claim_pushes(now: i64, lease_until: i64, limit: u32) -> Vec<PushRecord>;
    }
    ErasureStore {
        read fn is_known(customer: &CustomerId) -> bool;
        read fn erasures_under_way() -> Vec<ErasedCustomer>;
        read fn files_of_erasure(customer: &CustomerId) -> u64;
        read fn erased_customer(customer: &CustomerId) -> Option<ErasedCustomer>;
        read fn erasures(limit: u32) -> Vec<Erasure>;
        write fn begin_erasure(erasure: NewErasure) -> ();
        write fn erase_customer(customer: &CustomerId, now: i64) -> EmptiedCustomer;
        write fn forget_erased(asked_before: i64) -> ();
        write fn scrub() -> bool;
        write fn finish_erasure(customer: &CustomerId, now: i64) -> Option<Erasure>;
    }
    RetentionStore {
        read fn ended_conversations(channel: &str, ended_before: i64, after: Option<EndedPlace>, limit: u32) -> Vec<EndedConversation>;
        read fn count_ended(channel: &str, ended_before: i64) -> EndedCounts;
        read fn retention_mark(channel: &str) -> Option<RetentionMark>;
        write fn put_retention_mark(mark: RetentionMark) -> ();
    }
    AuditStore {
        read fn audit(query: AuditQuery) -> Vec<AuditRecord>;
        read fn audit_after(number: i64, limit: u32) -> Vec<AuditRecord>;
        read fn audited_customers(names: Vec<String>) -> BTreeMap<String, CustomerId>;
    }
    SecretStore {
        write fn secret(name: &str, make: [u8; 32]) -> [u8; 32];
    }
}
