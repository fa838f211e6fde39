//! Where the visitor is: said to whom it goes before the browser asks, and shown before it is sent.

use super::dialog::{buttons, forward, recipient, send};
use super::geolocation::{Place, Trouble};
use crate::i18n::{locale, t};
use crate::state::{Chat, is_meant};
use leptos::html;
use leptos::prelude::*;
use std::time::Duration;

use portico_ui::browser::now_ms;
use portico_ui::icon::{MAP_PIN, icon};
use portico_ui::parts::{auto_span, button, link};
use portico_ui::reactive::{dynamic, effect};
use portico_ui::time::number;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    /// The visitor is told what it means.
    Told,
    /// The browser asks, and looks for the place.
    Finding,
    /// It is shown.
    Found(Place),
    /// It is not known.
    Failed(Trouble),
}

pub(super) fn location(chat: Chat) -> AnyView {
    let stage = RwSignal::new(Stage::Told);
    let find = move || {
        stage.set(Stage::Finding);
        chat.document.announcer.announce(t().location_finding().to_owned());
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the browser's answer; a dialog that is gone by then is not told"
        )]
        leptos::task::spawn_local(async move {
            let found = match Place::find().await {
                Ok(place) => Stage::Found(place),
                Err(trouble) => Stage::Failed(trouble),
            };
            if stage.try_get_untracked().is_some() {
                chat.document.announcer.announce(said(found));
                stage.set(found);
            }
        });
    };
    let inside = move || {
        let (place, forward) = match stage.get() {
            Stage::Told => (None, forward(t().location_find(), find)),
            Stage::Finding => (None, ().into_any()),
            Stage::Failed(_) => (None, forward(t().try_again(), find)),
            Stage::Found(place) => {
                let began_ms = now_ms();
                let press = move || {
                    if is_meant(began_ms) {
                        send(chat, place.message());
                    }
                };
                let button = button("button button--primary", auto_span("", t().send()), press);
                (Some(shown(place)), button)
            }
        };
        let words = match stage.get() {
            Stage::Told => t().location_ask(&recipient(chat)),
            other => said(other),
        };
        (auto_span("ended__why", words), place, buttons(chat, forward))
    };
    dynamic(inside)
}

fn said(stage: Stage) -> String {
    match stage {
        Stage::Told => String::new(),
        Stage::Finding => t().location_finding().to_owned(),
        Stage::Found(place) => {
            let distance = [&number(place.accuracy.ceil(), &locale().tag), " m"].concat();
            t().location_found(&distance)
        }
        Stage::Failed(Trouble::Refused) => t().location_refused().to_owned(),
        Stage::Failed(Trouble::NotFound) => t().location_none().to_owned(),
    }
}

/// The place, and a link to a map: nothing of another site is loaded before it is pressed.
fn shown(place: Place) -> AnyView {
    let (north, east) = (place.latitude.to_string(), place.longitude.to_string());
    let node = NodeRef::<html::Div>::new();
    effect(move |_| {
        if let Some(place) = node.get() {
            // In the document only after this.
            set_timeout(move || drop(place.focus()), Duration::ZERO);
        }
    });
    let lines = html::div()
        .class("body__lines")
        .child(
            html::span()
                .class("body__name")
                .attr("dir", "ltr")
                .child([&north, ", ", &east].concat()),
        )
        .child(auto_span("body__note", t().body_open_map()));
    let address = [
        "https://www.openstreetmap.org/?mlat=",
        &north,
        "&mlon=",
        &east,
        "#map=16/",
        &north,
        "/",
        &east,
    ];
    let card = link("body__card", address.concat(), (icon(MAP_PIN), lines));
    // It has the keyboard: a key that is held down sends nothing, and opens nothing.
    html::div()
        .attr("tabindex", "-1")
        .attr("role", "group")
        .attr("aria-label", t().share_location())
        .node_ref(node)
        .child(card)
        .into_any()
}
