//! What the driver keeps once more, over the death of the browser: posts that are not sent within a moment. What does that
//! ([`copier`](super::copier)) is fetched with the first of them, or where a copy is there.

use super::Driver;
use crate::storage::ScopedStorage;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::Pin;
use std::rc::Weak;

use portico_client::SessionRole;

/// How long a connection waits for what the copy has, in milliseconds: that is older than what is written now, and goes first.
const RESTORED_WITHIN_MS: u32 = 2_000;

/// What begins the notes in the storage, one for each text that is gone there and may be in the copy still: a page that ends before
/// the copy is changed leaves it to the next one, which has to tell what was deleted from what the storage has lost.
const GONE: &str = "gone.";

/// The texts in a storage of unsent posts, without such notes.
pub fn records(storage: &ScopedStorage) -> Vec<(String, String)> {
    let all = storage.all().into_iter();
    all.filter(|(key, _)| !key.starts_with(GONE)).collect()
}

/// Whether the text under a key was deleted, and must not come back from a copy.
pub fn is_gone(storage: &ScopedStorage, key: &str) -> bool {
    storage.get(&gone(key)).is_some()
}

/// Notes that it was.
pub(super) fn note_gone(storage: &ScopedStorage, key: &str) {
    storage.put(&gone(key), "");
}

/// There is a text again, or nothing in the copy any more.
pub(super) fn forget_gone(storage: &ScopedStorage, key: &str) {
    storage.remove(&gone(key));
}

/// The keys of all such texts.
pub(super) fn all_gone(storage: &ScopedStorage) -> Vec<String> {
    let all = storage.all().into_iter();
    all.filter_map(|(key, _)| key.strip_prefix(GONE).map(str::to_owned))
        .collect()
}

fn gone(key: &str) -> String {
    [GONE, key].concat()
}

/// Keeps the copy what the storage is.
pub trait Copier {
    /// The storage has another text under a key, or none.
    fn changed(&self, key: &str);

    /// This page has removed the text under a key, whoever has written it.
    fn removed(&self, key: &str);
}

/// Makes a copier, with what the copy has taken over; `None` if it does not come.
pub type CopierSource<R> = fn(Copied<R>) -> Pin<Box<dyn Future<Output = Option<Box<dyn Copier>>>>>;

/// How a document comes by the copy.
pub struct DiskCopy<R: SessionRole> {
    /// The name of its database, which is one channel's.
    pub name: String,
    /// Whether there is one, without making it.
    pub exists: fn() -> bool,
    /// Where what works on it comes from.
    pub copier: CopierSource<R>,
}

/// What is copied.
pub struct Copied<R: SessionRole> {
    pub(super) driver: Weak<Driver<R>>,
    pub(super) name: String,
}

/// The copy, as far as the driver needs it before there is one.
pub(super) struct Copying<R: SessionRole> {
    copy: DiskCopy<R>,
    copier: RefCell<Option<Box<dyn Copier>>>,
    is_asked: Cell<bool>,
    /// What waits for what the copy has.
    waits: RefCell<Option<Box<dyn FnOnce()>>>,
}

impl<R: SessionRole> Copying<R> {
    pub(super) fn new(copy: DiskCopy<R>) -> Self {
        Self {
            copy,
            copier: RefCell::default(),
            is_asked: Cell::new(false),
            waits: RefCell::default(),
        }
    }
}

impl<R: SessionRole> Driver<R> {
    /// The storage has another text under a key, or none: so has the copy soon.
    pub(super) fn copy(&self, key: &str) {
        let Some(copying) = &self.copying else { return };
        match &*copying.copier.borrow() {
            Some(copier) => copier.changed(key),
            None => self.fetch_copier(copying),
        }
    }

    /// This page has removed the text under a key: no copy of it is sent, by whichever tab or page.
    pub(super) fn forget_copy(&self, key: &str) {
        let Some(copying) = &self.copying else { return };
        match &*copying.copier.borrow() {
            Some(copier) => copier.removed(key),
            None => {
                if (copying.copy.exists)() {
                    note_gone(&self.storage, key);
                }
                self.fetch_copier(copying);
            }
        }
    }

    /// Calls `then` when what the copy has and the storage has lost is sent like what the storage has.
    pub(super) fn restore(&self, then: Box<dyn FnOnce()>) {
        match &self.copying {
            Some(copying) if copying.copier.borrow().is_none() && (copying.copy.exists)() => {
                copying.waits.replace(Some(then));
                let me = self.me.clone();
                Timeout::new(RESTORED_WITHIN_MS, move || {
                    if let Some(driver) = me.upgrade() {
                        driver.end_restoring();
                    }
                })
                .forget();
                self.fetch_copier(copying);
            }
            Some(copying) if self.session.borrow().unsent() > 0 => {
                self.fetch_copier(copying);
                then();
            }
            _ => then(),
        }
    }

    pub(super) fn is_restoring(&self) -> bool {
        self.copying
            .as_ref()
            .is_some_and(|copying| copying.waits.borrow().is_some())
    }

    fn fetch_copier(&self, copying: &Copying<R>) {
        if copying.is_asked.replace(true) {
            return;
        }
        let me = self.me.clone();
        let copier = (copying.copy.copier)(Copied {
            driver: me.clone(),
            name: copying.copy.name.clone(),
        });
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the part that is fetched; a driver that is gone is not told"
        )]
        wasm_bindgen_futures::spawn_local(async move {
            let copier = copier.await;
            if let Some(driver) = me.upgrade()
                && let Some(copying) = &driver.copying
            {
                // One that has not come is asked for again at the next change.
                copying.is_asked.set(copier.is_some());
                copying.copier.replace(copier);
                driver.end_restoring();
            }
        });
    }

    fn end_restoring(&self) {
        let then = self.copying.as_ref().and_then(|copying| copying.waits.take());
        if let Some(then) = then {
            then();
        }
    }
}
