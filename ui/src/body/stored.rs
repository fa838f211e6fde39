//! Files that lie at the relay itself. Their place is kept from the beginning, and their links are asked for when they are
//! drawn and anew when they have ended.

use super::BodyContext;
use super::media::{lines, name_of, with_caption};
use crate::browser::document;
use crate::file_links::FileLinks;
use crate::icon::{DOWNLOAD, FILE, icon};
use crate::parts::{auto_span, button};
use leptos::prelude::*;
use leptos::{ev, html};
use portico_shared::customer::CustomerMedia;
use portico_shared::json::Value;
use std::future::Future;
use wasm_bindgen::JsCast;
use web_sys::HtmlAnchorElement;

/// The longest side of a picture in a message, in pixels.
const LONGEST: i64 = 280;

/// The least width of its place.
const NARROWEST: i64 = 96;

/// A file at the relay, and the link to it.
#[derive(Clone)]
struct Stored {
    id: String,
    links: FileLinks,
    state: RwSignal<State>,
}

#[derive(Clone, PartialEq, Eq)]
enum State {
    Asked,
    There(String),
    Failed,
}

impl Stored {
    fn new(id: &str, context: &BodyContext) -> Self {
        let known = context.files.known(id);
        Self {
            id: id.to_owned(),
            links: context.files,
            state: RwSignal::new(known.map_or(State::Asked, State::There)),
        }
    }

    /// Asks for the link, unless it is there.
    fn ask(&self) {
        if self.state.try_get_untracked() == Some(State::Asked) {
            let stored = self.clone();
            spawn(async move {
                let link = stored.links.get(&stored.id).await;
                stored.state.try_set(link.map_or(State::Failed, State::There));
            });
        }
    }

    /// The link has opened nothing: it may have ended.
    fn failed(&self) {
        match self.links.known(&self.id) {
            Some(_) => self.state.set(State::Failed),
            None => {
                self.state.set(State::Asked);
                self.ask();
            }
        }
    }

    /// Whether the link is good now; asks for another one if it is not.
    fn is_good(&self) -> bool {
        let is_good = self.links.known(&self.id).is_some();
        if !is_good {
            self.state.set(State::Asked);
            self.ask();
        }
        is_good
    }
}

/// A picture; a press opens it whole.
pub(super) fn image(media: &CustomerMedia, id: &str, context: &BodyContext) -> AnyView {
    let name = name_of(media).unwrap_or(context.messages.picture).to_owned();
    let instead = card(media, &name, id, context);
    let shown = in_place(media, Stored::new(id, context), instead, move |stored, address| {
        let (failing, opened) = (stored.clone(), stored);
        let picture = html::img()
            .attr("alt", name.clone())
            .attr("loading", "lazy")
            .on(ev::error, move |_| failing.failed())
            .attr("src", address.clone());
        html::a()
            .attr("href", address)
            .attr("target", "_blank")
            .attr("rel", "noopener noreferrer")
            .on(ev::click, move |event| {
                if !opened.is_good() {
                    // The next press opens it.
                    event.prevent_default();
                }
            })
            .child(picture)
            .into_any()
    });
    with_caption(media, context, shown)
}

/// A film.
pub(super) fn video(media: &CustomerMedia, id: &str, context: &BodyContext) -> AnyView {
    let name = name_of(media).unwrap_or(context.messages.video).to_owned();
    let instead = card(media, &name, id, context);
    let shown = in_place(media, Stored::new(id, context), instead, move |stored, address| {
        html::video()
            .attr("aria-label", name.clone())
            .attr("controls", "")
            .attr("preload", "metadata")
            .on(ev::error, move |_| stored.failed())
            .attr("src", address)
            .into_any()
    });
    with_caption(media, context, shown)
}

/// A sound.
pub(super) fn audio(media: &CustomerMedia, id: &str, context: &BodyContext) -> AnyView {
    let name = name_of(media).unwrap_or(context.messages.audio).to_owned();
    let instead = card(media, &name, id, context);
    let stored = Stored::new(id, context);
    stored.ask();
    let state = stored.state;
    let sound = move || match state.get() {
        State::Failed => instead(),
        State::Asked => html::div().class("body__sound").into_any(),
        State::There(address) => {
            let stored = stored.clone();
            html::audio()
                .class("body__sound")
                .attr("aria-label", name.clone())
                .attr("controls", "")
                .attr("preload", "none")
                .on(ev::error, move |_| stored.failed())
                .attr("src", address)
                .into_any()
        }
    };
    with_caption(media, context, sound.into_any())
}

/// A document: its name and size, and a press saves it.
pub(super) fn file(media: &CustomerMedia, id: &str, context: &BodyContext) -> AnyView {
    let name = name_of(media).unwrap_or(context.messages.file).to_owned();
    with_caption(media, context, card(media, &name, id, context)())
}

/// A place of the size that what comes will have, and what comes; or what stands there instead if it does not.
fn in_place(
    media: &CustomerMedia,
    stored: Stored,
    instead: impl Fn() -> AnyView + Send + 'static,
    view: impl Fn(Stored, String) -> AnyView + Send + 'static,
) -> AnyView {
    stored.ask();
    let (width, ratio) = room(media.additional_details.as_ref());
    let state = stored.state;
    let place = move || {
        let inside = match state.get() {
            State::Failed => return instead(),
            State::Asked => None,
            State::There(address) => Some(view(stored.clone(), address)),
        };
        html::div()
            .class("body__place")
            .style(("inline-size", width.clone()))
            .style(("aspect-ratio", ratio.clone()))
            .child(inside)
            .into_any()
    };
    place.into_any()
}

/// The width of a place, and its ratio. A sender says how large a picture is; without that it has the usual shape.
fn room(details: Option<&Value>) -> (String, String) {
    let side = |name: &str| details?.get(name)?.as_i64().filter(|side| (1..=100_000).contains(side));
    let (width, height) = match (side("width"), side("height")) {
        (Some(width), Some(height)) if width <= 5 * height && height <= 5 * width => (width, height),
        _ => (240, 180),
    };
    let longest = width.max(height).max(LONGEST);
    let shown = (width * LONGEST / longest).max(NARROWEST);
    (
        [&shown.to_string(), "px"].concat(),
        [&width.to_string(), " / ", &height.to_string()].concat(),
    )
}

/// What a press saves.
fn card(media: &CustomerMedia, name: &str, id: &str, context: &BodyContext) -> impl Fn() -> AnyView + Send + use<> {
    let (name, size) = (name.to_owned(), media.attachment.size);
    let (id, context) = (id.to_owned(), context.clone());
    move || {
        let has_failed = RwSignal::new(false);
        let (id, saved_as, links) = (id.clone(), name.clone(), context.files);
        let press = move || {
            let (id, saved_as) = (id.clone(), saved_as.clone());
            spawn(async move {
                let link = links.get(&id).await;
                has_failed.try_set(link.is_err());
                if let Ok(address) = link {
                    save(&address, &saved_as);
                }
            });
        };
        let unavailable = context.messages.unavailable;
        let note = move || has_failed.get().then(|| auto_span("body__note", unavailable));
        let note = html::span().attr("role", "status").child(note).into_any();
        let inside = (
            icon(FILE),
            lines(&name, size, &context, Some(note)),
            icon(DOWNLOAD),
            auto_span("unseen", context.messages.download),
        );
        button("body__card", inside, press)
    }
}

/// Has the browser save what lies at an address of the relay.
fn save(address: &str, name: &str) {
    let anchor = document().create_element("a").ok();
    if let Some(anchor) = anchor.and_then(|anchor| anchor.dyn_into::<HtmlAnchorElement>().ok()) {
        anchor.set_href(address);
        anchor.set_download(name);
        anchor.click();
    }
}

fn spawn(task: impl Future<Output = ()> + 'static) {
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the answer; a body that is gone by then is not told"
    )]
    leptos::task::spawn_local(task);
}

#[cfg(test)]
mod tests {
    use super::room;
    use serde_json::json;

    fn of(width: i64, height: i64) -> (String, String) {
        room(Some(&json!({ "width": width, "height": height })))
    }

    fn sides(width: &str, ratio: &str) -> (String, String) {
        (width.to_owned(), ratio.to_owned())
    }

    #[test]
    fn a_picture_has_the_room_that_its_sender_says() {
        assert_eq!(of(4_000, 3_000), sides("280px", "4000 / 3000"));
        assert_eq!(of(3_000, 4_000), sides("210px", "3000 / 4000"));
        assert_eq!(of(120, 100), sides("120px", "120 / 100"));
    }

    #[test]
    fn what_a_sender_says_cannot_make_a_message_as_long_as_it_likes() {
        let usual = sides("240px", "240 / 180");
        assert_eq!(of(1, 10_000), usual);
        assert_eq!(of(0, 5), usual);
        assert_eq!(room(Some(&json!({ "width": "wide" }))), usual);
        assert_eq!(room(None), usual);
    }
}
