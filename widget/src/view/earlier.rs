//! In the chat's place: the list of a known customer's earlier chats, and one of them to read.

use super::ended::{reason, saves};
use super::timeline;
use crate::i18n::{locale, t};
use crate::state::Chat;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

use portico_shared::ids::ConversationId;
use portico_ui::earlier::EarlierChats;
use portico_ui::ended::{EndedPanel, PanelButton};
use portico_ui::parts::{auto_span, button};

/// The list, and the way back.
pub(super) fn list(chat: Chat) -> AnyView {
    let chats = EarlierChats {
        token: Arc::new(move || chat.token()),
        current: untrack(|| chat.current()),
        on_open: Arc::new(move |summary| chat.open_earlier(summary)),
        locale: locale().tag.clone(),
        title: t().earlier_chats(),
        none: t().earlier_none(),
        more: t().earlier_more(),
        loading: t().part_loading(),
        failed: t().part_failed(),
        try_again: t().try_again(),
    };
    let back = button("button button--primary", auto_span("", t().back_to_chat()), move || {
        chat.back_to_chat();
    });
    let foot = html::footer()
        .class("ended")
        .child(html::div().class("ended__buttons").child(back));
    ((chat.document.parts.earlier_chats)(chats), foot).into_any()
}

/// One of them, and what can be done with it.
pub(super) fn one(chat: Chat, id: ConversationId) -> AnyView {
    let earlier = chat.earlier(id);
    let mut secondary = vec![PanelButton {
        label: t().earlier_chats(),
        press: Callback::new(move |()| chat.list_earlier()),
    }];
    secondary.extend(saves(earlier));
    let panel = EndedPanel {
        sentence: Memo::new(move |_| reason(&earlier.timeline().items)).into(),
        link: None,
        secondary,
        primary: PanelButton {
            label: t().back_to_chat(),
            press: Callback::new(move |()| _ = chat.back_to_chat()),
        },
        primary_class: "button button--primary",
    };
    (timeline::timeline(earlier), (chat.document.parts.ended_panel)(panel)).into_any()
}
