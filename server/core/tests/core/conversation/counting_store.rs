//! A store that counts what is read of it and passes everything on.

use portico_core::store::{
    AgentStateRecord, Author, Change, Commit, ConversationRecord, CredentialRecord, DeliveryRecord, Posted, Store,
    StoreError, StoredPage, TaskRecord, Timer, UserRecord,
};
use portico_shared::cim::{CimEvent, Customer};
use portico_shared::frame::Range;
use portico_shared::ids::{ClientId, ConversationId, CustomerId, Epoch, MessageId, ParticipantId, Seq};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(super) struct CountingStore {
    pub(super) inner: Arc<dyn Store>,
    pub(super) reads: Arc<AtomicUsize>,
}

macro_rules! forward {
    ($(read fn $read:ident($($of:ident: $of_type:ty),*) -> $read_type:ty;)* =>
        $(write fn $write:ident($($to:ident: $to_type:ty),*) -> $write_type:ty;)*) => {
        #[async_trait::async_trait]
        impl Store for CountingStore {
            fn epoch(&self) -> &Epoch {
                self.inner.epoch()
            }
            $(async fn $read(&self $(, $of: $of_type)*) -> Result<$read_type, StoreError> {
                self.reads.fetch_add(1, Ordering::SeqCst);
                self.inner.$read($($of),*).await
            })*
            $(async fn $write(&self $(, $to: $to_type)*) -> Result<$write_type, StoreError> {
                self.inner.$write($($to),*).await
            })*
        }
    };
}

forward! {
    read fn posted(author: &Author, client_id: &ClientId) -> Option<Posted>;
    read fn page(conversation: &ConversationId, range: Range, limit: u32) -> StoredPage;
    read fn conversation(id: &ConversationId) -> Option<ConversationRecord>;
    read fn conversations_of_customer(customer: &CustomerId, limit: u32) -> Vec<ConversationRecord>;
    read fn conversations_of_participant(participant: &ParticipantId, limit: u32) -> Vec<ConversationRecord>;
    read fn conversation_ids_of_participant(participant: &ParticipantId) -> Vec<ConversationId>;
    read fn conversation_of_session(channel_session: &str) -> Option<ConversationId>;
    read fn position_of(conversation: &ConversationId, message: &MessageId) -> Option<Seq>;
    read fn customer(id: &CustomerId) -> Option<Customer>;
    read fn customer_by_identity(channel: &str, identifier: &str) -> Option<Customer>;
    read fn activities_of_customer(customer: &CustomerId, until: i64, limit: u32) -> Vec<CimEvent>;
    read fn activity(author: &Author, client_id: &ClientId) -> Option<(CustomerId, CimEvent)>;
    read fn open_tasks() -> Vec<TaskRecord>;
    read fn agent_states() -> Vec<AgentStateRecord>;
    read fn due_timers(now: i64, limit: u32) -> Vec<Timer>;
    read fn next_due() -> Option<i64>;
    read fn delivery_targets() -> Vec<ParticipantId>;
    read fn dead_deliveries(limit: u32) -> Vec<DeliveryRecord>;
    read fn user_by_name(username: &str) -> Option<UserRecord>;
    read fn user(id: &ParticipantId) -> Option<UserRecord>;
    read fn credential(secret_hash: &[u8; 32]) -> Option<CredentialRecord>;
    =>
    write fn commit(commit: Commit) -> Option<Posted>;
    write fn apply(changes: Vec<Change>) -> ();
    write fn claim_deliveries(now: i64, lease_until: i64, limits: Vec<(ParticipantId, u32)>) -> Vec<DeliveryRecord>;
    write fn revive_delivery(id: i64, due_at: i64) -> bool;
    write fn put_user(user: UserRecord) -> ();
    write fn put_credential(credential: CredentialRecord) -> ();
    write fn end_sessions(user: &ParticipantId) -> ();
    write fn forget_sessions(ended_before: i64) -> ();
    write fn secret(name: &str, make: [u8; 32]) -> [u8; 32];
    write fn ready() -> ();
}
