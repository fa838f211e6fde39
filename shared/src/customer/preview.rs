//! What a page calls itself that a message links to, read when it is drawn: what reads it is fetched with what draws it.

use crate::cim::LinkPreview;
use crate::json::{DecodeError, from_str, to_text};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_with::skip_serializing_none;

/// Most previews are shorter than this, in bytes of JSON.
const JSON_BYTES: usize = 512;

/// A preview of which no more is read than the message that it belongs to.
#[derive(Debug, Clone)]
pub struct CustomerPreview {
    message_id: String,
    json: Box<RawValue>,
}

/// A preview as a customer is sent it.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewCard {
    /// The message that has the link.
    pub message_id: String,
    /// Where it leads.
    pub url: String,
    /// What the page is called.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// The site that it is of.
    pub site_name: Option<String>,
}

/// The message alone.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "messageId")]
    message_id: String,
}

impl CustomerPreview {
    pub(super) fn unread(json: &str) -> Result<Self, DecodeError> {
        let Head { message_id } = from_str(json)?;
        Ok(Self {
            message_id,
            // It has just been read.
            json: RawValue::from_string(json.to_owned()).unwrap_or_default(),
        })
    }

    /// The message that has the link.
    pub fn message_id(&self) -> &str {
        &self.message_id
    }

    /// All of it.
    ///
    /// # Errors
    ///
    /// If the JSON is none of a preview: what is wrong and where.
    pub fn read(&self) -> Result<PreviewCard, DecodeError> {
        from_str(self.json.get())
    }
}

impl From<&LinkPreview> for CustomerPreview {
    fn from(preview: &LinkPreview) -> Self {
        let card = PreviewCard::from(preview);
        let json = to_text(&card, JSON_BYTES);
        Self {
            message_id: card.message_id,
            // What serde_json writes is JSON.
            json: RawValue::from_string(json).unwrap_or_default(),
        }
    }
}

impl From<&LinkPreview> for PreviewCard {
    fn from(preview: &LinkPreview) -> Self {
        Self {
            message_id: preview.message_id.clone(),
            url: preview.url.clone(),
            title: preview.title.clone(),
            description: preview.description.clone(),
            site_name: preview.site_name.clone(),
        }
    }
}

impl PartialEq for CustomerPreview {
    fn eq(&self, other: &Self) -> bool {
        self.json.get() == other.json.get()
    }
}

impl Serialize for CustomerPreview {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(to)
    }
}
