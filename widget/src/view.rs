//! The window and its parts. Views choose what to show; what there is to show is in [`crate::state`].

mod composer;
mod connection_banner;
mod earlier;
mod emoji_picker;
mod ended;
mod field;
mod header;
mod items;
mod message;
mod prechat;
mod timeline;
mod walk;
mod welcome;

pub(crate) use items::items;

use crate::host;
use crate::state::{Chat, Opening, Panel, Place};
use leptos::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use portico_ui::alerts::{Alerts, Piece};
use portico_ui::attachments::Tray;
use portico_ui::browser::{document, is_composing};
use portico_ui::icon::{Icon, icon};

/// What stands under the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Foot {
    Composer,
    Prechat,
    Waiting,
    AsksToEnd,
    Ended,
}

impl Foot {
    fn of(asks_to_end: bool, is_over: bool, opening: Opening) -> Self {
        match (asks_to_end, is_over, opening) {
            (true, ..) => Self::AsksToEnd,
            (false, true, _) => Self::Ended,
            (false, false, Opening::Writes) => Self::Composer,
            (false, false, Opening::Asked) => Self::Prechat,
            (false, false, Opening::Waits) => Self::Waiting,
        }
    }
}

/// The whole window.
pub(crate) fn window(chat: Chat, files: Tray, alerts: Alerts) -> AnyView {
    let place = Memo::new(move |_| chat.place());
    let inside = move || match place.get() {
        Place::Chat => present(chat, files),
        Place::List => earlier::list(chat),
        Place::Earlier(id) => earlier::one(chat, id),
    };
    html::div()
        .class("window")
        .on(ev::keydown, move |event| {
            // An input method that chooses a word takes the key for itself.
            if event.key() == "Escape" && !event.default_prevented() && !is_composing(&event) {
                if !chat.has_unfolded() && !chat.back_to_chat() {
                    host::close();
                }
                fold(chat);
            }
        })
        .on(ev::pointerdown, move |event| {
            let on = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            if on.is_some_and(|on| on.closest(".fold").ok().flatten().is_none()) {
                chat.fold();
            }
        })
        .child(header::header(chat, alerts))
        .child(connection_banner::connection_banner(chat))
        .child(move || {
            let is_needed = alerts.is_needed();
            is_needed.get().then(|| portico_lazy::alerts(alerts, Piece::Offer))
        })
        .child(inside)
        .into_any()
}

/// The present chat.
fn present(chat: Chat, files: Tray) -> AnyView {
    let foot = Memo::new(move |_| Foot::of(chat.asks_to_end(), chat.is_over(), chat.opening()));
    let foot = move || match foot.get() {
        Foot::Composer => composer::composer(chat, files),
        Foot::Prechat => prechat::prechat(chat),
        Foot::Waiting => prechat::waiting(),
        Foot::AsksToEnd => ended::asks_to_end(chat),
        Foot::Ended => ended::ended(chat),
    };
    (timeline::timeline(chat), foot).into_any()
}

/// A round button with a name, which is its tooltip too.
fn tool(class: &'static str, picture: Icon, name: &'static str, press: impl Fn() + 'static) -> AnyView {
    portico_ui::parts::icon_button(class, picture, name, press)
}

/// The button of something that unfolds.
fn fold_button(chat: Chat, panel: Panel, picture: Icon, name: &'static str) -> AnyView {
    html::button()
        .class("tool fold")
        .attr("type", "button")
        .attr("aria-label", name)
        .attr("title", name)
        .attr("aria-expanded", move || chat.is_unfolded(panel).to_string())
        .on(ev::click, move |_| chat.toggle(panel))
        .child(icon(picture))
        .into_any()
}

/// Folds what is unfolded. A keyboard that was in it goes back to its button, and not to nowhere.
fn fold(chat: Chat) {
    let document = document();
    let inside = document
        .active_element()
        .and_then(|on| on.closest(".fold").ok().flatten());
    let button = document.query_selector("[aria-expanded=true]").ok().flatten();
    if let (Some(_), Some(button)) = (inside, button.and_then(|button| button.dyn_into::<HtmlElement>().ok())) {
        // A button that has just gone takes no focus.
        let _ = button.focus();
    }
    chat.fold();
}

#[cfg(test)]
mod tests {
    use super::Foot;
    use crate::state::Opening;

    #[test]
    fn the_question_goes_before_the_end_and_the_end_before_the_composer() {
        let of = |asks_to_end, is_over| Foot::of(asks_to_end, is_over, Opening::Writes);
        assert_eq!(of(true, true), Foot::AsksToEnd);
        assert_eq!(of(true, false), Foot::AsksToEnd);
        assert_eq!(of(false, true), Foot::Ended);
        assert_eq!(of(false, false), Foot::Composer);
        assert_eq!(Foot::of(false, true, Opening::Asked), Foot::Ended);
        assert_eq!(Foot::of(false, false, Opening::Asked), Foot::Prechat);
        assert_eq!(Foot::of(false, false, Opening::Waits), Foot::Waiting);
    }
}
