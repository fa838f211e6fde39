//! A customer has its data erased.

use crate::lenient;
use serde::{Deserialize, Serialize};

/// What became of a customer's wish to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ErasureAnswer {
    /// What was erased; absent while it goes on by itself, which nothing stops any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<ErasedCounts>,
    /// What is kept, and why.
    #[serde(default)]
    pub kept: Vec<KeptData>,
}

/// How much was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ErasedCounts {
    /// Conversations.
    #[serde(deserialize_with = "lenient::natural")]
    pub conversations: u64,
    /// Events in them: messages, forms and their answers, ratings, receipts, what was known of the visitor.
    #[serde(deserialize_with = "lenient::natural")]
    pub events: u64,
    /// Files.
    #[serde(deserialize_with = "lenient::natural")]
    pub files: u64,
    /// What apps had reported beside conversations.
    #[serde(deserialize_with = "lenient::natural")]
    pub activities: u64,
}

/// Something that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct KeptData {
    /// For programs: `log`, `record`, `copies`.
    pub what: String,
    /// For people, in English.
    pub why: String,
}
