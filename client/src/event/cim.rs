//! CIM's own events: what agents and bots are sent.

use super::{CARD, LogEvent, Meaning, Original, ends, receipt, said};
use portico_shared::cim::question::closes_with_an_answer;
use portico_shared::cim::{CimEvent, EventData, EventName, Intent, MessageBody, SenderType};
use portico_shared::visibility::is_said;
use std::borrow::Cow;

/// The member of an event that was erased.
const ERASED: &str = "erased";

impl LogEvent for CimEvent {
    type Body = MessageBody;

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
        let is_erased = self.extra.contains_key(ERASED);
        if self.name == EventName::TypingIndicator || is_erased {
            return Meaning::Silent;
        }
        if let EventData::LinkPreview(preview) = &self.data {
            return Meaning::Preview(&preview.message_id);
        }
        match self.body() {
            Some(MessageBody::DeliveryNotification(body)) => receipt(&body.message_id, &body.status),
            Some(MessageBody::DeletedNotification(body)) => Meaning::Deleted(&body.message_id),
            Some(MessageBody::Notification(_)) | None => Meaning::Notice,
            Some(_) => said(self, is_said(self)),
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
            card: header
                .additional_data
                .as_ref()
                .and_then(|data| data.get(CARD)?.as_str()),
        })
    }

    fn is_menu(&self) -> bool {
        match self.body() {
            Some(MessageBody::Button(menu)) => closes_with_an_answer(menu.additional_details.as_ref()),
            _ => false,
        }
    }

    fn is_whisper(&self) -> bool {
        self.name == EventName::WhisperMessage
    }

    fn is_end(&self) -> bool {
        ends(&self.name)
    }

    fn erases(&self) -> bool {
        self.name == EventName::CustomerDataErased
    }
}
