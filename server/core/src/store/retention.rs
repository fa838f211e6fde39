//! What a store must do so that conversations go when their channel keeps them no longer.

use super::StoreError;
use async_trait::async_trait;
use portico_shared::ids::{ConversationId, CustomerId};
use serde::{Deserialize, Serialize};

/// How long a channel keeps conversations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetentionRule {
    /// The channel's service identifier.
    pub channel: String,
    /// Days after a conversation's end.
    pub days: u32,
}

/// How far the relay trusts a rule and the time of day. One of each channel survives a restart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionMark {
    /// The rule as it was last looked at.
    pub rule: RetentionRule,
    /// The last time of day, in epoch milliseconds, at which conversations could go by the rule; absent while the rule is new.
    pub trusted_at: Option<i64>,
    /// For how long a running relay has waited with a new rule, or with a time of day far ahead of `trusted_at`, in milliseconds.
    pub waited_ms: i64,
}

/// A conversation that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedConversation {
    /// Which.
    pub id: ConversationId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Where it stands among the others.
    pub place: EndedPlace,
}

/// Where a conversation stands among those that are over: by its end, then by a number that only the store understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EndedPlace {
    /// When it ended, in epoch milliseconds.
    pub ended_at: i64,
    /// Its number in the store.
    pub number: i64,
}

/// How many conversations are over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedCounts {
    /// All of them.
    pub conversations: u64,
    /// Those among them of which a bot or a browser is still to be told something: they stay until that is done.
    pub undelivered: u64,
    /// When the first of them ended, in epoch milliseconds.
    pub first_ended_at: Option<i64>,
    /// When the last of them ended, in epoch milliseconds.
    pub last_ended_at: Option<i64>,
}

/// Conversations that are over, and the rules by which they go.
#[async_trait]
pub trait RetentionStore: Send + Sync + 'static {
    /// Conversations of a channel that ended before this time (epoch milliseconds), are closed and not erased, and of which no
    /// bot or browser is still to be told: those after a place, the longest ended first.
    async fn ended_conversations(
        &self,
        channel: &str,
        ended_before: i64,
        after: Option<EndedPlace>,
        limit: u32,
    ) -> Result<Vec<EndedConversation>, StoreError>;

    /// How many there are, those among them that still wait for something to be delivered.
    async fn count_ended(&self, channel: &str, ended_before: i64) -> Result<EndedCounts, StoreError>;

    /// How far a channel's rule is trusted; nothing if it has had none.
    async fn retention_mark(&self, channel: &str) -> Result<Option<RetentionMark>, StoreError>;

    /// Writes how far a channel's rule is trusted.
    async fn put_retention_mark(&self, mark: RetentionMark) -> Result<(), StoreError>;
}
