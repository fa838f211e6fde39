//! What works on the copy of posts that are not sent within a moment. It is apart from the driver, so that a program can fetch it
//! when there is something to copy.

use super::copying::{self, Copied, Copier};
use super::{Driver, Incoming};
use crate::browser::now;
use crate::storage::CopyTask;
use crate::storage::copy::database;
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use portico_client::{Connection, Effect, Record, Saved, SessionRole};

/// How long a post may take, unless it is known that the relay is not reached, before it is copied, in milliseconds.
const SENT_WITHIN_MS: u32 = 1_000;

/// What is still to be done with the copy.
struct Keeper<R: SessionRole> {
    driver: Weak<Driver<R>>,
    /// The name of the database.
    name: String,
    /// Keys that have a copy.
    copied: RefCell<Vec<String>>,
    /// Keys of texts that this page has found or written, and not copied: there is nothing to forget where they go.
    uncopied: RefCell<Vec<String>>,
    /// Keys whose copy may not be what the storage has.
    changed: RefCell<VecDeque<String>>,
    is_at_work: Cell<bool>,
}

/// Takes over what the copy has and the storage has lost, and copies what the storage alone has, and what changes from now on.
pub async fn begin<R: SessionRole>(of: Copied<R>) -> Option<Box<dyn Copier>> {
    let prefix = of.driver.upgrade()?.storage.prefix().to_owned();
    let taken = database::carry_out(of.name.clone(), CopyTask::Take { prefix }).await;
    let driver = of.driver.upgrade()?;
    let mut records = taken.unwrap_or_default();
    records.retain(|(key, _)| !copying::is_gone(&driver.storage, key));
    let gone = copying::all_gone(&driver.storage);
    let keys = records.iter().map(|(key, _)| key).chain(&gone).cloned();
    let keeper = Rc::new(Keeper {
        driver: of.driver,
        name: of.name,
        copied: RefCell::new(keys.collect()),
        uncopied: RefCell::default(),
        changed: RefCell::default(),
        is_at_work: Cell::new(false),
    });
    if !records.is_empty() {
        for key in restore(&driver, Saved { records }) {
            keeper.copy_now(key);
        }
    }
    for key in gone {
        keeper.copy_now(key);
    }
    for (key, _) in copying::records(&driver.storage) {
        if !keeper.has(&key) {
            keeper.copy(&key);
        }
    }
    keeper.rest();
    Some(Box::new(keeper))
}

impl<R: SessionRole> Copier for Rc<Keeper<R>> {
    fn changed(&self, key: &str) {
        self.copy(key);
    }

    fn removed(&self, key: &str) {
        let Some(driver) = self.driver.upgrade() else { return };
        let is_uncopied = self.uncopied.borrow().iter().any(|known| known == key);
        self.uncopied.borrow_mut().retain(|known| known != key);
        if self.has(key) || !is_uncopied {
            // Of what another tab has written, that one may have made a copy.
            copying::note_gone(&driver.storage, key);
            if !self.has(key) {
                self.copied.borrow_mut().push(key.to_owned());
            }
            self.copy_now(key.to_owned());
        }
    }
}

/// Has the session send what was lost. Answers the keys of what is of no use.
fn restore<R: SessionRole>(driver: &Driver<R>, saved: Saved) -> Vec<String> {
    let useless = Rc::new(RefCell::new(Vec::new()));
    let found = Rc::clone(&useless);
    driver.take(Incoming::Restored(Box::new(move |session| {
        let effects = session.restore(saved, now());
        for effect in &effects {
            if let Effect::Persist(Record::Remove { key }) = effect {
                found.borrow_mut().push(key.clone());
            }
        }
        effects
    })));
    useless.take()
}

impl<R: SessionRole> Keeper<R> {
    /// The storage has another text under a key, or none: so has the copy soon.
    fn copy(self: &Rc<Self>, key: &str) {
        let Some(driver) = self.driver.upgrade() else { return };
        let is_kept = driver.storage.get(key).is_some();
        if !is_kept && !self.has(key) {
            return;
        }
        if is_kept {
            copying::forget_gone(&driver.storage, key);
            if !self.has(key) && !self.uncopied.borrow().iter().any(|known| known == key) {
                self.uncopied.borrow_mut().push(key.to_owned());
            }
        }
        if is_kept && !is_cut_off(&driver) {
            let (me, key) = (Rc::clone(self), key.to_owned());
            Timeout::new(SENT_WITHIN_MS, move || me.copy_now(key)).forget();
        } else {
            self.copy_now(key.to_owned());
        }
    }

    fn copy_now(self: &Rc<Self>, key: String) {
        if !self.changed.borrow().contains(&key) {
            self.changed.borrow_mut().push_back(key);
        }
        if self.is_at_work.replace(true) {
            return;
        }
        let me = Rc::clone(self);
        #[expect(
            clippy::disallowed_methods,
            reason = "ends when the copy is what the storage is, or the driver is gone"
        )]
        wasm_bindgen_futures::spawn_local(async move {
            while let Some(task) = me.next() {
                let removed = match &task {
                    CopyTask::Remove { key } => Some(key.clone()),
                    CopyTask::Put { .. } | CopyTask::Take { .. } | CopyTask::Read { .. } => None,
                };
                // What is refused is still in the storage.
                let done = database::carry_out(me.name.clone(), task).await;
                if done.is_some() {
                    removed.into_iter().for_each(|key| me.has_forgotten(&key));
                }
            }
            me.is_at_work.set(false);
            me.rest();
        });
    }

    /// What the copy is to do next, as the storage says at that time, and once more when it is done.
    fn next(&self) -> Option<CopyTask> {
        let driver = self.driver.upgrade()?;
        loop {
            let key = self.changed.borrow_mut().pop_front()?;
            let full = [driver.storage.prefix(), &key].concat();
            let was_copied = self.has(&key);
            match driver.storage.get(&key) {
                Some(_) => {
                    if !was_copied {
                        self.copied.borrow_mut().push(key.clone());
                    }
                    self.uncopied.borrow_mut().retain(|known| *known != key);
                    let me = self.driver.clone();
                    let text = Box::new(move || me.upgrade()?.storage.get(&key));
                    return Some(CopyTask::Put { key: full, text });
                }
                None if was_copied => {
                    self.copied.borrow_mut().retain(|copied| *copied != key);
                    return Some(CopyTask::Remove { key: full });
                }
                None => {}
            }
        }
    }

    /// A text is not in the copy any more. There may be another one under its key by now.
    fn has_forgotten(&self, full: &str) {
        if let Some(driver) = self.driver.upgrade()
            && let Some(key) = driver.storage.own(full)
        {
            copying::forget_gone(&driver.storage, key);
        }
    }

    /// With nothing of this tab in the copy, nobody need know that the tab lives: browsers keep no page for the way back whose
    /// frame holds a lock.
    fn rest(&self) {
        if !self.is_at_work.get() && self.copied.borrow().is_empty() {
            database::let_go();
        }
    }

    fn has(&self, key: &str) -> bool {
        self.copied.borrow().iter().any(|copied| copied == key)
    }
}

fn is_cut_off<R: SessionRole>(driver: &Driver<R>) -> bool {
    matches!(
        driver.session.borrow().connection(),
        Connection::Waiting { .. } | Connection::Offline | Connection::Stopped { .. }
    )
}
