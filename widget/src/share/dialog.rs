//! What stands in the composer's place while something is shared.

use super::{contact, location};
use crate::i18n::t;
use crate::state::{Chat, Instead};
use leptos::prelude::*;
use leptos::{ev, html};
use std::time::Duration;

use portico_shared::customer::CustomerBody;
use portico_shared::frame::Draft;
use portico_ui::browser::is_composing;
use portico_ui::parts::{auto_span, button};
use portico_ui::reactive::effect;

/// The dialog for one thing.
pub(crate) fn dialog(chat: Chat, what: Instead) -> AnyView {
    let (name, inside) = match what {
        Instead::Location => (t().share_location(), location::location(chat)),
        Instead::Contact => (t().share_contact(), contact::contact(chat)),
        Instead::Nothing | Instead::Voice => return ().into_any(),
    };
    html::div()
        .class("sharing")
        .attr("role", "dialog")
        .attr("aria-label", name)
        .on(ev::keydown, move |event| {
            if event.key() == "Escape" && !is_composing(&event) {
                event.prevent_default();
                chat.write_again();
            }
        })
        .child(inside)
        .into_any()
}

/// Whom it is sent to.
pub(super) fn recipient(chat: Chat) -> String {
    let title = chat.document.config.with_untracked(|config| config.title.clone());
    title.unwrap_or_else(|| t().somebody().to_owned())
}

/// Sends it, and goes back to writing. What cannot be sent now stays, and that is said.
pub(super) fn send(chat: Chat, body: CustomerBody) {
    match chat.send(Draft::new(body)) {
        true => chat.write_again(),
        false => chat.document.announcer.announce(t().not_sent().to_owned()),
    }
}

/// Two buttons: the one that goes on, and the one that does not.
pub(super) fn buttons(chat: Chat, forward: AnyView) -> AnyView {
    html::div()
        .class("ended__buttons")
        .child(button("button", auto_span("", t().cancel()), move || {
            chat.write_again()
        }))
        .child(forward)
        .into_any()
}

/// The button that goes on, which has the keyboard as soon as it is there.
pub(super) fn forward(words: &'static str, press: impl Fn() + 'static) -> AnyView {
    let node = NodeRef::<html::Button>::new();
    effect(move |_| {
        if let Some(button) = node.get() {
            // In the document only after this.
            set_timeout(move || drop(button.focus()), Duration::ZERO);
        }
    });
    html::button()
        .class("button button--primary")
        .attr("type", "button")
        .node_ref(node)
        .on(ev::click, move |_| press())
        .child(auto_span("", words))
        .into_any()
}
