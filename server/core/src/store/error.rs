//! Why a store did not do what it was asked.

use portico_shared::ids::{ConversationId, CustomerId, FileId};

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The log has moved on; the caller reloads and decides again.
    #[error("conversation {0} is at another position than expected")]
    Conflict(ConversationId),
    /// An identity of a customer that is being written belongs to this other one, and nothing was written. Who lost a
    /// race for a new identity reads the winner by [`CustomerStore::customer_by_identity`](super::CustomerStore::customer_by_identity).
    #[error("an identity belongs to customer {0} already")]
    Taken(CustomerId),
    /// A customer that is being written is not as its writer has read it any more, and nothing was written.
    #[error("customer {0} is not as it was read")]
    CustomerChanged(CustomerId),
    /// What is being written is about a customer whose data was erased since it was proven, and nothing was written.
    #[error("the data of customer {0} was erased")]
    Erased(CustomerId),
    /// A file that is being posted is not there any more, or not as it was read, and nothing was written.
    #[error("file {0} is not as it was read")]
    FileGone(FileId),
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
    /// What is to be written has a member whose name JSON readers of the relay reserve, so it could not be read back. It
    /// never can be written.
    #[error("it has a member with a reserved name")]
    ReservedName,
    /// A stored row cannot be read back.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// Anything else, with its cause.
    #[error("the store failed")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}
