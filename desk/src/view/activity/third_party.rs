//! Anything that no other card knows: what it is called, who sent it, and its values as names and facts.

use super::facts::facts;
use super::frame::CardHead;
use crate::i18n::activity as messages;
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::Card;
use portico_shared::cim::EventName;
use portico_ui::icon::INFO;
use serde_json::{Map, Value};

/// The activity.
pub(super) fn view(card: &Card) -> AnyView {
    let message = card.event.message();
    let named = message
        .and_then(|message| message.header.intent.as_ref())
        .map(|intent| intent.as_str().to_owned());
    let kind = message.map(|message| message.body.type_name().to_owned());
    let event = match &card.event.name {
        EventName::ThirdPartyActivity => None,
        name => Some(name.as_str().to_owned()),
    };
    let title = named.or(event).or(kind).filter(|title| !title.is_empty());
    let title = title.map_or_else(|| messages::ACTIVITY.to_owned(), |title| messages::plain(&title));
    let values = values(card);
    let text = message
        .and_then(|message| message.text())
        .map(|text| text.into_owned())
        .filter(|text| !text.trim().is_empty());
    let head = CardHead {
        picture: INFO,
        class: "card__icon--other",
        title,
        line: [Some(card.author.name.clone()), text.clone()]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
        number: None,
        at_ms: card.at_ms(),
    };
    let text = text.map(|text| html::p().attr("dir", "auto").child(text));
    head.over(Some((text, facts(&values)).into_any()))
}

/// The body's members, or the event's data where it is no message.
fn values(card: &Card) -> Map<String, Value> {
    let mut values = match card.event.message() {
        Some(message) => message.body.encode(),
        None => match serde_json::to_value(&*card.event)
            .ok()
            .and_then(|mut event| event.get_mut("data").map(Value::take))
        {
            Some(Value::Object(data)) => data,
            Some(Value::Null) | None => Map::new(),
            Some(other) => Map::from_iter([("value".to_owned(), other)]),
        },
    };
    values.remove("type");
    values.remove("markdownText");
    values
}
