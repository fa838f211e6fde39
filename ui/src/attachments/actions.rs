//! What a person does with files: picks them, sends them, takes them off, has one uploaded again. And what goes on by
//! itself with those of an earlier page.

use super::engine::{Engine, change, drop_item, find, hold, insert, kept, lock_name, note, spawn, with_held};
use super::item::{Item, Kept, Stage, send_all};
use super::rules::check;
use super::transfer::{post_if_due, refuse, run};
use super::tray::Tray;
use super::upload::Upload;
use super::{bytes, request, said};
use crate::browser::{mint, now_ms};
use crate::lock::Lock;
use leptos::prelude::*;
use portico_shared::ids::ClientId;
use web_sys::File;

/// So many files can wait at once.
const FILES_AT_MOST: usize = 10;

/// Takes up what an earlier page has left, once.
pub(super) fn begin(tray: Tray) {
    let has_begun = tray
        .engine
        .try_update_value(|engine| std::mem::replace(&mut engine.has_begun, true));
    if has_begun != Some(false) {
        return;
    }
    // Ids are in the order of minting. There are few: a general sort is larger than all that is done here.
    let mut ids: Vec<String> = Vec::new();
    for (id, _) in tray.setup().storage.all() {
        ids.insert(ids.partition_point(|other| *other < id), id);
    }
    for id in ids {
        spawn(take_up(tray, ClientId::new(id)));
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
    post_if_due(tray, &item.id);
    run(tray);
}

/// Takes in files that were picked.
pub(super) fn add(tray: Tray, files: Vec<File>) {
    let room = FILES_AT_MOST.saturating_sub(tray.items.with_untracked(Vec::len));
    let has_too_many = files.len() > room;
    tray.has_too_many.set(has_too_many);
    if has_too_many {
        said::too_many(tray);
    }
    for file in files.into_iter().take(room) {
        let kept = Kept {
            name: file.name(),
            size: file.size() as u64,
            mime_type: file.type_(),
            ..Kept::default()
        };
        let checked = tray
            .setup()
            .rules
            .with_untracked(|rules| check(rules, kept.size, &kept.mime_type));
        let item = Item::picked(mint(), kept, checked);
        hold(tray, &item, Some(file.clone().into()), None);
        match item.stage {
            Stage::Refused(reason) => said::refused(tray, &item, reason),
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

/// Keeps the bytes of a file, and no other tab from it.
async fn keep(tray: Tray, id: ClientId, file: File) {
    let Some(setup) = tray.setup.try_get_value() else {
        return;
    };
    if let Some(cache) = &setup.cache {
        // Without them the file has to be picked again after a reload, which it then says.
        let _ = bytes::keep(cache, &id, &file).await;
        if find(tray, &id).is_none() {
            bytes::forget(cache, &id).await;
        }
    }
    let lock = Lock::hold(&lock_name(tray, &id)).await;
    with_held(tray, &id, |held| held.lock = Some(lock));
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
