//! Links and stickers.

use super::{BodyContext, unknown, with_text};
use crate::browser::{host_of, safe_url};
use crate::icon::{EXTERNAL_LINK, icon};
use crate::parts::{auto_span, link};
use leptos::html;
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
    let picture = html::img()
        .class("body__sticker")
        .attr("alt", context.messages.picture)
        .attr("loading", "lazy")
        .attr("src", address);
    with_text(context, picture)
}
