//! An element as a Leptos view, for documents that are built with Leptos' own elements. There is no server behind
//! them, so nothing is written as HTML or taken over from it.

use super::El;
use leptos::prelude::{AnyView, IntoAny, Render, RenderHtml};
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::view::{Mountable, Position, PositionState};
use send_wrapper::SendWrapper;
use web_sys::Element;

impl El {
    /// The element as a Leptos view.
    pub fn into_view(self) -> AnyView {
        Adopted(SendWrapper::new(self.0)).into_any()
    }
}

struct Adopted(SendWrapper<Element>);

no_attrs!(Adopted);

impl Render for Adopted {
    type State = Element;

    fn build(self) -> Element {
        self.0.take()
    }

    fn rebuild(self, state: &mut Element) {
        let mut new = self.0.take();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

impl RenderHtml for Adopted {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Element {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
