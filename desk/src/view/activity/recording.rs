//! A call's recording, with a player.

use super::frame::CardHead;
use crate::i18n::t;
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::Card;
use portico_shared::cim::body::UrlBody;
use portico_ui::browser::{host_of, safe_url};
use portico_ui::icon::{EXTERNAL_LINK, MIC, icon};

/// The recording.
pub(super) fn view(card: &Card, recording: &UrlBody) -> AnyView {
    let head = CardHead {
        picture: MIC,
        class: "card__icon--recording",
        title: t().recording().to_owned(),
        line: safe_url(&recording.media_url)
            .and_then(|address| host_of(&address))
            .unwrap_or_default(),
        number: None,
        at_ms: card.at_ms(),
    };
    head.open_over(player(&recording.media_url))
}

/// Plays a recording. Nothing is fetched before the agent asks for it.
pub(super) fn player(address: &str) -> AnyView {
    let Some(address) = safe_url(address) else {
        return html::p().child(t().recording_unsafe()).into_any();
    };
    (
        html::audio()
            .class("player")
            .attr("controls", true)
            .attr("preload", "none")
            .attr("aria-label", t().recording())
            .attr("src", address.clone()),
        html::a()
            .class("card__link")
            .attr("href", address)
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer")
            .child(icon(EXTERNAL_LINK))
            .child(t().recording_open()),
    )
        .into_any()
}
