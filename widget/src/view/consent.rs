//! In the composer's place: what the channel asks to be agreed to before anything is kept, and what stands there once it
//! was declined.

use crate::i18n::{locale, t};
use crate::state::Chat;
use leptos::prelude::*;

use portico_shared::http::ConsentTerms;
use portico_ui::browser::safe_url;
use portico_ui::ended::{EndedPanel, PanelButton, PanelLink};
use portico_ui::reactive::effect;

/// The terms, and what can be answered to these.
pub(super) fn asked(chat: Chat, terms: ConsentTerms) -> AnyView {
    let text = terms.text_for(&locale().tag).map(|read| read.text.clone());
    let sentence = text.unwrap_or_default();
    say(chat, sentence.clone());
    let decline = PanelButton {
        label: t().consent_no(),
        press: Callback::new(move |()| chat.decline()),
    };
    let panel = EndedPanel {
        sentence: Signal::stored(sentence),
        link: safe_link(&terms.policy),
        secondary: [decline].into_iter().chain(erase(chat)).collect(),
        primary: PanelButton {
            label: t().consent_yes(),
            press: Callback::new(move |()| chat.agree(&terms)),
        },
        primary_class: "button button--primary",
    };
    (chat.document.parts.ended_panel)(panel)
}

/// That the chat stays closed, and the way back.
pub(super) fn declined(chat: Chat) -> AnyView {
    say(chat, t().consent_declined().to_owned());
    let panel = EndedPanel {
        sentence: Signal::stored(t().consent_declined().to_owned()),
        link: None,
        secondary: erase(chat).into_iter().collect(),
        primary: PanelButton {
            label: t().consent_again(),
            press: Callback::new(move |()| chat.ask_again()),
        },
        primary_class: "button",
    };
    (chat.document.parts.ended_panel)(panel)
}

/// Who does not agree to other terms can have deleted what was said under those before.
fn erase(chat: Chat) -> Option<PanelButton> {
    untrack(|| chat.can_be_erased()).then(|| PanelButton {
        label: t().erase_data(),
        press: Callback::new(move |()| chat.ask_to_erase()),
    })
}

fn safe_link(policy: &str) -> Option<PanelLink> {
    let address = Some(policy).filter(|policy| !policy.is_empty()).and_then(safe_url)?;
    Some(PanelLink {
        label: t().consent_policy(),
        address,
    })
}

/// Says to screen readers what stands in the composer's place, where they do not look for it, as soon as the window is open.
fn say(chat: Chat, sentence: String) {
    effect(move |_| {
        if chat.document.host.is_open() {
            chat.document.announcer.announce(sentence.clone());
        }
    });
}
