//! The window and its parts. Views choose what to show; what there is to show is in [`crate::state`].

mod composer;
mod connection_banner;
mod consent;
mod earlier;
mod emoji_picker;
mod ended;
mod erasing;
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
use crate::state::{Chat, Erasing, Instead, Opening, Panel, Place};
use leptos::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use portico_ui::alerts::{Alerts, Piece};
use portico_ui::attachments::Tray;
use portico_ui::browser::{document, is_composing};
use portico_ui::icon::{Icon, icon};
use portico_ui::reactive::dynamic;

/// What stands under the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Foot {
    Composer,
    Consent,
    Declined,
    Erasing(Erasing),
    Prechat,
    Waiting,
    AsksToEnd,
    Ended,
}

impl Foot {
    fn of(erasing: Erasing, asks_to_end: bool, is_over: bool, opening: Opening) -> Self {
        if erasing != Erasing::No {
            return Self::Erasing(erasing);
        }
        match (asks_to_end, is_over, opening) {
            (_, _, Opening::Agrees) => Self::Consent,
            (_, _, Opening::Declined) => Self::Declined,
            (true, ..) => Self::AsksToEnd,
            (false, true, _) => Self::Ended,
            (false, false, Opening::Writes) => Self::Composer,
            (false, false, Opening::Asked) => Self::Prechat,
            (false, false, Opening::Waits) => Self::Waiting,
        }
    }

    /// Whether the composer is there, be it out of sight: what `was_busy` says is recorded or filled in there is not lost to a
    /// question.
    fn has_composer(self, was_busy: bool) -> bool {
        match self {
            Self::Composer => true,
            Self::Consent | Self::Declined | Self::AsksToEnd => was_busy,
            Self::Erasing(erasing) => was_busy && erasing != Erasing::UnderWay,
            Self::Prechat | Self::Waiting | Self::Ended => false,
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
        Place::Erased(erased) => erasing::done(chat, erased),
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
        .child(dynamic(move || {
            let is_needed = alerts.is_needed();
            is_needed
                .get()
                .then(|| (chat.document.parts.alerts)(chat, alerts, Piece::Offer))
        }))
        .child(dynamic(inside))
        .into_any()
}

/// The present chat.
fn present(chat: Chat, files: Tray) -> AnyView {
    let foot = Memo::new(move |_| Foot::of(chat.erasing(), chat.asks_to_end(), chat.is_over(), chat.opening()));
    let asked = Memo::new(move |_| chat.document.config.with(|config| config.prechat.clone()));
    let terms = Memo::new(move |_| chat.terms());
    let has_composer = Memo::new(move |before: Option<&bool>| {
        let was_busy = before == Some(&true) && chat.instead() != Instead::Nothing;
        foot.get().has_composer(was_busy)
    });
    let is_hidden = Memo::new(move |_| foot.get() != Foot::Composer);
    let composer = move || has_composer.get().then(|| composer::composer(chat, files, is_hidden));
    let foot = move || match foot.get() {
        Foot::Composer => ().into_any(),
        Foot::Consent => terms.get().map(|terms| consent::asked(chat, terms)).into_any(),
        Foot::Declined => consent::declined(chat),
        Foot::Erasing(erasing) => erasing::panel(chat, erasing),
        Foot::Prechat => {
            asked.track();
            prechat::prechat(chat)
        }
        Foot::Waiting => prechat::waiting(),
        Foot::AsksToEnd => ended::asks_to_end(chat),
        Foot::Ended => ended::ended(chat),
    };
    (timeline::timeline(chat), dynamic(composer), dynamic(foot)).into_any()
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
    use crate::state::{Erasing, Opening};

    #[test]
    fn the_question_goes_before_the_end_and_the_end_before_the_composer() {
        let at = |asks_to_end, is_over, opening| Foot::of(Erasing::No, asks_to_end, is_over, opening);
        let of = |asks_to_end, is_over| at(asks_to_end, is_over, Opening::Writes);
        assert_eq!(of(true, true), Foot::AsksToEnd);
        assert_eq!(of(true, false), Foot::AsksToEnd);
        assert_eq!(of(false, true), Foot::Ended);
        assert_eq!(of(false, false), Foot::Composer);
        assert_eq!(at(false, true, Opening::Asked), Foot::Ended);
        assert_eq!(at(false, false, Opening::Asked), Foot::Prechat);
        assert_eq!(at(false, false, Opening::Waits), Foot::Waiting);
        assert_eq!(at(true, true, Opening::Agrees), Foot::Consent);
        assert_eq!(at(false, true, Opening::Declined), Foot::Declined);
        let erasing = Foot::of(Erasing::Asks, true, true, Opening::Agrees);
        assert_eq!(erasing, Foot::Erasing(Erasing::Asks));
    }

    #[test]
    fn what_is_recorded_or_filled_in_stays_behind_a_question_but_not_behind_an_end() {
        let questions = [
            Foot::Consent,
            Foot::Declined,
            Foot::AsksToEnd,
            Foot::Erasing(Erasing::Asks),
            Foot::Erasing(Erasing::Failed),
        ];
        assert!(questions.iter().all(|foot| foot.has_composer(true)));
        assert!(!questions.iter().any(|foot| foot.has_composer(false)));
        assert!(Foot::Composer.has_composer(false));
        for foot in [
            Foot::Ended,
            Foot::Prechat,
            Foot::Waiting,
            Foot::Erasing(Erasing::UnderWay),
        ] {
            assert!(!foot.has_composer(true), "{foot:?}");
        }
    }
}
