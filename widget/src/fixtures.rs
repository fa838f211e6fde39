//! Messages for tests.

#[path = "../../shared/tests/support/texts.rs"]
mod table;

pub(crate) use table::texts;

use portico_client::customer::LogEntry;
use portico_client::customer::TimelineMessage;
use portico_client::timeline::{CustomerItem, TimelineItem, customer_items};
use portico_client::{Answer, Content, SendState, Unsent};
use portico_shared::cim::{EventName, SenderType};
use portico_shared::customer::{
    CustomerBody, CustomerData, CustomerEvent, CustomerHeader, CustomerMessage, CustomerSender,
};
use portico_shared::frame::{Audience, Draft, RefusalCode};
use portico_shared::ids::{ClientId, Seq};
use serde_json::{Value, json};
use std::sync::Arc;

/// The body of a text.
pub(crate) fn text(text: &str) -> Value {
    json!({ "type": "PLAIN", "markdownText": text })
}

/// A stored message of a bot without a name.
pub(crate) fn bot_message(body: Value) -> TimelineMessage {
    from("BOT", "", body)
}

/// A stored message of a participant.
pub(crate) fn from(kind: &str, name: &str, body: Value) -> TimelineMessage {
    message_of(entry(1, kind, name, body))
}

/// An item of a stored message at this position.
pub(crate) fn stored(seq: u64) -> CustomerItem {
    item(message_of(entry(seq, "AGENT", "Ada", text("Hello"))))
}

/// An own message that is on its way.
pub(crate) fn own_message(id: &str, text: &str) -> TimelineMessage {
    message_of(own_entry(id, text, SendState::Sending))
}

/// An own message that was refused for good.
pub(crate) fn failed(id: &str) -> TimelineMessage {
    let state = SendState::Failed {
        code: RefusalCode::InvalidBody,
        message: String::new(),
    };
    message_of(own_entry(id, "Hello", state))
}

/// A message as an item.
pub(crate) fn item(message: TimelineMessage) -> CustomerItem {
    TimelineItem::Message(Box::new(message))
}

fn message_of(entry: LogEntry) -> TimelineMessage {
    let items = customer_items(&[entry], |_| 0);
    let message = items.iter().find_map(TimelineItem::message);
    message.expect("a message is shown").clone()
}

fn own_entry(id: &str, text: &str, state: SendState) -> LogEntry {
    let unsent = Unsent {
        client_id: ClientId::new(id),
        draft: Arc::new(Draft::new(CustomerBody::plain(text))),
        audience: Audience::Everyone,
        at_ms: 0,
    };
    LogEntry {
        key: id.to_owned(),
        seq: None,
        content: Content::Unsent(Arc::new(unsent)),
        state: Some(state),
        mine: true,
        edited: None,
        deleted: false,
        changed: None,
        preview: None,
        answer: Answer::Open,
    }
}

fn entry(seq: u64, kind: &str, name: &str, body: Value) -> LogEntry {
    let (kind, event_name) = match kind {
        "BOT" => (SenderType::Bot, EventName::BotMessage),
        _ => (SenderType::Agent, EventName::AgentMessage),
    };
    let sender = CustomerSender {
        id: "somebody".to_owned(),
        kind,
        sender_name: name.to_owned(),
    };
    let message = CustomerMessage {
        id: format!("m-{seq}"),
        header: CustomerHeader {
            sender: sender.clone(),
            ..CustomerHeader::default()
        },
        body: serde_json::from_value(body).expect("a body"),
    };
    let event = CustomerEvent {
        id: format!("e-{seq}"),
        name: event_name,
        event_emitter: sender,
        data: CustomerData::Message(Box::new(message)),
        ..CustomerEvent::default()
    };
    LogEntry {
        key: format!("#{seq}"),
        seq: Some(Seq(seq)),
        content: Content::Event(Arc::new(event)),
        state: None,
        mine: false,
        edited: None,
        deleted: false,
        changed: None,
        preview: None,
        answer: Answer::Open,
    }
}
