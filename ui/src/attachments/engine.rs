//! The state of a tray's files: what is shown of them is in its signals, what the browser holds of them is here, what
//! outlives the page in its storage.
//!
//! Tasks outlive the views that began them, and may outlive the tray: what is gone is not found, and ends them.

use super::bytes;
use super::item::{Item, Kept, Stage};
use super::rules::Pixels;
use super::tray::Tray;
use super::upload::Upload;
use crate::lock::Lock;
use leptos::prelude::*;
use portico_shared::ids::ClientId;
use std::future::Future;
use web_sys::{Blob, Url, XmlHttpRequest};

/// What a tray has that is no signal.
#[derive(Default)]
pub(super) struct Engine {
    /// Files of other pages that were looked after.
    pub(super) taken_up: Vec<ClientId>,
    pub(super) is_running: bool,
    files: Vec<Held>,
    /// The request that is under way, and for which file.
    pub(super) request: Option<(ClientId, XmlHttpRequest)>,
}

/// What the browser holds of one file.
pub(super) struct Held {
    id: ClientId,
    pub(super) bytes: Option<Blob>,
    pub(super) upload: Upload,
    /// The address of its picture in this document.
    picture: Option<String>,
    pub(super) lock: Option<Lock>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(picture) = &self.picture {
            // An address that is gone is no fault.
            let _ = Url::revoke_object_url(picture);
        }
    }
}

/// How large a picture is, once the browser has shown it.
pub(super) fn measured(tray: Tray, id: &ClientId, pixels: Pixels) {
    change(tray, id, |item| item.kept.pixels = Some(pixels));
}

/// The address of a file's picture in this document.
pub(super) fn picture(tray: Tray, id: &ClientId) -> Option<String> {
    with_held(tray, id, |held| held.picture.clone()).flatten()
}

pub(super) fn hold(tray: Tray, item: &Item, bytes: Option<Blob>, lock: Option<Lock>) {
    let picture = bytes
        .as_ref()
        .filter(|_| item.kept.mime_type.starts_with("image/"))
        .and_then(|bytes| Url::create_object_url_with_blob(bytes).ok());
    let held = Held {
        id: item.id.clone(),
        bytes,
        upload: Upload::new(item.kept.size, item.kept.location.clone()),
        picture,
        lock,
    };
    tray.engine.try_update_value(|engine| engine.files.push(held));
}

pub(super) fn insert(tray: Tray, item: Item) {
    tray.items.try_update(|items| {
        let at = items.partition_point(|other| other.id < item.id);
        items.insert(at, item);
    });
}

pub(super) fn drop_item(tray: Tray, id: &ClientId) {
    forget_kept(tray, id);
    tray.items.try_update(|items| items.retain(|item| item.id != *id));
    tray.engine
        .try_update_value(|engine| engine.files.retain(|held| held.id != *id));
}

/// Forgets what is kept of a file over a reload.
pub(super) fn forget_kept(tray: Tray, id: &ClientId) {
    let Some(setup) = tray.setup.try_get_value() else {
        return;
    };
    setup.storage.remove(id.as_str());
    if let Some(cache) = setup.cache.clone() {
        let id = id.clone();
        spawn(async move { bytes::forget(&cache, &id).await });
    }
}

/// There will be no message with this file, unless the person sends it once more: nothing waits for it.
pub(super) fn give_up_place(tray: Tray, id: &ClientId) {
    if let Some(setup) = tray.setup.try_get_value() {
        (setup.give_up_place)(id.clone());
    }
}

/// Notes what is known of a file, for a later page.
pub(super) fn note(tray: Tray, item: &Item) {
    let setup = tray.setup();
    if setup.cache.is_some() {
        setup.storage.put(item.id.as_str(), &item.kept.write());
    }
}

pub(super) fn kept(tray: Tray, id: &ClientId) -> Option<Kept> {
    let json = tray.setup.try_get_value()?.storage.get(id.as_str())?;
    Kept::read(&json)
}

pub(super) fn find(tray: Tray, id: &ClientId) -> Option<Item> {
    let of_id = |items: &Vec<Item>| items.iter().find(|item| item.id == *id).cloned();
    tray.items.try_with_untracked(of_id).flatten()
}

/// Changes a file, and what is noted of it.
pub(super) fn change(tray: Tray, id: &ClientId, change: impl FnOnce(&mut Item)) {
    let Some(before) = find(tray, id) else { return };
    let mut item = before.clone();
    change(&mut item);
    if item.kept != before.kept {
        note(tray, &item);
    }
    replace(tray, item);
}

pub(super) fn change_stage(tray: Tray, id: &ClientId, stage: Stage) {
    if let Some(item) = find(tray, id) {
        replace(tray, Item { stage, ..item });
    }
}

fn replace(tray: Tray, changed: Item) {
    tray.items.try_update(|items| {
        if let Some(item) = items.iter_mut().find(|item| item.id == changed.id) {
            *item = changed;
        }
    });
}

pub(super) fn with_held<T>(tray: Tray, id: &ClientId, act: impl FnOnce(&mut Held) -> T) -> Option<T> {
    let of_id = |engine: &mut Engine| engine.files.iter_mut().find(|held| held.id == *id).map(act);
    tray.engine.try_update_value(of_id).flatten()
}

pub(super) fn lock_name(tray: Tray, id: &ClientId) -> String {
    let cache = tray.setup.try_get_value().and_then(|setup| setup.cache.clone());
    [cache.as_deref().unwrap_or_default(), ".", id.as_str()].concat()
}

pub(super) fn spawn(task: impl Future<Output = ()> + 'static) {
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with its file; a tray that is gone has none"
    )]
    leptos::task::spawn_local(task);
}
