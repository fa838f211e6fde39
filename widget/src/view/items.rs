//! What stands in the log: messages, days, what happened, and at the end who types and where a request stands.

use super::message::message;
use crate::availability;
use crate::i18n::{locale, t};
use crate::state::Chat;
use crate::wording;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

use portico_client::customer::TimelineMessage;
use portico_client::timeline::TimelineItem;
use portico_ui::browser::now_ms;
use portico_ui::parts::auto_span;
use portico_ui::reactive::{dynamic, keyed};
use portico_ui::time::day;

/// All items of a chat.
pub(crate) fn items(chat: Chat) -> AnyView {
    let types = Memo::new(move |_| {
        let typist = chat.with_current(|current| current.typing().last().cloned()).flatten();
        typist.map(|typist| wording::types(&typist, t()))
    });
    let place = Memo::new(move |_| what_to_wait_for(chat));
    let items = keyed(move || chat.timeline().keys(), move |key| item(chat, &key));
    let typing = move || types.get().map(typing);
    let queue = move || place.get().map(queue);
    (items, dynamic(typing), dynamic(queue)).into_any()
}

fn item(chat: Chat, key: &str) -> AnyView {
    let timeline = untrack(|| chat.timeline());
    match timeline.item(key) {
        Some(TimelineItem::Day { at_ms, .. }) => day_line(chat, *at_ms),
        Some(TimelineItem::Event(event)) => html::li()
            .class("notice")
            .attr("dir", "auto")
            .child(wording::event(event, untrack(|| chat.document.availability.get()), t()))
            .into_any(),
        Some(TimelineItem::Message(first)) => message(chat, follow(chat, first)),
        // The list asks for keys that it was just given.
        None => ().into_any(),
    }
}

/// What is today when it is drawn is yesterday after midnight.
fn day_line(chat: Chat, at_ms: i64) -> AnyView {
    let words = move || {
        chat.document.today.track();
        day(at_ms, now_ms(), &locale().tag)
    };
    html::li()
        .class("day")
        .child(html::span().child(dynamic(words)))
        .into_any()
}

/// A message of the timeline as it is now, for as long as it is on the screen.
fn follow(chat: Chat, first: &TimelineMessage) -> Memo<Arc<TimelineMessage>> {
    let first = Arc::new(first.clone());
    let newest = move |before: Option<&Arc<TimelineMessage>>| {
        let before = before.unwrap_or(&first);
        let timeline = chat.timeline();
        let changed = timeline.changed_message(before);
        changed.map_or_else(|| Arc::clone(before), |message| Arc::new(message.clone()))
    };
    Memo::new_with_compare(newest, |before, now| match (before, now) {
        (Some(before), Some(now)) => !Arc::ptr_eq(before, now),
        _ => true,
    })
}

/// Three dots while a participant types.
fn typing(sentence: String) -> AnyView {
    let dots = html::span()
        .class("dots")
        .attr("aria-hidden", "true")
        .child(html::i())
        .child(html::i())
        .child(html::i());
    html::li()
        .class("typing")
        .child(dots)
        .child(auto_span("unseen", sentence))
        .into_any()
}

/// While the visitor waits for a person: when the team is back, or where the request stands.
fn what_to_wait_for(chat: Chat) -> Option<String> {
    if !chat.waits() {
        return None;
    }
    // Tomorrow is today after midnight.
    chat.document.today.track();
    let place = || chat.queue_position().map(|place| wording::queue(&place, t()));
    availability::sentence(chat.document.availability.get()).or_else(place)
}

/// What there is to wait for, under all that was said.
fn queue(sentence: String) -> AnyView {
    html::li()
        .class("notice notice--queue")
        .attr("dir", "auto")
        .child(sentence)
        .into_any()
}
