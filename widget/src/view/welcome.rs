//! What stands before the first message: a greeting, what to expect, first questions to press.

use crate::availability;
use crate::i18n::t;
use crate::state::{Chat, Opening};
use leptos::html;
use leptos::prelude::*;

use portico_shared::customer::CustomerBody;
use portico_shared::frame::Draft;
use portico_ui::parts::{auto_span, button};

/// Whether anything was said already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beginning {
    Silent,
    Said,
}

/// The greeting; with starters as long as nothing has been said.
pub(super) fn welcome(chat: Chat, beginning: Beginning) -> AnyView {
    let config = chat.document.config.get();
    let of_page = chat.document.host.greeting();
    let greeting = of_page.or(config.greeting).unwrap_or_else(|| t().greeting().to_owned());
    // Tomorrow is today after midnight.
    chat.document.today.track();
    let expectation = availability::sentence(chat.document.availability.get())
        .or(config.expectation)
        .unwrap_or_else(|| t().expectation().to_owned());
    let starters = match beginning {
        Beginning::Silent if chat.opening() == Opening::Writes => config.starters,
        Beginning::Silent | Beginning::Said => Vec::new(),
    };
    let group = (!starters.is_empty()).then(|| {
        let starters: Vec<_> = starters.into_iter().map(|starter| press(chat, starter)).collect();
        html::div()
            .class("welcome__starters")
            .attr("role", "group")
            .attr("aria-label", t().starters())
            .child(starters)
    });
    html::div()
        .class("welcome")
        .child(
            html::h2()
                .class("welcome__greeting")
                .attr("dir", "auto")
                .child(greeting),
        )
        .child(auto_span("welcome__expectation", expectation))
        .child(group)
        .into_any()
}

fn press(chat: Chat, starter: String) -> AnyView {
    let label = auto_span("", starter.as_str());
    button("choice", label, move || {
        chat.send(Draft::new(CustomerBody::plain(starter.as_str())));
        chat.to_composer();
    })
}
