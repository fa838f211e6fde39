//! The areas of the console that are fetched when they are first needed. An agent who waits for the first customer of the
//! day has the inbox, and none of them yet.
//!
//! What the library names itself is in the program from the beginning, so it is told by the program how each area is
//! drawn: the program has a split point before each (`desk/src/split.rs`), and the functions here stand behind them.

use crate::i18n::t;
use crate::state::{Desk, Dialog};
use crate::view;
use leptos::prelude::AnyView;
use portico_lazy::Notices;
use portico_shared::ids::ConversationId;

/// How the program draws the areas that it may have to fetch first.
#[derive(Clone, Copy)]
pub struct Parts {
    /// See [`conversation`].
    pub conversation: fn(Desk, ConversationId) -> AnyView,
    /// See [`panel`].
    pub panel: fn(Desk) -> AnyView,
    /// See [`dialog`].
    pub dialog: fn(Desk, Dialog) -> AnyView,
    /// Fetches what an open conversation needs, before there is one.
    pub expect_conversation: fn(),
}

/// The open conversation: its head, its timeline, its composer.
pub fn conversation(desk: Desk, id: ConversationId) -> AnyView {
    view::conversation::open(desk, id)
}

/// The customer of the open conversation.
pub fn panel(desk: Desk) -> AnyView {
    view::panel::inside(desk)
}

/// What lies over the console.
pub fn dialog(desk: Desk, dialog: Dialog) -> AnyView {
    match dialog {
        Dialog::Palette => view::palette::view(desk),
        Dialog::WrapUp(conversation) => view::wrapup::view(desk, conversation),
        Dialog::End(conversation) => view::end::view(desk, conversation),
    }
}

/// What stands in the place of an area, or of a part of a message, while it is on its way.
pub fn notices() -> Notices {
    Notices {
        loading: t().part_loading(),
        failed: t().part_failed(),
        try_again: t().try_again(),
    }
}
