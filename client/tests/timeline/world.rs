//! Entries as a session has them, and short names of what is made of them.

use portico_client::agent::LogEntry;
use portico_client::timeline::{
    AgentEvent, AgentItem, AgentView, CustomerItem, CustomerNotice, TimelineItem, TimelineMessage, agent_items,
    customer_items,
};
use portico_client::{Answer, Content, SendState, SessionRole, Unsent, customer};
use portico_shared::cim::{
    CimEvent, CimMessage, EventData, EventName, MessageBody, MessageHeader, Sender, SenderType, Timestamp,
};
use portico_shared::customer::CustomerBody;
use portico_shared::frame::{Audience, Draft, Person, RefusalCode};
use portico_shared::ids::{ClientId, Seq};
use portico_shared::visibility;
use serde_json::json;
use std::sync::Arc;

/// One minute, in milliseconds.
pub(crate) const MINUTE: i64 = 60_000;
/// One day, in milliseconds.
pub(crate) const DAY: i64 = 86_400_000;

/// Days of a time zone that is this many hours ahead of UTC.
pub(crate) fn zone(hours_ahead: i64) -> impl Fn(i64) -> i64 {
    move |at_ms| (at_ms + hours_ahead * 60 * MINUTE).div_euclid(DAY)
}

/// What the customer's screen shows of what the relay lets the customer see of these.
pub(crate) fn customers(entries: &[LogEntry]) -> Vec<CustomerItem> {
    customers_in(entries, zone(0))
}

/// The same in another time zone.
pub(crate) fn customers_in(entries: &[LogEntry], zone: impl Fn(i64) -> i64) -> Vec<CustomerItem> {
    let entries: Vec<_> = entries.iter().filter_map(seen_by_customer).collect();
    customer_items(&entries, zone)
}

pub(crate) fn agents(entries: &[LogEntry]) -> Vec<AgentItem> {
    agent_items(entries, &view(), zone(0))
}

/// The agent Ada, who talks to a customer called Carol.
pub(crate) fn view() -> AgentView {
    AgentView {
        me: Some(Person {
            id: "ada".to_owned(),
            kind: SenderType::Agent,
            name: "Ada L.".to_owned(),
            role: None,
        }),
        customer_name: "Carol".to_owned(),
        customer_picture: "c-1".to_owned(),
        ..AgentView::default()
    }
}

pub(crate) fn messages<R: SessionRole>(items: &[TimelineItem<R>]) -> Vec<&TimelineMessage<R>> {
    items.iter().filter_map(TimelineItem::message).collect()
}

pub(crate) fn notices(items: &[CustomerItem]) -> Vec<&CustomerNotice> {
    items.iter().filter_map(TimelineItem::event).collect()
}

pub(crate) fn events(items: &[AgentItem]) -> Vec<&AgentEvent> {
    items.iter().filter_map(TimelineItem::event).collect()
}

/// A timeline in short: `day`, `>` and `<` around the runs of messages, `event`.
pub(crate) fn outline<R: SessionRole>(items: &[TimelineItem<R>]) -> Vec<String> {
    let word = |item: &TimelineItem<R>| match item {
        TimelineItem::Day { day, .. } => format!("day {day}"),
        TimelineItem::Message(message) => {
            let begin = if message.first { ">" } else { "" };
            let end = if message.last { "<" } else { "" };
            format!("{begin}{}{end}", message.text().unwrap_or_default())
        }
        TimelineItem::Event(_) => "event".to_owned(),
    };
    items.iter().map(word).collect()
}

pub(crate) fn sender(id: &str) -> Sender {
    let kind = match id {
        "carol" => SenderType::Customer,
        "ada" | "bob" => SenderType::Agent,
        "robot" => SenderType::Bot,
        _ => SenderType::System,
    };
    let detail = json!({ "firstName": id });
    Sender {
        additional_detail: (kind == SenderType::Agent).then_some(detail),
        ..Sender::new(id, kind, id)
    }
}

/// An entry as the customer's session has it, unless the relay keeps it from the customer.
fn seen_by_customer(entry: &LogEntry) -> Option<customer::LogEntry> {
    let content = match &entry.content {
        Content::Event(event) => Content::Event(Arc::new(visibility::view(event)?)),
        Content::Unsent(unsent) => Content::Unsent(Arc::new(Unsent {
            client_id: unsent.client_id.clone(),
            draft: Arc::new(Draft::new(CustomerBody::of(&unsent.draft.body)?)),
            audience: unsent.audience,
            at_ms: unsent.at_ms,
        })),
    };
    Some(customer::LogEntry {
        key: entry.key.clone(),
        seq: entry.seq,
        content,
        state: entry.state.clone(),
        mine: entry.mine,
        preview: None,
        edited: entry.edited.clone(),
        deleted: entry.deleted,
        changed: entry.changed,
        answer: entry.answer.clone(),
    })
}

/// An event of the log as an entry.
pub(crate) fn happened(seq: u64, at_ms: i64, by: &str, name: EventName, data: EventData) -> LogEntry {
    let event = CimEvent {
        id: format!("e-{seq}"),
        name,
        timestamp: Timestamp::from_ms(at_ms),
        event_emitter: sender(by),
        data,
        ..CimEvent::default()
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

/// A message; its id is `m-` and its position.
pub(crate) fn said(seq: u64, at_ms: i64, by: &str, body: MessageBody) -> LogEntry {
    let name = match sender(by).kind {
        SenderType::Customer => EventName::CustomerMessage,
        SenderType::Bot => EventName::BotMessage,
        _ => EventName::AgentMessage,
    };
    let message = CimMessage {
        id: format!("m-{seq}"),
        header: MessageHeader::new(sender(by)),
        body,
        ..CimMessage::default()
    };
    happened(seq, at_ms, by, name, EventData::Message(Box::new(message)))
}

pub(crate) fn text(seq: u64, at_ms: i64, by: &str) -> LogEntry {
    said(seq, at_ms, by, MessageBody::plain(format!("{by} {seq}")))
}

/// The same as an own message.
pub(crate) fn mine(entry: LogEntry) -> LogEntry {
    LogEntry {
        mine: true,
        state: Some(SendState::Stored),
        ..entry
    }
}

/// A post that is not stored yet.
pub(crate) fn unsent(id: &str, at_ms: i64, audience: Audience) -> LogEntry {
    let unsent = Unsent {
        client_id: ClientId::new(id),
        draft: Arc::new(Draft::new(MessageBody::plain(id))),
        audience,
        at_ms,
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

pub(crate) fn failed(entry: LogEntry) -> LogEntry {
    LogEntry {
        state: Some(SendState::Failed {
            code: RefusalCode::InvalidBody,
            message: String::new(),
        }),
        ..entry
    }
}

/// The same with another event.
pub(crate) fn with_event(entry: LogEntry, change: impl FnOnce(&mut CimEvent)) -> LogEntry {
    let Content::Event(event) = &entry.content else {
        panic!("no event: {entry:?}")
    };
    let mut event = CimEvent::clone(event);
    change(&mut event);
    LogEntry {
        content: Content::Event(Arc::new(event)),
        ..entry
    }
}

/// The same with another message.
pub(crate) fn with_message(entry: LogEntry, change: impl FnOnce(&mut CimMessage)) -> LogEntry {
    with_event(entry, |event| change(event.message_mut().expect("a message")))
}
