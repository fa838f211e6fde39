//! In a composer's place: a sentence and two things to do about it. And what one of them may be: saving what was said.

use crate::browser::document;
use crate::parts::{auto_span, button};
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::{ev, html};
use web_sys::{Blob, HtmlAnchorElement, Url};

/// What stands in a composer's place.
#[derive(Clone)]
pub struct EndedPanel {
    /// Why there is no composer.
    pub sentence: Signal<String>,
    /// What changes nothing; it takes the keyboard.
    pub secondary: PanelButton,
    /// What the sentence is about.
    pub primary: PanelButton,
    /// How the primary button looks.
    pub primary_class: &'static str,
}

/// One thing to do.
#[derive(Clone, Copy)]
pub struct PanelButton {
    /// What stands on it.
    pub label: &'static str,
    /// What it does.
    pub press: Callback<()>,
}

/// A sentence and two buttons.
pub fn panel(panel: EndedPanel) -> AnyView {
    let focused = NodeRef::<html::Button>::new();
    // In the document only after this. The composer, which had the focus perhaps, is gone.
    gloo_timers::callback::Timeout::new(0, move || {
        let button = focused.try_get_untracked().flatten();
        // Never takes the keyboard away from the page around.
        if document().has_focus().unwrap_or(false) {
            let _ = button.map(|button| button.focus());
        }
    })
    .forget();
    let EndedPanel {
        sentence,
        secondary,
        primary,
        primary_class,
    } = panel;
    let first = html::button()
        .class("button")
        .attr("type", "button")
        .node_ref(focused)
        .on(ev::click, move |_| secondary.press.run(()))
        .child(auto_span("", secondary.label));
    let second = button(primary_class, auto_span("", primary.label), move || {
        primary.press.run(())
    });
    html::footer()
        .class("ended")
        .child(
            html::span()
                .class("ended__why")
                .attr("dir", "auto")
                .child(move || sentence.get()),
        )
        .child(html::div().class("ended__buttons").child(first).child(second))
        .into_any()
}

/// Saves a text as a file called `name`. A browser that refuses downloads shows so itself.
pub fn save(name: &str, text: &str) {
    let _ = download(name, text);
}

fn download(name: &str, text: &str) -> Result<(), JsValue> {
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let address = Url::create_object_url_with_blob(&Blob::new_with_str_sequence(&parts)?)?;
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&address)
}
