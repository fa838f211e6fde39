//! What the agent sees when the program itself fails: a sentence and a way back, and the reason in the console.
//!
//! After a panic no view may be trusted, so this uses the browser's own methods only. Login, drafts and unsent messages
//! are in the tab's storage, so that a reload goes on where the agent was, unless the browser refused to store them.

use crate::i18n::t;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use portico_ui::browser::{document, window};
use portico_ui::storage::{Lifetime, ScopedStorage};
use web_sys::Element;

/// Installs the hook.
pub(crate) fn install() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&format!("portico: the desk failed: {info}").into());
        // There is nothing left to do about a document that refuses this.
        let _ = show();
    }));
}

fn show() -> Result<(), JsValue> {
    let Some(body) = document().body() else { return Ok(()) };
    let screen = part("main", "broken", "")?;
    screen.set_attribute("role", "alert")?;
    let reload = part("button", "button button--primary", t().reload())?;
    let again = Closure::<dyn FnMut()>::new(|| drop(window().location().reload()));
    reload.add_event_listener_with_callback("click", again.as_ref().unchecked_ref())?;
    again.forget();
    let words = match ScopedStorage::session("portico.desk.").probe() {
        Lifetime::Lasting => t().broken(),
        Lifetime::Page => t().broken_page(),
    };
    screen.append_child(&part("p", "", words)?.into())?;
    screen.append_child(&reload.into())?;
    body.set_text_content(None);
    body.append_child(&screen.into())?;
    Ok(())
}

fn part(name: &str, class: &str, text: &str) -> Result<Element, JsValue> {
    let part = document().create_element(name)?;
    part.set_class_name(class);
    part.set_text_content(Some(text));
    Ok(part)
}
