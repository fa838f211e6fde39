//! Whatever is accepted is written once and for all: reading and writing it again changes nothing, and nothing that
//! is unknown gets lost. Samples are bent at random: members added, removed, nulled, replaced by junk, written in
//! another case or as another kind of value.

use portico_shared::cim::{CimEvent, CimMessage, Customer, DecodeError, FormDefinition, MessageBody};
use portico_shared::json;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::path::PathBuf;

fn samples(kind: &str) -> Vec<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("there are fixtures")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.file_stem()
                .and_then(|stem| stem.to_str())
                .is_some_and(|stem| stem.starts_with(kind))
        })
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| serde_json::from_str(&std::fs::read_to_string(path).expect("readable")).expect("JSON"))
        .collect()
}

fn junk() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i16>().prop_map(|hundredths| json!(f64::from(hundredths) / 100.0)),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(TELLING).prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((prop::sample::select(KEYS).prop_map(str::to_owned), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Texts that mean something somewhere.
const TELLING: &[&str] = &[
    "",
    " ",
    "1705583494537",
    "2024-01-18T13:11:34.545Z",
    "0000-01-01T00:00:00Z",
    "{\"a\":{\"b\":[1]}}",
    "{}",
    "plain",
    "Carousal",
    "CCUser",
    "ChannelSession",
    "Bot",
    "WebChannelData",
    "task_state_change",
    "CANCELED",
];

/// Members that mean something somewhere.
const KEYS: &[&str] = &[
    "type",
    "id",
    "participant",
    "participantType",
    "topicId",
    "replyToMessageId",
    "originalMessageId",
    "channelSession",
    "channelSessionId",
    "active",
    "isActive",
    "formData",
    "parameters",
    "additionalButtonDetails",
    "additionalAttributes",
    "value",
    "timestamp",
    "startTime",
    "reasonCode",
    "customer",
    "markdownText",
    "category",
    "options",
    "answer",
    "attachment",
    "mediaUrl",
    "state",
    "name",
    "data",
    "keycloakUser",
];

#[derive(Debug, Clone)]
enum Bend {
    Insert(&'static str, Value),
    Replace(Value),
    Remove,
    Lower,
    Other,
}

fn bend() -> impl Strategy<Value = Bend> {
    prop_oneof![
        (prop::sample::select(KEYS), junk()).prop_map(|(key, value)| Bend::Insert(key, value)),
        junk().prop_map(Bend::Replace),
        Just(Bend::Replace(Value::Null)),
        Just(Bend::Remove),
        Just(Bend::Lower),
        Just(Bend::Other),
    ]
}

fn bent(kind: &'static str) -> impl Strategy<Value = Value> {
    let bends = prop::collection::vec(
        (prop::collection::vec(any::<prop::sample::Index>(), 1..12), bend()),
        0..5,
    );
    (prop::sample::select(samples(kind)), bends).prop_map(|(mut value, bends)| {
        for (way, bend) in bends {
            apply(&mut value, &way, bend);
        }
        value
    })
}

/// Walks down the value as the indexes say and bends what lies at the end.
fn apply(value: &mut Value, way: &[prop::sample::Index], bend: Bend) {
    match (value, way) {
        (Value::Object(map), [here, rest @ ..]) if !map.is_empty() => {
            let key = map
                .keys()
                .nth(here.index(map.len()))
                .expect("the index is within")
                .clone();
            if rest.is_empty() && matches!(bend, Bend::Remove) {
                map.remove(&key);
            } else {
                apply(map.get_mut(&key).expect("the key is there"), rest, bend);
            }
        }
        (Value::Array(items), [here, rest @ ..]) if !items.is_empty() => {
            let index = here.index(items.len());
            apply(&mut items[index], rest, bend);
        }
        (value, _) => bend_one(value, bend),
    }
}

fn bend_one(value: &mut Value, bend: Bend) {
    *value = match (bend, value.take()) {
        (Bend::Insert(key, junk), Value::Object(mut map)) => {
            map.insert(key.to_owned(), junk);
            Value::Object(map)
        }
        (Bend::Replace(junk), _) => junk,
        (Bend::Lower, Value::String(text)) => Value::String(text.to_lowercase()),
        (Bend::Other, Value::Number(number)) => Value::String(number.to_string()),
        (Bend::Other, Value::String(text)) => text.parse::<i64>().map_or(Value::String(text), Value::from),
        (_, kept) => kept,
    };
}

/// The two promises, for one type.
fn settles<T: PartialEq + std::fmt::Debug>(
    value: Value,
    decode: fn(Value) -> Result<T, DecodeError>,
    encode: fn(&T) -> Map<String, Value>,
) -> Result<(), TestCaseError> {
    let Ok(first) = decode(value) else {
        return Ok(());
    };
    let written = Value::Object(encode(&first));
    let second = decode(written.clone()).map_err(|error| TestCaseError::fail(format!("{error} in {written}")))?;
    prop_assert_eq!(&first, &second);
    prop_assert_eq!(&written, &Value::Object(encode(&second)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_accepted_message_settles(value in bent("message")) {
        settles(value, json::from_value::<CimMessage>, json::to_map::<CimMessage>)?;
    }

    #[test]
    fn an_accepted_event_settles(value in bent("event")) {
        settles(value, json::from_value::<CimEvent>, json::to_map::<CimEvent>)?;
    }

    #[test]
    fn an_accepted_form_settles(value in bent("form")) {
        settles(value, json::from_value::<FormDefinition>, json::to_map::<FormDefinition>)?;
    }

    #[test]
    fn an_accepted_customer_settles(value in bent("customer")) {
        settles(value, json::from_value::<Customer>, json::to_map::<Customer>)?;
    }

    #[test]
    fn junk_is_refused_or_settles(value in junk()) {
        settles(value.clone(), json::from_value::<CimMessage>, json::to_map::<CimMessage>)?;
        settles(value.clone(), json::from_value::<CimEvent>, json::to_map::<CimEvent>)?;
        settles(value, json::from_value::<MessageBody>, json::to_map::<MessageBody>)?;
    }

    #[test]
    fn an_event_has_one_form_with_and_without_a_tree(value in bent("event")) {
        if let Ok(event) = json::from_value::<CimEvent>(value) {
            let text: Value = serde_json::from_str(&event.to_json()).expect("JSON");
            prop_assert_eq!(text, Value::Object(json::to_map(&event)));
        }
    }

    #[test]
    fn a_text_and_a_tree_read_the_same(value in bent("event")) {
        let text = value.to_string();
        prop_assert_eq!(json::from_str::<CimEvent>(&text), json::from_value::<CimEvent>(value.clone()));
        prop_assert_eq!(serde_json::from_str::<CimEvent>(&text).ok(), json::from_value::<CimEvent>(value).ok());
    }
}

/// The way to every object of a value, from the outermost on.
fn objects(value: &Value, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(map) => {
            found.push(way.clone());
            for (key, member) in map {
                way.push(key.clone());
                objects(member, way, found);
                way.pop();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                way.push(index.to_string());
                objects(item, way, found);
                way.pop();
            }
        }
        _ => {}
    }
}

/// Values of every kind, the telling texts among them.
fn odd_values() -> Vec<Value> {
    let kinds = [
        json!(null),
        json!(true),
        json!(0),
        json!(1.5),
        json!([]),
        json!({}),
        json!([{}]),
    ];
    kinds
        .into_iter()
        .chain(TELLING.iter().copied().map(Value::from))
        .collect()
}

/// Sets each known or telling member of each object to each odd value, one at a time.
fn every_odd_member_settles<T: PartialEq + std::fmt::Debug>(
    kind: &'static str,
    decode: fn(Value) -> Result<T, DecodeError>,
    encode: fn(&T) -> Map<String, Value>,
) {
    let mut seen = HashSet::new();
    for sample in samples(kind) {
        let mut found = Vec::new();
        objects(&sample, &mut Vec::new(), &mut found);
        for way in found {
            let pointer: String = way.iter().map(|step| format!("/{step}")).collect();
            let here = sample.pointer(&pointer).and_then(Value::as_object).expect("an object");
            // Headers and sessions look the same wherever they lie: once is enough.
            if !seen.insert(Value::Object(here.clone()).to_string()) {
                continue;
            }
            let (odd, few) = (odd_values(), [json!(null), json!({}), json!("1")]);
            let known = here.keys().map(|key| (key.as_str(), odd.as_slice()));
            let foreign = KEYS.iter().map(|key| (*key, few.as_slice()));
            for (key, values) in known.chain(foreign) {
                for value in values {
                    let mut bent = sample.clone();
                    bent.pointer_mut(&pointer).expect("an object")[key] = value.clone();
                    settles(bent, decode, encode).unwrap_or_else(|fault| panic!("{pointer}/{key}: {fault}"));
                }
            }
        }
    }
}

#[test]
fn a_message_with_any_one_odd_member_settles() {
    every_odd_member_settles("message", json::from_value::<CimMessage>, json::to_map::<CimMessage>);
}

#[test]
fn an_event_with_any_one_odd_member_settles() {
    every_odd_member_settles("event", json::from_value::<CimEvent>, json::to_map::<CimEvent>);
}

#[test]
fn a_form_with_any_one_odd_member_settles() {
    every_odd_member_settles(
        "form",
        json::from_value::<FormDefinition>,
        json::to_map::<FormDefinition>,
    );
}

/// Marks every object with a member that nobody knows, and counts them.
fn mark(value: &mut Value, marks: &mut usize) {
    match value {
        Value::Object(map) => {
            map.values_mut().for_each(|member| mark(member, marks));
            map.insert(format!("x-{marks}"), json!([*marks]));
            *marks += 1;
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mark(item, marks)),
        _ => {}
    }
}

fn marks_in(value: &Value) -> usize {
    match value {
        Value::Object(map) => {
            map.keys().filter(|key| key.starts_with("x-")).count() + map.values().map(marks_in).sum::<usize>()
        }
        Value::Array(items) => items.iter().map(marks_in).sum(),
        _ => 0,
    }
}

#[test]
fn every_kind_of_event_has_one_form_with_and_without_a_tree() {
    for value in samples("event") {
        let event = json::from_value::<CimEvent>(value).expect("an event");
        let text: Value = serde_json::from_str(&event.to_json()).expect("JSON");
        assert_eq!(text, Value::Object(json::to_map(&event)));
    }
}

#[test]
fn no_unknown_member_of_any_object_is_lost() {
    // The sessions and participants of old headers are replaced by their ids, with all that is in them.
    let old_header = |value: &Value| value.to_string().contains("\"topicId\"") || value["name"] == "WHISPER_MESSAGE";
    for mut value in samples("message").into_iter().filter(|value| !old_header(value)) {
        let mut marks = 0;
        mark(&mut value, &mut marks);
        let written = json::to_map(&json::from_value::<CimMessage>(value.clone()).expect("a message"));
        assert_eq!(marks_in(&Value::Object(written)), marks, "{value}");
    }
    for mut value in samples("event").into_iter().filter(|value| !old_header(value)) {
        let mut marks = 0;
        mark(&mut value, &mut marks);
        let written = json::to_map(&json::from_value::<CimEvent>(value.clone()).expect("an event"));
        assert_eq!(marks_in(&Value::Object(written)), marks, "{value}");
    }
}

#[test]
fn numbers_of_unknown_members_are_kept_digit_for_digit() {
    let numbers = [
        "12345678901234567890123",
        "1.10",
        "-0",
        "1e2",
        "0.10e-7",
        "18446744073709551616",
    ];
    for number in numbers {
        // An exponent is written with its sign.
        let kept = number.replace("1e2", "1e+2");
        let body = |kind: &str| format!(r#"{{"type":"{kind}","x":{number},"y":{{"z":[{number}]}}}}"#);
        for kind in ["PLAIN", "loyaltyCard"] {
            let message = format!(r#"{{"header":{{"sender":{{}},"x":{number}}},"body":{}}}"#, body(kind));
            let text = format!(r#"{{"x":[{number}],"data":{message},"name":"CUSTOMER_MESSAGE"}}"#);
            let written = json::from_str::<CimEvent>(&text).expect("an event").to_json();
            assert_eq!(written.matches(&format!(":{kept}")).count(), 2, "{written}");
            assert_eq!(written.matches(&format!("[{kept}]")).count(), 2, "{written}");
        }
        let raw = format!(r#"{{"name":"loyalty_points_granted","data":{{"points":{number}}}}}"#);
        let written = json::from_str::<CimEvent>(&raw).expect("an event").to_json();
        assert!(written.contains(&format!(r#"{{"points":{kept}}}"#)), "{written}");
    }
}

#[test]
fn of_a_member_that_is_there_twice_the_last_one_counts() {
    let text = r#"{"id":"a","name":"X","id":"b","data":1,"data":2}"#;
    let event = json::from_str::<CimEvent>(text).expect("an event");
    assert_eq!(
        (event.id.as_str(), event.data),
        ("b", portico_shared::cim::EventData::Raw(json!(2)))
    );
}
