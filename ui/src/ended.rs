//! In a composer's place: a sentence and what can be done about it.

use crate::browser::document;
use crate::parts::{auto_span, button, link};
use crate::reactive::dynamic;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// What stands in a composer's place.
#[derive(Clone)]
pub struct EndedPanel {
    /// Why there is no composer.
    pub sentence: Signal<String>,
    /// Where more about it is read.
    pub link: Option<PanelLink>,
    /// What changes nothing; the first takes the keyboard.
    pub secondary: Vec<PanelButton>,
    /// What the sentence is about.
    pub primary: PanelButton,
    /// How the primary button looks.
    pub primary_class: &'static str,
}

/// A link to more.
#[derive(Clone)]
pub struct PanelLink {
    /// What it is called.
    pub label: &'static str,
    /// Where it leads.
    pub address: String,
}

/// One thing to do.
#[derive(Clone, Copy)]
pub struct PanelButton {
    /// What stands on it.
    pub label: &'static str,
    /// What it does.
    pub press: Callback<()>,
}

/// A sentence and its buttons.
pub fn panel(panel: EndedPanel) -> AnyView {
    let buttons = NodeRef::<html::Div>::new();
    // In the document only after this. The composer, which had the focus perhaps, is gone.
    gloo_timers::callback::Timeout::new(0, move || {
        let buttons = buttons.try_get_untracked().flatten();
        let first = buttons.and_then(|buttons| buttons.first_element_child());
        // Never takes the keyboard away from the page around.
        if document().has_focus().unwrap_or(false) {
            let _ = first
                .and_then(|first| first.dyn_into().ok())
                .map(|first: HtmlElement| first.focus());
        }
    })
    .forget();
    let EndedPanel {
        sentence,
        link: more,
        secondary,
        primary,
        primary_class,
    } = panel;
    let draw = |class, of: PanelButton| button(class, auto_span("", of.label), move || of.press.run(()));
    let mut drawn: Vec<_> = secondary.into_iter().map(|of| draw("button", of)).collect();
    drawn.push(draw(primary_class, primary));
    html::footer()
        .class("ended")
        .child(
            html::span()
                .class("ended__why")
                .attr("dir", "auto")
                .child(dynamic(move || sentence.get())),
        )
        .child(more.map(|more| link("link", more.address, auto_span("", more.label))))
        .child(html::div().class("ended__buttons").node_ref(buttons).child(drawn))
        .into_any()
}
