//! What customers are sent of events.

use super::{LogEvent, Meaning, Original, meaning_of};
use portico_shared::cim::{Intent, MessageBody, SenderType};
use portico_shared::customer::CustomerEvent;
use std::borrow::Cow;

impl LogEvent for CustomerEvent {
    fn at_ms(&self) -> i64 {
        self.timestamp.ms()
    }

    fn emitter(&self) -> &str {
        &self.event_emitter.id
    }

    fn emitter_kind(&self) -> &SenderType {
        &self.event_emitter.kind
    }

    fn meaning(&self) -> Meaning<'_> {
        match self.message() {
            Some(message) => meaning_of(&self.name, &message.body, self.original(), || message.text()),
            None => Meaning::Notice,
        }
    }

    fn message_id(&self) -> Option<&str> {
        self.message().map(|message| message.id.as_str())
    }

    fn body(&self) -> Option<&MessageBody> {
        self.message().map(|message| &message.body)
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        self.message()?.text()
    }

    fn original(&self) -> Option<Original<'_>> {
        let header = &self.message()?.header;
        Some(Original {
            id: header.original_message_id.as_deref()?,
            intent: header.intent.as_ref().map(Intent::as_str),
        })
    }

    fn is_whisper(&self) -> bool {
        false
    }
}
