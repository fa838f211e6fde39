//! A panel of emoji over the composer.

use super::field::{Field, put};
use crate::i18n::t;
use crate::state::Chat;
use leptos::prelude::*;

pub(super) fn emoji_picker(chat: Chat, field: Field) -> AnyView {
    let choose = Callback::new(move |emoji: &'static str| {
        chat.fold();
        put(chat, field, emoji);
    });
    (chat.document.parts.emoji_picker)(t().emoji(), choose)
}
