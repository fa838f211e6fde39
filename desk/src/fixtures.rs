//! Events, log entries and summaries for tests, of a conversation between the customer Carol, the agents Ada and Bob, and a
//! bot. Ada is the agent who looks.

#[path = "../../shared/tests/support/texts.rs"]
mod table;

pub(crate) use table::texts;

use portico_client::agent::LogEntry;
use portico_client::timeline::{AgentView, Card};
use portico_client::{Answer, Content, SendState, Unsent};
use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::participant::ParticipantRole;
use portico_shared::cim::{
    ChannelSession, CimEvent, CimMessage, Customer, EventData, EventName, MessageBody, MessageHeader, Sender,
    SenderType, Timestamp,
};
use portico_shared::frame::{Audience, Draft, Offer, Person, Summary};
use portico_shared::ids::{ClientId, ConversationId, Seq, TaskId};
use portico_shared::json::{Map, Value};
use portico_shared::role::StaffDetails;
use std::sync::Arc;

pub(crate) fn sender(id: &str) -> Sender {
    let kind = match id {
        "carol" => SenderType::Customer,
        "ada" | "bob" => SenderType::Agent,
        "bot" => SenderType::Bot,
        _ => SenderType::System,
    };
    Sender::new(id, kind, id)
}

pub(crate) fn person(id: &str, kind: &str, role: &str) -> Person {
    Person {
        id: id.to_owned(),
        kind: SenderType::parse(kind),
        name: id.to_owned(),
        role: Some(ParticipantRole::parse(role)),
    }
}

/// Ada looks at Carol.
pub(crate) fn view() -> AgentView {
    AgentView {
        me: Some(person("ada", "AGENT", "PRIMARY")),
        customer_name: "Carol".to_owned(),
        customer_picture: "c-1".to_owned(),
        ..AgentView::default()
    }
}

pub(crate) fn conversation() -> ConversationId {
    ConversationId::new("c-1")
}

/// A conversation of Carol with Ada, who is in charge, and a bot that assists.
pub(crate) fn summary() -> Summary {
    Summary {
        conversation: conversation(),
        state: ConversationState::Active,
        head: Seq(0),
        people: vec![
            person("Carol", "CUSTOMER", "CUSTOMER"),
            person("bot", "BOT", "ASSISTANT"),
            person("ada", "AGENT", "PRIMARY"),
        ],
        waiting: false,
        started_at: 0,
        last: None,
        unread: 0,
        read: Seq(0),
        details: StaffDetails {
            channel: Some("web".to_owned()),
            ..StaffDetails::default()
        },
    }
}

/// What rings at Ada for a customer without a name.
pub(crate) fn reservation(expires_at: i64) -> Offer {
    Offer {
        task: TaskId::new("t-1"),
        conversation: conversation(),
        queue: "Sales".to_owned(),
        customer: person("", "CUSTOMER", "CUSTOMER"),
        waiting_since: 0,
        expires_at,
        last_text: None,
        data: Map::new(),
    }
}

pub(crate) fn event(at_ms: i64, by: &str, name: EventName, data: EventData) -> CimEvent {
    CimEvent {
        id: format!("e-{at_ms}"),
        name,
        timestamp: Timestamp::from_ms(at_ms),
        event_emitter: sender(by),
        data,
        ..CimEvent::default()
    }
}

/// A message for all participants of the conversation.
pub(crate) fn said(at_ms: i64, by: &str, body: MessageBody) -> CimEvent {
    let name = match sender(by).kind {
        SenderType::Customer => EventName::CustomerMessage,
        SenderType::Bot => EventName::BotMessage,
        _ => EventName::AgentMessage,
    };
    let message = CimMessage {
        id: format!("m-{at_ms}"),
        header: MessageHeader::new(sender(by)),
        body,
        ..CimMessage::default()
    };
    event(at_ms, by, name, EventData::Message(Box::new(message)))
}

pub(crate) fn text(at_ms: i64, by: &str, text: &str) -> CimEvent {
    said(at_ms, by, MessageBody::plain(text))
}

/// The same among agents.
pub(crate) fn whisper(at_ms: i64, by: &str, said: &str) -> CimEvent {
    CimEvent {
        name: EventName::WhisperMessage,
        ..text(at_ms, by, said)
    }
}

/// The same with the site's word on whether the customer is anonymous.
pub(crate) fn with_identity(event: CimEvent, is_anonymous: bool) -> CimEvent {
    let customer = Customer {
        is_anonymous: Some(is_anonymous),
        ..Customer::default()
    };
    let session = ChannelSession {
        customer: Some(customer),
        ..ChannelSession::default()
    };
    CimEvent {
        channel_session: Some(Box::new(session)),
        ..event
    }
}

/// An event as an entry of the log.
pub(crate) fn entry(seq: u64, event: CimEvent) -> LogEntry {
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

/// The same as Ada's own.
pub(crate) fn mine(entry: LogEntry) -> LogEntry {
    LogEntry {
        mine: true,
        state: Some(SendState::Stored),
        ..entry
    }
}

/// A post of Ada's that is not stored yet.
pub(crate) fn unsent(id: &str, text: &str) -> LogEntry {
    let unsent = Unsent {
        client_id: ClientId::new(id),
        draft: Arc::new(Draft::new(MessageBody::plain(text))),
        audience: Audience::Everyone,
        at_ms: 0,
    };
    LogEntry {
        key: id.to_owned(),
        seq: None,
        content: Content::Unsent(Arc::new(unsent)),
        state: Some(SendState::Sending),
        mine: true,
        edited: None,
        deleted: false,
        changed: None,
        preview: None,
        answer: Answer::Open,
    }
}

/// A body as a program sends it.
pub(crate) fn body(json: Value) -> MessageBody {
    serde_json::from_value(json).expect("a body of CIM")
}

/// What an app called `app` reports.
pub(crate) fn card(event: CimEvent) -> Card {
    Card::of(Arc::new(event), &view())
}
