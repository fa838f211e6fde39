//! In the composer's place: the question whether to end the chat, and what comes after its end.

use crate::i18n::t;
use crate::store::Chat;
use crate::transcript;

use portico_client::timeline::CustomerNotice;
use portico_ui::browser::document;
use portico_ui::el::{El, Press, block, button, el, words};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Asks before the chat is ended.
pub(super) fn sure(chat: Chat) -> El {
    let text = t();
    let no = answer("button", text.end_no(), Box::new(move || chat.ending.set(false)));
    let yes = answer("button button--danger", text.end_yes(), Box::new(move || chat.end()));
    panel(text.end_sure(), vec![no, yes])
}

/// Why the chat is over, and what next.
pub(super) fn over(chat: Chat) -> El {
    let text = t();
    let why = chat.items.with(|items| {
        items.iter().rev().find_map(|item| match item.event() {
            Some(notice @ CustomerNotice::Ended(_)) => Some(super::notice_words(notice, text)),
            _ => None,
        })
    });
    let save = answer("button", text.save_chat(), Box::new(move || transcript::save(chat)));
    let new = answer(
        "button button--primary",
        text.start_new(),
        Box::new(move || chat.renew()),
    );
    panel(why.as_deref().unwrap_or(text.ended()), vec![save, new])
}

fn answer(class: &str, name: &str, press: Press) -> El {
    button(class, vec![words("", name)], press)
}

fn panel(sentence: &str, buttons: Vec<El>) -> El {
    let first = buttons
        .first()
        .and_then(|first| first.node().clone().dyn_into::<HtmlElement>().ok());
    // In the document only after this. The composer, which had the focus perhaps, is gone.
    gloo_timers::callback::Timeout::new(0, move || {
        // Never takes the keyboard away from the page around.
        if document().has_focus().unwrap_or(false) {
            let _ = first.map(|first| first.focus());
        }
    })
    .forget();
    el("footer")
        .class("over")
        .children(vec![words("over__why", sentence), block("over__buttons", buttons)])
}
