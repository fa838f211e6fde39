//! Free JSON as names and values that a person can read.

use crate::i18n::activity as messages;
use crate::view::components::fact;
use leptos::html;
use leptos::prelude::*;
use portico_ui::browser::safe_url;
use serde_json::{Map, Value};

/// Values nest at most this deep on the screen; what is deeper is left out.
const MAX_DEPTH: usize = 4;
/// At most this many values of one object or list are shown.
const MAX_VALUES: usize = 40;

/// The members of an object. Empty ones are left out.
pub(crate) fn facts(map: &Map<String, Value>) -> AnyView {
    nested(map, 0)
}

fn nested(map: &Map<String, Value>, depth: usize) -> AnyView {
    let shown = map.iter().filter(|(_, value)| !is_empty(value)).take(MAX_VALUES);
    let lines: Vec<_> = shown
        .map(|(key, value)| fact(messages::plain(key), value_of(value, depth)))
        .collect();
    if lines.is_empty() {
        return html::p().child(messages::NO_FACTS).into_any();
    }
    html::dl().class("facts").child(lines).into_any()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(map) => map.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn value_of(value: &Value, depth: usize) -> AnyView {
    match value {
        Value::String(text) => link_or_text(text),
        Value::Bool(yes) => if *yes { messages::YES } else { messages::NO }.into_any(),
        Value::Number(number) => number.to_string().into_any(),
        Value::Object(map) if depth < MAX_DEPTH => nested(map, depth + 1),
        Value::Array(items) if depth < MAX_DEPTH => {
            let items: Vec<_> = items.iter().filter(|item| !is_empty(item)).take(MAX_VALUES).collect();
            match items.iter().all(|item| item.is_string() || item.is_number()) {
                true => items
                    .iter()
                    .map(|item| plain(item))
                    .collect::<Vec<_>>()
                    .join(", ")
                    .into_any(),
                false => items
                    .into_iter()
                    .map(|item| value_of(item, depth + 1))
                    .collect::<Vec<_>>()
                    .into_any(),
            }
        }
        Value::Object(_) | Value::Array(_) | Value::Null => "…".into_any(),
    }
}

/// A text or number as it is read.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { messages::YES } else { messages::NO }.to_owned(),
        other => other.to_string(),
    }
}

fn link_or_text(text: &str) -> AnyView {
    let address = text.starts_with("http").then(|| safe_url(text)).flatten();
    match address {
        Some(address) => html::a()
            .attr("href", address)
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer")
            .child(text.to_owned())
            .into_any(),
        None => text.to_owned().into_any(),
    }
}
