//! Text alone.

use crate::json::Map;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A text: object-model 1.21.1 `PlainMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Plain {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The text.
    pub markdown_text: Option<String>,
}
