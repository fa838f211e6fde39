//! The way of files to the relay: one is uploaded at a time, in the order in which they were picked, and posted once it is
//! there and the person has said to send it.

use super::engine::{Engine, change, change_stage, drop_item, find, forget_kept, give_up_place, spawn, with_held};
use super::item::{Item, Stage};
use super::request::{self, About};
use super::rules::{Reason, message};
use super::tray::Tray;
use super::upload::{Outcome, Upload};
use super::{bytes, said};
use crate::browser::{now_ms, window};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use portico_shared::ids::ClientId;
use web_sys::XmlHttpRequest;

/// Asks for a token again after this many milliseconds, while there is none.
const TOKEN_AGAIN_MS: u64 = 1_000;

/// There is a network again: what waits for another try need not wait.
pub(super) fn network_came(tray: Tray) {
    let paused = |item: &Item| item.stage == Stage::Paused;
    if tray.items.with_untracked(|items| items.iter().any(paused)) {
        tray.items.update(|items| {
            for item in items.iter_mut().filter(|item| paused(item)) {
                item.stage = Stage::Waiting;
            }
        });
    }
    run(tray);
}

/// Uploads what waits, one after the other, unless that is going on already.
pub(super) fn run(tray: Tray) {
    let is_running = |engine: &mut Engine| std::mem::replace(&mut engine.is_running, true);
    if tray.engine.try_update_value(is_running) == Some(false) {
        spawn(async move {
            while let Some(id) = next(tray) {
                upload(tray, &id).await;
            }
            tray.engine.try_update_value(|engine| engine.is_running = false);
        });
    }
}

fn next(tray: Tray) -> Option<ClientId> {
    let is_online = tray.setup.try_get_value()?.is_online.try_get_untracked()?;
    let waits = |item: &&Item| item.stage == Stage::Waiting;
    let first = |items: &Vec<Item>| items.iter().find(waits).map(|item| item.id.clone());
    tray.items.try_with_untracked(first).flatten().filter(|_| is_online)
}

/// Uploads a file as far as it goes.
async fn upload(tray: Tray, id: &ClientId) {
    // A file that is taken off meanwhile is no longer found, and its upload ends.
    while let Some(outcome) = step(tray, id).await {
        match outcome {
            Outcome::GoOn => {}
            Outcome::Stored(mut stored) => {
                if stored.media_url.starts_with('/') {
                    stored
                        .media_url
                        .insert_str(0, &window().location().origin().unwrap_or_default());
                }
                change(tray, id, |item| {
                    item.stage = Stage::Ready;
                    item.kept.stored = Some(stored);
                });
                find(tray, id).inspect(|item| said::uploaded(tray, item));
                return post_if_due(tray, id);
            }
            Outcome::NewToken => {
                (tray.setup().renew)();
                return pause(tray, id, TOKEN_AGAIN_MS);
            }
            Outcome::Later(wait) => return pause(tray, id, wait),
            Outcome::Refused(reason) => return refuse(tray, id, reason),
        }
    }
}

/// Asks the relay for the next thing, and takes in what it answers; `None` if there is no such file any more.
async fn step(tray: Tray, id: &ClientId) -> Option<Outcome> {
    let setup = tray.setup.try_get_value()?;
    let item = find(tray, id)?;
    let (step, bytes) = with_held(tray, id, |held| (held.upload.next(), held.bytes.clone()))?;
    let Some(bytes) = bytes else {
        return Some(Outcome::Refused(Reason::Lost));
    };
    let Some(token) = (setup.token)() else {
        return Some(Outcome::Later(TOKEN_AGAIN_MS));
    };
    let about = About {
        token: &token,
        file: &bytes,
        name: &item.kept.name,
        mime_type: &item.kept.mime_type,
        conversation: setup.conversation.as_ref(),
    };
    let begun = |request: &XmlHttpRequest| {
        let under_way = Some((id.clone(), request.clone()));
        tray.engine.try_update_value(|engine| engine.request = under_way);
    };
    let from = step.from();
    change_stage(tray, id, Stage::Uploading(from));
    let shown = id.clone();
    let gone = move |bytes| change_stage(tray, &shown, Stage::Uploading(from + bytes));
    let answer = request::perform(&step, &about, begun, gone).await;
    tray.engine.try_update_value(|engine| engine.request = None);
    if answer.status == 0 && !bytes::can_be_read(&bytes).await {
        return Some(Outcome::Refused(Reason::Lost));
    }
    let (outcome, location) = with_held(tray, id, |held| {
        let outcome = held.upload.answered(&answer);
        (outcome, held.upload.location().map(str::to_owned))
    })?;
    if location != item.kept.location {
        change(tray, id, |item| {
            item.kept.location = location;
            item.kept.expires_at = answer.lasts_ms.map(|span| now_ms().saturating_add(span));
        });
    }
    Some(outcome)
}

fn pause(tray: Tray, id: &ClientId, wait_ms: u64) {
    change(tray, id, |item| item.stage = Stage::Paused);
    let id = id.clone();
    let ends = move || {
        let waits = find(tray, &id).is_some_and(|item| item.stage == Stage::Paused);
        if waits {
            change(tray, &id, |item| item.stage = Stage::Waiting);
            run(tray);
        }
    };
    Timeout::new(wait_ms.min(u64::from(u32::MAX)) as u32, ends).forget();
}

/// What is not sent stays on the list, with the reason, and is not there any more after a reload. Its text goes back to
/// where it was written, as no other file brings it.
pub(super) fn refuse(tray: Tray, id: &ClientId, reason: Reason) {
    let mut text = None;
    change(tray, id, |item| text = item.refuse(reason));
    give_up_place(tray, id);
    if let Some(text) = text {
        (tray.setup().give_back)(text);
    }
    if !reason.may_pass() {
        forget_kept(tray, id);
    }
    find(tray, id).inspect(|item| said::refused(tray, item, reason));
}

/// Posts a file that is uploaded and is to be sent. Its record goes after the message has one in the outbox: a page that
/// ends in between posts it again under the same id, which makes one message. What the relay has forgotten meanwhile is
/// uploaded again first.
pub(super) fn post_if_due(tray: Tray, id: &ClientId) {
    let Some(item) = find(tray, id).filter(Item::is_due) else {
        return;
    };
    if item.is_stale(now_ms()) {
        with_held(tray, id, |held| held.upload = Upload::new(item.kept.size, None));
        change(tray, id, Item::upload_again);
        return run(tray);
    }
    let Some(stored) = &item.kept.stored else { return };
    let body = message(stored, item.text(), &item.kept);
    if (tray.setup().post)(item.id.clone(), body) {
        return drop_item(tray, id);
    }
    // As the button's press was of no use, it waits for another.
    change(tray, id, |item| item.kept.sent_with = None);
    give_up_place(tray, id);
    if let Some(text) = item.text() {
        (tray.setup().give_back)(text.to_owned());
    }
}
