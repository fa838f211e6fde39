//! The page around the frame, by `postMessage`.
//!
//! Only the parent window is heard, and the origin of its first `init` is the host's for good: nothing from another
//! origin is heard after it, and everything is posted to exactly that origin. The relay lets only allowed origins be
//! parents (`frame-ancestors`). Opened by itself, the document has no host and is simply open.
//!
//! `init` says all that the host knows of the page and the visitor, and comes again when something of it has changed.

use crate::config;
use crate::net::{Kept, subject};
use js_sys::{JSON, Object, Reflect};
use portico_shared::json::{self, Map, Value};
use portico_ui::browser::{document, window};
use portico_ui::state::State;
use std::cell::{Cell, RefCell};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

thread_local! {
    /// The host's origin. Apart from the handle, because the panic hook speaks to the host too.
    static ORIGIN: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Whether this document is about to go: what the host wishes is left to the next one.
    static GOING: Cell<bool> = const { Cell::new(false) };
}

/// What the host asks the chat to do, once. The host says it again to the next document, unless it was told by [`taken`];
/// what was done all the same is known by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) kind: WishKind,
}

/// What is to be done with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WishKind {
    /// Put in the composer.
    Compose,
    /// Sent.
    Send,
}

/// What the host has said so far. A cheap handle.
#[derive(Clone, Copy)]
pub(crate) struct Host {
    /// Whether the host has said who the visitor is, or there is no host.
    pub(crate) heard: State<bool>,
    /// Whether the window is open.
    pub(crate) open: State<bool>,
    /// The page's accent, as `#rrggbb`, if it named one; goes before the channel's.
    pub(crate) accent: State<String>,
    /// The address and title of the page.
    pub(crate) page: State<(String, String)>,
    /// What the page says about the visitor. Claims, whatever they are.
    pub(crate) data: State<Map>,
    /// The signed identity of the visitor.
    pub(crate) identity: State<Option<String>>,
    /// The page's random name of the visit: it is another one after each logout.
    visit: State<String>,
    /// Wishes that nobody has taken yet.
    pub(crate) wishes: State<Vec<Wish>>,
}

impl Host {
    /// Starts to listen.
    pub(crate) fn listen() -> Self {
        let host = Self {
            heard: State::new(parent().is_none()),
            open: State::new(parent().is_none()),
            accent: State::new(String::new()),
            page: State::new((String::new(), String::new())),
            data: State::new(Map::new()),
            identity: State::new(None),
            visit: State::new(String::new()),
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

    fn obey(self, message: &JsValue) {
        let text = |key: &str| text_at(message, key);
        match text("type").as_str() {
            "init" => self.init(message),
            "compose" => self.hear_wish(message, WishKind::Compose),
            "send" => self.hear_wish(message, WishKind::Send),
            _ => {}
        }
    }

    fn hear_wish(self, message: &JsValue, kind: WishKind) {
        let (id, text) = (text_at(message, "id"), text_at(message, "text"));
        if !GOING.get() {
            self.wishes.update(|wishes| wishes.push(Wish { id, text, kind }));
        }
    }

    fn init(self, message: &JsValue) {
        let forget = at(message, "forget");
        self.receive(
            text_at(message, "identity"),
            text_at(message, "visit"),
            forget.is_truthy(),
        );
        theme(&text_at(message, "theme"));
        self.accent.put(text_at(message, "accent"));
        let page = at(message, "page");
        self.page.put((text_at(&page, "url"), text_at(&page, "title")));
        self.data.put(map_at(message, "data"));
        self.open.put(at(message, "open").is_truthy());
        self.heard.put(true);
        post("ready", &[("forgot", forget)]);
    }

    /// Somebody else begins anew. That is said before anything else changes, so that the chat of who was here before is
    /// gone and not told of it. The same person with a new proof goes on.
    fn receive(self, identity: String, visit: String, forget: bool) {
        let identity = Some(identity).filter(|jwt| !jwt.is_empty());
        let left = forget || self.visit.peek(|known| *known != visit);
        let whose = |identity: &Option<String>| identity.as_deref().map(subject);
        let other = identity.is_some() && self.identity.peek(|known| whose(known) != whose(&identity));
        if left || other {
            self.heard.put(false);
        }
        if left {
            self.visit.set(visit);
            self.wishes.set(Vec::new());
            self.identity.set(None);
        }
        if forget {
            Kept::forget(&config::channel());
        }
        if identity.is_some() {
            self.identity.put(identity);
        }
    }
}

/// Loads the document anew.
pub(crate) fn reload() {
    // A reload that the browser refuses leaves everything as it is.
    GOING.set(window().location().reload().is_ok());
}

/// Tells the host that a wish is granted.
pub(crate) fn taken(id: &str) {
    post("taken", &[("id", id.into())]);
}

/// Asks the host to close the window.
pub(crate) fn close() {
    post("close", &[]);
}

/// Tells the launcher's badge how many messages wait, and shows the newest of them beside it.
pub(crate) fn unread(count: u32, preview: Option<(String, String)>) {
    let preview = preview.map(|(name, text)| object(&[("name", name.into()), ("text", text.into())]));
    post(
        "unread",
        &[("count", count.into()), ("preview", preview.unwrap_or(JsValue::NULL))],
    );
}

/// Tells scripts of the page what happened.
pub(crate) fn event(name: &str, detail: &[(&str, &str)]) {
    let members: Vec<(&str, JsValue)> = detail
        .iter()
        .map(|(key, value)| (*key, JsValue::from_str(value)))
        .collect();
    let detail = object(&members);
    post("event", &[("name", name.into()), ("detail", detail)]);
}

/// The window around this one, if there is one.
fn parent() -> Option<Window> {
    let own = window();
    let parent = own.parent().ok().flatten()?;
    let is_self: &JsValue = own.as_ref();
    (parent.as_ref() as &JsValue != is_self).then_some(parent)
}

/// The message, if it is the host's.
fn admitted(event: &MessageEvent) -> Option<JsValue> {
    let parent: JsValue = parent()?.into();
    if event.source().is_none_or(|source| JsValue::from(source) != parent) {
        return None;
    }
    let message = event.data();
    if at(&message, "portico") != 1 {
        return None;
    }
    let known = ORIGIN.with_borrow_mut(|origin| match origin {
        Some(origin) => *origin == event.origin(),
        None if text_at(&message, "type") == "init" => {
            *origin = Some(event.origin());
            true
        }
        None => false,
    });
    known.then_some(message)
}

fn post(kind: &str, members: &[(&str, JsValue)]) {
    let Some(origin) = ORIGIN.with_borrow(Clone::clone) else {
        return;
    };
    let message = object(members);
    set(&message, "portico", &1.into());
    set(&message, "type", &kind.into());
    if let Some(parent) = parent() {
        // A host that is going away is not told any more.
        let _ = parent.post_message(&message, &origin);
    }
}

fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new().into();
    for (key, value) in members {
        set(&object, key, value);
    }
    object
}

fn set(object: &JsValue, key: &str, value: &JsValue) {
    // Setting a member of a plain object cannot fail.
    let _ = Reflect::set(object, &JsValue::from_str(key), value);
}

/// A member of an object; undefined where there is no object.
fn at(value: &JsValue, key: &str) -> JsValue {
    Reflect::get(value, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

fn text_at(value: &JsValue, key: &str) -> String {
    at(value, key).as_string().unwrap_or_default()
}

/// An object among the members; nothing where there is none.
fn map_at(value: &JsValue, key: &str) -> Map {
    let text = JSON::stringify(&at(value, key)).ok().and_then(|text| text.as_string());
    match text.and_then(|text| json::parse(&text).ok()) {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
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
