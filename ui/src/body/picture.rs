//! Pictures, and what stands in the place of one that does not load.

use leptos::prelude::*;
use leptos::{ev, html};

/// A picture: how it looks, what it shows in words, and where it lies.
pub(super) struct Picture {
    pub(super) class: &'static str,
    pub(super) alt: String,
    pub(super) address: String,
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
        drawn.into_any()
    }

    fn drawn(&self, failed: RwSignal<bool>) -> AnyView {
        html::img()
            .class(self.class)
            .attr("alt", self.alt.clone())
            .attr("loading", "lazy")
            .on(ev::error, move |_| failed.set(true))
            .attr("src", self.address.clone())
            .into_any()
    }
}
