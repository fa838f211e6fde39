//! A message before the relay has completed it: a body, and as much of a header as is its sender's to state.

use crate::cim::{MessageBody, decoded};
use crate::ids::MessageId;
use crate::json::Map;
use crate::lenient;
use serde::{Deserialize, Serialize, Serializer};
use serde_with::skip_serializing_none;
use std::borrow::Cow;

/// What a sender may state about a message: content and the few header fields that are its own. The relay completes
/// it to a full CIM message; a draft that states anything else about its header is refused as `forbidden_field`. The body
/// is of the type that its sender writes, the relay reads it as a [`MessageBody`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "DraftKeys<B>")]
pub struct Draft<B = MessageBody> {
    /// The content.
    pub body: B,
    /// `header.intent`: an instruction or the payload of a clicked button.
    pub intent: Option<String>,
    /// `header.entities`: data that goes with the intent.
    pub entities: Option<Map>,
    /// `header.originalMessageId`: the message that is answered, quoted or edited.
    pub original_message_id: Option<MessageId>,
    /// `header.additionalData`.
    pub additional_data: Option<Map>,
    /// `header.language`.
    pub language: Option<Map>,
}

impl<B> Draft<B> {
    /// A draft with a body and nothing else.
    pub fn new(body: B) -> Self {
        Self {
            body,
            intent: None,
            entities: None,
            original_message_id: None,
            additional_data: None,
            language: None,
        }
    }
}

impl Draft {
    /// The body's text as it is read, out of its base64 if `additionalData` says so.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        Some(decoded(self.body.markdown_text()?, self.additional_data.as_ref()))
    }
}

/// A draft as it stands in a frame. What it does not name only the relay states.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftKeys<B> {
    body: B,
    #[serde(default, deserialize_with = "lenient::or_default")]
    header: Header,
}

#[skip_serializing_none]
#[derive(Default, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Header {
    intent: Option<String>,
    entities: Option<Map>,
    original_message_id: Option<MessageId>,
    additional_data: Option<Map>,
    language: Option<Map>,
}

impl<B> From<DraftKeys<B>> for Draft<B> {
    fn from(DraftKeys { body, header }: DraftKeys<B>) -> Self {
        Self {
            body,
            intent: header.intent,
            entities: header.entities,
            original_message_id: header.original_message_id,
            additional_data: header.additional_data,
            language: header.language,
        }
    }
}

/// `body`, and `header` where the draft states anything about it.
#[derive(Serialize)]
struct Written<'d, B> {
    body: &'d B,
    #[serde(skip_serializing_if = "is_blank")]
    header: Header,
}

fn is_blank(header: &Header) -> bool {
    *header == Header::default()
}

impl<B: Serialize> Serialize for Draft<B> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let header = Header {
            intent: self.intent.clone(),
            entities: self.entities.clone(),
            original_message_id: self.original_message_id.clone(),
            additional_data: self.additional_data.clone(),
            language: self.language.clone(),
        };
        Written {
            body: &self.body,
            header,
        }
        .serialize(to)
    }
}
