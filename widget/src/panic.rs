//! What the visitor sees when the program itself fails: a sentence, a way back, and one on without the program. The host is told.
//!
//! After a panic no view may be trusted, so this uses the browser's own methods only.

use crate::config;
use crate::host;
use crate::i18n::t;
use portico_ui::browser::document;
use portico_ui::storage::{Lifetime, ScopedStorage};
use std::cell::Cell;
use std::panic::Location;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

thread_local! {
    /// Whether it was reported: what fails while it is reported is not.
    static REPORTED: Cell<bool> = const { Cell::new(false) };
}

/// Installs the hook.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| report(info.location())));
}

/// Tells the console and the host where it failed, and the visitor that it did.
#[inline(never)]
fn report(at: Option<&Location>) {
    if REPORTED.replace(true) {
        return;
    }
    let place = at
        .map(|at| [at.file(), ":", &at.line().to_string()].concat())
        .unwrap_or_default();
    web_sys::console::error_2(&"portico: the chat failed at".into(), &place.clone().into());
    host::event("error", &[("reason", "panic"), ("at", &place)]);
    // There is nothing left to do about a document that refuses this.
    let _ = show();
}

fn show() -> Result<(), JsValue> {
    let document = document();
    let messages = t();
    let Some(body) = document.body() else { return Ok(()) };
    let part = |name: &str, class: &str, text: &str| -> Result<Element, JsValue> {
        let part = document.create_element(name)?;
        part.set_class_name(class);
        part.set_text_content(Some(text));
        Ok(part)
    };
    let screen = part("main", "broken", "")?;
    screen.set_attribute("role", "alert")?;
    let reload = part("button", "button button--primary", messages.reload())?;
    let again = Closure::<dyn FnMut()>::new(host::reload);
    reload.add_event_listener_with_callback("click", again.as_ref().unchecked_ref())?;
    again.forget();
    let words = match ScopedStorage::local("portico.").probe() {
        Lifetime::Lasting => messages.broken(),
        Lifetime::Page => messages.broken_page(),
    };
    let plain = part("a", "button", messages.plain_chat())?;
    plain.set_attribute("href", &["/widget/plain/", &config::channel()].concat())?;
    screen.append_child(&part("p", "", words)?.into())?;
    screen.append_child(&reload.into())?;
    screen.append_child(&plain.into())?;
    body.set_text_content(None);
    body.append_child(&screen.into())?;
    Ok(())
}
