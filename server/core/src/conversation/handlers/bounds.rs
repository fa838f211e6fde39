//! How large and how deep visitor data, conversation data, headers and bodies may be. All of it stands in events, events stand in frames, and the
//! largest event, page and welcome must fit into what a socket writes at once and nest no deeper than any reader goes.

use crate::conversation::{Refusal, json_bytes};
use crate::store::ConversationRecord;
use portico_shared::cim::{MessageBody, MessageHeader, nests_within};
use portico_shared::frame::Draft;
use portico_shared::json::check_numbers;
use portico_shared::text::says_nothing;
use serde::Serialize;
use serde_json::{Map, Value};

/// Most keys of visitor data in one conversation.
const MAX_VISITOR_KEYS: usize = 64;

/// Longest key of visitor or conversation data, in bytes.
const MAX_KEY_BYTES: usize = 100;

/// Longest single value of visitor data, in bytes of JSON.
const MAX_VALUE_BYTES: usize = 2_000;

/// Longest visitor data of one conversation, in bytes of JSON: every event may repeat what was given at the start. Bots
/// have as much for the conversation data that they add, so that neither takes the other's room.
pub const MAX_DATA_BYTES: usize = 8 * 1024;

/// Longest part of a header that its writer chooses, such as `entities`, in bytes of JSON.
pub const MAX_PART_BYTES: usize = 4 * 1024;

/// How many levels of lists and objects such a part, or a bot's conversation data, may have.
const MAX_DEPTH: usize = 16;

/// Longest body, in bytes of JSON as the log has it.
pub const MAX_BODY_BYTES: usize = 128 * 1024;

/// Visitor data is shown to agents and sent to bots: few keys, short and flat values.
pub(super) fn check_visitor_data(data: &Map<String, Value>) -> Result<(), Refusal> {
    if data.len() > MAX_VISITOR_KEYS {
        return Err(Refusal::invalid(format!("data has more than {MAX_VISITOR_KEYS} keys")));
    }
    for (key, value) in data {
        if key.len() > MAX_KEY_BYTES || json_bytes(value) > MAX_VALUE_BYTES {
            return Err(Refusal::invalid("data has a key or value that is too long"));
        }
        if value.is_object() || !nests_within(value, 1) {
            return Err(Refusal::invalid(format!(
                "data.{key} is neither text, number, flag nor a list of them"
            )));
        }
        check_numbers_of(&format!("data.{key}"), value)?;
    }
    check_total(data)
}

/// As much of what a form says as there is room for beside what the page says: a text that is too long is cut, and what there is
/// no room for is left out. It stands in the form in full.
pub(super) fn fitting(page: &Map<String, Value>, said: Map<String, Value>) -> Map<String, Value> {
    let (mut all, mut taken) = (page.clone(), Map::new());
    for (key, value) in said {
        let value = match value {
            Value::String(text) => Value::from(cut(&text)),
            value => value,
        };
        all.insert(key.clone(), value.clone());
        match check_visitor_data(&all) {
            Ok(()) => drop(taken.insert(key, value)),
            Err(_) => drop(all.remove(&key)),
        }
    }
    taken
}

/// As much of a text as a value may have.
fn cut(text: &str) -> &str {
    let mut kept = text;
    // An escape takes six bytes for one at most: none is cut off that has room, and few steps are left.
    while let excess @ 1.. = json_bytes(&kept).saturating_sub(MAX_VALUE_BYTES) {
        kept = &kept[..kept.floor_char_boundary(kept.len() - excess.div_ceil(6))];
    }
    kept
}

/// A bot's conversation data may have some structure. What bots added before counts towards the limit.
pub(super) fn check_conversation_data(known: &ConversationRecord, data: &Map<String, Value>) -> Result<(), Refusal> {
    for (key, value) in data {
        if key.len() > MAX_KEY_BYTES || !nests_within(value, MAX_DEPTH) {
            return Err(Refusal::invalid("data has a key that is too long or nests too deep"));
        }
        check_numbers_of(&format!("data.{key}"), value)?;
    }
    let mut all = known.data.clone();
    all.retain(|key, _| !known.visitor_keys.contains(key));
    all.extend(data.clone());
    check_total(&all)
}

/// Whether this value removes its key.
pub(super) fn is_removal(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(says_nothing)
}

/// Checks one side's data against the limit of the conversation.
fn check_total(data: &Map<String, Value>) -> Result<(), Refusal> {
    if json_bytes(data) > MAX_DATA_BYTES {
        return Err(Refusal::invalid(format!(
            "data is longer than {MAX_DATA_BYTES} bytes in all"
        )));
    }
    Ok(())
}

/// Checks what the writer of a draft chooses of its header.
pub(super) fn check_draft(draft: &Draft) -> Result<(), Refusal> {
    check_part("intent", draft.intent.as_ref())?;
    check_part("entities", draft.entities.as_ref())?;
    check_part("additionalData", draft.additional_data.as_ref())?;
    check_part("language", draft.language.as_ref())
}

/// Checks what a program chooses of its message's header.
pub(super) fn check_header(header: &MessageHeader) -> Result<(), Refusal> {
    check_part("intent", header.intent.as_ref().map(|intent| intent.as_str()))?;
    check_part("entities", header.entities.as_ref())?;
    check_part("originalMessageId", header.original_message_id.as_ref())?;
    check_part("providerMessageId", header.provider_message_id.as_ref())?;
    check_part("additionalData", header.additional_data.as_ref())?;
    check_part("schedulingMetaData", header.scheduling_meta_data.as_ref())?;
    check_part("language", Some(&header.language))?;
    check_part("stamps", Some(&header.stamps))?;
    check_part("channelData", header.channel_data.as_ref())
}

/// Checks one part of a header. `name` is its key.
pub(super) fn check_part<T: Serialize>(name: &str, part: Option<T>) -> Result<(), Refusal> {
    let value = serde_json::to_value(part).unwrap_or_default();
    if !nests_within(&value, MAX_DEPTH) {
        return Err(Refusal::invalid(format!("header.{name}: nests too deep")));
    }
    if json_bytes(&value) > MAX_PART_BYTES {
        return Err(Refusal::invalid(format!(
            "header.{name}: longer than {MAX_PART_BYTES} bytes"
        )));
    }
    check_numbers_of(&format!("header.{name}"), &value)
}

/// Checks that every reader can hold the numbers of what is passed on. `place` is where it stands.
fn check_numbers_of(place: &str, value: &Value) -> Result<(), Refusal> {
    check_numbers(value).map_err(|error| Refusal::invalid(error.within(place).to_string()))
}

/// Checks how long a body is once it is written out: what is absent in a frame may have a key in the log.
pub(super) fn check_body(body: &MessageBody) -> Result<(), Refusal> {
    if json_bytes(body) > MAX_BODY_BYTES {
        return Err(Refusal::invalid(format!("body: longer than {MAX_BODY_BYTES} bytes")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance::conversation;
    use portico_shared::frame::RefusalCode;
    use serde_json::json;
    use std::collections::BTreeSet;

    fn data(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    /// A value with this many levels of lists.
    fn nested(levels: usize) -> Value {
        (0..levels).fold(json!(1), |inner, _| json!([inner]))
    }

    fn refused(result: Result<(), Refusal>) -> bool {
        result.is_err_and(|refusal| refusal.code == RefusalCode::InvalidBody && !refusal.code.retryable())
    }

    #[test]
    fn visitor_data_are_scalars_or_lists_of_scalars() {
        assert_eq!(
            check_visitor_data(&data(json!({"a": "x", "b": 1, "c": [true, null, "y"]}))),
            Ok(())
        );
        for deep in [
            json!({"x": nested(2)}),
            json!({"x": [{"y": 1}]}),
            json!({"x": {}}),
            json!({"x": nested(117)}),
        ] {
            assert!(refused(check_visitor_data(&data(deep.clone()))), "{deep}");
        }
    }

    #[test]
    fn numbers_that_readers_cannot_hold_are_refused_by_name() {
        let number = |text: &str| portico_shared::json::parse(text).expect("a number");
        let (long, longer) = ("1".repeat(100), "1".repeat(101));
        for sound in ["12345678901234567890123", "1.10", "-0", "1e308", "1e-400", &long] {
            assert_eq!(
                check_visitor_data(&data(json!({"n": number(sound)}))),
                Ok(()),
                "{sound}"
            );
        }
        for wrong in ["1e309", "-1e400", &longer, &format!("0.{longer}")] {
            let wrong = number(wrong);
            let named = |result: Result<(), Refusal>, place: &str| {
                let refusal = result.expect_err(place);
                assert_eq!(refusal.code, RefusalCode::InvalidBody, "{place}");
                assert!(
                    refusal
                        .to_string()
                        .contains(&format!("{place}: more than 100 characters")),
                    "{refusal}"
                );
            };
            named(check_visitor_data(&data(json!({"n": [1, wrong.clone()]}))), "data.n[1]");
            let known = conversation("c", 0);
            named(
                check_conversation_data(&known, &data(json!({"n": {"x": wrong.clone()}}))),
                "data.n.x",
            );
            named(
                check_part("entities", Some(json!({"x": [{"y": wrong.clone()}]}))),
                "header.entities.x[0].y",
            );
            let body = json!({"type": "CUSTOM", "jsonNode": {"price": wrong}});
            let body = portico_shared::json::from_value::<MessageBody>(body).expect("a body");
            let fault = body.validate().map_err(|error| Refusal::invalid(error.to_string()));
            named(fault, "body.jsonNode.price");
        }
    }

    #[test]
    fn visitor_data_are_short_one_by_one_and_in_all() {
        let of = |count: usize, bytes: usize| {
            let many = (0..count).map(|at| (format!("key{at}"), Value::from("x".repeat(bytes))));
            check_visitor_data(&many.collect())
        };
        assert_eq!(of(4, 1_900), Ok(()));
        assert!(refused(of(5, 1_900)));
        assert!(refused(of(1, 2_000)));
        assert!(refused(of(65, 1)));
    }

    #[test]
    fn what_a_form_says_is_made_to_fit() {
        let page = data(json!({"page_url": "https://shop.example/"}));
        let fit = |value: Value| {
            let taken = fitting(&page, data(value));
            let all = page.clone().into_iter().chain(taken.clone()).collect();
            assert_eq!(check_visitor_data(&all), Ok(()));
            taken
        };
        let name = json!({"name": "Ada", "seats": 2});
        assert_eq!(Value::Object(fit(name.clone())), name);
        for long in ["ä", "\"", "\u{1}", "x", "\u{1f600}"] {
            let cut = fit(json!({"note": long.repeat(2_000)}));
            let note = cut["note"].as_str().expect("a text");
            assert!(
                long.repeat(2_000).starts_with(note) && json_bytes(&note) > MAX_VALUE_BYTES - 12,
                "{long:?}"
            );
        }
        let many: Map<String, Value> = (0..9).map(|at| (at.to_string(), json!("x".repeat(1_500)))).collect();
        assert_eq!(fit(Value::Object(many)).len(), 5, "as many as there is room for");
        let keys = fit(json!({"k".repeat(101): "x", "short": "y"}));
        assert_eq!(Value::Object(keys), json!({"short": "y"}));
    }

    #[test]
    fn conversation_data_of_bots_are_bounded_together_and_apart_from_the_visitors() {
        let known = ConversationRecord {
            data: data(json!({"a": "x".repeat(5_000), "page": "z".repeat(8_000)})),
            visitor_keys: BTreeSet::from(["page".to_owned()]),
            ..conversation("c", 1)
        };
        let adds = |added: Value| check_conversation_data(&known, &data(added));
        assert_eq!(adds(json!({"b": "y".repeat(3_000)})), Ok(()));
        assert!(refused(adds(json!({"b": "y".repeat(4_000)}))));
        assert_eq!(adds(json!({"a": "y".repeat(8_000)})), Ok(()), "replaced");
        assert!(
            refused(adds(json!({"page": "y".repeat(4_000)}))),
            "it is the bot's then"
        );
        assert_eq!(adds(json!({"b": nested(16)})), Ok(()));
        assert!(refused(adds(json!({"b": nested(17)}))));
    }

    #[test]
    fn each_part_of_a_header_is_bounded() {
        let with = |part: &str, value: Value| {
            let frame = json!({"type": "post", "conversation": "c", "client_id": "i",
                "message": {"header": {part: value}, "body": {"type": "PLAIN", "markdownText": "x"}}});
            match portico_shared::frame::ClientFrame::from_json(&frame.to_string()) {
                Ok(portico_shared::frame::ClientFrame::Post(post)) => check_draft(&post.message),
                other => panic!("no post but {other:?}"),
            }
        };
        for part in ["entities", "additionalData", "language"] {
            assert_eq!(with(part, json!({"x": nested(15)})), Ok(()), "{part}");
            assert!(refused(with(part, json!({"x": nested(16)}))), "{part}");
            assert!(refused(with(part, json!({"x": "y".repeat(MAX_PART_BYTES)}))), "{part}");
        }
        assert!(refused(with("intent", json!("y".repeat(MAX_PART_BYTES)))));
    }

    #[test]
    fn a_programs_header_is_bounded_in_every_part_that_it_chooses() {
        let with = |part: &str, value: Value| {
            let header = json!({"sender": {"id": "a", "type": "APP"}, part: value});
            check_header(&serde_json::from_value(header).expect("a header"))
        };
        for part in ["entities", "additionalData", "language", "schedulingMetaData"] {
            assert!(refused(with(part, json!({"x": nested(16)}))), "{part}");
            assert!(refused(with(part, json!({"x": "y".repeat(MAX_PART_BYTES)}))), "{part}");
        }
        assert!(refused(with("providerMessageId", json!("y".repeat(MAX_PART_BYTES)))));
    }

    #[test]
    fn a_body_is_measured_as_the_log_has_it() {
        let buttons: Vec<Value> = (0..8_000)
            .map(|_| json!({"title": "t", "payload": "p", "type": "b"}))
            .collect();
        let body = portico_shared::json::from_value::<MessageBody>(
            json!({"type": "BUTTON", "markdownText": "x", "buttons": buttons}),
        );
        assert!(refused(check_body(&body.expect("buttons"))));
        assert_eq!(check_body(&MessageBody::plain("x".repeat(16_000))), Ok(()));
    }
}
