//! A modal dialog: the browser's own, which keeps the keyboard inside and, when it is closed, gives it back.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html};

/// Draws a dialog that is open as long as it is drawn. `close` is called when the person presses Escape or the
/// ground beside it.
pub(crate) fn modal(
    titled_by: &'static str,
    class: &'static str,
    body: impl FnOnce() -> AnyView,
    close: impl Fn() + Copy + 'static,
) -> AnyView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // It is refused only for a dialog that is not in the document.
            let _ = dialog.show_modal();
        }
    });
    // A dialog that is only taken out of the document leaves the keyboard nowhere.
    on_cleanup(move || {
        if let Some(dialog) = dialog.try_get_untracked().flatten() {
            dialog.close();
        }
    });
    html::dialog()
        .class(class)
        .attr("aria-labelledby", titled_by)
        .node_ref(dialog)
        .on(ev::Custom::<web_sys::Event>::new("cancel"), move |event| {
            event.prevent_default();
            close();
        })
        .on(ev::mousedown, move |event: ev::MouseEvent| {
            let on_ground = event
                .target()
                .zip(dialog.get_untracked())
                .is_some_and(|(target, dialog)| {
                    target.dyn_ref::<web_sys::Node>() == Some(dialog.unchecked_ref::<web_sys::Node>())
                });
            if on_ground {
                close();
            }
        })
        .child(body())
        .into_any()
}
