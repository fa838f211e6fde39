//! An activity that a third-party program pushes in.

use crate::ids::{ConversationId, MessageId, Seq};
use serde::{Deserialize, Serialize};

/// The activity is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ActivityAnswer {
    /// The id that the activity has here. A repeated message id answers with the first one's.
    #[schema(value_type = String)]
    pub id: MessageId,
    /// The conversation that it stands in; absent when it stands beside a customer's conversations.
    #[schema(value_type = Option<String>)]
    pub conversation: Option<ConversationId>,
    /// Its position in that conversation.
    #[schema(value_type = Option<u64>)]
    pub seq: Option<Seq>,
    /// When the relay took it, in epoch milliseconds.
    pub timestamp: i64,
}
