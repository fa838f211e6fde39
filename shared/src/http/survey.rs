//! The survey after a chat.

use serde::{Deserialize, Serialize};

/// Where the survey of a chat can be answered without a token, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct SurveyLink {
    /// The whole address.
    pub url: String,
    /// When it ends, in epoch seconds.
    pub expires_at: i64,
}
