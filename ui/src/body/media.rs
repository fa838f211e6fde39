//! Pictures, films, sounds and documents.

use super::{Around, plain, text_at, unknown};
use crate::browser::safe_url;
use crate::el::{El, block, el, link, words};
use crate::icon::{DOWNLOAD, FILE, PLAY, draw};
use crate::time::number;

use portico_shared::cim::body::Media;

/// A picture; a press opens it whole.
pub(super) fn image(media: &Media, around: &Around) -> El {
    let Some(address) = safe_url(&media.attachment.media_url) else {
        return unknown::view(around);
    };
    let small = media
        .attachment
        .thumbnail
        .as_deref()
        .and_then(safe_url)
        .unwrap_or_else(|| address.clone());
    let name = name_of(media).unwrap_or(around.messages.picture);
    let picture = el("img")
        .class("body__picture")
        .attr("alt", name)
        .attr("loading", "lazy")
        .attr("src", &small);
    with_text(media, around, link("body__frame", &address, vec![picture]))
}

/// A film. A clip of another site is a link to it: nothing of that site is loaded here.
pub(super) fn video(media: &Media, around: &Around) -> El {
    let name = name_of(media).unwrap_or(around.messages.video);
    let Some(address) = safe_url(&media.attachment.media_url) else {
        return unknown::view(around);
    };
    if text_at(media.additional_details.as_ref(), "videoProvider").is_some() {
        return with_text(
            media,
            around,
            link("body__card", &address, vec![draw(PLAY), words("body__name", name)]),
        );
    }
    let film = el("video")
        .class("body__picture")
        .attr("aria-label", name)
        .attr("controls", "");
    let film = film.attr("preload", "metadata").attr("src", &address);
    let poster = media.attachment.thumbnail.as_deref().and_then(safe_url);
    let film = poster.map_or(film.clone(), |poster| film.attr("poster", &poster));
    with_text(media, around, film)
}

/// A sound.
pub(super) fn audio(media: &Media, around: &Around) -> El {
    let Some(address) = safe_url(&media.attachment.media_url) else {
        return unknown::view(around);
    };
    let name = name_of(media).unwrap_or(around.messages.audio);
    let sound = el("audio")
        .class("body__sound")
        .attr("aria-label", name)
        .attr("controls", "");
    with_text(media, around, sound.attr("preload", "none").attr("src", &address))
}

/// A document: its name and size, and a press saves it.
pub(super) fn file(media: &Media, around: &Around) -> El {
    let Some(address) = safe_url(&media.attachment.media_url) else {
        return unknown::view(around);
    };
    let mut lines = vec![words("body__name", name_of(media).unwrap_or(around.messages.file))];
    lines.extend(
        media
            .attachment
            .size
            .map(|bytes| words("body__note", &size(bytes, &around.locale))),
    );
    let hidden = words("unseen", around.messages.download);
    with_text(
        media,
        around,
        link(
            "body__card",
            &address,
            vec![draw(FILE), block("body__lines", lines), draw(DOWNLOAD), hidden],
        ),
    )
}

fn with_text(media: &Media, around: &Around, picture: El) -> El {
    let name = name_of(media);
    let caption = media
        .caption
        .as_deref()
        .filter(|text| !text.trim().is_empty() && name != Some(*text));
    let caption = caption.map(|text| words("body__note", text));
    block("body", vec![picture]).maybe(caption).maybe(plain::view(around))
}

/// What to call the file: a label, a name, or a caption.
fn name_of(media: &Media) -> Option<&str> {
    let file = &media.attachment;
    let own = [file.media_label.as_deref(), file.media_name.as_deref()];
    let found = [
        text_at(media.additional_details.as_ref(), "fileName"),
        media.caption.as_deref(),
    ];
    own.into_iter()
        .chain(found)
        .flatten()
        .find(|name| !name.trim().is_empty())
}

/// `41 kB`, in the locale's digits.
fn size(bytes: i64, locale: &str) -> String {
    let (value, unit) = match bytes.max(0) {
        bytes @ 0..1_000_000 => ((bytes + 999) / 1_000, " kB"),
        bytes => ((bytes + 500_000) / 1_000_000, " MB"),
    };
    number(value as f64, locale) + unit
}
