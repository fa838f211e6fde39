//! What a session needs to know of an event, for each role that is sent it.

mod cim;
mod customer;

use portico_shared::cim::body::DeliveryStatus;
use portico_shared::cim::{EventName, Intent, MessageBody, SenderType};
use portico_shared::frame::Person;
use portico_shared::role::Role;
use std::borrow::Cow;
use std::fmt::Debug;

/// An event of a log, as one role is sent it.
pub trait LogEvent: Debug + Clone + PartialEq {
    /// When it happened, in epoch milliseconds of the relay.
    fn at_ms(&self) -> i64;

    /// The actor's id.
    fn emitter(&self) -> &str;

    /// What kind of actor that is.
    fn emitter_kind(&self) -> &SenderType;

    /// What it does to the entries of its conversation.
    fn meaning(&self) -> Meaning<'_>;

    /// The id of its message, if it has one: what an answer, a quote or an edit names.
    fn message_id(&self) -> Option<&str>;

    /// What its message says, if it has one.
    fn body(&self) -> Option<&MessageBody>;

    /// The text of its message, decoded.
    fn text(&self) -> Option<Cow<'_, str>>;

    /// The message that its message names: it answers, quotes or edits that one.
    fn original(&self) -> Option<Original<'_>>;

    /// Whether agents alone see it.
    fn is_whisper(&self) -> bool;
}

/// What an event does to the entries of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning<'a> {
    /// An entry: a message.
    Message,
    /// An entry: an event that is no message.
    Notice,
    /// A message, and all before it, reached another participant.
    Delivered(&'a str),
    /// A message, and all before it, was read.
    Read(&'a str),
    /// A message has a new text.
    Edit {
        /// Which message.
        original: &'a str,
        /// The text.
        text: Cow<'a, str>,
    },
    /// A message was taken back.
    Deleted(&'a str),
    /// Nothing to show.
    Silent,
}

/// A message that another one names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Original<'a> {
    /// Its id.
    pub id: &'a str,
    /// What is done about it: the payload of a pressed button, `REPLY_TO` for a quote, `UPDATE` for an edit.
    pub intent: Option<&'a str>,
}

/// What the event called `name` does, whose message has this body and names that original.
fn meaning_of<'a>(
    name: &EventName,
    body: &'a MessageBody,
    original: Option<Original<'a>>,
    text: impl FnOnce() -> Option<Cow<'a, str>>,
) -> Meaning<'a> {
    match body {
        MessageBody::DeliveryNotification(receipt) => match receipt.status {
            DeliveryStatus::Delivered => Meaning::Delivered(&receipt.message_id),
            DeliveryStatus::Read => Meaning::Read(&receipt.message_id),
            DeliveryStatus::Connected | DeliveryStatus::Failed | DeliveryStatus::Other(_) => Meaning::Silent,
        },
        MessageBody::DeletedNotification(deleted) => Meaning::Deleted(&deleted.message_id),
        _ if !is_said(name) => Meaning::Notice,
        MessageBody::Notification(_) => Meaning::Notice,
        _ => match original {
            Some(Original { id, intent }) if intent == Some(Intent::Update.as_str()) => Meaning::Edit {
                original: id,
                text: text().unwrap_or_default(),
            },
            _ => Meaning::Message,
        },
    }
}

fn is_said(name: &EventName) -> bool {
    use EventName::{AgentMessage, BotMessage, CustomerMessage, WhisperMessage};
    matches!(name, CustomerMessage | AgentMessage | BotMessage | WhisperMessage)
}

/// A role whose events a session can read.
pub trait LogRole: Role<Event: LogEvent> {}

impl<R: Role<Event: LogEvent>> LogRole for R {}

/// Whether the customer is the actor of an event.
pub(crate) fn is_customers(event: &impl LogEvent) -> bool {
    *event.emitter_kind() == SenderType::Customer
}

/// Whether this person is the actor of an event. A conversation has one customer, whatever its id.
pub(crate) fn is_by(person: &Person, event: &impl LogEvent) -> bool {
    let customers = person.kind == SenderType::Customer && is_customers(event);
    customers || person.id == event.emitter()
}

/// Whose log is read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reader {
    pub(crate) id: String,
    pub(crate) is_customer: bool,
}

impl Reader {
    /// Whether an event is the reader's own.
    pub(crate) fn is_author(&self, event: &impl LogEvent) -> bool {
        event.emitter() == self.id || (self.is_customer && is_customers(event))
    }

    /// Whether a receipt with this actor says something about own messages: for agents only the customer's does,
    /// a colleague who reads along does not count.
    pub(crate) fn heeds_receipt(&self, event: &impl LogEvent) -> bool {
        if self.is_customer {
            !self.is_author(event)
        } else {
            is_customers(event)
        }
    }
}
