//! Pictures, and what stands in the place of one that does not load.

use super::room::Room;
use crate::reactive::dynamic;
use leptos::prelude::*;
use leptos::{ev, html};

/// A picture: how it looks, what it shows in words, where it lies, and the place that is kept for it if its size is known.
pub(super) struct Picture {
    pub(super) class: &'static str,
    pub(super) alt: String,
    pub(super) address: String,
    pub(super) room: Option<Room>,
}

impl Picture {
    /// The picture in its frame, or `instead` of both once it is known that it does not load.
    pub(super) fn or(
        self,
        frame: impl Fn(AnyView) -> AnyView + Send + 'static,
        instead: impl Fn() -> AnyView + Send + 'static,
    ) -> AnyView {
        let failed = RwSignal::new(false);
        let drawn = move || match failed.get() {
            true => instead(),
            false => frame(self.drawn(failed)),
        };
        dynamic(drawn)
    }

    fn drawn(&self, failed: RwSignal<bool>) -> AnyView {
        html::img()
            .class(self.class)
            .attr("alt", self.alt.clone())
            .attr("loading", "lazy")
            .style(("inline-size", self.room.as_ref().map(|room| room.width.clone())))
            .style(("aspect-ratio", self.room.as_ref().map(|room| room.ratio.clone())))
            .on(ev::error, move |_| failed.set(true))
            .attr("src", self.address.clone())
            .into_any()
    }
}
