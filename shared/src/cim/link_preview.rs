//! What a page calls itself that a message links to. CIM has no word for it; only this relay says so.

use crate::json::Map;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A link of a message, and what its page says of itself.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkPreview {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The message that has the link.
    pub message_id: String,
    /// Where it leads, as the message says it.
    pub url: String,
    /// What the page is called.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// The site that it is of.
    pub site_name: Option<String>,
}
