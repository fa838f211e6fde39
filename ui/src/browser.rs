//! Small doors to the browser: ids, the clock, addresses, storage that never throws.

use js_sys::{Date, JsString, Math, Reflect};
use std::cell::RefCell;

use portico_client::Now;
use portico_shared::ids::ClientId;
use wasm_bindgen::JsValue;
use web_sys::{Document, Event, Storage, Url, Window};

/// The window, which every document has.
pub fn window() -> Window {
    web_sys::window().expect("these programs run in a document")
}

/// The document.
pub fn document() -> Document {
    window().document().expect("these programs run in a document")
}

/// What the input that an event is about holds.
pub fn value_of(event: &Event) -> String {
    property_of(event, "value").as_string().unwrap_or_default()
}

/// Whether the box that an event is about is ticked.
pub fn checked_of(event: &Event) -> bool {
    property_of(event, "checked").is_truthy()
}

fn property_of(event: &Event, name: &str) -> JsValue {
    let target = event
        .target()
        .and_then(|target| Reflect::get(&target, &JsValue::from_str(name)).ok());
    target.unwrap_or(JsValue::UNDEFINED)
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
#[expect(
    clippy::disallowed_methods,
    reason = "where the browser has no better randomness, an id must still be another one"
)]
pub fn mint() -> ClientId {
    let mut bytes = [0u8; 16];
    let filled = window()
        .crypto()
        .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes[6..]));
    if filled.is_err() {
        bytes[6..].fill_with(|| (Math::random() * 256.0) as u8);
    }
    bytes[..6].copy_from_slice(&now_ms().to_be_bytes()[2..]);
    bytes[6] = 0x70 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        for nibble in [byte >> 4, byte & 0x0f] {
            text.push(char::from_digit(u32::from(nibble), 16).expect("a nibble is a hexadecimal digit"));
        }
    }
    ClientId::new(text)
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

/// Whether a media query holds now.
pub fn media_matches(query: &str) -> bool {
    window()
        .match_media(query)
        .ok()
        .flatten()
        .is_some_and(|list| list.matches())
}

/// Key-value storage under a prefix. Browsers may refuse it (private windows, blocked cookies, a full disk): it then
/// lives as long as the page.
#[derive(Debug)]
pub struct Shelf {
    prefix: String,
    storage: Option<Storage>,
    memory: RefCell<Vec<(String, String)>>,
}

impl Shelf {
    /// What outlives the browser's window.
    pub fn local(prefix: impl Into<String>) -> Self {
        Self::new(prefix.into(), window().local_storage())
    }

    /// What ends with the tab.
    pub fn session(prefix: impl Into<String>) -> Self {
        Self::new(prefix.into(), window().session_storage())
    }

    fn new(prefix: String, storage: Result<Option<Storage>, JsValue>) -> Self {
        Self {
            prefix,
            storage: storage.ok().flatten(),
            memory: RefCell::default(),
        }
    }

    /// What the key holds.
    pub fn get(&self, key: &str) -> Option<String> {
        if let Some((_, text)) = self.memory.borrow().iter().find(|(other, _)| other == key) {
            return Some(text.clone());
        }
        self.storage.as_ref()?.get_item(&self.full(key)).ok().flatten()
    }

    /// Replaces what the key holds.
    pub fn put(&self, key: &str, text: &str) {
        self.memory.borrow_mut().retain(|(other, _)| other != key);
        let stored = self
            .storage
            .as_ref()
            .map(|storage| storage.set_item(&self.full(key), text));
        if !matches!(stored, Some(Ok(()))) {
            self.memory.borrow_mut().push((key.to_owned(), text.to_owned()));
        }
    }

    /// Forgets the key.
    pub fn remove(&self, key: &str) {
        self.memory.borrow_mut().retain(|(other, _)| other != key);
        if let Some(storage) = &self.storage {
            // Nothing is lost when a refused storage refuses this too.
            let _ = storage.remove_item(&self.full(key));
        }
    }

    /// Everything under the prefix, keys without it.
    pub fn all(&self) -> Vec<(String, String)> {
        let mut found = self.memory.borrow().clone();
        let Some(storage) = &self.storage else { return found };
        for at in 0..storage.length().unwrap_or(0) {
            if let Ok(Some(full)) = storage.key(at)
                && let Some(key) = self.own(&full)
                && found.iter().all(|(other, _)| other != key)
                && let Ok(Some(text)) = storage.get_item(&full)
            {
                found.push((key.to_owned(), text));
            }
        }
        found
    }

    /// Forgets everything under the prefix.
    pub fn clear(&self) {
        for (key, _) in self.all() {
            self.remove(&key);
        }
    }

    /// The key without the prefix, if the full key is one of this shelf.
    pub fn own<'a>(&self, full: &'a str) -> Option<&'a str> {
        full.strip_prefix(self.prefix.as_str())
    }

    fn full(&self, key: &str) -> String {
        [self.prefix.as_str(), key].concat()
    }
}
