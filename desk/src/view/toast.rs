//! A short sentence about what did not work.

use crate::i18n::t;
use crate::state::Desk;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_ui::icon::{RETRY, X, icon};

/// The sentence, until the agent has read it.
pub(crate) fn view(desk: Desk) -> AnyView {
    let shown = move || {
        desk.toast().map(|words| {
            html::div()
                .class("toast")
                .child(icon(RETRY))
                .child(html::span().child(words))
                .child(
                    html::button()
                        .class("icon-button")
                        .attr("type", "button")
                        .attr("aria-label", t().close())
                        .on(ev::click, move |_| desk.dismiss_toast())
                        .child(icon(X)),
                )
        })
    };
    html::div().attr("role", "alert").child(shown).into_any()
}
