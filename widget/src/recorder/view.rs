//! The recorder on the screen.

use super::microphone::Trouble;
use super::take::{Stage, Take, sentence};
use crate::i18n::t;
use crate::state::{Agreement, Chat};
use leptos::prelude::*;
use leptos::{ev, html};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlMediaElement, KeyboardEvent};

use portico_ui::attachments::Tray;
use portico_ui::browser::is_composing;
use portico_ui::icon::{ARROW_UP, Icon, STOP, TRASH, X, icon};
use portico_ui::parts::{auto_span, button, icon_button};
use portico_ui::reactive::{dynamic, effect};
use portico_ui::time::stopwatch;

/// Behind the end of whatever a browser can play, in seconds.
const FAR_BEHIND: f64 = 1e7;

/// The recorder, which asks for the microphone at once.
pub(crate) fn recorder(chat: Chat, files: Tray) -> AnyView {
    let take = Take::new(chat, files);
    take.begin();
    on_cleanup(move || take.is_gone());
    effect(move |_| {
        if !chat.document.host.is_open() || chat.agreement() != Agreement::Given {
            untrack(|| take.is_out_of_sight());
        }
    });
    let inside = move || match take.stage.get() {
        Stage::Asking => asking(take),
        Stage::Recording => recording(take),
        Stage::Recorded => recorded(take),
        Stage::Failed(trouble) => failed(take, trouble),
    };
    html::div()
        .class("composer__row recorder")
        .attr("role", "group")
        .attr("aria-label", t().voice())
        .on(ev::keydown, move |event| pressed(take, &event))
        .child(dynamic(inside))
        .into_any()
}

/// Escape ends what is under way. What was recorded stays: it may be dear.
fn pressed(take: Take, event: &KeyboardEvent) {
    if event.key() != "Escape" || is_composing(event) {
        return;
    }
    match take.stage.get_untracked() {
        Stage::Asking | Stage::Failed(_) => take.leave(),
        Stage::Recording => take.stop(),
        Stage::Recorded => return,
    }
    event.prevent_default();
}

fn asking(take: Take) -> AnyView {
    (auto_span("recorder__words", t().voice_asking()), close_button(take)).into_any()
}

fn failed(take: Take, trouble: Trouble) -> AnyView {
    let again = button("button", auto_span("", t().try_again()), move || take.begin());
    (
        auto_span("recorder__words", sentence(trouble)),
        again,
        close_button(take),
    )
        .into_any()
}

fn close_button(take: Take) -> AnyView {
    focused("tool", X, t().alert_close(), move || take.leave())
}

fn recording(take: Take) -> AnyView {
    let longest = stopwatch(take.longest_ms());
    let time = move || [&stopwatch(take.length_ms.get()), " / ", &longest].concat();
    let level = move || ["scaleX(", &take.level.get().to_string(), ")"].concat();
    (
        icon_button("tool", TRASH, t().voice_discard(), move || take.leave()),
        html::span().class("recorder__dot"),
        html::span()
            .class("recorder__time")
            .attr("role", "timer")
            .attr("aria-label", t().voice_recording())
            .attr("dir", "ltr")
            .child(dynamic(time)),
        html::span()
            .class("recorder__level")
            .attr("aria-hidden", "true")
            .child(html::span().style(("transform", level))),
        focused("send", STOP, t().voice_stop(), move || take.stop()),
    )
        .into_any()
}

/// The player has the keyboard: a key that is held down, or a second press of what ended the recording, sends nothing.
fn recorded(take: Take) -> AnyView {
    let length = stopwatch(take.length_ms.get_untracked());
    let node = NodeRef::<html::Audio>::new();
    effect(move |_| {
        if let Some(player) = node.get() {
            // In the document only after this.
            set_timeout(move || drop(player.focus()), Duration::ZERO);
        }
    });
    let player = html::audio()
        .class("recorder__sound")
        .attr("aria-label", t().voice_recorded(&length))
        .attr("controls", "")
        .node_ref(node)
        .on(ev::loadedmetadata, |event| find_end(&event, FAR_BEHIND))
        .on(ev::durationchange, |event| to_beginning(&event))
        .attr("src", take.address());
    (
        icon_button("tool", TRASH, t().voice_discard(), move || take.leave()),
        player,
        icon_button("send", ARROW_UP, t().send(), move || take.send()),
    )
        .into_any()
}

/// Recordings do not say how long they are. A player that is sent behind their end finds it.
fn find_end(event: &Event, behind: f64) {
    if let Some(player) = player(event).filter(|player| !player.duration().is_finite()) {
        player.set_current_time(behind);
    }
}

fn to_beginning(event: &Event) {
    if let Some(player) = player(event).filter(|player| player.duration().is_finite() && player.current_time() > 0.0) {
        player.set_current_time(0.0);
    }
}

fn player(event: &Event) -> Option<HtmlMediaElement> {
    event.target()?.dyn_into().ok()
}

/// A button that has the keyboard as soon as it is there.
fn focused(class: &'static str, picture: Icon, name: &'static str, press: impl Fn() + 'static) -> AnyView {
    let node = NodeRef::<html::Button>::new();
    effect(move |_| {
        if let Some(button) = node.get() {
            // In the document only after this.
            set_timeout(move || drop(button.focus()), Duration::ZERO);
        }
    });
    html::button()
        .class(class)
        .attr("type", "button")
        .attr("aria-label", name)
        .attr("title", name)
        .node_ref(node)
        .on(ev::click, move |_| press())
        .child(icon(picture))
        .into_any()
}
