//! What a page calls itself that a message links to.

use crate::browser::{host_of, safe_url};
use crate::icon::{EXTERNAL_LINK, icon};
use crate::parts::auto_span;
use leptos::html;
use leptos::prelude::*;
use portico_shared::customer::CustomerPreview;

/// A card that leads to the page. Where it leads, its host says, whatever the page calls itself; nothing of it is fetched.
/// Nothing for an address that is none of the web.
pub fn preview(preview: &CustomerPreview) -> AnyView {
    let Ok(card) = preview.read() else {
        return ().into_any();
    };
    let Some(address) = safe_url(&card.url) else {
        return ().into_any();
    };
    let host = host_of(&address).unwrap_or_default();
    // A site's name that looks like a host would be taken for it.
    let site = card.site_name.filter(|site| !site.contains('.'));
    let place = html::span()
        .class("body__note")
        .child(html::span().attr("dir", "ltr").child(host))
        .child(site.map(|site| (" · ", auto_span("", site))));
    // Told as what the link is about, so that its name stays short.
    let about = card.description.clone().map(|about| {
        html::span()
            .class("body__note preview__about")
            .attr("dir", "auto")
            .attr("aria-hidden", "true")
            .child(about)
    });
    let lines = html::span()
        .class("body__lines")
        .child(auto_span("body__name", card.title))
        .child(" ")
        .child(place)
        .child(about);
    html::a()
        .class("body__card preview")
        .attr("href", address)
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer nofollow")
        .attr("aria-description", card.description)
        .child((lines, icon(EXTERNAL_LINK)))
        .into_any()
}
