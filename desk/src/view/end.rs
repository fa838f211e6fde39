//! Asks before a chat is ended for all participants.

use super::dialog;
use crate::i18n::t;
use crate::state::Desk;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_shared::ids::ConversationId;

/// The question.
pub(crate) fn view(desk: Desk, conversation: ConversationId) -> AnyView {
    let close = move || desk.set_dialog(None);
    let body = move || {
        let end = move |_| {
            desk.end(conversation.clone());
            desk.set_dialog(None);
        };
        (
            html::div()
                .class("dialog__head")
                .child(html::h2().attr("id", "end-title").child(t().end_title()))
                .child(html::p().child(t().end_intro())),
            html::div()
                .class("dialog__foot")
                .child(
                    html::button()
                        .class("button")
                        .attr("type", "button")
                        .on(ev::click, move |_| close())
                        .child(t().cancel()),
                )
                .child(
                    html::button()
                        .class("button button--danger")
                        .attr("type", "button")
                        .attr("autofocus", true)
                        .on(ev::click, end)
                        .child(t().end_chat()),
                ),
        )
            .into_any()
    };
    dialog::modal("end-title", "dialog--narrow", body, close)
}
