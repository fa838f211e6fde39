//! Electronic mail.

use crate::cim::body::Attachment;
use crate::json::{Map, Value};
use crate::lenient;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// A mail: object-model 1.21.1 `EmailMessage`.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct EmailBody {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Its text without markup.
    pub markdown_text: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// Who wrote it.
    pub from: Option<String>,
    /// Where answers go.
    #[serde(deserialize_with = "lenient::or_default")]
    pub reply_to: Vec<String>,
    /// When it came in, in milliseconds since 1970.
    pub receiving_date: Option<crate::cim::Timestamp>,
    /// Its text as HTML.
    pub html_body: Option<String>,
    /// To whom.
    #[serde(deserialize_with = "lenient::or_default")]
    pub recipients_to: Vec<String>,
    /// Copies.
    #[serde(deserialize_with = "lenient::or_default")]
    pub recipients_cc: Vec<String>,
    /// Blind copies.
    #[serde(deserialize_with = "lenient::or_default")]
    pub recipients_bcc: Vec<String>,
    /// Ids of the messages of its thread.
    #[serde(deserialize_with = "lenient::or_default")]
    pub email_threads: Vec<String>,
    /// Files.
    #[serde(deserialize_with = "lenient::or_default")]
    pub attachments: Vec<Attachment>,
    /// Free.
    pub additional_details: Option<Value>,
}
