//! The menu of what can be shared.

use crate::i18n::t;
use crate::state::{Chat, Instead};
use leptos::prelude::*;
use leptos::{ev, html};

use portico_ui::attachments::Tray;
use portico_ui::browser::touch_first;
use portico_ui::icon::{CAMERA, Icon, MAP_PIN, USER, icon};
use portico_ui::parts::{auto_span, button};

/// The menu, over the composer.
pub(crate) fn menu(chat: Chat, files: Tray) -> AnyView {
    let rules = chat.document.config.with_untracked(|config| config.composer.clone());
    let photo = (touch_first() && untrack(|| chat.takes_photos())).then(|| photo(chat, files));
    let share = |is_taken: bool, picture, words, instead| {
        is_taken.then(|| entry(picture, words, move || chat.write_instead(instead)))
    };
    html::div()
        .class("share fold")
        .attr("role", "group")
        .attr("aria-label", t().share())
        .child(photo)
        .child(share(
            untrack(|| chat.can_be_located()),
            MAP_PIN,
            t().share_location(),
            Instead::Location,
        ))
        .child(share(rules.contact, USER, t().share_contact(), Instead::Contact))
        .into_any()
}

fn entry(picture: Icon, words: &'static str, press: impl Fn() + 'static) -> AnyView {
    button("menu__item", (icon(picture), auto_span("", words)), press)
}

/// Phones open their camera for such a chooser.
fn photo(chat: Chat, files: Tray) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let chooser = html::input()
        .attr("type", "file")
        .attr("accept", "image/jpeg")
        .attr("capture", "environment")
        .attr("hidden", "")
        .node_ref(input)
        .on(ev::change, move |_| {
            if let Some(taken) = input.get_untracked().and_then(|input| input.files()) {
                files.take(&taken);
            }
            chat.fold();
        });
    let press = move || {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    (entry(CAMERA, t().share_photo(), press), chooser).into_any()
}
