//! Small doors to the browser: ids, the clock, addresses, events.

use js_sys::{Date, JsString, Math, Reflect};
use leptos::prelude::on_cleanup;
use send_wrapper::SendWrapper;

use portico_client::Now;
use portico_shared::ids::ClientId;
use uuid::Uuid;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Event, EventTarget, KeyboardEvent, Url, Window};

/// The window, which every document has.
pub fn window() -> Window {
    web_sys::window().expect("these programs run in a document")
}

/// The document.
pub fn document() -> Document {
    window().document().expect("these programs run in a document")
}

/// Calls `act` on each event of this name until the present owner ends.
pub fn listen(target: &EventTarget, name: &'static str, act: impl Fn(Event) + 'static) {
    listen_with(target, name, Closure::new(act));
}

fn listen_with(target: &EventTarget, name: &'static str, callback: Closure<dyn Fn(Event)>) {
    // Only names that do not exist are refused, and those are harmless.
    let _ = target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
    let listening = SendWrapper::new((target.clone(), callback));
    on_cleanup(move || {
        let (target, callback) = listening.take();
        // What no longer listens is no fault.
        let _ = target.remove_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
    });
}

/// Asks the person before the page goes, if something would be lost with it at that time. Listened for only where something can
/// be, and then for as long as the document lives: some browsers keep no page with such a listener for the way back.
pub fn ask_before_leaving(would_lose: impl Fn() -> bool + 'static) {
    let asks = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if would_lose() {
            event.prevent_default();
            // What older browsers look at. Setting a member of an event cannot fail.
            let _ = Reflect::set(&event, &"returnValue".into(), &true.into());
        }
    });
    // Only names that do not exist are refused.
    let _ = window().add_event_listener_with_callback("beforeunload", asks.as_ref().unchecked_ref());
    asks.forget();
}

/// Whether the document's address ends with this fragment, which a reload is not to find again.
pub fn take_fragment(fragment: &str) -> bool {
    let location = window().location();
    let is_there = location.hash().is_ok_and(|hash| hash == fragment);
    if is_there && let (Ok(history), Ok(path)) = (window().history(), location.pathname()) {
        // An address of its own origin is always taken.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&path));
    }
    is_there
}

/// Whether a page that goes may be shown again as it is, or one that is shown was kept so: the browser's cache for the way
/// back and forward.
pub fn is_persisted(event: &Event) -> bool {
    Reflect::get(event, &JsValue::from_str("persisted")).is_ok_and(|persisted| persisted.is_truthy())
}

/// Capital letters. The browser has the tables for it, which would be ten kilobytes here.
pub fn upper(text: &str) -> String {
    JsString::from(text).to_upper_case().into()
}

/// The browser's clock, in epoch milliseconds.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub fn now_ms() -> i64 {
    Date::now() as i64
}

/// The clock and a new random number, for the session.
#[expect(clippy::disallowed_methods, reason = "the one place that rolls dice")]
pub fn now() -> Now {
    Now {
        ms: now_ms(),
        random: Math::random(),
    }
}

/// A new client id: a UUIDv7, whose order is that of minting.
#[expect(clippy::disallowed_methods, reason = "the one place that mints ids")]
pub fn mint() -> ClientId {
    ClientId::new(Uuid::now_v7().to_string())
}

/// An address that may become a link or the source of a picture: `http:` and `https:` only, relative ones resolved
/// against this document. Anything else (`javascript:`, `data:`, `blob:`) is `None`.
pub fn safe_url(address: &str) -> Option<String> {
    let base = window().location().href().ok()?;
    let url = Url::new_with_base(address.trim(), &base).ok()?;
    matches!(url.protocol().as_str(), "http:" | "https:").then(|| url.href())
}

/// The host of an address, to show where a link leads.
pub fn host_of(address: &str) -> Option<String> {
    let host = Url::new(address).ok()?.host();
    Some(host.strip_prefix("www.").map_or(host.clone(), str::to_owned))
}

/// The address of a socket on this document's own origin.
pub fn socket_address(path: &str) -> String {
    let location = window().location();
    let host = location.host().unwrap_or_default();
    let scheme = if location.protocol().is_ok_and(|protocol| protocol == "http:") {
        "ws://"
    } else {
        "wss://"
    };
    [scheme, &host, path].concat()
}

/// Whether this device points with a finger first: Enter then breaks the line.
pub fn touch_first() -> bool {
    media_matches("(pointer: coarse)")
}

/// Whether the person has clicked or pressed a key in this document, after which browsers let it sound. One that does
/// not say counts as not touched.
pub fn was_touched() -> bool {
    let activation = Reflect::get(&window().navigator(), &JsValue::from_str("userActivation"));
    let active = activation.and_then(|activation| Reflect::get(&activation, &JsValue::from_str("hasBeenActive")));
    active.is_ok_and(|active| active.is_truthy())
}

/// The key code of a key press that an input method takes for itself; not all browsers say it otherwise.
const TAKEN_BY_INPUT_METHOD: u32 = 229;

/// Whether an input method takes a key press for itself, to choose a word or to give it up.
pub fn is_composing(event: &KeyboardEvent) -> bool {
    event.is_composing() || event.key_code() == TAKEN_BY_INPUT_METHOD
}

/// Whether a media query holds now.
pub fn media_matches(query: &str) -> bool {
    window()
        .match_media(query)
        .ok()
        .flatten()
        .is_some_and(|list| list.matches())
}
