//! What customers and channels are called, and whether that is proven.

use crate::i18n::{self, t};
use portico_client::agent::{Conversation, LogEntry};
use portico_client::{Content, full_name, plain_name};
use portico_shared::cim::{CimEvent, Customer, SenderType};
use portico_shared::frame::{Offer, Summary};
use portico_shared::ids::ConversationId;
use serde_json::{Map, Value};

/// The name to show for the customer: its own, the one of the form, or "visitor" with a short reference.
pub(crate) fn customer_name(summary: &Summary) -> String {
    let known = summary.people.iter().find(|person| person.kind == SenderType::Customer);
    let known = known.map_or("", |person| person.name.as_str());
    name(known, &summary.details.data, &summary.conversation)
}

/// What the customer of a reservation is called.
pub(crate) fn reservation_name(offer: &Offer) -> String {
    name(&offer.customer.name, &offer.data, &offer.conversation)
}

/// Whether the site vouches for who the customer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// It does.
    Verified,
    /// It does not: the name is what the customer says.
    Claimed,
}

/// The identity of a reservation's customer, as the relay says.
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
    conversation
        .last()
        .and_then(channel_of)
        .or_else(|| conversation.summary().details.channel.clone())
}

fn channel_of(event: &CimEvent) -> Option<String> {
    event.channel_session.as_ref()?.channel.as_ref()?.name.clone()
}

fn name(known: &str, data: &Map<String, Value>, conversation: &ConversationId) -> String {
    let said = |key: &str| {
        data.get(key)
            .and_then(Value::as_str)
            .map(plain_name)
            .unwrap_or_default()
    };
    let known = Some(plain_name(known)).filter(|name| name != t().visitor());
    let form = full_name(Some(&said("first_name")), Some(&said("last_name")));
    let names = [known, Some(said("name")), form];
    let name = names.into_iter().flatten().find(|name| !name.is_empty());
    name.unwrap_or_else(|| i18n::visitor(conversation.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{entry, reservation, summary, text, unsent, with_identity};
    use serde_json::json;

    fn called(known: &str, data: Value) -> String {
        let mut summary = summary();
        summary.people[0].name = known.to_owned();
        summary.details.data = data.as_object().cloned().unwrap_or_default();
        customer_name(&summary)
    }

    #[test]
    fn a_customer_is_called_by_its_name_before_what_it_says_in_a_form() {
        let form = json!({ "name": "C. Smith", "first_name": "Carol", "last_name": "Smith" });
        assert_eq!(called("Carol", form.clone()), "Carol");
        assert_eq!(called(t().visitor(), form), "C. Smith");
        assert_eq!(
            called("", json!({ "first_name": "Carol", "last_name": "Smith" })),
            "Carol Smith"
        );
        assert_eq!(called("", json!({ "last_name": "Smith", "name": 7 })), "Smith");
    }

    #[test]
    fn visitors_without_a_name_are_told_apart_by_their_reference() {
        assert_eq!(called("", json!({})), i18n::visitor("c-1"));
        assert_eq!(reservation_name(&reservation(0)), i18n::visitor("c-1"));
    }

    #[test]
    fn a_name_cannot_turn_the_text_around_it() {
        assert_eq!(called("Ca\u{202e}rol\u{7}", json!({})), "Carol");
        assert_eq!(called("\u{200f} \u{2067}", json!({ "name": "Dan" })), "Dan");
    }

    #[test]
    fn what_rings_is_verified_only_if_the_relay_says_so() {
        let says = |said: Value| {
            let mut offer = reservation(0);
            offer.data.insert(Customer::IS_ANONYMOUS.to_owned(), said);
            reservation_identity(&offer)
        };
        assert_eq!(says(json!(false)), Identity::Verified);
        assert_eq!(says(json!(true)), Identity::Claimed);
        assert_eq!(says(json!("false")), Identity::Claimed);
        assert_eq!(reservation_identity(&reservation(0)), Identity::Claimed);
    }

    #[test]
    fn the_newest_event_that_mentions_the_customer_says_whether_it_is_verified() {
        let before = entry(1, with_identity(text(1, "carol", "Hi"), true));
        let signed_in = entry(2, with_identity(text(2, "carol", "Me again"), false));
        let silent = entry(3, text(3, "bob", "Hello"));
        assert_eq!(identity(&[before.clone(), silent.clone()]), Identity::Claimed);
        assert_eq!(
            identity(&[before, signed_in, silent, unsent("p-1", "Well")]),
            Identity::Verified
        );
        assert_eq!(identity(&[]), Identity::Claimed);
    }
}
