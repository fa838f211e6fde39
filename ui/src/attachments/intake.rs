//! How files come in: by a button, by dropping them on the window, by pasting them.

use super::rules::accept;
use super::tray::Tray;
use crate::browser::{listen, window};
use crate::icon::{PAPERCLIP, icon};
use crate::parts::auto_span;
use crate::reactive::dynamic;
use leptos::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, Event};

/// What browsers call files among what is dragged or pasted.
const FILES: &str = "Files";

/// What browsers call text.
const TEXT: &str = "text/plain";

/// The button that chooses files, where files can be sent; and the window takes what is dropped or pasted.
pub fn attach(tray: Tray) -> AnyView {
    let is_over = RwSignal::new(false);
    listen(&window(), "paste", move |event| pasted(tray, &event));
    for (name, is_in) in [
        ("dragenter", true),
        ("dragover", true),
        ("dragleave", false),
        ("drop", false),
    ] {
        listen(&window(), name, move |event| dragged(tray, &event, is_in, is_over));
    }
    let takes_files = Memo::new(move |_| tray.takes_files());
    let inside = move || takes_files.get().then(|| (button(tray), drop_place(tray, is_over)));
    inside.into_any()
}

fn button(tray: Tray) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let choose = html::input()
        .attr("type", "file")
        .attr("multiple", "")
        .attr("hidden", "")
        .attr("accept", move || tray.setup().rules.with(accept))
        .node_ref(input)
        .on(ev::change, move |_| {
            let Some(input) = input.get_untracked() else { return };
            if let Some(files) = input.files() {
                tray.take(&files);
            }
            // The same file can be chosen again.
            input.set_value("");
        });
    let name = tray.words().attach().to_owned();
    let press = move |_| {
        tray.expect();
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let button = html::button()
        .class(tray.setup().tool)
        .attr("type", "button")
        .attr("aria-label", name.clone())
        .attr("title", name)
        .on(ev::click, press)
        .child(icon(PAPERCLIP));
    (button, choose).into_any()
}

/// Says, while files are dragged over the window, that they can be dropped.
fn drop_place(tray: Tray, is_over: RwSignal<bool>) -> AnyView {
    let place = move || {
        let words = || auto_span("drop__words", tray.words().drop_here());
        is_over.get().then(|| html::div().class("drop").child(words()))
    };
    dynamic(place)
}

/// A window that says nothing to a file that is dropped on it shows the file in its own place.
fn dragged(tray: Tray, event: &Event, is_in: bool, is_over: RwSignal<bool>) {
    let Some(event) = event.dyn_ref::<DragEvent>() else {
        return;
    };
    let Some(data) = event.data_transfer().filter(|data| has(data, FILES)) else {
        return;
    };
    event.prevent_default();
    let takes_files = untrack(|| tray.takes_files());
    if !takes_files {
        data.set_drop_effect("none");
    }
    // A pointer that goes from one element to the next leaves the one, and not the window.
    let is_inside = is_in || (event.type_() == "dragleave" && event.related_target().is_some());
    let shows = is_inside && takes_files;
    if is_over.get_untracked() != shows {
        is_over.set(shows);
        tray.expect();
    }
    if event.type_() == "drop" && takes_files {
        take_from(tray, &data);
    }
}

/// A table that is pasted comes as text, and as a picture of it: the text is meant.
fn pasted(tray: Tray, event: &Event) {
    let Some(event) = event.dyn_ref::<ClipboardEvent>() else {
        return;
    };
    let Some(data) = event.clipboard_data() else { return };
    if has(&data, FILES) && !has(&data, TEXT) && untrack(|| tray.takes_files()) {
        event.prevent_default();
        take_from(tray, &data);
    }
}

fn take_from(tray: Tray, data: &DataTransfer) {
    if let Some(files) = data.files() {
        tray.take(&files);
    }
}

fn has(data: &DataTransfer, kind: &str) -> bool {
    data.types().iter().any(|one| one.as_string().as_deref() == Some(kind))
}
