//! Files that lie at the relay itself. Their place is kept from the beginning, and their links are asked for when they are
//! drawn and anew when they have ended.

use super::BodyContext;
use super::media::{length, lines, name_of, with_caption};
use super::room::Room;
use crate::browser::document;
use crate::file_links::FileLinks;
use crate::icon::{DOWNLOAD, FILE, icon};
use crate::parts::{auto_span, button};
use crate::reactive::dynamic;
use leptos::prelude::*;
use leptos::{ev, html};
use portico_shared::customer::CustomerMedia;
use std::future::Future;
use wasm_bindgen::JsCast;
use web_sys::HtmlAnchorElement;

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
    with_caption(media, context, (dynamic(sound), length(media)).into_any())
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
    let room = Room::or_usual(media.additional_details.as_ref());
    let state = stored.state;
    let place = move || {
        let inside = match state.get() {
            State::Failed => return instead(),
            State::Asked => None,
            State::There(address) => Some(view(stored.clone(), address)),
        };
        html::div()
            .class("body__place")
            .style(("inline-size", room.width.clone()))
            .style(("aspect-ratio", room.ratio.clone()))
            .child(inside)
            .into_any()
    };
    dynamic(place)
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
        let note = html::span().attr("role", "status").child(dynamic(note)).into_any();
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
