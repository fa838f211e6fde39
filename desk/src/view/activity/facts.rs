//! Free JSON as names and values that a person can read.

use crate::i18n::{activity as messages, t};
use crate::view::components::fact;
use leptos::html;
use leptos::prelude::*;
use portico_shared::text::says_nothing;
use portico_ui::browser::safe_url;
use portico_ui::parts::link;
use serde_json::{Map, Value};

/// Values nest at most this deep on the screen; what is deeper is left out.
const MAX_DEPTH: usize = 4;
/// At most this many values of one object or list are shown.
const MAX_VALUES: usize = 40;
/// Stands for what is left out.
const LEFT_OUT: &str = "…";

/// What is shown of a value.
#[derive(Debug, PartialEq)]
enum Fact {
    Text(String),
    /// Names and values; there may be none.
    Named(Vec<(String, Fact)>),
    List(Vec<Fact>),
}

/// The members of an object. Empty ones are left out.
pub(crate) fn facts(map: &Map<String, Value>) -> AnyView {
    draw(Fact::of_members(map, 0))
}

fn draw(shown: Fact) -> AnyView {
    match shown {
        Fact::Text(text) => link_or_text(text),
        Fact::Named(members) if members.is_empty() => html::p().child(t().no_facts()).into_any(),
        Fact::Named(members) => {
            let lines: Vec<_> = members
                .into_iter()
                .map(|(name, value)| fact(name, draw(value)))
                .collect();
            html::dl().class("facts").child(lines).into_any()
        }
        Fact::List(items) => items.into_iter().map(draw).collect::<Vec<_>>().into_any(),
    }
}

impl Fact {
    fn of_members(map: &Map<String, Value>, depth: usize) -> Self {
        let shown = map.iter().filter(|(_, value)| !is_empty(value)).take(MAX_VALUES);
        Self::Named(
            shown
                .map(|(key, value)| (messages::plain(key), Self::of(value, depth)))
                .collect(),
        )
    }

    fn of(value: &Value, depth: usize) -> Self {
        match value {
            Value::String(_) | Value::Bool(_) | Value::Number(_) => Self::Text(plain(value)),
            Value::Object(map) if depth < MAX_DEPTH => Self::of_members(map, depth + 1),
            Value::Array(items) if depth < MAX_DEPTH => Self::of_items(items, depth + 1),
            Value::Object(_) | Value::Array(_) | Value::Null => Self::Text(LEFT_OUT.to_owned()),
        }
    }

    /// Texts and numbers stand in one line.
    fn of_items(items: &[Value], depth: usize) -> Self {
        let items: Vec<_> = items.iter().filter(|item| !is_empty(item)).take(MAX_VALUES).collect();
        match items.iter().all(|item| item.is_string() || item.is_number()) {
            true => Self::Text(items.into_iter().map(plain).collect::<Vec<_>>().join(", ")),
            false => Self::List(items.into_iter().map(|item| Self::of(item, depth)).collect()),
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => says_nothing(text),
        Value::Array(items) => items.iter().all(is_empty),
        Value::Object(map) => map.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A text or number as it is read.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(yes) => if *yes { t().yes() } else { t().no() }.to_owned(),
        other => other.to_string(),
    }
}

fn link_or_text(text: String) -> AnyView {
    match text.starts_with("http").then(|| safe_url(&text)).flatten() {
        Some(address) => link("", address, text),
        None => text.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(json: Value) -> Fact {
        let map = json.as_object().expect("an object");
        Fact::of_members(map, 0)
    }

    fn text(text: &str) -> Fact {
        Fact::Text(text.to_owned())
    }

    fn named(members: Vec<(&str, Fact)>) -> Fact {
        Fact::Named(
            members
                .into_iter()
                .map(|(name, fact)| (name.to_owned(), fact))
                .collect(),
        )
    }

    #[test]
    fn names_and_values_read_like_language() {
        assert_eq!(
            shown(json!({ "orderNumber": 7 })),
            named(vec![("Order number", text("7"))])
        );
        assert_eq!(
            shown(json!({ "is_paid": true })),
            named(vec![("Is paid", text(t().yes()))])
        );
    }

    #[test]
    fn what_is_empty_is_left_out() {
        assert_eq!(
            shown(json!({ "a": null, "b": " ", "c": [[], {}], "d": { "e": "" } })),
            named(vec![])
        );
        assert_eq!(shown(json!({ "a": false })), named(vec![("A", text(t().no()))]));
    }

    #[test]
    fn a_list_of_texts_and_numbers_is_one_line_and_others_nest() {
        assert_eq!(
            shown(json!({ "sizes": ["S", 42, ""] })),
            named(vec![("Sizes", text("S, 42"))])
        );
        let items = Fact::List(vec![text("S"), named(vec![("Size", text("M"))])]);
        assert_eq!(
            shown(json!({ "sizes": ["S", { "size": "M" }] })),
            named(vec![("Sizes", items)])
        );
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_left_out() {
        let deep = shown(json!({ "a": { "a": { "a": { "a": { "a": { "a": 1 } } } } } }));
        let expected = (0..4).fold(text(LEFT_OUT), |inner, _| named(vec![("A", inner)]));
        assert_eq!(deep, named(vec![("A", expected)]));
        let many: Map<_, _> = (0..50).map(|at| (format!("key {at:02}"), json!(at))).collect();
        let Fact::Named(members) = Fact::of_members(&many, 0) else {
            panic!("members");
        };
        assert_eq!(members.len(), MAX_VALUES);
    }
}
