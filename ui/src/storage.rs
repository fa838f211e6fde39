//! Storage of the browser that never throws.

pub mod copy;

pub use copy::{CopyTask, CurrentText};

use crate::browser::window;
use std::cell::RefCell;

use wasm_bindgen::JsValue;
use web_sys::Storage;

/// The key under which a storage is tried out.
const PROBE: &str = "probe";

/// How long what is put into a storage is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// It outlives the page.
    Lasting,
    /// It is gone with the page: the browser refuses to store it.
    Page,
}

/// Key-value storage under a prefix. Browsers may refuse it (private windows, blocked cookies, a full disk): it then
/// lives as long as the page.
#[derive(Debug)]
pub struct ScopedStorage {
    prefix: String,
    storage: Option<Storage>,
    memory: RefCell<Vec<(String, String)>>,
}

impl ScopedStorage {
    /// What outlives the browser's window.
    pub fn local(prefix: impl Into<String>) -> Self {
        Self::new(prefix.into(), window().local_storage())
    }

    /// What ends with the tab.
    pub fn session(prefix: impl Into<String>) -> Self {
        Self::new(prefix.into(), window().session_storage())
    }

    /// What ends with the page.
    pub fn of_page(prefix: impl Into<String>) -> Self {
        Self::new(prefix.into(), Ok(None))
    }

    fn new(prefix: String, storage: Result<Option<Storage>, JsValue>) -> Self {
        Self {
            prefix,
            storage: storage.ok().flatten(),
            memory: RefCell::default(),
        }
    }

    /// How long what was put is there. A browser may refuse one text and not another, as when its disk is full.
    pub fn lifetime(&self) -> Lifetime {
        match self.storage.is_some() && self.memory.borrow().is_empty() {
            true => Lifetime::Lasting,
            false => Lifetime::Page,
        }
    }

    /// Finds out how long something would be there, by storing it.
    pub fn probe(&self) -> Lifetime {
        self.put(PROBE, "");
        let lifetime = self.lifetime();
        self.remove(PROBE);
        lifetime
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

    /// What the key holds, which it then does no more.
    pub fn take(&self, key: &str) -> Option<String> {
        let text = self.get(key)?;
        self.remove(key);
        Some(text)
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

    /// What all keys begin with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The key without the prefix, if the full key is one of this scope.
    pub fn own<'a>(&self, full: &'a str) -> Option<&'a str> {
        full.strip_prefix(self.prefix.as_str())
    }

    fn full(&self, key: &str) -> String {
        [self.prefix.as_str(), key].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::{Lifetime, ScopedStorage};
    use std::cell::RefCell;

    /// As in a browser that refuses to store anything.
    fn refused() -> ScopedStorage {
        ScopedStorage {
            prefix: "portico.shop.".into(),
            storage: None,
            memory: RefCell::default(),
        }
    }

    #[test]
    fn what_the_browser_refuses_to_store_is_kept_as_long_as_the_page() {
        let storage = refused();
        storage.put("draft", "Hello");
        storage.put("draft", "Hello again");
        storage.put("refresh", "token");
        assert_eq!(storage.get("draft").as_deref(), Some("Hello again"));
        assert_eq!(storage.all().len(), 2);
        storage.remove("draft");
        assert_eq!(storage.get("draft"), None);
        storage.clear();
        assert_eq!(storage.all(), []);
        assert_eq!(storage.lifetime(), Lifetime::Page);
    }

    #[test]
    fn a_key_of_another_scope_is_not_its_own() {
        assert_eq!(refused().own("portico.shop.draft"), Some("draft"));
        assert_eq!(refused().own("portico.other.draft"), None);
    }
}
