//! The console's frame: what stands where, and what floats over it.

use super::{connection_banner, conversation, desktop, inbox, keyboard, panel, rail, sign_in, sound, toast};
use crate::i18n::t;
use crate::state::{Column, Desk};
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use leptos::{ev, html, leptos_dom::helpers::window_event_listener};
use portico_ui::a11y;

/// The console of one agent.
pub(crate) fn view(desk: Desk) -> AnyView {
    keyboard::listen(desk);
    sound::listen(desk);
    desktop::listen(desk);
    tick(desk);
    fold_panel(desk);
    expect_conversation(desk);
    let column = move || match desk.column() {
        Column::List => "list",
        Column::Conversation => "conversation",
    };
    html::div()
        .class("desk")
        .attr("data-view", column)
        .child(html::a().class("skip").attr("href", "#conversation").child(t().skip()))
        .child(rail::view(desk))
        .child(connection_banner::view(desk))
        .child(
            html::main()
                .class("work")
                .child(html::h1().class("visually-hidden").child(t().app_title()))
                .child(inbox::view(desk))
                .child(conversation::view(desk)),
        )
        .child(move || (desk.panel() && desk.open().is_some()).then(|| panel::view(desk)))
        .child(toast::view(desk))
        .child(floating(desk))
        .child(a11y::region(desk.announcer))
        .into_any()
}

fn floating(desk: Desk) -> AnyView {
    let dialog = Memo::new(move |_| desk.dialog());
    let login_needed = Memo::new(move |_| desk.login_needed());
    (
        move || dialog.get().map(|dialog| (desk.parts.dialog)(desk, dialog)),
        move || login_needed.get().then(|| sign_in::again(desk)),
    )
        .into_any()
}

/// What an open conversation needs is fetched while one rings.
fn expect_conversation(desk: Desk) {
    let is_near = Memo::new(move |_| !desk.reservations().is_empty() || !desk.previews().is_empty());
    Effect::new(move |_| {
        if is_near.get() {
            (desk.parts.expect_conversation)();
        }
    });
}

/// Waiting times and countdowns move each second.
fn tick(desk: Desk) {
    let clock = StoredValue::new_local(Interval::new(1_000, move || desk.tick()));
    on_cleanup(move || clock.dispose());
}

/// The panel stands beside the conversation only where there is room; when the window gets narrow it folds away.
fn fold_panel(desk: Desk) {
    let resized = window_event_listener(ev::resize, move |_| desk.fit());
    on_cleanup(move || resized.remove());
}
