//! Links and stickers.

use super::{Around, unknown, with_text};
use crate::browser::{host_of, safe_url};
use crate::el::{self, El, el, words};
use crate::icon::{EXTERNAL_LINK, draw};

use portico_shared::cim::body::StickerBody;

/// A text, and a card that says where it leads.
pub(super) fn link(address: &str, around: &Around) -> El {
    let Some(address) = safe_url(address) else {
        return unknown::view(around);
    };
    let host = host_of(&address).unwrap_or_else(|| address.clone());
    let card = vec![words("body__name", &host), draw(EXTERNAL_LINK)];
    with_text(around).child(el::link("body__card", &address, card))
}

/// A picture that is the whole message.
pub(super) fn sticker(sticker: &StickerBody, around: &Around) -> El {
    let Some(address) = sticker.media_url.as_deref().and_then(safe_url) else {
        return unknown::view(around);
    };
    let picture = el("img")
        .class("body__sticker")
        .attr("alt", around.messages.picture)
        .attr("loading", "lazy");
    with_text(around).child(picture.attr("src", &address))
}
