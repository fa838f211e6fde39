//! Pictures, films, sounds and documents.

use super::{Around, plain, text_at, unknown};
use crate::browser::safe_url;
use crate::el::{block, link, words};
use crate::icon::{DOWNLOAD, FILE, PLAY, icon};
use crate::time::number;
use leptos::html;
use leptos::prelude::*;

use portico_shared::cim::body::Media;

/// A picture; a press opens it whole.
pub(super) fn image(media: &Media, around: &Around) -> AnyView {
    let Some(address) = safe_url(&media.attachment.media_url) else { return unknown::view(around) };
    let small = media.attachment.thumbnail.as_deref().and_then(safe_url).unwrap_or_else(|| address.clone());
    let name = name_of(media).unwrap_or(around.words.picture).to_owned();
    let picture = html::img().class("body__picture").attr("src", small).attr("alt", name).attr("loading", "lazy");
    with_text(media, around, link("body__frame", address, vec![picture.into_any()]))
}

/// A film. A clip of another site is a link to it: nothing of that site is loaded here.
pub(super) fn video(media: &Media, around: &Around) -> AnyView {
    let Some(address) = safe_url(&media.attachment.media_url) else { return unknown::view(around) };
    if text_at(media.additional_details.as_ref(), "videoProvider").is_some() {
        let label = words("body__name", name_of(media).unwrap_or(around.words.video));
        return with_text(media, around, link("body__card", address, vec![icon(PLAY), label]));
    }
    let name = name_of(media).unwrap_or(around.words.video).to_owned();
    let poster = media.attachment.thumbnail.as_deref().and_then(safe_url);
    let film = html::video().class("body__picture").attr("src", address).attr("poster", poster);
    let film = film.attr("aria-label", name).attr("controls", true).attr("preload", "metadata");
    with_text(media, around, film.into_any())
}

/// A sound.
pub(super) fn audio(media: &Media, around: &Around) -> AnyView {
    let Some(address) = safe_url(&media.attachment.media_url) else { return unknown::view(around) };
    let name = name_of(media).unwrap_or(around.words.audio).to_owned();
    let sound = html::audio().class("body__sound").attr("src", address);
    let sound = sound.attr("aria-label", name).attr("controls", true).attr("preload", "none");
    with_text(media, around, sound.into_any())
}

/// A document: its name and size, and a press saves it.
pub(super) fn file(media: &Media, around: &Around) -> AnyView {
    let Some(address) = safe_url(&media.attachment.media_url) else { return unknown::view(around) };
    let name = name_of(media).unwrap_or(around.words.file);
    let mut lines = vec![words("body__name", name)];
    lines.extend(media.attachment.size.map(|bytes| words("body__note", size(bytes, &around.locale))));
    let hidden = words("unseen", around.words.download);
    let card = link("body__card", address, vec![icon(FILE), block("body__lines", lines), icon(DOWNLOAD), hidden]);
    with_text(media, around, card)
}

fn with_text(media: &Media, around: &Around, picture: AnyView) -> AnyView {
    let caption = media.caption.as_deref().filter(|text| !text.trim().is_empty() && name_of(media) != Some(text));
    let caption = caption.map(|text| words("body__note", text));
    block("body", vec![picture, caption.into_any(), plain::view(around)])
}

/// What to call the file: a label, a name, or a caption.
fn name_of(media: &Media) -> Option<&str> {
    let file = &media.attachment;
    let own = [file.media_label.as_deref(), file.media_name.as_deref()];
    let found = [text_at(media.additional_details.as_ref(), "fileName"), media.caption.as_deref()];
    own.into_iter().chain(found).flatten().find(|name| !name.trim().is_empty())
}

/// `41 kB`, in the locale's digits.
fn size(bytes: i64, locale: &str) -> String {
    let (value, unit) = match bytes.max(0) {
        bytes @ 0..1_000_000 => ((bytes + 999) / 1_000, " kB"),
        bytes => ((bytes + 500_000) / 1_000_000, " MB"),
    };
    number(value as f64, locale) + unit
}
