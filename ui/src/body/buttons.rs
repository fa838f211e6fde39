//! A question with buttons: chips for quick replies, a column for buttons and lists. After an answer the chosen one
//! stays readable and the others go; links stay.

use super::{Around, Reply, text_at, with_text};
use crate::browser::safe_url;
use crate::el::{self, El, block, el, words};
use crate::icon::{CHECK, EXTERNAL_LINK, draw};
use portico_shared::json::Value;

use portico_client::Answer;
use portico_shared::cim::body::{Button, ButtonBody, ButtonMessageType};

pub(super) fn view(body: &ButtonBody, around: &Around) -> El {
    let interactive = body
        .additional_details
        .as_ref()
        .and_then(|details| details.get("interactive"));
    let part = |key, class| {
        let text = text_at(interactive.and_then(|interactive| interactive.get(key)), "text");
        text.map(|text| words(class, text))
    };
    let quick = body.button_message_type == Some(ButtonMessageType::QuickReplies);
    let class = if quick { "body__chips" } else { "body__column" };
    let head = with_text(around)
        .maybe(part("header", "body__name"))
        .maybe(part("body", "body__said"));
    head.maybe(group(class, sectioned(&body.buttons, around), around))
        .maybe(part("footer", "body__note"))
}

/// Buttons of one card or message, the ones that can no longer be pressed left out.
pub(super) fn row(class: &str, buttons: &[Button], card: Option<&str>, around: &Around) -> Option<El> {
    group(
        class,
        buttons
            .iter()
            .filter_map(|button| choice(button, card, around))
            .collect(),
        around,
    )
}

fn group(class: &str, children: Vec<El>, around: &Around) -> Option<El> {
    let group = || {
        block(class, Vec::new())
            .attr("role", "group")
            .attr("aria-label", around.messages.choices)
    };
    (!children.is_empty()).then(|| group().children(children))
}

/// The buttons, each run of one section under its title.
fn sectioned(buttons: &[Button], around: &Around) -> Vec<El> {
    let titles: Vec<Option<&str>> = buttons.iter().map(|button| detail(button, "sectionTitle")).collect();
    let several = titles.iter().any(|title| *title != titles[0]);
    let mut views = Vec::new();
    let mut current = None;
    for (button, title) in buttons.iter().zip(titles) {
        let Some(view) = choice(button, None, around) else {
            continue;
        };
        if several && title != current {
            views.extend(title.map(|title| words("body__section", title)));
            current = title;
        }
        views.push(view);
    }
    views
}

fn choice(button: &Button, card: Option<&str>, around: &Around) -> Option<El> {
    let title = words("", &button.title);
    if let Some(address) = detail(button, "url").and_then(safe_url) {
        return Some(el::link(
            "choice choice--link",
            &address,
            vec![title, draw(EXTERNAL_LINK)],
        ));
    }
    let lines = match detail(button, "description") {
        Some(more) => block("body__lines", vec![title, words("body__note", more)]),
        None => title,
    };
    match (&around.answer, &around.on_reply) {
        (Answer::Open, Some(on_reply)) => {
            let (reply, on_reply) = (reply(button, card), on_reply.clone());
            Some(el::button(
                "choice",
                vec![lines],
                Box::new(move || on_reply(reply.clone())),
            ))
        }
        (Answer::Open, None) => Some(still("choice choice--still", vec![lines])),
        (Answer::Given { intent, text }, _) if is_chosen(button, intent.as_deref(), text) => {
            let chosen = words("unseen", around.messages.chosen);
            Some(still("choice choice--chosen", vec![draw(CHECK), lines, chosen]))
        }
        (Answer::Given { .. } | Answer::Passed, _) => None,
    }
}

fn still(class: &str, children: Vec<El>) -> El {
    el("span").class(class).children(children)
}

fn is_chosen(button: &Button, intent: Option<&str>, text: &str) -> bool {
    intent.map_or(button.title == text, |intent| button.payload == intent)
}

fn reply(button: &Button, card: Option<&str>) -> Reply {
    let (title, payload) = (button.title.clone(), button.payload.clone());
    Reply::Button {
        title,
        payload,
        card: card.map(str::to_owned),
    }
}

fn detail<'a>(button: &'a Button, key: &str) -> Option<&'a str> {
    let value: &Value = button.additional_button_details.as_ref()?.get(key)?;
    value.as_str().filter(|text| !text.trim().is_empty())
}
