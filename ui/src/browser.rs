//! Small doors to the browser: ids, the clock, addresses, storage that never throws.

use js_sys::{Date, Math};
use std::cell::RefCell;
use std::collections::BTreeMap;

use portico_client::Moment;
use portico_shared::ids::ClientId;
use wasm_bindgen::JsValue;
use web_sys::{Storage, Url, Window};

/// The window, which every document has.
pub fn window() -> Window {
    web_sys::window().expect("these programs run in a document")
}

/// The browser's clock, in epoch milliseconds.
pub fn now_ms() -> i64 {
    Date::now() as i64
}

/// The clock and a new random number, for the session.
pub fn moment() -> Moment {
    Moment {
        ms: now_ms(),
        random: Math::random(),
    }
}

/// A new client id: a UUIDv7, whose order is that of minting.
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
    memory: RefCell<BTreeMap<String, String>>,
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
        if let Some(text) = self.memory.borrow().get(key) {
            return Some(text.clone());
        }
        self.storage.as_ref()?.get_item(&self.full(key)).ok().flatten()
    }

    /// Replaces what the key holds.
    pub fn put(&self, key: &str, text: &str) {
        let stored = self
            .storage
            .as_ref()
            .is_some_and(|storage| storage.set_item(&self.full(key), text).is_ok());
        let mut memory = self.memory.borrow_mut();
        if stored {
            memory.remove(key);
        } else {
            memory.insert(key.to_owned(), text.to_owned());
        }
    }

    /// Forgets the key.
    pub fn remove(&self, key: &str) {
        self.memory.borrow_mut().remove(key);
        if let Some(storage) = &self.storage {
            // Nothing is lost when a refused storage refuses this too.
            let _ = storage.remove_item(&self.full(key));
        }
    }

    /// Everything under the prefix, keys without it.
    pub fn all(&self) -> Vec<(String, String)> {
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        if let Some(storage) = &self.storage {
            let length = storage.length().unwrap_or(0);
            for full in (0..length).filter_map(|at| storage.key(at).ok().flatten()) {
                if let Some(key) = self.own(&full)
                    && let Ok(Some(text)) = storage.get_item(&full)
                {
                    found.insert(key.to_owned(), text);
                }
            }
        }
        found.extend(self.memory.borrow().clone());
        found.into_iter().collect()
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
