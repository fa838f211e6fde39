//! docs/protocol.md is the protocol: every example in it is read, written and compared, every frame has one, and its
//! tables of codes are complete.

use portico_shared::close::{AfterClose, CloseCode, after_close};
use portico_shared::frame::{ClientFrame, RefusalCode, ServerFrame};
use portico_shared::role::{Agent, Customer};
use serde_json::Value;
use std::collections::BTreeSet;

const DOCUMENT: &str = include_str!("../../docs/protocol.md");

/// The JSON examples behind fences marked `json <side>`.
fn examples(side: &str) -> Vec<&'static str> {
    let fence = format!("```json {side}\n");
    DOCUMENT
        .split(fence.as_str())
        .skip(1)
        .filter_map(|rest| rest.split("\n```").next())
        .collect()
}

fn frame_type(example: &str) -> String {
    let value: Value = serde_json::from_str(example).expect(example);
    value["type"].as_str().expect("a type").to_owned()
}

fn assert_same(example: &str, written: &str) {
    let example: Value = serde_json::from_str(example).expect(example);
    let written: Value = serde_json::from_str(written).expect("frames are JSON");
    assert_eq!(written, example);
}

#[test]
fn every_client_example_is_read_and_written_unchanged() {
    for example in examples("client") {
        let frame = ClientFrame::from_json(example).unwrap_or_else(|error| panic!("{error}\n{example}"));
        assert_same(example, &frame.to_json());
        assert_eq!(frame.name(), frame_type(example));
    }
}

#[test]
fn every_server_example_is_read_and_written_unchanged() {
    for example in examples("server") {
        let frame = ServerFrame::<Agent>::from_json(example).unwrap_or_else(|error| panic!("{error}\n{example}"));
        let again = ServerFrame::<Agent>::from_json(&frame.to_json()).expect("what is written can be read");
        assert_eq!(again, frame);
        assert_same(example, &frame.to_json());
    }
}

#[test]
fn what_staff_alone_are_told_of_a_conversation_has_no_place_in_a_customers_summary() {
    let public = r#"{"type":"conversation","conversation":"c","state":"ACTIVE","head":1,"waiting":true,"started_at":2,
        "unread":0,"read":0}"#;
    let staff = r#","channel":"web","data":{"a":1.50},"waiting_since":5}"#;
    let whole = format!("{}{staff}", public.trim_end_matches('}'));
    let agents = ServerFrame::<Agent>::from_json(&whole).expect("a frame");
    assert_same(&whole, &agents.to_json());
    let customers = ServerFrame::<Customer>::from_json(&whole).expect("a frame");
    assert_same(public, &customers.to_json());
}

/// The frames of one side, by their names on the wire. They are read from the enumeration's source, so that a new one
/// needs an example.
fn frames(source: &str, side: &str) -> BTreeSet<String> {
    let (_, variants) = source.split_once(&format!("pub enum {side}")).expect(side);
    let (_, variants) = variants.split_once(" {\n").expect(side);
    let (variants, _) = variants.split_once("\n}").expect("the enumeration ends");
    let lines = variants.lines().filter_map(|line| line.strip_prefix("    "));
    let names = lines.filter(|line| line.starts_with(|c: char| c.is_ascii_uppercase()));
    names.map(on_the_wire).collect()
}

/// `AgentState { ...` is `agent_state`.
fn on_the_wire(variant: &str) -> String {
    let mut name = String::new();
    for c in variant.chars().take_while(char::is_ascii_alphanumeric) {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

#[test]
fn every_frame_has_an_example() {
    let client = include_str!("../src/frame/client.rs");
    let server = include_str!("../src/frame/server.rs");
    for (example, source, side) in [("client", client, "ClientFrame"), ("server", server, "ServerFrame")] {
        let shown: BTreeSet<_> = examples(example).into_iter().map(frame_type).collect();
        let frames = frames(source, side);
        assert!(frames.len() > 10, "{frames:?}");
        assert_eq!(shown, frames, "{side}");
    }
}

#[test]
fn the_table_of_refusals_is_complete() {
    for code in RefusalCode::ALL {
        let retryable = if code.retryable() { "yes" } else { "no" };
        let row = format!("| `{}` | {retryable} |", code.as_str());
        assert!(DOCUMENT.contains(&row), "{row}");
    }
}

#[test]
fn the_table_of_close_codes_is_complete() {
    for code in CloseCode::ALL {
        let number = code.code();
        let row = DOCUMENT
            .lines()
            .find(|line| line.starts_with(&format!("| {number} |")))
            .expect("a row per code");
        let action = match after_close(number) {
            AfterClose::Reconnect => "reconnect",
            AfterClose::Reauthenticate => "fetch a new token",
            AfterClose::Stop => "stop",
        };
        assert!(row.contains(action), "{row}");
        assert!(row.contains(&format!("| {} |", code.name())), "{row}");
    }
}

#[test]
fn a_frame_that_states_an_identity_is_refused() {
    for key in [
        "sender",
        "customer",
        "customer_id",
        "eventEmitter",
        "principal",
        "author",
        "owner",
        "seq",
    ] {
        let text = format!(r#"{{"type":"ping","{key}":"u-2","client_id":"p-1"}}"#);
        let error = ClientFrame::from_json(&text).expect_err(key);
        assert_eq!(error.code, RefusalCode::ForbiddenField, "{key}");
        assert_eq!(error.client_id.map(|id| id.to_string()).as_deref(), Some("p-1"));
    }
}

#[test]
fn a_draft_that_states_more_than_its_own_header_is_refused() {
    for field in [
        "sender",
        "customer",
        "conversationId",
        "channelData",
        "channelSessionId",
        "roomId",
        "timestamp",
        "x",
    ] {
        let text = format!(
            r#"{{"type":"post","conversation":"c","client_id":"p","message":
               {{"header":{{"{field}":{{}}}},"body":{{"type":"PLAIN","markdownText":"hi"}}}}}}"#
        );
        let error = ClientFrame::from_json(&text).expect_err(field);
        assert_eq!(error.code, RefusalCode::ForbiddenField, "{field}");
        let named = format!("message.header.{field}: only the relay states this");
        assert_eq!(error.detail, named, "once, and where it is");
    }
}

#[test]
fn a_frame_that_nests_too_deep_says_so() {
    let (open, close) = ("[".repeat(130), "]".repeat(130));
    let text = format!(r#"{{"type":"start","client_id":"s","data":{{"x":{open}{close}}}}}"#);
    let error = ClientFrame::from_json(&text).expect_err("too deep");
    assert_eq!(error.code, RefusalCode::Malformed);
    let why = "more than 127 levels of arrays and objects";
    assert!(error.detail.contains(why), "{}", error.detail);
}

#[test]
fn a_malformed_frame_names_the_key() {
    for (text, key) in [
        (r#"{"type":"join"}"#, "conversation: missing"),
        (r#"{"type":"join","conversation":1}"#, "conversation: expected an id"),
        (
            r#"{"type":"join","conversation":"c","after":{"epoch":"e","seq":-1}}"#,
            "after.seq",
        ),
        (r#"{"type":"page","conversation":"c","after":1e300}"#, "after"),
        (
            r#"{"type":"post","conversation":"c","client_id":"p","message":{"body":{}}}"#,
            "message.body.type",
        ),
        (
            r#"{"type":"typing","conversation":"c","on":"yes"}"#,
            "on: expected true or false",
        ),
        (r#"{"type":7}"#, "type"),
        ("[]", "expected an object"),
        ("", "not JSON near line 1"),
    ] {
        let error = ClientFrame::from_json(text).expect_err(text);
        assert_eq!(error.code, RefusalCode::Malformed, "{text}");
        assert!(error.detail.contains(key), "{text}: {}", error.detail);
    }
}

#[test]
fn an_unknown_frame_says_so_and_an_unknown_key_does_not_matter() {
    let error = ClientFrame::from_json(r#"{"type":"teleport"}"#).expect_err("no such frame");
    assert_eq!(error.code, RefusalCode::UnknownFrame);
    assert_eq!(
        ClientFrame::from_json(r#"{"type":"ping","later":1}"#),
        Ok(ClientFrame::Ping)
    );
}
