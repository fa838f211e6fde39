//! A question with buttons: chips for quick replies, a column for buttons and lists, a menu for lists that are to be opened,
//! with a group for each of their sections. After an answer the chosen one stays readable and the others go; links stay.

use super::{BodyContext, Reply, text_at, with_text};
use crate::browser::safe_url;
use crate::icon::{CHECK, CHEVRON_DOWN, EXTERNAL_LINK, icon};
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
    let name = text_at(interactive, "button");
    let choices = group(
        class,
        name.unwrap_or(context.messages.choices),
        sectioned(class, &body.buttons, context),
    );
    let rest = (
        part("header", "body__name"),
        part("body", "body__said"),
        match name.filter(|_| is_menu(interactive, context)) {
            Some(name) => choices.map(|choices| menu(name, choices)),
            None => choices,
        },
        part("footer", "body__note"),
    );
    with_text(context, rest)
}

/// Whether the choices are behind a button of their own: those of a list, until one of them is chosen. Who is not asked reads
/// them all.
fn is_menu(interactive: Option<&Value>, context: &BodyContext) -> bool {
    let can_answer = context.on_reply.is_some() && context.answer == Answer::Open;
    can_answer && text_at(interactive, "type") == Some("list")
}

fn menu(name: &str, choices: AnyView) -> AnyView {
    let summary = html::summary()
        .class("choice")
        .child(auto_span("", name))
        .child(icon(CHEVRON_DOWN));
    html::details()
        .class("body__menu")
        .child(summary)
        .child(choices)
        .into_any()
}

/// Buttons of one card or message, the ones that can no longer be pressed left out.
pub(super) fn row(
    class: &'static str,
    buttons: &[CustomerButton],
    card: Option<&str>,
    context: &BodyContext,
) -> Option<AnyView> {
    let choices = buttons.iter().filter_map(|button| choice(button, card, context));
    group(class, context.messages.choices, choices.collect())
}

fn group(class: &'static str, name: &str, choices: Vec<AnyView>) -> Option<AnyView> {
    let group = || {
        html::div()
            .class(class)
            .attr("role", "group")
            .attr("aria-label", name.to_owned())
    };
    (!choices.is_empty()).then(|| group().child(choices).into_any())
}

/// The buttons, those of each section in a group with its title.
fn sectioned(class: &'static str, buttons: &[CustomerButton], context: &BodyContext) -> Vec<AnyView> {
    let several = has_several_sections(buttons);
    let mut views = Vec::new();
    for (title, buttons) in sections(buttons) {
        let choices: Vec<_> = buttons
            .iter()
            .filter_map(|button| choice(button, None, context))
            .collect();
        match title.filter(|_| several && !choices.is_empty()) {
            Some(title) => {
                // Heard as the name of its group.
                let over = html::span()
                    .class("body__section")
                    .attr("dir", "auto")
                    .attr("aria-hidden", "true")
                    .child(title.to_owned());
                let inside = [over.into_any()].into_iter().chain(choices).collect();
                views.extend(group(class, title, inside));
            }
            None => views.extend(choices),
        }
    }
    views
}

fn has_several_sections(buttons: &[CustomerButton]) -> bool {
    let mut titles = buttons.iter().map(|button| detail(button, "sectionTitle"));
    let first = titles.next();
    titles.any(|title| Some(title) != first)
}

/// The runs of buttons of one section, with its title.
fn sections(buttons: &[CustomerButton]) -> impl Iterator<Item = (Option<&str>, &[CustomerButton])> {
    let runs = buttons.chunk_by(|one, next| detail(one, "sectionTitle") == detail(next, "sectionTitle"));
    runs.map(|run| (run.first().and_then(|button| detail(button, "sectionTitle")), run))
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
    use super::{has_several_sections, sections};

    use portico_shared::customer::CustomerButton;
    use serde_json::json;

    fn button(title: &str, section: Option<&str>) -> CustomerButton {
        let details = section.map(|section| json!({ "sectionTitle": section }));
        let button = json!({ "type": "reply", "title": title, "payload": title, "additionalButtonDetails": details });
        serde_json::from_value(button).expect("a button")
    }

    #[test]
    fn a_run_of_one_section_is_one_group() {
        let buttons = [
            button("a", Some("First")),
            button("b", Some("First")),
            button("c", Some("Second")),
            button("d", Some("First")),
        ];
        let runs: Vec<_> = sections(&buttons).map(|(title, run)| (title, run.len())).collect();
        assert_eq!(runs, [(Some("First"), 2), (Some("Second"), 1), (Some("First"), 1)]);
        assert!(has_several_sections(&buttons));
        assert!(!has_several_sections(&buttons[..2]));
        assert!(!has_several_sections(&[]));
    }
}
