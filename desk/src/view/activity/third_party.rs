//! Anything that no other card knows: what it is called, who sent it, and its values as names and facts.

use super::facts::facts;
use super::frame::{CardHead, in_line};
use crate::i18n::{activity as messages, t};
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::Card;
use portico_shared::cim::{CimEvent, EventData, EventName};
use portico_shared::text::says_nothing;
use portico_ui::icon::INFO;
use serde_json::{Map, Value};

/// The activity.
pub(super) fn view(card: &Card) -> AnyView {
    let text = text_of(&card.event);
    let head = CardHead {
        picture: INFO,
        class: "card__icon--other",
        title: title(&card.event),
        line: in_line([Some(card.author.name.clone()), text.clone()]),
        number: None,
        at_ms: card.at_ms(),
    };
    let text = text.map(|text| html::p().attr("dir", "auto").child(text));
    head.over(Some((text, facts(&values(&card.event))).into_any()))
}

/// What its program calls it, or else its event or its body.
fn title(event: &CimEvent) -> String {
    let message = event.message();
    let intent = message.and_then(|message| message.header.intent.as_ref());
    let name = match &event.name {
        EventName::ThirdPartyActivity => None,
        name => Some(name.as_str()),
    };
    let title = match (intent.map(|intent| intent.as_str()).or(name), message) {
        (Some(code), _) => messages::plain(code),
        (None, Some(message)) => messages::content(&message.body),
        (None, None) => String::new(),
    };
    match title {
        title if says_nothing(&title) => t().activity().to_owned(),
        title => title,
    }
}

fn text_of(event: &CimEvent) -> Option<String> {
    let text = event.message()?.text()?.into_owned();
    (!says_nothing(&text)).then_some(text)
}

/// The body's members, or the event's data where it is no message. What the card shows already is not among them.
fn values(event: &CimEvent) -> Map<String, Value> {
    let mut values = match event.message() {
        Some(message) => portico_shared::json::to_map(&message.body),
        None => data_of(event),
    };
    values.remove("type");
    values.remove("markdownText");
    values
}

/// Data that no type describes; what a type describes has a card or a notice of its own.
fn data_of(event: &CimEvent) -> Map<String, Value> {
    match &event.data {
        EventData::Raw(Value::Object(data)) => data.clone(),
        EventData::Raw(Value::Null) => Map::new(),
        EventData::Raw(other) => Map::from_iter([("value".to_owned(), other.clone())]),
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{body, event, said};
    use portico_shared::cim::Intent;
    use serde_json::json;

    fn reported(body_json: Value) -> CimEvent {
        CimEvent {
            name: EventName::ThirdPartyActivity,
            ..said(0, "app", body(body_json))
        }
    }

    fn raw(data: Value) -> CimEvent {
        let name = EventName::Other("PARCEL_SENT".to_owned());
        event(0, "app", name, EventData::Raw(data))
    }

    #[test]
    fn an_activity_is_called_by_its_intent_its_event_or_its_body() {
        let mut parcel = reported(json!({ "type": "PARCEL" }));
        assert_eq!(title(&parcel), "Parcel");
        let named = |kind: &str| title(&reported(json!({ "type": kind, "buttons": [], "elements": [] })));
        let kinds = ["PLAIN", "BUTTON", "CAROUSEL", "EMAIL"].map(named);
        let words = [
            t().content_message(),
            t().body_choices(),
            t().body_cards(),
            t().content_email(),
        ];
        assert_eq!(kinds, words);
        parcel.message_mut().expect("a message").header.intent = Some(Intent::Other("PARCEL_LOST".to_owned()));
        assert_eq!(title(&parcel), "Parcel lost");
        assert_eq!(title(&raw(json!({}))), "Parcel sent");
        let unnamed = event(0, "app", EventName::ThirdPartyActivity, EventData::default());
        assert_eq!(title(&unnamed), t().activity());
    }

    #[test]
    fn the_values_are_the_bodys_without_what_the_card_shows_already() {
        let parcel = reported(json!({ "type": "PARCEL", "markdownText": "On its way", "weight": 2 }));
        assert_eq!(Value::Object(values(&parcel)), json!({ "weight": 2 }));
        assert_eq!(text_of(&parcel).as_deref(), Some("On its way"));
    }

    #[test]
    fn data_that_is_no_message_is_shown_whatever_it_is() {
        assert_eq!(
            Value::Object(values(&raw(json!({ "weight": 2 })))),
            json!({ "weight": 2 })
        );
        assert_eq!(Value::Object(values(&raw(json!(7)))), json!({ "value": 7 }));
        assert_eq!(Value::Object(values(&raw(json!(null)))), json!({}));
    }
}
