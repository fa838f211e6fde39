//! What customers are sent of events.

use super::{LogEvent, Meaning, Original, ends, receipt, said};
use portico_shared::cim::question::closes_with_an_answer;
use portico_shared::cim::{EventName, Intent, SenderType};
use portico_shared::customer::{CustomerBody, CustomerEvent};
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
        if let Some(preview) = self.link_preview() {
            return Meaning::Preview(preview.message_id());
        }
        match self.body() {
            Some(CustomerBody::DeliveryNotification(body)) => receipt(&body.message_id, &body.status),
            Some(CustomerBody::DeletedNotification(body)) => Meaning::Deleted(&body.message_id),
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

    fn is_end(&self) -> bool {
        ends(&self.name)
    }
}

/// Whether an event of this name is something that was said. A customer is sent only those activities of apps that are
/// addressed to it.
fn is_said(name: &EventName) -> bool {
    use EventName::{AgentMessage, BotMessage, CustomerMessage, ThirdPartyActivity};
    matches!(name, CustomerMessage | AgentMessage | BotMessage | ThirdPartyActivity)
}
