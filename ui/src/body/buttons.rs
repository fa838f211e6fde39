//! A question with buttons: chips for quick replies, a column for buttons and lists. After an answer the chosen one
//! stays readable and the others go; links stay.

use super::{BodyContext, Reply, text_at, with_text};
use crate::browser::safe_url;
use crate::icon::{CHECK, EXTERNAL_LINK, icon};
use crate::parts::{self, auto_span, link};
use leptos::html;
use leptos::prelude::*;
use portico_shared::json::Value;

use portico_client::Answer;
use portico_shared::cim::body::ButtonMessageType;
use portico_shared::customer::{CustomerButton, CustomerButtons};
use portico_shared::text::says_nothing;

pub(super) fn view(body: &CustomerButtons, context: &BodyContext) -> AnyView {
    let interactive = body
        .additional_details
        .as_ref()
        .and_then(|details| details.get("interactive"));
    let part = |key, class| {
        let text = text_at(interactive.and_then(|interactive| interactive.get(key)), "text");
        text.map(|text| auto_span(class, text))
    };
    let quick = body.button_message_type == Some(ButtonMessageType::QuickReplies);
    let class = if quick { "body__chips" } else { "body__column" };
    let rest = (
        part("header", "body__name"),
        part("body", "body__said"),
        group(class, sectioned(&body.buttons, context), context),
        part("footer", "body__note"),
    );
    with_text(context, rest)
}

/// Buttons of one card or message, the ones that can no longer be pressed left out.
pub(super) fn row(
    class: &'static str,
    buttons: &[CustomerButton],
    card: Option<&str>,
    context: &BodyContext,
) -> Option<AnyView> {
    let choices = buttons.iter().filter_map(|button| choice(button, card, context));
    group(class, choices.collect(), context)
}

fn group(class: &'static str, choices: Vec<AnyView>, context: &BodyContext) -> Option<AnyView> {
    let group = || {
        html::div()
            .class(class)
            .attr("role", "group")
            .attr("aria-label", context.messages.choices)
    };
    (!choices.is_empty()).then(|| group().child(choices).into_any())
}

/// The buttons, each run of one section under its title.
fn sectioned(buttons: &[CustomerButton], context: &BodyContext) -> Vec<AnyView> {
    let shown: Vec<_> = buttons
        .iter()
        .filter_map(|button| Some((button, choice(button, None, context)?)))
        .collect();
    let several = has_several_sections(buttons);
    let titles = section_titles(shown.iter().map(|(button, _)| *button));
    let mut views = Vec::new();
    for ((_, view), title) in shown.into_iter().zip(titles) {
        views.extend(title.filter(|_| several).map(|title| auto_span("body__section", title)));
        views.push(view);
    }
    views
}

fn has_several_sections(buttons: &[CustomerButton]) -> bool {
    let mut titles = buttons.iter().map(|button| detail(button, "sectionTitle"));
    let first = titles.next();
    titles.any(|title| Some(title) != first)
}

/// For each button the title that stands over it: of a run, only over its first.
fn section_titles<'a>(buttons: impl Iterator<Item = &'a CustomerButton>) -> Vec<Option<&'a str>> {
    let mut current = None;
    let over = |button: &'a CustomerButton| {
        let title = detail(button, "sectionTitle");
        let begins = title != current;
        current = title;
        title.filter(|_| begins)
    };
    buttons.map(over).collect()
}

/// How a button stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It can be pressed.
    Open,
    /// It can be read only: this reader is not the one who is asked.
    Readable,
    /// It was pressed.
    Chosen,
    /// Another one was pressed, or the customer wrote something else.
    Gone,
}

impl Standing {
    fn of(button: &CustomerButton, card: Option<&str>, context: &BodyContext) -> Self {
        match &context.answer {
            Answer::Open if context.on_reply.is_some() => Self::Open,
            Answer::Open => Self::Readable,
            answer if answer.chose(&button.title, &button.payload, card) => Self::Chosen,
            Answer::Given { .. } | Answer::Passed => Self::Gone,
        }
    }
}

fn choice(button: &CustomerButton, card: Option<&str>, context: &BodyContext) -> Option<AnyView> {
    let title = auto_span("", button.title.as_str());
    if let Some(address) = detail(button, "url").and_then(safe_url) {
        let inside = (title, icon(EXTERNAL_LINK));
        return Some(link("choice choice--link", address, inside));
    }
    let lines = match detail(button, "description") {
        Some(more) => html::div()
            .class("body__lines")
            .child(title)
            .child(auto_span("body__note", more))
            .into_any(),
        None => title,
    };
    match Standing::of(button, card, context) {
        Standing::Open => {
            let (reply, on_reply) = (reply(button, card), context.on_reply?);
            Some(parts::button("choice", lines, move || on_reply.run(reply.clone())))
        }
        Standing::Readable => Some(still("choice choice--still", lines)),
        Standing::Chosen => {
            let chosen = auto_span("unseen", context.messages.chosen);
            Some(still("choice choice--chosen", (icon(CHECK), lines, chosen).into_any()))
        }
        Standing::Gone => None,
    }
}

fn still(class: &'static str, inside: AnyView) -> AnyView {
    html::span().class(class).child(inside).into_any()
}

fn reply(button: &CustomerButton, card: Option<&str>) -> Reply {
    Reply::Button {
        title: button.title.clone(),
        payload: button.payload.clone(),
        card: card.map(str::to_owned),
    }
}

fn detail<'a>(button: &'a CustomerButton, key: &str) -> Option<&'a str> {
    let value: &Value = button.additional_button_details.as_ref()?.get(key)?;
    value.as_str().filter(|text| !says_nothing(text))
}

#[cfg(test)]
mod tests {
    use super::{has_several_sections, section_titles};

    use portico_shared::customer::CustomerButton;
    use serde_json::json;

    fn button(title: &str, section: Option<&str>) -> CustomerButton {
        let details = section.map(|section| json!({ "sectionTitle": section }));
        let button = json!({ "type": "reply", "title": title, "payload": title, "additionalButtonDetails": details });
        serde_json::from_value(button).expect("a button")
    }

    #[test]
    fn a_run_of_one_section_has_one_title() {
        let buttons = [
            button("a", Some("First")),
            button("b", Some("First")),
            button("c", Some("Second")),
            button("d", Some("First")),
        ];
        assert_eq!(
            section_titles(buttons.iter()),
            [Some("First"), None, Some("Second"), Some("First")]
        );
        assert!(has_several_sections(&buttons));
        assert!(!has_several_sections(&buttons[..2]));
        assert!(!has_several_sections(&[]));
    }
}
