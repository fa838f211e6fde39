//! What an event means to a timeline, and whose it is.

use portico_shared::cim::body::DeliveryStatus;
use portico_shared::cim::{CimEvent, CimMessage, EventData, EventName, Intent, MessageBody, Sender, SenderType};
use portico_shared::frame::Person;

/// What an event does to the entries of a conversation.
pub(crate) enum Meaning<'a> {
    /// A entry: somebody says something.
    Message,
    /// A entry: something happened.
    Notice,
    /// A message, and all before it, reached somebody.
    Delivered(&'a str),
    /// A message, and all before it, was read.
    Read(&'a str),
    /// A message has a new text.
    Edit(&'a str, &'a CimMessage),
    /// A message was taken back.
    Deleted(&'a str),
    /// Nothing to show.
    Silent,
}

/// Reads an event.
pub(crate) fn meaning(event: &CimEvent) -> Meaning<'_> {
    if event.name == EventName::TypingIndicator {
        return Meaning::Silent;
    }
    let Some(message) = message(event) else {
        return Meaning::Notice;
    };
    match &message.body {
        MessageBody::DeliveryNotification(receipt) => match receipt.status {
            DeliveryStatus::Delivered => Meaning::Delivered(&receipt.message_id),
            DeliveryStatus::Read => Meaning::Read(&receipt.message_id),
            DeliveryStatus::Connected | DeliveryStatus::Failed | DeliveryStatus::Other(_) => Meaning::Silent,
        },
        MessageBody::DeletedNotification(deleted) => Meaning::Deleted(&deleted.message_id),
        _ if !is_said(&event.name) => Meaning::Notice,
        MessageBody::Notification(_) => Meaning::Notice,
        _ => match &message.header.original_message_id {
            Some(original) if message.header.intent == Some(Intent::Update) => Meaning::Edit(original, message),
            _ => Meaning::Message,
        },
    }
}

/// The message in an event, if there is one.
pub(crate) fn message(event: &CimEvent) -> Option<&CimMessage> {
    match &event.data {
        EventData::Message(message) => Some(message),
        _ => None,
    }
}

/// The id of the message in an event.
pub(crate) fn message_id(event: &CimEvent) -> Option<&str> {
    message(event).map(|message| message.id.as_str())
}

fn is_said(name: &EventName) -> bool {
    use EventName::{AgentMessage, BotMessage, CustomerMessage, WhisperMessage};
    matches!(name, CustomerMessage | AgentMessage | BotMessage | WhisperMessage)
}

/// Whether the customer is the actor of an event.
pub(crate) fn is_customers(event: &CimEvent) -> bool {
    event.event_emitter.kind == SenderType::Customer
}

/// Whether somebody in a list is the actor of an event. A conversation has one customer, whatever its id.
pub(crate) fn is_by(person: &Person, emitter: &Sender) -> bool {
    let customers = person.kind == SenderType::Customer.as_str() && emitter.kind == SenderType::Customer;
    customers || person.id == emitter.id
}

/// Who looks at a timeline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Viewer {
    pub(crate) is_customer: bool,
    pub(crate) id: String,
}

impl Viewer {
    /// Whether an event is this identity's own.
    pub(crate) fn is_author(&self, event: &CimEvent) -> bool {
        event.event_emitter.id == self.id || (self.is_customer && is_customers(event))
    }

    /// Whether a receipt with this actor says something about own messages: for agents only the customer's does,
    /// a colleague who reads along does not count.
    pub(crate) fn heeds_receipt(&self, event: &CimEvent) -> bool {
        if self.is_customer {
            !self.is_author(event)
        } else {
            is_customers(event)
        }
    }
}
