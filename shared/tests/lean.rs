//! The widget's build leaves out what no customer is shown, and still passes it on: run with
//! `cargo test -p portico-shared --no-default-features`.

#![cfg(not(feature = "full-bodies"))]

use portico_shared::cim::{CimEvent, CimMessage, EventData, MessageBody};
use portico_shared::frame::{RefusalCode, ServerFrame};
use portico_shared::json::{self, Value};
use proptest::prelude::*;
use serde_json::json;

/// The same JSON as the small values that this build has.
fn small(value: &serde_json::Value) -> Value {
    json::parse(&value.to_string()).expect("serde_json writes JSON")
}

fn member<'a>(map: &'a json::Map, key: &str) -> &'a Value {
    map.get(key).expect(key)
}

#[test]
fn a_body_that_is_left_out_passes_through_unread() {
    let body = json!({ "type": "WRAPUP", "markdownText": "done", "note": 7, "wrapups": "anything" });
    let message = json!({ "id": "m", "header": { "sender": { "id": "a", "type": "AGENT" } }, "body": body });
    let message = CimMessage::decode(small(&message)).expect("readable");
    assert!(matches!(message.body, MessageBody::Other { .. }));
    assert_eq!(
        (message.body.type_name(), message.text().as_deref()),
        ("WRAPUP", Some("done"))
    );
    assert_eq!(as_serde(member(&message.encode(), "body")), body);
}

fn as_serde(value: &Value) -> serde_json::Value {
    serde_json::from_str(&json::text_of(value)).expect("what is written is JSON")
}

#[test]
fn a_left_out_type_is_still_written_in_its_own_case() {
    let body = MessageBody::decode(small(&json!({ "type": "wrapup" }))).expect("readable");
    assert_eq!(body.type_name(), "WRAPUP");
}

#[test]
fn data_that_is_left_out_passes_through_unread() {
    let data = json!({ "suggestions": 1 });
    let event = CimEvent::decode(small(&json!({ "name": "BOT_SUGGESTION", "data": data }))).expect("readable");
    assert_eq!(event.data, EventData::Raw(small(&data)));
    assert_eq!(as_serde(member(&event.encode(), "data")), data);
}

#[test]
fn members_that_no_customer_is_shown_pass_through_unread() {
    let session = json!({ "id": "s", "channel": { "name": "shop" } });
    let event = json!({ "name": "TASK_ENQUEUED", "channelSession": session, "conversationId": "c-1" });
    let event = CimEvent::decode(small(&event)).expect("readable");
    assert_eq!(as_serde(member(&event.encode(), "channelSession")), session);
    assert_eq!(member(&event.encode(), "conversationId").as_str(), Some("c-1"));
}

#[test]
fn what_a_customer_is_shown_is_read_as_ever() {
    let fault = MessageBody::decode(small(&json!({ "type": "IMAGE", "attachment": {} }))).expect_err("malformed");
    assert_eq!(fault.to_string(), "body.attachment.mediaUrl: missing");
}

#[test]
fn a_frame_that_is_no_json_says_where() {
    let error = ServerFrame::from_json("{\n \"type\": nul").expect_err("cut off");
    assert_eq!(error.detail, "not JSON near line 2, column 10");
}

#[test]
fn every_frame_that_customers_are_sent_is_read() {
    let document = include_str!("../../docs/protocol.md");
    let mut unknown = 0;
    for example in document
        .split("```json server\n")
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
    {
        match ServerFrame::from_json(example) {
            Ok(_) => {}
            Err(error) if error.code == RefusalCode::UnknownFrame => unknown += 1,
            Err(error) => panic!("{error}\n{example}"),
        }
    }
    assert_eq!(unknown, 3, "`offer`, `offer_revoked` and `agent_state`");
}

#[test]
fn numbers_stay_as_they_were_written() {
    for text in [
        "0",
        "-0",
        "12.50",
        "1e3",
        "9007199254740993",
        "123456789012345678901234567890",
    ] {
        let value = json::parse(text).expect(text);
        assert_eq!(json::text_of(&value), text);
    }
    let whole = |text| json::parse(text).expect("a number").as_i64();
    assert_eq!([whole("7.000"), whole("-7"), whole("7.5")], [Some(7), Some(-7), None]);
}

#[test]
fn nesting_ends_where_it_ends_for_everybody() {
    for (levels, is_read) in [(127, true), (128, false)] {
        let text = "[".repeat(levels) + &"]".repeat(levels);
        assert_eq!(json::parse(&text).is_ok(), is_read, "{levels}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            is_read,
            "{levels}"
        );
    }
}

/// Texts that are JSON, or nearly.
fn nearly_json() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just("\"a\""),
        Just("\"\\u00e9\""),
        Just("\"\\ud83d\\ude00\""),
        Just("\"\\ud83d\""),
        Just("\"\\x\""),
        Just("\"\t\""),
        Just("null"),
        Just("true"),
        Just("fals"),
        Just("-1"),
        Just("01"),
        Just("1."),
        Just("2.5e-3"),
        Just("-"),
        Just(" "),
        Just("\n"),
        Just("é"),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_small_reader_and_writer_agree_with_serde_json(value in any_json()) {
        prop_assert_eq!(as_serde(&small(&value)), value.clone());
        let indented = serde_json::to_string_pretty(&value).expect("writable");
        prop_assert_eq!(json::parse(&indented).expect("readable"), small(&value));
    }

    #[test]
    fn the_small_reader_refuses_what_serde_json_refuses(text in nearly_json()) {
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        let ours = json::parse(&text);
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{:?}", text);
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert_eq!(as_serde(&ours), theirs);
        }
    }
}
