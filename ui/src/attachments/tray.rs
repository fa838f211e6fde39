//! The handle that a document has on the files that are to be sent. It is in the program from its beginning; what it says
//! about files is done in the part behind [`super::list`].

use super::engine::Engine;
use super::item::{Item, Picked};
use super::rules;
use super::words::Words;
use crate::browser::{self, listen, mint, window};
use crate::storage::ScopedStorage;
use leptos::prelude::*;
use portico_shared::customer::CustomerBody;
use portico_shared::http::FileRules;
use portico_shared::ids::{ClientId, ConversationId};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{File, FileList, StorageEvent};

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
    /// Keeps the place of a message in the order of sending, from the moment that the person has said to send its file: what is
    /// written later waits for it, though not for long.
    pub keep_place: Box<dyn Fn(ClientId)>,
    /// Gives up such a place: there will be no such message.
    pub give_up_place: Box<dyn Fn(ClientId)>,
    /// Fetches what is behind [`super::list`], because a file may be picked soon.
    pub expect: fn(),
    /// Whether what an earlier page left is another person's, and not sent by itself.
    pub has_former: Signal<bool>,
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

/// How long files may wait for the list that takes them before the page asks whether to leave.
const IS_TAKEN_WITHIN: Duration = Duration::from_millis(300);

/// How long the page that noted a file has before others look whether it is gone: by then it holds the file's lock.
const IS_GONE_AFTER: Duration = Duration::from_secs(10);

/// So many files can wait at once.
pub(super) const FILES_AT_MOST: usize = 10;

/// The files that are to be sent with what is written in one place. A cheap handle, which lives as long as its owner.
#[derive(Clone, Copy)]
pub struct Tray {
    pub(super) setup: StoredValue<Rc<Setup>, LocalStorage>,
    pub(super) items: RwSignal<Vec<Item>>,
    /// What the list has not taken yet.
    pub(super) picked: RwSignal<Vec<Picked>, LocalStorage>,
    /// Texts with which the files were sent, of which the list does not know yet.
    pub(super) sent: RwSignal<Vec<String>>,
    /// Counts how often what others have left is looked for.
    pub(super) looks: RwSignal<u32>,
    /// Files of which nothing is kept over a reload.
    pub(super) unkept: RwSignal<Vec<ClientId>>,
    asks_before_leaving: StoredValue<bool>,
    /// More files were picked than go at once.
    pub(super) has_too_many: RwSignal<bool>,
    pub(super) engine: StoredValue<Engine, LocalStorage>,
    is_open: RwSignal<bool>,
}

impl Tray {
    /// A tray with what an earlier page could not send.
    pub fn new(setup: Setup) -> Self {
        let has_kept = !setup.storage.all().is_empty();
        let tray = Self {
            setup: StoredValue::new_local(Rc::new(setup)),
            items: RwSignal::new(Vec::new()),
            picked: RwSignal::new_local(Vec::new()),
            sent: RwSignal::new(Vec::new()),
            looks: RwSignal::new(0),
            unkept: RwSignal::new(Vec::new()),
            asks_before_leaving: StoredValue::new(false),
            has_too_many: RwSignal::new(false),
            engine: StoredValue::new_local(Engine::default()),
            is_open: RwSignal::new(has_kept),
        };
        // What is noted in another tab is that one's as long as it lives; a page that is shown again has missed it.
        for name in ["storage", "pageshow"] {
            listen(&window(), name, move |event| {
                let key = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
                if key.is_none_or(|key| tray.setup().storage.own(&key).is_some()) {
                    set_timeout(move || tray.look_for_others(), IS_GONE_AFTER);
                }
            });
        }
        tray
    }

    /// Takes up what another page has left, once that one is gone.
    fn look_for_others(self) {
        let notes = self.setup.try_get_value().map(|setup| setup.storage.all());
        if notes.is_some_and(|notes| !notes.is_empty()) {
            self.is_open.set(true);
            self.looks.update(|looks| *looks += 1);
        }
    }

    /// Fetches what files need, because one may be picked soon.
    pub fn expect(self) {
        (self.setup().expect)();
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
        let waiting = |item: &&Item| item.waits_for_the_button();
        let listed = |items: &Vec<Item>| items.iter().filter(waiting).map(|item| item.id.clone()).collect();
        let mut ids: Vec<ClientId> = self.items.with_untracked(listed);
        ids.extend(
            self.picked
                .with_untracked(|picked| picked.iter().map(|one| one.id.clone()).collect::<Vec<_>>()),
        );
        ids.into_iter().for_each(&self.setup().keep_place);
        self.sent.update(|sent| sent.push(text.to_owned()));
    }

    /// Sends a recording of so many seconds, as soon as it is uploaded and by itself: no text goes with it. Answers false if
    /// there is no room for it among the files that wait.
    pub fn send_recording(self, recording: File, seconds: u32) -> bool {
        let waiting = self.items.with_untracked(Vec::len) + self.picked.with_untracked(Vec::len);
        if waiting >= FILES_AT_MOST {
            return false;
        }
        let id = mint();
        (self.setup().keep_place)(id.clone());
        self.take_in(vec![Picked {
            id,
            file: recording,
            seconds: Some(seconds),
        }]);
        true
    }

    /// Takes files that a person has picked, dropped or pasted.
    pub fn take(self, files: &FileList) {
        let picked = |file| Picked {
            id: mint(),
            file,
            seconds: None,
        };
        let files: Vec<Picked> = (0..files.length()).filter_map(|at| files.get(at).map(picked)).collect();
        if !files.is_empty() {
            self.take_in(files);
        }
    }

    fn take_in(self, files: Vec<Picked>) {
        (self.setup().begin)();
        self.picked.update(|picked| picked.extend(files));
        self.is_open.set(true);
        let asks = move || {
            let waits = self.picked.try_with_untracked(|picked| !picked.is_empty());
            if waits == Some(true) {
                self.ask_before_leaving();
            }
        };
        set_timeout(asks, IS_TAKEN_WITHIN);
    }

    /// Asks the person before the page goes, from now on, as long as a file would be gone with it: the list has not come that
    /// takes it, or the browser has not kept it.
    pub(super) fn ask_before_leaving(self) {
        if self
            .asks_before_leaving
            .try_update_value(|asks| std::mem::replace(asks, true))
            != Some(false)
        {
            return;
        }
        browser::ask_before_leaving(move || {
            let waits = self.picked.try_with_untracked(|picked| !picked.is_empty());
            let is_unkept = |item: &Item| self.unkept.with_untracked(|unkept| unkept.contains(&item.id));
            let has_unkept = self.items.try_with_untracked(|items| items.iter().any(is_unkept));
            waits == Some(true) || has_unkept == Some(true)
        });
    }

    pub(super) fn setup(self) -> Rc<Setup> {
        self.setup.get_value()
    }

    pub(super) fn words(self) -> &'static dyn Words {
        (self.setup().words)()
    }
}
