//! Pictures, films, sounds and documents.

use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A file of any sort: object-model 1.21.1 `ImageMessage`, `VideoMessage`, `AudioMessage`, `FileMessage` and
/// `MultimediaMessage`, which have the same members.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Media {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Text typed with the file.
    pub markdown_text: Option<String>,
    /// Shown under it; the widget puts the file's name here.
    pub caption: Option<String>,
    /// The file.
    pub attachment: Attachment,
    /// Free; `videoProvider: "YOUTUBE"` makes a video a link to a clip.
    pub additional_details: Option<Value>,
}

/// A stored file: object-model 1.21.1 `Attachment`, and what the widget adds.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Where to fetch it.
    pub media_url: String,
    /// A small picture of it: its address.
    pub thumbnail: Option<String>,
    /// In bytes.
    #[serde(default, deserialize_with = "lenient::whole_or_default")]
    pub size: Option<i64>,
    /// The name to show.
    pub media_label: Option<String>,
    /// The file's real name.
    pub media_name: Option<String>,
    /// For example `image/jpeg`.
    pub mime_type: Option<String>,
    /// The same as `mime_type`, from the widget.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The file name's ending, from the widget.
    pub ext_type: Option<String>,
}
