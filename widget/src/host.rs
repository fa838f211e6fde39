//! The page around the frame, by `postMessage`.
//!
//! Only the parent window is heard, and the origin of its first `init` is the host's for good: nothing from another
//! origin is heard after it, and everything is posted to exactly that origin. The relay lets only allowed origins be
//! parents (`frame-ancestors`). Opened by itself, the document has no host and is simply open.

use leptos::prelude::document;
use portico_ui::browser::window;
use portico_ui::state::State;
use serde_json::{Value, json};
use std::cell::RefCell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

thread_local! {
    /// The host's origin. Apart from the handle, because the panic hook speaks to the host too.
    static ORIGIN: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What the host asks the chat to do, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Puts a text in the composer.
    Compose(String),
    /// Sends a text.
    Send(String),
}

/// What the host has said so far. A cheap handle.
#[derive(Clone, Copy)]
pub(crate) struct Host {
    /// Whether the host has said who the visitor is, or there is no host.
    pub(crate) heard: State<bool>,
    /// Whether the window is open.
    pub(crate) open: State<bool>,
    /// The page's language, if the host named one.
    pub(crate) locale: State<String>,
    /// The address and title of the page.
    pub(crate) page: State<(String, String)>,
    /// The signed identity of the visitor.
    pub(crate) identity: State<Option<String>>,
    /// Counts changes of the identity and logouts: everything about the visitor begins anew.
    pub(crate) visitor: State<u32>,
    /// Whether the last change was a logout: what is kept of the visitor is then forgotten.
    pub(crate) forget: State<bool>,
    /// Wishes that nobody has taken yet.
    pub(crate) wishes: State<Vec<Wish>>,
}

impl Host {
    /// Starts to listen.
    pub(crate) fn listen() -> Self {
        let host = Self {
            heard: State::new(parent().is_none()),
            open: State::new(parent().is_none()),
            locale: State::new(String::new()),
            page: State::new((String::new(), String::new())),
            identity: State::new(None),
            visitor: State::new(0),
            forget: State::new(false),
            wishes: State::new(Vec::new()),
        };
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(message) = admitted(&event) {
                host.obey(&message);
            }
        });
        // The listener lives as long as the document.
        let _ = window().add_event_listener_with_callback("message", hear.as_ref().unchecked_ref());
        hear.forget();
        host
    }

    fn obey(self, message: &Value) {
        let text = |key: &str| message.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        match text("type").as_str() {
            "init" => self.init(message),
            "open" => self.open.put(true),
            "close" => self.open.put(false),
            "compose" => self.wishes.update(|wishes| wishes.push(Wish::Compose(text("text")))),
            "send" => self.wishes.update(|wishes| wishes.push(Wish::Send(text("text")))),
            "page" => self.page.set((text("url"), text("title"))),
            "identify" => self.identify(Some(text("jwt"))),
            "logout" => {
                self.forget.set(true);
                self.identity.set(None);
                self.visitor.update(|count| *count += 1);
            }
            "locale" => self.locale.put(text("value")),
            "theme" => theme(&text("value")),
            _ => {}
        }
    }

    fn init(self, message: &Value) {
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        theme(&text(message, "theme"));
        self.locale.put(text(message, "locale"));
        if let Some(page) = message.get("page") {
            self.page.set((text(page, "url"), text(page, "title")));
        }
        if message.get("identity").is_some_and(Value::is_string) {
            self.identify(Some(text(message, "identity")));
        }
        if message.get("open").and_then(Value::as_bool) == Some(true) {
            self.open.put(true);
        }
        self.heard.put(true);
        post(json!({ "type": "ready" }));
    }

    fn identify(self, jwt: Option<String>) {
        let jwt = jwt.filter(|jwt| !jwt.is_empty());
        if jwt.is_some() && self.identity.now() != jwt {
            self.identity.set(jwt);
            self.visitor.update(|count| *count += 1);
        }
    }
}

/// Asks the host to close the window.
pub(crate) fn close() {
    post(json!({ "type": "close" }));
}

/// Tells the launcher's badge how many messages wait, and shows the newest of them beside it.
pub(crate) fn unread(count: u32, preview: Option<(String, String)>) {
    let preview = preview.map(|(name, text)| json!({ "name": name, "text": text }));
    post(json!({ "type": "unread", "count": count, "preview": preview }));
}

/// Tells scripts of the page what happened.
pub(crate) fn event(name: &str, detail: Value) {
    post(json!({ "type": "event", "name": name, "detail": detail }));
}

/// The window around this one, if there is one.
fn parent() -> Option<Window> {
    let own = window();
    let parent = own.parent().ok().flatten()?;
    let is_self: &JsValue = own.as_ref();
    (parent.as_ref() as &JsValue != is_self).then_some(parent)
}

/// The message, if it is the host's.
fn admitted(event: &MessageEvent) -> Option<Value> {
    let parent: JsValue = parent()?.into();
    if event.source().is_none_or(|source| JsValue::from(source) != parent) {
        return None;
    }
    let text: String = js_sys::JSON::stringify(&event.data()).ok()?.into();
    let message: Value = serde_json::from_str(&text).ok()?;
    if message.get("portico").and_then(Value::as_i64) != Some(1) {
        return None;
    }
    let is_init = message.get("type").and_then(Value::as_str) == Some("init");
    ORIGIN
        .with_borrow_mut(|known| match known {
            Some(known) => *known == event.origin(),
            None if is_init => {
                *known = Some(event.origin());
                true
            }
            None => false,
        })
        .then_some(message)
}

fn post(mut message: Value) {
    let Some(origin) = ORIGIN.with_borrow(Clone::clone) else {
        return;
    };
    let Some(parent) = parent() else { return };
    message["portico"] = Value::from(1);
    if let Ok(message) = js_sys::JSON::parse(&message.to_string()) {
        // A host that is going away is not told any more.
        let _ = parent.post_message(&message, &origin);
    }
}

/// `light`, `dark`, or as the device has it.
fn theme(wanted: &str) {
    let Some(root) = document().document_element() else {
        return;
    };
    // Setting an attribute of the root element cannot fail.
    let _ = match wanted {
        "light" | "dark" => root.set_attribute("data-theme", wanted),
        _ => root.remove_attribute("data-theme"),
    };
}
