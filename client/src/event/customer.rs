//! What customers are sent of events.

use super::{LogEvent, Meaning, Original, receipt, said};
use portico_shared::cim::question::closes_with_an_answer;
use portico_shared::cim::{EventName, Intent, SenderType};
use portico_shared::customer::{BodyJson, CustomerBody, CustomerEvent};
use portico_shared::json::Value;
use portico_shared::text::says_nothing;
use std::borrow::Cow;

impl LogEvent for CustomerEvent {
    type Body = CustomerBody;

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
        match self.body() {
            Some(CustomerBody::DeliveryNotification(body)) => receipt(&body.message_id, &body.status),
            Some(CustomerBody::DeletedNotification(body)) => Meaning::Deleted(&body.message_id),
            Some(CustomerBody::Other(body)) if is_bare_receipt(body) => Meaning::Silent,
            Some(_) => said(self, is_said(&self.name)),
            None => Meaning::Notice,
        }
    }

    fn message_id(&self) -> Option<&str> {
        self.message().map(|message| message.id.as_str())
    }

    fn body(&self) -> Option<&CustomerBody> {
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
            card: (header.additional_data.as_ref()).and_then(|data| data.carousal_card_id.as_ref()?.as_str()),
        })
    }

    fn is_menu(&self) -> bool {
        match self.body() {
            Some(CustomerBody::Button(menu)) => closes_with_an_answer(menu.additional_details.as_ref()),
            _ => false,
        }
    }

    fn is_whisper(&self) -> bool {
        false
    }
}

/// Whether an event of this name is something that was said. A customer is sent only those activities of apps that are
/// addressed to it.
fn is_said(name: &EventName) -> bool {
    use EventName::{AgentMessage, BotMessage, CustomerMessage, ThirdPartyActivity};
    matches!(name, CustomerMessage | AgentMessage | BotMessage | ThirdPartyActivity)
}

/// Whether a body is the receipt of an order and has no text: there is nothing in it that a customer's program shows.
fn is_bare_receipt(body: &BodyJson<Value>) -> bool {
    body.markdown_text().is_none_or(says_nothing) && body.value().get("type").and_then(Value::as_str) == Some("RECEIPT")
}
