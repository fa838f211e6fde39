//! What is said of files, on the screen and to those who listen: once when an upload begins, and once when it is done or is
//! not.

use super::item::{Item, Stage};
use super::rules::Reason;
use super::tray::Tray;
use crate::file_size::file_size;
use leptos::prelude::WithUntracked;

pub(super) fn begun(tray: Tray, item: &Item) {
    announce(tray, tray.words().uploading(&item.kept.name));
}

pub(super) fn uploaded(tray: Tray, item: &Item) {
    announce(tray, tray.words().uploaded(&item.kept.name));
}

pub(super) fn refused(tray: Tray, item: &Item, reason: Reason) {
    let why = why(tray, reason);
    announce(tray, tray.words().not_uploaded(&item.kept.name, &why));
}

pub(super) fn too_many(tray: Tray) {
    announce(tray, tray.words().too_many().to_owned());
}

/// How large a file is.
pub(super) fn size(tray: Tray, item: &Item) -> String {
    file_size(item.kept.size as i64, (tray.setup().locale)())
}

/// How far a file is, or why it is not sent; empty where its bar says it.
pub(super) fn state(tray: Tray, item: &Item, is_online: bool) -> String {
    let words = tray.words();
    let said = match item.stage {
        Stage::Refused(reason) => return why(tray, reason),
        Stage::Paused => words.paused(),
        Stage::Waiting if !is_online => words.paused(),
        Stage::Waiting | Stage::Uploading(_) if item.kept.sent_with.is_some() => words.will_be_sent(),
        Stage::Waiting => words.waiting(),
        Stage::Uploading(_) => "",
        Stage::Ready => words.ready(),
    };
    said.to_owned()
}

fn why(tray: Tray, reason: Reason) -> String {
    let words = tray.words();
    match reason {
        Reason::Empty => words.empty().to_owned(),
        Reason::TooLarge => {
            let most = tray.setup().rules.with_untracked(|rules| rules.max_bytes);
            words.too_large(&file_size(most as i64, (tray.setup().locale)()))
        }
        Reason::TooManyPixels => words.too_many_pixels().to_owned(),
        Reason::WrongType => words.wrong_type().to_owned(),
        Reason::Quota => words.quota().to_owned(),
        Reason::Lost => words.lost().to_owned(),
        Reason::Trouble => words.trouble().to_owned(),
    }
}

fn announce(tray: Tray, sentence: String) {
    (tray.setup().announce)(sentence);
}
