//! The window and its parts. Views choose what to show; what there is to show is in [`crate::store`].

mod composer;
mod header;
mod message;
mod over;
mod scroll;
mod strip;
mod timeline;
mod welcome;

use crate::host;
use crate::i18n::{Messages, t};
use crate::store::{Chat, Fold};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use portico_client::timeline::CustomerNotice;
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_ui::browser::document;
use portico_ui::el::{El, draw, el};
use portico_ui::icon::Icon;
use portico_ui::state::State;

/// What stands under the timeline.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Foot {
    Composer,
    Sure,
    Over,
}

/// The whole window.
pub(crate) fn window(chat: Chat) -> El {
    let foot = State::derived(move || match (chat.ending.get(), chat.is_over()) {
        (true, _) => Foot::Sure,
        (false, true) => Foot::Over,
        (false, false) => Foot::Composer,
    });
    let window = el("div").class("window").on("keydown", move |event| {
        if key(&event) != "Escape" || event.default_prevented() {
            return;
        }
        if chat.fold.now() == Fold::Nothing {
            host::close();
        }
        fold(chat);
    });
    let window = window.on("pointerdown", move |event| {
        let on = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if on.is_some_and(|on| on.closest(".fold").ok().flatten().is_none()) {
            chat.fold.put(Fold::Nothing);
        }
    });
    let window = window
        .child(header::header(chat))
        .child(strip::strip(chat))
        .child(timeline::timeline(chat));
    window.child_by(move || {
        Some(match foot.get() {
            Foot::Composer => composer::composer(chat),
            Foot::Sure => over::sure(chat),
            Foot::Over => over::over(chat),
        })
    })
}

/// The key of a key press; empty for any other event.
fn key(event: &Event) -> String {
    event
        .dyn_ref::<KeyboardEvent>()
        .map(KeyboardEvent::key)
        .unwrap_or_default()
}

/// A round button whose name and tooltip follow the language.
fn tool(class: &str, icon: Icon, name: fn(&'static Messages) -> &'static str) -> El {
    let tool = el("button").class(class).attr("type", "button").child(draw(icon));
    let name = name(t());
    tool.attr("aria-label", name).attr("title", name)
}

/// The button of something that unfolds.
fn fold_button(chat: Chat, fold: Fold, icon: Icon, name: fn(&'static Messages) -> &'static str) -> El {
    tool("tool fold", icon, name)
        .attr_by("aria-expanded", move || Some((chat.fold.get() == fold).to_string()))
        .on_click(move || chat.toggle(fold))
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
    chat.fold.put(Fold::Nothing);
}

/// A notice in words.
pub(crate) fn notice_words(notice: &CustomerNotice, messages: &'static Messages) -> String {
    let named = |name: &str| if name.is_empty() { messages.somebody() } else { name }.to_owned();
    match notice {
        CustomerNotice::Joined(name) => messages.joined(&named(name)),
        CustomerNotice::Left(name) => messages.left(&named(name)),
        CustomerNotice::Enqueued => messages.enqueued().to_owned(),
        CustomerNotice::NoAgent => messages.no_agent().to_owned(),
        CustomerNotice::Paused => messages.paused().to_owned(),
        CustomerNotice::Resumed => messages.resumed().to_owned(),
        CustomerNotice::Ended(reason) => ended_words(reason.as_ref(), messages).to_owned(),
    }
}

fn ended_words(reason: Option<&ChannelSessionReason>, messages: &'static Messages) -> &'static str {
    match reason {
        Some(ChannelSessionReason::Agent) => messages.ended_by_agent(),
        Some(ChannelSessionReason::Customer) => messages.ended_by_you(),
        Some(ChannelSessionReason::Inactivity) => messages.ended_idle(),
        Some(ChannelSessionReason::Network) => messages.ended_network(),
        _ => messages.ended(),
    }
}
