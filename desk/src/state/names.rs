//! What customers and channels are called, and whether that is proven.

use crate::i18n;
use portico_client::{Content, Conversation, LogEntry};
use portico_shared::cim::{CimEvent, Customer};
use portico_shared::frame::{Offer, Summary};
use portico_shared::ids::ConversationId;
use serde_json::{Map, Value};

/// What the customer is called: by itself, by the form, or a visitor whom the reference tells from others.
pub(crate) fn customer_name(summary: &Summary) -> String {
    let known = summary.people.iter().find(|person| person.kind == "CUSTOMER");
    let known = known.map_or("", |person| person.name.as_str());
    name(known, &summary.data, &summary.conversation)
}

/// The same of somebody who rings.
pub(crate) fn reservation_name(offer: &Offer) -> String {
    name(&offer.customer.name, &offer.data, &offer.conversation)
}

/// Whether the site vouches for who the customer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// It does.
    Verified,
    /// It does not: the customer is whoever it says.
    Claimed,
}

/// The same of somebody who rings, in the relay's own word.
pub(crate) fn reservation_identity(offer: &Offer) -> Identity {
    match offer.data.get(Customer::IS_ANONYMOUS) {
        Some(Value::Bool(false)) => Identity::Verified,
        Some(_) | None => Identity::Claimed,
    }
}

/// The identity of a conversation's customer, as the newest event that mentions the customer says.
pub(crate) fn identity(entries: &[LogEntry]) -> Identity {
    let said = entries.iter().rev().find_map(|entry| match &entry.content {
        Content::Event(event) => said_of(event),
        Content::Unsent(_) => None,
    });
    said.unwrap_or(Identity::Claimed)
}

/// What an event says of the customer's identity.
pub(super) fn said_of(event: &CimEvent) -> Option<Identity> {
    let customer = event.channel_session.as_ref()?.customer.as_ref()?;
    customer.is_anonymous.map(|anonymous| match anonymous {
        true => Identity::Claimed,
        false => Identity::Verified,
    })
}

/// What the owner calls the channel, as the newest event says, or else the channel's key.
pub(crate) fn channel_name(conversation: &Conversation) -> Option<String> {
    let named = |event: &CimEvent| event.channel_session.as_ref()?.channel.as_ref()?.name.clone();
    let name = conversation.last().and_then(named);
    name.or_else(|| conversation.summary().channel.clone())
}

fn name(known: &str, data: &Map<String, Value>, conversation: &ConversationId) -> String {
    let said = |key: &str| data.get(key).and_then(Value::as_str).map(plain).unwrap_or_default();
    let known = Some(plain(known)).filter(|name| name != i18n::VISITOR);
    let form = plain(&[said("first_name"), said("last_name")].join(" "));
    let names = [known.unwrap_or_default(), said("name"), form];
    let name = names.into_iter().find(|name| !name.is_empty());
    name.unwrap_or_else(|| i18n::visitor(conversation.as_str()))
}

/// A name without what would draw other words than it holds: control characters and those that turn the direction.
fn plain(name: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let kept: String = name.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    kept.trim().to_owned()
}
