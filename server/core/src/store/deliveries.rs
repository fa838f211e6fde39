//! What bots are still to be told.

use portico_shared::ids::{ConversationId, ParticipantId, Seq};

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
