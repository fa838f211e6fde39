//! Ten thousand events as services might send them: published samples, bent at random, with their members in any order.
//!
//! It knows nothing of the types: its own generator of random numbers, and JSON. So what it generates stays the same,
//! whatever becomes of the types, and can be compared with what an earlier version of them wrote.

use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// How many events there are.
pub(super) const EVENTS: usize = 10_000;

/// The samples that are bent. A list, and not all that the folder holds: what is generated must not change when a
/// sample is added. One that has to change is copied under another name first.
const SAMPLES: &[&str] = &[
    "event-action-message",
    "event-advisor-subscribed",
    "event-agent-message",
    "event-agent-outbound",
    "event-agent-receipt",
    "event-agent-reserved",
    "event-agent-sla-started",
    "event-agent-sla-stopped",
    "event-agent-subscribed",
    "event-bot-not-set",
    "event-bot-subscribed",
    "event-bot-suggestion",
    "event-call-leg-ended",
    "event-channel-session-started",
    "event-conversation-data-changed",
    "event-conversation-resumed",
    "event-customer-changed",
    "event-customer-message",
    "event-customer-receipt",
    "event-find-agent",
    "event-gadget-requested",
    "event-hand-raised",
    "event-hold-timer",
    "event-mrd-interrupted",
    "event-no-agent",
    "event-remove-all-agents",
    "event-remove-channel-session",
    "event-revoke-resource",
    "event-role-changed",
    "event-room-created",
    "event-room-member-status",
    "event-task-enqueued",
    "event-task-state-changed",
    "event-typing",
    "event-unknown-name",
    "event-voice-activity",
    "event-welcome",
    "event-whisper",
    "event-wrapup-applied",
    "message-action",
    "message-audio",
    "message-browser-receipt",
    "message-button-answer",
    "message-button-menu",
    "message-carousel",
    "message-comment",
    "message-contact",
    "message-custom",
    "message-deleted",
    "message-email",
    "message-empty-timestamp",
    "message-file",
    "message-form-in-chat",
    "message-form-prechat",
    "message-full-action",
    "message-full-buttons",
    "message-full-carousel",
    "message-full-contact",
    "message-full-custom",
    "message-full-deleted",
    "message-full-email",
    "message-full-form",
    "message-full-header",
    "message-full-image",
    "message-full-ivr",
    "message-full-location",
    "message-full-receipt",
    "message-full-sticker",
    "message-full-structured",
    "message-full-template",
    "message-full-url",
    "message-full-voice",
    "message-image",
    "message-iso-timestamp",
    "message-ivr",
    "message-location",
    "message-lower-case",
    "message-multimedia",
    "message-notification",
    "message-old-desk",
    "message-receipt",
    "message-sticker",
    "message-structured",
    "message-template",
    "message-unknown-type",
    "message-url",
    "message-video",
    "message-voice-recording",
    "recorded-calls",
    "recorded-comments",
    "recorded-conversations",
    "recorded-intents",
    "recorded-notices",
    "recorded-order",
    "recorded-rare-names",
    "recorded-receipts",
    "recorded-rooms",
    "recorded-sessions",
    "recorded-tasks",
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
    "x-shard",
    "_rev",
    "Aa",
];

/// Texts that mean something somewhere.
const TEXTS: &[&str] = &[
    "",
    " ",
    "1705583494537",
    "2024-01-18T13:11:34.545Z",
    "2024-01-18 13:11:34",
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
    "image",
    "\"quoted\" \\ and / slashed",
    "line\nbreak\ttab\u{1}",
    "Grüße 👋🏽",
    "\u{2028}\u{fffd}",
    "loyaltyCard",
];

/// All of them, as text.
pub(super) fn events() -> Vec<String> {
    let samples = samples();
    let mut dice = Dice(0x0070_6f72_7469_636f);
    let unbent = samples.iter().cloned();
    let mut texts: Vec<String> = unbent.map(|event| in_any_order(&event, &mut dice)).collect();
    while texts.len() < EVENTS {
        let mut event = samples[dice.below(samples.len())].clone();
        for _ in 0..dice.below(6) {
            bend(&mut event, &mut dice);
        }
        texts.push(in_any_order(&event, &mut dice));
    }
    texts
}

fn in_any_order(event: &Value, dice: &mut Dice) -> String {
    let mut text = String::new();
    write(event, dice, &mut text);
    text
}

/// The samples as events: logs apart, messages within one.
fn samples() -> Vec<Value> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut events = Vec::new();
    for name in SAMPLES {
        let text = std::fs::read_to_string(folder.join(name).with_extension("json")).expect("the sample is here");
        match serde_json::from_str(&text).expect("the sample is JSON") {
            Value::Array(log) => events.extend(log),
            message if name.starts_with("message-") => events.push(json!({
                "id": "e-1", "name": "CUSTOMER_MESSAGE", "type": "MESSAGE", "timestamp": 1_705_583_494_537_i64,
                "conversationId": "c-1", "eventEmitter": message["header"]["sender"], "data": message,
                "channelSession": null, "roomInfo": null,
            })),
            event => events.push(event),
        }
    }
    events
}

/// Walks down to a random value and changes it.
fn bend(value: &mut Value, dice: &mut Dice) {
    match value {
        Value::Object(map) if !map.is_empty() && dice.below(6) > 0 => {
            let index = dice.below(map.len());
            let key = map.keys().nth(index).cloned().unwrap_or_default();
            let leaf = map
                .get(&key)
                .is_none_or(|member| !member.is_object() && !member.is_array());
            if leaf && dice.below(4) == 0 {
                map.remove(&key);
            } else if let Some(member) = map.get_mut(&key) {
                bend(member, dice);
            }
        }
        Value::Array(items) if !items.is_empty() && dice.below(8) > 0 => {
            let index = dice.below(items.len());
            bend(&mut items[index], dice);
        }
        Value::Object(map) => {
            let value = junk(dice, 3);
            map.insert(KEYS[dice.below(KEYS.len())].to_owned(), value);
        }
        other => *other = another(other.take(), dice),
    }
}

/// A value in another's place: mostly of the same kind, since most others are refused.
fn another(value: Value, dice: &mut Dice) -> Value {
    match (value, dice.below(10)) {
        (_, 0) => junk(dice, 2),
        (_, 1 | 2) => Value::Null,
        (Value::String(text), 3) => Value::String(text.to_lowercase()),
        (Value::String(text), 4) => Value::String(text.to_uppercase()),
        (Value::String(text), 5) => text.parse::<i64>().map_or(Value::String(text), Value::from),
        (Value::String(_), _) => text(dice),
        (Value::Number(number), 3 | 4) => Value::String(number.to_string()),
        (Value::Number(_), _) => number(dice),
        (Value::Bool(flag), _) => Value::Bool(!flag),
        (kept, _) => kept,
    }
}

fn junk(dice: &mut Dice, levels: usize) -> Value {
    match dice.below(if levels == 0 { 6 } else { 9 }) {
        0 => Value::Null,
        1 => Value::Bool(dice.below(2) == 0),
        2 => number(dice),
        3..=5 => text(dice),
        6 => (0..dice.below(4)).map(|_| junk(dice, levels - 1)).collect(),
        _ => {
            let mut map = Map::new();
            for _ in 0..dice.below(4) {
                let value = junk(dice, levels - 1);
                map.insert(KEYS[dice.below(KEYS.len())].to_owned(), value);
            }
            Value::Object(map)
        }
    }
}

/// Numbers whose spelling every reader and writer of JSON agrees on.
fn number(dice: &mut Dice) -> Value {
    match dice.below(6) {
        0 => Value::from(dice.next().cast_signed()),
        1 => Value::from(dice.next()),
        2 => Value::from(u32::try_from(dice.below(3_000)).map_or(0.0, |n| f64::from(n) / 100.0)),
        3 => Value::from(1_705_583_494_537_i64),
        _ => Value::from(dice.below(300)),
    }
}

fn text(dice: &mut Dice) -> Value {
    match dice.below(3) {
        0 => {
            let alphabet = ['a', 'Z', '0', '-', ' ', '"', '\\', 'é', '漢', '\u{7f}', '\u{0}'];
            (0..dice.below(12))
                .map(|_| alphabet[dice.below(alphabet.len())])
                .collect::<String>()
                .into()
        }
        _ => TEXTS[dice.below(TEXTS.len())].into(),
    }
}

/// Writes a value with the members of its objects in random order.
fn write(value: &Value, dice: &mut Dice, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map.iter().collect();
            let shuffled = dice.below(2) == 0;
            out.push('{');
            for index in 0..members.len() {
                if shuffled {
                    let other = index + dice.below(members.len() - index);
                    members.swap(index, other);
                }
                if index > 0 {
                    out.push(',');
                }
                let (key, member) = members[index];
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(member, dice, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, dice, out);
            }
            out.push(']');
        }
        leaf => out.push_str(&leaf.to_string()),
    }
}

/// SplitMix64 of Steele, Lea and Flood: a few lines that are the same for ever.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `end`, the same on machines of every word size.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap_or(0)
    }
}
