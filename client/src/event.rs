//! What a session needs to know of an event, for each role that is sent it.

mod cim;
mod customer;

use portico_shared::cim::body::DeliveryStatus;
use portico_shared::cim::{EventName, Intent, SenderType};
use portico_shared::frame::Person;
use portico_shared::role::ClientRole;
use std::borrow::Cow;
use std::fmt::Debug;

/// An event of a log, as one role is sent it.
pub trait LogEvent: Debug + Clone + PartialEq {
    /// What its message says.
    type Body;

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
    fn body(&self) -> Option<&Self::Body>;

    /// The text of its message, decoded.
    fn text(&self) -> Option<Cow<'_, str>>;

    /// The message that its message names: it answers, quotes or edits that one.
    fn original(&self) -> Option<Original<'_>>;

    /// Whether its message asks for a press on one of its buttons, and does not say itself that they stay. The buttons of
    /// cards belong to their cards: cards and a menu under them are one question.
    fn is_menu(&self) -> bool;

    /// Whether agents alone see it.
    fn is_whisper(&self) -> bool;

    /// Whether the chat is over with it.
    fn is_end(&self) -> bool;

    /// Whether all that was said before it is erased.
    fn erases(&self) -> bool {
        false
    }
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
    /// What a page calls itself that a message links to.
    Preview(&'a str),
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
    /// The id of the card that a pressed button stands on.
    pub card: Option<&'a str>,
}

/// The member of `header.additionalData` with the id of the card that a pressed button stands on.
pub(crate) const CARD: &str = "carousalCardId";

/// What a message does whose body is a receipt: of which message, and what became of that.
fn receipt<'a>(message: &'a str, status: &DeliveryStatus) -> Meaning<'a> {
    match status {
        DeliveryStatus::Delivered => Meaning::Delivered(message),
        DeliveryStatus::Read => Meaning::Read(message),
        DeliveryStatus::Connected | DeliveryStatus::Failed | DeliveryStatus::Other(_) => Meaning::Silent,
    }
}

/// Whether an event of this name ends a chat.
fn ends(name: &EventName) -> bool {
    matches!(name, EventName::ChannelSessionEnded | EventName::ChannelSessionExpired)
}

/// What an event does whose message says something.
fn said<'a, E: LogEvent>(event: &'a E, is_said: bool) -> Meaning<'a> {
    match event.original() {
        _ if !is_said => Meaning::Notice,
        Some(Original { id, intent, .. }) if intent == Some(Intent::Update.as_str()) => Meaning::Edit {
            original: id,
            text: event.text().unwrap_or_default(),
        },
        _ => Meaning::Message,
    }
}

/// A role whose events a session can read.
pub trait LogRole: ClientRole<Event: LogEvent<Body = <Self as ClientRole>::Body>> {}

impl<R: ClientRole<Event: LogEvent<Body = R::Body>>> LogRole for R {}

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
