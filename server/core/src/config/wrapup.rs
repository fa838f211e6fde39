//! Codes that agents choose from when a conversation is over.

use serde::Deserialize;

/// Wrap-up codes of one category.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrapupCategory {
    /// Category, as it stands in `wrapups[].categoryName`.
    pub category: String,
    /// Values, as they stand in `wrapups[].value`.
    pub values: Vec<String>,
}
