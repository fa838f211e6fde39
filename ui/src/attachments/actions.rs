//! What a person does with files: picks them, sends them, takes them off, has one uploaded again. And what goes on by
//! itself with those of an earlier page.

use super::engine::{
    Engine, change, drop_item, find, give_up_place, hold, insert, kept, lock_name, note, spawn, with_held,
};
use super::item::{Item, Kept, Picked, Stage, send_all};
use super::rules::check;
use super::transfer::{post_if_due, refuse, run};
use super::tray::{FILES_AT_MOST, Tray};
use super::upload::Upload;
use super::{bytes, request, said};
use crate::browser::now_ms;
use crate::lock::Lock;
use crate::storage::Lifetime;
use leptos::prelude::*;
use portico_shared::ids::ClientId;
use web_sys::File;

/// Takes up what other pages have left, each file once.
pub(super) fn begin(tray: Tray) {
    // Ids are in the order of minting. There are few: a general sort is larger than all that is done here.
    let mut ids: Vec<String> = Vec::new();
    for (id, _) in tray.setup().storage.all() {
        ids.insert(ids.partition_point(|other| *other < id), id);
    }
    for id in ids.into_iter().map(ClientId::new) {
        let takes_up = |engine: &mut Engine| {
            let is_new = !engine.taken_up.contains(&id);
            if is_new {
                engine.taken_up.push(id.clone());
            }
            is_new
        };
        if find(tray, &id).is_none() && tray.engine.try_update_value(takes_up) == Some(true) {
            spawn(take_up(tray, id));
        }
    }
}

/// What was left is another person's: each file waits for the button.
pub(super) fn hold_what_was_left(tray: Tray) {
    let left = tray.engine.try_with_value(|engine| engine.taken_up.clone());
    for id in left.unwrap_or_default() {
        hold_back(tray, &id);
    }
}

/// A file is not sent by itself any more: it waits for the button, and its text where one writes. That of another person is gone.
fn hold_back(tray: Tray, id: &ClientId) {
    let of_another = tray.setup().has_former.get_untracked();
    let mut text = None;
    change(tray, id, |item| text = item.hold_back(of_another));
    give_up_place(tray, id);
    if let Some(text) = text {
        (tray.setup().give_back)(text);
    }
}

/// Goes on with a file of an earlier page, when no other tab does.
async fn take_up(tray: Tray, id: ClientId) {
    let lock = Lock::hold(&lock_name(tray, &id)).await;
    let Some(kept) = kept(tray, &id) else { return };
    let bytes = match tray.setup().cache.as_deref() {
        Some(cache) => bytes::find(cache, &id).await,
        None => None,
    };
    let item = Item::of_earlier(id, kept, bytes.is_some(), now_ms());
    hold(tray, &item, bytes, Some(lock));
    insert(tray, item.clone());
    if let Stage::Refused(reason) = item.stage {
        refuse(tray, &item.id, reason);
    }
    if item.is_old(now_ms()) || tray.setup().has_former.get_untracked() {
        hold_back(tray, &item.id);
    }
    post_if_due(tray, &item.id);
    run(tray);
}

/// Takes in files that were picked.
pub(super) fn add(tray: Tray, files: Vec<Picked>) {
    let room = FILES_AT_MOST.saturating_sub(tray.items.with_untracked(Vec::len));
    let has_too_many = files.len() > room;
    tray.has_too_many.set(has_too_many);
    if has_too_many {
        said::too_many(tray);
    }
    for Picked { id, .. } in files.iter().skip(room) {
        give_up_place(tray, id);
    }
    for Picked { id, file, seconds } in files.into_iter().take(room) {
        let kept = Kept {
            name: file.name(),
            size: file.size() as u64,
            mime_type: file.type_(),
            sent_with: seconds.map(|_| String::new()),
            seconds,
            ..Kept::default()
        };
        let checked = tray
            .setup()
            .rules
            .with_untracked(|rules| check(rules, kept.size, &kept.mime_type));
        let item = Item::picked(id, kept, checked);
        hold(tray, &item, Some(file.clone().into()), None);
        match item.stage {
            Stage::Refused(reason) => {
                give_up_place(tray, &item.id);
                said::refused(tray, &item, reason);
            }
            _ => {
                said::begun(tray, &item);
                note(tray, &item);
                spawn(keep(tray, item.id.clone(), file));
            }
        }
        insert(tray, item);
    }
    run(tray);
}

/// Keeps the bytes of a file, and no other tab from it: that one looks for it later.
async fn keep(tray: Tray, id: ClientId, file: File) {
    let lock = Lock::hold(&lock_name(tray, &id)).await;
    with_held(tray, &id, |held| held.lock = Some(lock));
    let Some(setup) = tray.setup.try_get_value() else {
        return;
    };
    let Some(cache) = &setup.cache else { return };
    let is_kept = bytes::keep(cache, &id, &file).await.is_ok();
    if find(tray, &id).is_none() {
        bytes::forget(cache, &id).await;
    } else if !is_kept || setup.storage.lifetime() == Lifetime::Page {
        // After a reload it has to be picked again.
        tray.unkept.try_update(|unkept| unkept.push(id));
        tray.ask_before_leaving();
    }
}

/// The person has said to send what is there, with a text or an empty one.
pub(super) fn send(tray: Tray, text: &str) {
    tray.items.update(|items| send_all(items, text));
    for item in tray.items.get_untracked() {
        if item.kept.sent_with.is_some() && !matches!(item.stage, Stage::Refused(_)) {
            note(tray, &item);
            post_if_due(tray, &item.id);
        }
    }
}

/// Takes a file off the list, wherever it is on its way. What was to go with it goes back to where it was written.
pub(super) fn remove(tray: Tray, id: &ClientId) {
    let Some(item) = find(tray, id) else { return };
    let is_under_way = |engine: &mut Engine| engine.request.take_if(|(other, _)| other == id);
    if let Some(Some((_, request))) = tray.engine.try_update_value(is_under_way) {
        // One that has ended is not broken off.
        let _ = request.abort();
    }
    let location = with_held(tray, id, |held| held.upload.location().map(str::to_owned)).flatten();
    if let (Some(path), Some(token)) = (location, (tray.setup().token)()) {
        request::forget(&path, &token);
    }
    drop_item(tray, id);
    give_up_place(tray, id);
    if let Some(text) = item.text() {
        (tray.setup().give_back)(text.to_owned());
    }
    run(tray);
}

/// Uploads a file again.
pub(super) fn again(tray: Tray, id: &ClientId) {
    with_held(tray, id, |held| {
        let location = held.upload.location().map(str::to_owned);
        held.upload = Upload::new(held.bytes.as_ref().map_or(0, |bytes| bytes.size() as u64), location);
    });
    change(tray, id, |item| item.stage = Stage::Waiting);
    run(tray);
}
