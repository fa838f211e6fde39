//! Links and stickers.

use super::picture::Picture;
use super::{BodyContext, unknown, with_text};
use crate::browser::{host_of, safe_url};
use crate::icon::{EXTERNAL_LINK, FILE, icon};
use crate::parts::{auto_span, link};
use leptos::prelude::*;

use portico_shared::customer::CustomerSticker;

/// A text, and a card that says where it leads.
pub(super) fn link_card(address: &str, context: &BodyContext) -> AnyView {
    let Some(address) = safe_url(address) else {
        return unknown::view(context);
    };
    let host = host_of(&address).unwrap_or_else(|| address.clone());
    let inside = (auto_span("body__name", host), icon(EXTERNAL_LINK));
    with_text(context, link("body__card", address, inside))
}

/// A picture that is the whole message.
pub(super) fn sticker(sticker: &CustomerSticker, context: &BodyContext) -> AnyView {
    let Some(address) = sticker.media_url.as_deref().and_then(safe_url) else {
        return unknown::view(context);
    };
    let name = context.messages.picture;
    let picture = Picture {
        class: "body__sticker",
        alt: name.to_owned(),
        address: address.clone(),
        room: None,
    };
    let instead = move || {
        link(
            "body__card",
            address.clone(),
            (icon(FILE), auto_span("body__name", name)),
        )
    };
    with_text(context, picture.or(|picture| picture, instead))
}
