//! One message: the unit that actors exchange.

use crate::cim::header::says_encoded;
use crate::cim::{MessageBody, MessageHeader};
use crate::json::Map;
use crate::lenient;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A message of any actor to any other: object-model 1.21.1 `CimMessage`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CimMessage {
    /// Members that this version does not know, written back as they came.
    #[serde(flatten)]
    pub extra: Map,
    /// Opaque; UUIDs and object ids both occur.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub id: String,
    /// Who, when, for whom.
    pub header: MessageHeader,
    /// What.
    pub body: MessageBody,
}

impl CimMessage {
    /// The body's text, out of its base64 if the header says so. Text that claims to be base64 and is not comes
    /// back as it is.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        Some(decoded(
            self.body.markdown_text()?,
            self.header.additional_data.as_ref(),
        ))
    }
}

/// A text as it is read: decoded, if the `additionalData` beside it says that it is base64.
pub(crate) fn decoded<'a>(text: &'a str, additional_data: Option<&Map>) -> Cow<'a, str> {
    if !says_encoded(additional_data) {
        return Cow::Borrowed(text);
    }
    let decoded = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text.trim())
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.map_or(Cow::Borrowed(text), Cow::Owned)
}
