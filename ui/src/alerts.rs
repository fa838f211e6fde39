//! What calls a person back who does not look at the chat: a number in the page's title, a sound, a notification of the desktop.
//!
//! A person may have the chat in several tabs, and is called by one of them: the tab in which the chat was touched last, or
//! the longest open one ([`lead`]). It stays silent while any tab shows the chat. The page around the frame does what the
//! browser refuses to a frame, and says what it may ([`PageAlerts`]).
//!
//! A document makes one [`Alerts`] for each person; what is behind [`view()`] is a part of the program that is fetched with the
//! first answer.

mod call;
mod follow;
mod lead;
mod push;
mod view;
mod words;

pub use call::{Newest, Unread};
pub use view::view;
pub use words::Words;

use crate::storage::ScopedStorage;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// What alerts need of their document.
pub struct Setup {
    /// Whether anything was said that may be answered or has been. Until then nothing of this is needed.
    pub is_needed: Signal<bool>,
    /// Whether the person can see the chat in this tab.
    pub is_watched: Signal<bool>,
    /// Whether the person can see this tab.
    pub is_visible: Signal<bool>,
    /// Whether an answer may come.
    pub is_live: Signal<bool>,
    /// What the page around the frame can do; absent until it has said so.
    pub page: Signal<Option<PageAlerts>>,
    /// Where the person's choices are kept; tabs with one of this name are one person's.
    pub storage: ScopedStorage,
    /// The document's words.
    pub words: fn() -> &'static dyn Words,
    /// Says something to the page around the frame.
    pub post: fn(&[(&str, JsValue)]),
    /// The address of the page around the frame.
    pub address: Box<dyn Fn() -> String>,
    /// The person's token, once there is one.
    pub token: Box<dyn Fn() -> Option<String>>,
    /// Whether the relay was reached with it.
    pub was_online: Signal<bool>,
    /// Has a sentence read out.
    pub announce: Box<dyn Fn(String)>,
}

/// What the page around the frame can do, as its site and the browser allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageAlerts {
    /// Whether it may sound.
    pub sounds: bool,
    /// Whether it may show notifications of the desktop.
    pub desktop: Permission,
    /// Whether a worker of the site can show them while no page is open: absent if not, empty if it was not asked to, and
    /// otherwise the browser's subscription, as JSON.
    pub pushes: Option<String>,
}

/// Whether a page may show notifications of the desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// The person has not been asked.
    Unasked,
    /// It may.
    Granted,
    /// The person, or the browser, does not want any.
    Denied,
    /// The site's owner does not want any, or the browser has none.
    Off,
}

impl Permission {
    /// As the page says it, in the browser's words.
    pub fn parse(word: &str) -> Self {
        match word {
            "default" => Self::Unasked,
            "granted" => Self::Granted,
            "denied" => Self::Denied,
            _ => Self::Off,
        }
    }
}

/// A person's alerts. A cheap handle.
#[derive(Clone, Copy)]
pub struct Alerts {
    setup: StoredValue<Rc<Setup>, LocalStorage>,
    /// Changes with each choice of the person.
    choices: RwSignal<u32>,
    /// Counts how often the browser was asked to allow notifications.
    asked: RwSignal<u32>,
}

/// What is drawn of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece {
    /// The question whether the person wants notifications, when it is time for it. Alerts are given for as long as this is there.
    Offer,
    /// The switches of a menu.
    Switches,
}

impl Alerts {
    /// Alerts that are not given yet.
    pub fn new(setup: Setup) -> Self {
        Self {
            setup: StoredValue::new_local(Rc::new(setup)),
            choices: RwSignal::new(0),
            asked: RwSignal::new(0),
        }
    }

    /// See [`Setup::is_needed`].
    pub fn is_needed(self) -> Signal<bool> {
        self.setup().is_needed
    }

    fn setup(self) -> Rc<Setup> {
        self.setup.get_value()
    }
}

#[cfg(test)]
mod tests {
    use super::Permission;

    #[test]
    fn what_a_page_says_of_its_permission_is_understood() {
        let parsed = ["default", "granted", "denied", "off", "later"].map(Permission::parse);
        let expected = [
            Permission::Unasked,
            Permission::Granted,
            Permission::Denied,
            Permission::Off,
            Permission::Off,
        ];
        assert_eq!(parsed, expected);
    }
}
