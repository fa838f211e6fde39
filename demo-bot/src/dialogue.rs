//! What the assistant says. No state: every answer follows from the one call.

use serde::Deserialize;
use serde_json::{Value, json};

/// A call of the relay.
#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    /// The same as the header `idempotency-key`, but signed.
    pub(crate) delivery: String,
    /// `message` or `intent`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The customer's words, the payload of a pressed button, or the name of an event.
    pub(crate) message: String,
}

/// The answer: an array of bot messages.
pub(crate) fn answer(call: &Call, shop: &str) -> Value {
    match call.kind.as_str() {
        "intent" => on_event(&call.message),
        _ => on_words(&call.message, shop),
    }
}

fn on_event(name: &str) -> Value {
    match name {
        "CHANNEL_SESSION_STARTED" => json!([text("Hello, I am *Fern*, the shop's assistant.")]),
        _ => json!([]),
    }
}

/// Words that give a topic away, in the order in which they are looked for.
const TOPICS: &[(Topic, &[&str])] = &[
    (
        Topic::Person,
        &[
            "talk_to_person",
            "person",
            "human",
            "agent",
            "someone",
            "mensch",
            "mitarbeiter",
        ],
    ),
    (Topic::Chosen, &["choose_"]),
    (Topic::Tents, &["find_tent", "tent", "zelt", "gear", "product"]),
    (
        Topic::Returns,
        &["returns", "return", "refund", "exchange", "send back", "rückgabe"],
    ),
    (
        Topic::Order,
        &[
            "where_is_order",
            "order",
            "delivery",
            "parcel",
            "shipping",
            "ship ",
            "bestellung",
        ],
    ),
    (Topic::Greeting, &["hello", "hallo", "good morning", "hi"]),
];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Topic {
    Person,
    Chosen,
    Tents,
    Returns,
    Order,
    Greeting,
}

fn topic(words: &str) -> Option<Topic> {
    let words = words.to_lowercase();
    TOPICS
        .iter()
        .find(|(_, clues)| clues.iter().any(|clue| mentions(&words, clue)))
        .map(|(topic, _)| *topic)
}

/// A clue counts where a word begins: "tents" is about a tent, "this" is no "hi".
fn mentions(words: &str, clue: &str) -> bool {
    words.match_indices(clue).any(|(at, _)| {
        !words[..at].ends_with(char::is_alphanumeric) && (clue.len() > 2 || ends(words, at + clue.len()))
    })
}

fn ends(words: &str, at: usize) -> bool {
    !words[at..].starts_with(char::is_alphanumeric)
}

fn on_words(words: &str, shop: &str) -> Value {
    match topic(words) {
        Some(Topic::Person) => json!([
            text("Of course. I am looking for someone who can help you."),
            {"intent": {"name": "TALK_TO_AGENT", "confidence": 1.0}, "mode": null,
             "body": {"type": "ACTION", "markdownText": "", "name": "FIND_AGENT", "data": {"priority": 1}}},
        ]),
        Some(Topic::Chosen) => json!([
            text("Good choice. It is in stock and leaves our warehouse *tomorrow*. Shall I help with anything else?"),
            menu("You can also ask:"),
        ]),
        Some(Topic::Tents) => json!([
            text("These three are the ones that walkers like best this season:"),
            cards(shop)
        ]),
        Some(Topic::Returns) => json!([text(
            "You have *60 days* to send things back, free of charge, even after a first night outside:\n\n\
             1. Print the label from [your orders](https://shop.example.org/orders)\n\
             2. Put it on the parcel\n\
             3. Hand it in at any post office"
        )]),
        Some(Topic::Order) => json!([
            text(
                "Parcels take *two to four working days*. With your order number, a colleague can look up where it is."
            ),
            menu("What would you like to do?"),
        ]),
        Some(Topic::Greeting) => json!([menu("How can I help you today?")]),
        None => json!([
            text(
                "I am not sure that I understood that. I know about tents, orders and returns, or I bring in a person."
            ),
            menu("What is it about?"),
        ]),
    }
}

fn text(markdown: &str) -> Value {
    json!({"mode": "message", "body": {"type": "PLAIN", "markdownText": markdown}})
}

fn button(title: &str, payload: &str) -> Value {
    json!({"title": title, "payload": payload, "type": "button", "additionalButtonDetails": null})
}

fn menu(question: &str) -> Value {
    json!({"mode": "message", "body": {
    "type": "BUTTON", "buttonMessageType": "QUICK_REPLIES", "markdownText": question, "additionalDetails": null,
    "buttons": [
        button("Find a tent", "find_tent"), button("Where is my order?", "where_is_order"),
        button("Returns", "returns"), button("Talk to a person", "talk_to_person"),
    ]}})
}

fn cards(shop: &str) -> Value {
    let shop = shop.trim_end_matches('/');
    let card = |id: &str, title: &str, text: &str, picture: &str, alt: &str| {
        json!({
            "text": text, "url": null, "defaultAction": null, "buttons": [button("Choose", &format!("choose_{id}"))],
            "additionalCarouselElementDetails":
                {"id": id, "title": title, "image_url": format!("{shop}/{picture}"), "alt": alt},
        })
    };
    json!({"mode": "message", "body": {
    "type": "CAROUSEL", "carouselMessageType": "GENERIC_RICH_MEDIA", "markdownText": null, "additionalDetails": null,
    "elements": [
        card("ridge-2", "Ridge 2 tent", "Two people, 1.6 kg. € 389", "tent.svg", "A green tent"),
        card("traverse-45", "Traverse 45 pack", "45 litres, three back lengths. € 179", "pack.svg", "An orange backpack"),
        card("ember", "Ember stove", "Boils in two minutes, even in wind. € 64", "stove.svg", "A small gas stove"),
    ]}})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(kind: &str, message: &str) -> Vec<String> {
        let call = Call {
            delivery: "c-1:1".into(),
            kind: kind.to_owned(),
            message: message.to_owned(),
        };
        let answer = answer(&call, "http://shop.example.org");
        let messages = answer.as_array().expect("an array").iter();
        messages
            .map(|message| message["body"]["type"].as_str().expect("a type").to_owned())
            .collect()
    }

    #[test]
    fn it_answers_with_text_buttons_a_carousel_and_the_wish_for_a_person() {
        assert_eq!(bodies("intent", "CHANNEL_SESSION_STARTED"), ["PLAIN"]);
        assert_eq!(bodies("message", "Hello"), ["BUTTON"]);
        assert_eq!(bodies("message", "Which tent fits two people?"), ["PLAIN", "CAROUSEL"]);
        assert_eq!(bodies("message", "I want to talk to a HUMAN"), ["PLAIN", "ACTION"]);
    }

    #[test]
    fn it_says_nothing_to_events_that_are_not_its_business() {
        assert!(bodies("intent", "AGENT_SUBSCRIBED").is_empty());
    }

    #[test]
    fn every_button_leads_somewhere() {
        let menu = menu("?");
        for button in menu["body"]["buttons"].as_array().expect("buttons") {
            let payload = button["payload"].as_str().expect("a payload");
            assert!(topic(payload).is_some(), "{payload}");
        }
        assert_eq!(topic("choose_ridge-2"), Some(Topic::Chosen));
        assert_eq!(topic("is this his?"), None);
        assert_eq!(topic("Hi!"), Some(Topic::Greeting));
    }

    #[test]
    fn pictures_of_cards_have_one_slash_after_the_shop() {
        let picture = |shop: &str| {
            let cards = cards(shop);
            cards["body"]["elements"][0]["additionalCarouselElementDetails"]["image_url"].clone()
        };
        assert_eq!(picture("http://shop.example/"), "http://shop.example/tent.svg");
        assert_eq!(picture("http://shop.example"), "http://shop.example/tent.svg");
    }
}
