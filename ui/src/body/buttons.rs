//! A question with buttons: chips for quick replies, a column for buttons and lists. After an answer the chosen one
//! stays readable and the others go; links stay.

use super::{Around, Reply, plain, text_at};
use crate::browser::safe_url;
use crate::el::{self, block, words};
use crate::icon::{CHECK, EXTERNAL_LINK, icon};
use leptos::html;
use leptos::prelude::*;
use serde_json::Value;

use portico_client::Answer;
use portico_shared::cim::body::{Button, ButtonBody, ButtonMessageType};

pub(super) fn view(body: &ButtonBody, around: &Around) -> AnyView {
    let interactive = body.additional_details.as_ref().and_then(|details| details.get("interactive"));
    let part = |key| text_at(interactive.and_then(|interactive| interactive.get(key)), "text").map(str::to_owned);
    let quick = body.button_message_type == Some(ButtonMessageType::QuickReplies);
    let class = if quick { "body__chips" } else { "body__column" };
    let mut parts = vec![plain::view(around)];
    parts.extend(part("header").map(|text| words("body__name", text)));
    parts.extend(part("body").map(|text| words("", text)));
    parts.push(group(class, sectioned(&body.buttons, around), around));
    parts.extend(part("footer").map(|text| words("body__note", text)));
    block("body", parts)
}

/// Buttons of one card or message, the ones that can no longer be pressed left out.
pub(super) fn row(class: &'static str, buttons: &[Button], card: Option<&str>, around: &Around) -> AnyView {
    let buttons: Vec<AnyView> = buttons.iter().filter_map(|button| choice(button, card, around)).collect();
    group(class, buttons, around)
}

fn group(class: &'static str, children: Vec<AnyView>, around: &Around) -> AnyView {
    if children.is_empty() {
        return ().into_any();
    }
    let group = html::div().class(class).attr("role", "group").attr("aria-label", around.words.choices);
    group.child(children).into_any()
}

/// The buttons, each run of one section under its title.
fn sectioned(buttons: &[Button], around: &Around) -> Vec<AnyView> {
    let titles: Vec<Option<&str>> = buttons.iter().map(|button| detail(button, "sectionTitle")).collect();
    let several = titles.iter().any(|title| *title != titles[0]);
    let mut views = Vec::new();
    let mut current = None;
    for (button, title) in buttons.iter().zip(titles) {
        let Some(view) = choice(button, None, around) else { continue };
        if several && title != current {
            views.extend(title.map(|title| words("body__section", title)));
            current = title;
        }
        views.push(view);
    }
    views
}

fn choice(button: &Button, card: Option<&str>, around: &Around) -> Option<AnyView> {
    let title = words("", button.title.clone());
    if let Some(address) = detail(button, "url").and_then(safe_url) {
        return Some(el::link("choice choice--link", address, vec![title, icon(EXTERNAL_LINK)]));
    }
    let lines = match detail(button, "description") {
        Some(more) => block("body__lines", vec![title, words("body__note", more)]),
        None => title,
    };
    match (&around.answer, around.on_reply) {
        (Answer::Open, Some(on_reply)) => {
            let reply = reply(button, card);
            Some(el::button("choice", vec![lines], Box::new(move || on_reply.run(reply.clone()))))
        }
        (Answer::Open, None) => Some(still("choice choice--still", vec![lines])),
        (Answer::Given { intent, text }, _) if is_chosen(button, intent.as_deref(), text) => {
            let chosen = words("unseen", around.words.chosen);
            Some(still("choice choice--chosen", vec![icon(CHECK), lines, chosen]))
        }
        (Answer::Given { .. } | Answer::Passed, _) => None,
    }
}

fn still(class: &'static str, children: Vec<AnyView>) -> AnyView {
    html::span().class(class).child(children).into_any()
}

fn is_chosen(button: &Button, intent: Option<&str>, text: &str) -> bool {
    intent.map_or(button.title == text, |intent| button.payload == intent)
}

fn reply(button: &Button, card: Option<&str>) -> Reply {
    let (title, payload) = (button.title.clone(), button.payload.clone());
    Reply::Button { title, payload, card: card.map(str::to_owned) }
}

fn detail<'a>(button: &'a Button, key: &str) -> Option<&'a str> {
    let value: &Value = button.additional_button_details.as_ref()?.get(key)?;
    value.as_str().filter(|text| !text.trim().is_empty())
}
