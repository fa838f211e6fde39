//! How an agent's timeline shows what is no message: cards, notices, folded runs.

use crate::world::{
    agents, customers, events, happened, messages, outline, said, text, view, with_event, with_message, zone,
};
use portico_client::Content;
use portico_client::agent::LogEntry;
use portico_client::timeline::{
    AgentEvent, AgentView, Card, MinorNotices, NoticeKind, TimelineItem, Voice, agent_items, notice_of,
};
use portico_shared::cim::body::{DeletedBody, DeliveryBody, NotificationBody, WrapUpBody};
use portico_shared::cim::{EventData, EventName, MessageBody, SenderType};
use portico_shared::ids::Seq;
use serde_json::{Map, Value, json};

fn minor(seq: u64) -> LogEntry {
    happened(seq, 0, "system", EventName::AgentSlaStarted, EventData::Null)
}

fn major(seq: u64) -> LogEntry {
    happened(seq, 0, "system", EventName::CustomerLeft, EventData::Null)
}

fn data(seq: u64, value: Value) -> LogEntry {
    let map = value.as_object().cloned().unwrap_or_default();
    let data = EventData::ConversationData(map);
    happened(seq, 0, "carol", EventName::ConversationDataChanged, data)
}

fn event_of(entry: &LogEntry) -> std::sync::Arc<portico_shared::cim::CimEvent> {
    match &entry.content {
        Content::Event(event) => event.clone(),
        Content::Unsent(unsent) => panic!("{unsent:?}"),
    }
}

#[test]
fn minor_notices_in_an_entry_are_folded_until_something_else_happens() {
    let items = agents(&[minor(1), minor(2), major(3), minor(4), text(5, 0, "bob"), minor(6)]);
    let lengths: Vec<usize> = events(&items)
        .iter()
        .map(|event| match event {
            AgentEvent::Folded(run) => run.len(),
            AgentEvent::Notice(_) | AgentEvent::Card(_) => 0,
        })
        .collect();
    assert_eq!(lengths, [2, 0, 1, 1]);
}

#[test]
fn minor_notices_stand_one_by_one_for_an_agent_who_wants_them() {
    let view = AgentView {
        minor: MinorNotices::Shown,
        ..view()
    };
    let items = agent_items(&[minor(1), minor(2)], &view, zone(0));
    assert_eq!(outline(&items), ["day 0", "event", "event"]);
}

#[test]
fn the_key_of_a_folded_run_stays_while_it_grows_and_its_position_is_the_newest() {
    let (short, long) = (agents(&[minor(1)]), agents(&[minor(1), minor(2)]));
    assert_eq!(short[1].key(), long[1].key());
    assert_eq!((short[1].seq(), long[1].seq()), (Some(Seq(1)), Some(Seq(2))));
    let shown = agents(&[major(1)]);
    assert_ne!(short[1].key(), shown[1].key(), "a run is not its first notice");
}

#[test]
fn data_says_what_has_changed_and_what_is_gone() {
    let items = agents(&[
        data(1, json!({ "first_name": "Carol", "size": "M" })),
        data(2, json!({ "first_name": "Carol", "colour": "red" })),
    ]);
    let events = events(&items);
    let [AgentEvent::Folded(run)] = &events[..] else {
        panic!("{events:?}")
    };
    let values: Vec<Option<Value>> = run
        .iter()
        .map(|line| line.what.values.clone().map(Value::Object))
        .collect();
    let first = json!({ "first_name": "Carol", "size": "M" });
    let second = json!({ "colour": "red", "size": null });
    assert_eq!(values, [Some(first), Some(second)]);
    assert_eq!(run[1].what.kind, NoticeKind::DataChanged(2));
}

#[test]
fn a_walk_through_the_site_and_data_without_news_are_not_shown() {
    let items = agents(&[
        data(1, json!({ "page_url": "https://shop.example/a", "page_title": "A" })),
        data(2, json!({ "page_url": "https://shop.example/b", "page_title": "B" })),
        data(3, Value::Object(Map::new())),
    ]);
    assert_eq!(outline(&items), [""; 0]);
}

#[test]
fn receipts_deletions_and_typing_are_hidden() {
    let items = agents(&[
        said(1, 0, "bob", MessageBody::DeliveryNotification(DeliveryBody::default())),
        said(2, 0, "bob", MessageBody::DeletedNotification(DeletedBody::default())),
        with_event(text(3, 0, "bob"), |event| event.name = EventName::TypingIndicator),
        with_event(text(4, 0, "bob"), |event| {
            event.name = EventName::MessageDeliveryNotification;
        }),
    ]);
    assert_eq!(outline(&items), [""; 0]);
}

#[test]
fn activities_are_cards_of_whoever_caused_them() {
    let wrap_up = said(1, 0, "ada", MessageBody::WrapUp(WrapUpBody::default()));
    let unknown = EventName::Other("DOOR_OPENED".to_owned());
    let entries = [
        wrap_up,
        happened(2, 0, "carol", unknown, EventData::Raw(json!({ "door": 7 }))),
        with_event(text(3, 0, "robot"), |event| event.name = EventName::ThirdPartyActivity),
        happened(4, 0, "robot", EventName::MediaRecording, EventData::Null),
    ];
    let items = agents(&entries);
    let voices: Vec<Voice> = events(&items)
        .iter()
        .map(|event| match event {
            AgentEvent::Card(card) => card.author.voice,
            AgentEvent::Notice(_) | AgentEvent::Folded(_) => panic!("{event:?}"),
        })
        .collect();
    assert_eq!(voices, [Voice::Own, Voice::Customer, Voice::Bot, Voice::Bot]);
}

#[test]
fn an_orders_receipt_without_a_text_is_a_card_and_a_message_to_the_customer() {
    let receipt = |text: Option<&str>| {
        let order = json!({ "type": "RECEIPT", "markdownText": text, "orderNumber": "7" });
        said(1, 0, "robot", serde_json::from_value(order).expect("a body"))
    };
    for bare in [receipt(None), receipt(Some(" \u{200b}"))] {
        assert!(matches!(
            events(&agents(std::slice::from_ref(&bare)))[..],
            [AgentEvent::Card(_)]
        ));
        assert_eq!(messages(&customers(&[bare])).len(), 1);
    }
    let with_text = [receipt(Some("Thank you"))];
    assert_eq!(messages(&agents(&with_text)).len(), 1);
    assert_eq!(messages(&customers(&with_text)).len(), 1);
}

/// The same from an app, for these eyes.
fn pushed(entry: LogEntry, audience: &str) -> LogEntry {
    let audience = Map::from_iter([("audience".to_owned(), Value::from(audience))]);
    let pushed = with_message(entry, |message| {
        message.header.additional_data = Some(audience);
    });
    with_event(pushed, |event| {
        event.name = EventName::ThirdPartyActivity;
        event.event_emitter.kind = SenderType::App;
    })
}

#[test]
fn whatever_an_app_says_to_the_customer_is_a_message_as_it_is_to_the_customer() {
    let file = json!({ "mediaUrl": "https://files.example/1", "mimeType": "image/png", "size": 5 });
    for body in [
        json!({ "type": "BUTTON", "buttons": [{ "type": "reply", "title": "Yes", "payload": "y" }] }),
        json!({ "type": "CAROUSEL", "elements": [{ "text": "A tent", "buttons": [] }] }),
        json!({ "type": "IMAGE", "attachment": file }),
        json!({ "type": "URL", "mediaUrl": "https://shop.example/" }),
        json!({ "type": "FORM_DATA", "formTitle": "We are closed" }),
        json!({ "type": "SOMETHING_NEW", "markdownText": "Hello" }),
        json!({ "type": "EMAIL", "markdownText": "Hello" }),
        json!({ "type": "TEMPLATE", "markdownText": "Hello" }),
        json!({ "type": "StructuredMessage", "markdownText": "Hello" }),
        json!({ "type": "CUSTOM", "markdownText": "Hello" }),
        json!({ "type": "COMMENT", "markdownText": "Hello" }),
    ] {
        let entry = said(1, 0, "shop app", serde_json::from_value(body.clone()).expect("a body"));
        let entries = [pushed(entry.clone(), "CUSTOMER")];
        assert_eq!(messages(&customers(&entries)).len(), 1, "{body}");
        let items = agents(&entries);
        let shown = messages(&items);
        assert_eq!(shown.len(), 1, "{body}");
        assert_eq!(shown[0].author.name, "shop app");
        let hidden = [pushed(entry, "AGENT")];
        assert!(matches!(events(&agents(&hidden))[..], [AgentEvent::Card(_)]), "{body}");
        assert_eq!(outline(&customers(&hidden)), [""; 0], "{body}");
    }
}

#[test]
fn what_an_app_says_to_the_customer_is_a_message() {
    let items = agents(&[
        pushed(text(1, 0, "shop app"), "CUSTOMER"),
        pushed(text(2, 0, "shop app"), "AGENT"),
    ]);
    let shown = messages(&items);
    assert_eq!(shown.len(), 1);
    let author = &shown[0].author;
    assert_eq!((author.voice, author.name.as_str()), (Voice::System, "shop app"));
    assert!(matches!(events(&items)[..], [AgentEvent::Card(_)]));
}

#[test]
fn a_body_that_nobody_knows_is_a_message_if_it_has_a_text_and_a_card_if_not() {
    let other = |text: Option<&str>| {
        let body = MessageBody::Other {
            tag: "HOLOGRAM".to_owned(),
            markdown_text: text.map(str::to_owned),
            fields: Map::new(),
        };
        said(1, 0, "bob", body)
    };
    assert!(matches!(agents(&[other(Some("hi"))])[1], TimelineItem::Message(_)));
    let items = agents(&[other(None)]);
    assert!(matches!(events(&items)[..], [AgentEvent::Card(_)]));
}

#[test]
fn a_notification_and_a_held_call_are_notices() {
    let entries = [
        said(1, 0, "bob", MessageBody::Notification(NotificationBody::default())),
        with_event(text(2, 0, "bob"), |event| event.name = EventName::CallHold),
    ];
    let items = agents(&entries);
    let is_notice = |event: &&AgentEvent| !matches!(event, AgentEvent::Card(_));
    assert_eq!(events(&items).iter().filter(|event| is_notice(event)).count(), 2);
}

#[test]
fn one_line_is_read_out_of_what_agents_care_about_alone() {
    let line = |entry: &LogEntry| notice_of(&event_of(entry), &view()).map(|notice| notice.kind);
    assert_eq!(line(&major(1)), Some(NoticeKind::CustomerLeft));
    assert_eq!(line(&minor(1)), None, "only a search for a fault needs it");
    assert_eq!(line(&text(1, 0, "bob")), None, "a message is none");
}

#[test]
fn a_card_can_stand_without_a_timeline() {
    let card = Card::of(event_of(&text(1, 0, "carol")), &view());
    assert_eq!(card.author.name, "Carol");
}
