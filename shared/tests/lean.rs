//! The widget's build leaves out what no customer is shown, and still passes it on: run with
//! `cargo test -p portico-shared --no-default-features`.

#![cfg(not(feature = "full-bodies"))]

use portico_shared::cim::{CimEvent, CimMessage, EventData, MessageBody};
use serde_json::{Value, json};

#[test]
fn a_body_that_is_left_out_passes_through_unread() {
    let body = json!({ "type": "WRAPUP", "markdownText": "done", "note": 7, "wrapups": "anything" });
    let message = json!({ "id": "m", "header": { "sender": { "id": "a", "type": "AGENT" } }, "body": body });
    let message = CimMessage::decode(message).expect("readable");
    assert!(matches!(message.body, MessageBody::Other { .. }));
    assert_eq!(
        (message.body.type_name(), message.text().as_deref()),
        ("WRAPUP", Some("done"))
    );
    assert_eq!(Value::Object(message.encode())["body"], body);
}

#[test]
fn a_left_out_type_is_still_written_in_its_own_case() {
    let body = MessageBody::decode(json!({ "type": "wrapup" })).expect("readable");
    assert_eq!(body.type_name(), "WRAPUP");
}

#[test]
fn data_that_is_left_out_passes_through_unread() {
    let data = json!({ "suggestions": 1 });
    let event = CimEvent::decode(json!({ "name": "BOT_SUGGESTION", "data": data })).expect("readable");
    assert_eq!(event.data, EventData::Raw(data.clone()));
    assert_eq!(event.encode()["data"], data);
}

#[test]
fn what_a_customer_is_shown_is_read_as_ever() {
    let fault = MessageBody::decode(json!({ "type": "IMAGE", "attachment": {} })).expect_err("malformed");
    assert_eq!(fault.to_string(), "body.attachment.mediaUrl: missing");
}
