//! The handle that a document has on the files that are to be sent. It is in the program from its beginning; what it says
//! about files is done in the part behind [`super::list`].

use super::engine::Engine;
use super::item::Item;
use super::rules;
use super::words::Words;
use crate::storage::ScopedStorage;
use leptos::prelude::*;
use portico_shared::customer::CustomerBody;
use portico_shared::http::FileRules;
use portico_shared::ids::{ClientId, ConversationId};
use std::rc::Rc;
use web_sys::{File, FileList};

/// What a document says about its files once.
pub struct Setup {
    /// What may be sent.
    pub rules: Signal<FileRules>,
    /// Where they will be posted, for a contact-centre user; a customer's token says it.
    pub conversation: Option<ConversationId>,
    /// Whether the relay is reached.
    pub is_online: Signal<bool>,
    /// The token of the session, once there is one.
    pub token: Box<dyn Fn() -> Option<String>>,
    /// The token has ended: asks for another one.
    pub renew: Box<dyn Fn()>,
    /// Files were picked: whatever has to begin for them to be sent.
    pub begin: Box<dyn Fn()>,
    /// Posts a message under its client id. Answers whether it is on its way: there may be too many already.
    pub post: Box<dyn Fn(ClientId, CustomerBody) -> bool>,
    /// Takes back a text that was to go with a file.
    pub give_back: Box<dyn Fn(String)>,
    /// Where files that are not sent yet are noted.
    pub storage: ScopedStorage,
    /// Under which name the browser keeps their bytes.
    pub cache: Option<String>,
    /// What is said, in the document's language.
    pub words: fn() -> &'static dyn Words,
    /// The language's whole name, for numbers.
    pub locale: fn() -> &'static str,
    /// The class of small round buttons.
    pub tool: &'static str,
    /// Has a sentence read out.
    pub announce: Box<dyn Fn(String)>,
    /// The keyboard goes back to where one writes.
    pub to_composer: Box<dyn Fn()>,
}

/// The files that are to be sent with what is written in one place. A cheap handle, which lives as long as its owner.
#[derive(Clone, Copy)]
pub struct Tray {
    pub(super) setup: StoredValue<Rc<Setup>, LocalStorage>,
    pub(super) items: RwSignal<Vec<Item>>,
    /// What the list has not taken yet.
    pub(super) picked: RwSignal<Vec<File>, LocalStorage>,
    /// Texts with which the files were sent, of which the list does not know yet.
    pub(super) sent: RwSignal<Vec<String>>,
    /// More files were picked than go at once.
    pub(super) has_too_many: RwSignal<bool>,
    pub(super) engine: StoredValue<Engine, LocalStorage>,
    is_open: RwSignal<bool>,
}

impl Tray {
    /// A tray with what an earlier page could not send.
    pub fn new(setup: Setup) -> Self {
        let has_kept = !setup.storage.all().is_empty();
        Self {
            setup: StoredValue::new_local(Rc::new(setup)),
            items: RwSignal::new(Vec::new()),
            picked: RwSignal::new_local(Vec::new()),
            sent: RwSignal::new(Vec::new()),
            has_too_many: RwSignal::new(false),
            engine: StoredValue::new_local(Engine::default()),
            is_open: RwSignal::new(has_kept),
        }
    }

    /// Whether files can be sent here. Tracks.
    pub fn takes_files(self) -> bool {
        self.setup().rules.with(rules::takes_files)
    }

    /// Whether there is, or was, a file: the list is drawn from then on. Tracks.
    pub fn is_open(self) -> bool {
        self.is_open.get()
    }

    /// Whether a press on the send button sends a file. Tracks.
    pub fn waits_for_the_button(self) -> bool {
        self.items.with(|items| items.iter().any(Item::waits_for_the_button))
    }

    /// Sends the files, with a text or an empty one.
    pub fn send(self, text: &str) {
        self.sent.update(|sent| sent.push(text.to_owned()));
    }

    /// Takes files that a person has picked, dropped or pasted.
    pub(super) fn take(self, files: &FileList) {
        let files: Vec<File> = (0..files.length()).filter_map(|at| files.get(at)).collect();
        if files.is_empty() {
            return;
        }
        (self.setup().begin)();
        self.picked.update(|picked| picked.extend(files));
        self.is_open.set(true);
    }

    pub(super) fn setup(self) -> Rc<Setup> {
        self.setup.get_value()
    }

    pub(super) fn words(self) -> &'static dyn Words {
        (self.setup().words)()
    }
}
