//! Links and stickers.

use super::{Around, plain, unknown};
use crate::browser::{host_of, safe_url};
use crate::el::{self, block, words};
use crate::icon::{EXTERNAL_LINK, icon};
use leptos::html;
use leptos::prelude::*;

use portico_shared::cim::body::StickerBody;

/// A text, and a card that says where it leads.
pub(super) fn link(address: &str, around: &Around) -> AnyView {
    let Some(address) = safe_url(address) else { return unknown::view(around) };
    let host = host_of(&address).unwrap_or_else(|| address.clone());
    let card = el::link("body__card", address, vec![words("body__name", host), icon(EXTERNAL_LINK)]);
    block("body", vec![plain::view(around), card])
}

/// A picture that is the whole message.
pub(super) fn sticker(sticker: &StickerBody, around: &Around) -> AnyView {
    let Some(address) = sticker.media_url.as_deref().and_then(safe_url) else { return unknown::view(around) };
    let picture = html::img().class("body__sticker").attr("src", address).attr("alt", around.words.picture);
    block("body", vec![picture.attr("loading", "lazy").into_any(), plain::view(around)])
}
