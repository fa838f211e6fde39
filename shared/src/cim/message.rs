//! One message: the unit that actors exchange.

use crate::cim::record::record;
use crate::cim::{MessageBody, MessageHeader};
use std::borrow::Cow;

record! {
    /// A message of any actor to any other: object-model 1.21.1 `CimMessage`.
    pub struct CimMessage {
        /// Opaque; UUIDs and object ids both occur.
        pub id: String = "id",
        /// Who, when, for whom.
        pub header: MessageHeader = "header" required,
        /// What.
        pub body: MessageBody = "body" required,
    }
}

impl CimMessage {
    /// The body's text, out of its base64 if the header says so. Text that claims to be base64 and is not comes
    /// back as it is.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        let text = self.body.markdown_text()?;
        if !self.header.is_encoded() {
            return Some(Cow::Borrowed(text));
        }
        let decoded = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text.trim())
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok());
        Some(decoded.map_or(Cow::Borrowed(text), Cow::Owned))
    }
}
