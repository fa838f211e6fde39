//! In the composer's place: whether all that is known of the visitor should be erased; and in the chat's place, that it was.

use crate::host;
use crate::i18n::t;
use crate::state::{Chat, Erased, Erasing};
use leptos::html;
use leptos::prelude::*;

use portico_ui::ended::{EndedPanel, PanelButton};
use portico_ui::parts::auto_span;

/// The question, and what becomes of it.
pub(super) fn panel(chat: Chat, erasing: Erasing) -> AnyView {
    let sentence = match erasing {
        Erasing::UnderWay => return busy(),
        Erasing::Failed => t().erase_failed(),
        Erasing::No | Erasing::Asks => t().erase_sure(),
    };
    chat.document.announcer.announce(sentence.to_owned());
    let panel = EndedPanel {
        sentence: Signal::stored(sentence.to_owned()),
        link: None,
        secondary: vec![PanelButton {
            label: t().erase_no(),
            press: Callback::new(move |()| chat.keep_data()),
        }],
        primary: PanelButton {
            label: t().erase_yes(),
            press: Callback::new(move |()| chat.erase()),
        },
        primary_class: "button button--danger",
    };
    (chat.document.parts.ended_panel)(panel)
}

fn busy() -> AnyView {
    html::footer()
        .class("ended")
        .attr("role", "status")
        .child(auto_span("ended__why", t().erase_busy()))
        .into_any()
}

/// What was erased, what is kept, and the way to another chat.
pub(super) fn done(chat: Chat, erased: Erased) -> AnyView {
    let sentence = match erased {
        Erased::Done => t().erase_done(),
        Erased::UnderWay => t().erase_busy(),
        Erased::Here => t().erase_here(),
    };
    let panel = EndedPanel {
        sentence: Signal::stored(sentence.to_owned()),
        link: None,
        secondary: Vec::new(),
        primary: PanelButton {
            label: t().start_new(),
            press: Callback::new(|()| host::leave()),
        },
        primary_class: "button button--primary",
    };
    // The place of the messages is empty, and the panel stands where it always does.
    let middle = html::main().class("middle");
    (middle, (chat.document.parts.ended_panel)(panel)).into_any()
}
