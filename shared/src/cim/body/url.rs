//! Links and stickers.

use crate::json::{Map, Value};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A link with a text, and the link to a call's recording: object-model 1.21.1 `UrlMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UrlBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// The text to show.
    pub markdown_text: Option<String>,
    /// Where it leads.
    pub media_url: String,
    /// Free.
    pub additional_details: Option<Value>,
}

/// A sticker of a social channel: object-model 1.21.1 `StickerMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StickerBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Text with it.
    pub markdown_text: Option<String>,
    /// The picture.
    pub media_url: Option<String>,
    /// The channel's id of it.
    pub sticker_id: Option<String>,
    /// Free.
    pub additional_details: Option<Value>,
}
