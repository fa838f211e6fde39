//! An activity that a third-party program pushes in.

use serde::{Deserialize, Serialize};

/// The activity is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ActivityAnswer {
    /// The id that the activity has here. A repeated message id answers with the first one's.
    pub id: String,
    /// The conversation that it stands in; absent when it stands beside a customer's conversations.
    pub conversation: Option<String>,
    /// Its position in that conversation.
    pub seq: Option<u64>,
    /// When the relay took it, in epoch milliseconds.
    pub timestamp: i64,
}
