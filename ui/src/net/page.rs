//! What the browser says about the page and the network, as inputs of the session.

use super::{Driver, Incoming};
use crate::browser::{self, is_persisted, window};
use crate::storage::Lifetime;
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use portico_client::{Connection, Input, News, Record, SessionRole};
use web_sys::{Event, EventTarget, StorageEvent, VisibilityState};

/// Listens for as long as the document lives: there is one driver per document.
pub(super) fn listen<R: SessionRole>(driver: &Rc<Driver<R>>) {
    let window = window();
    let Some(document) = window.document() else { return };
    let driver = &Rc::downgrade(driver);
    on(driver, &window, "online", |_, _| Some(Input::Online.into()));
    on(driver, &window, "offline", |_, _| Some(Input::Offline.into()));
    on(driver, &window, "pagehide", put_away);
    on(driver, &window, "pageshow", brought_back);
    on(driver, &document, "resume", |driver, _| Some(woke(driver)));
    on(driver, &document, "visibilitychange", |driver, _| {
        let document = browser::document();
        (document.visibility_state() == VisibilityState::Visible).then(|| woke(driver))
    });
    on(driver, &window, "storage", |driver, event| {
        saved_elsewhere(driver, event.dyn_ref()?)
    });
}

/// A page that may be kept for the way back closes its socket: with an open one many browsers do not keep it, and the
/// others close it without a word, so that it would be missed only when the page is back.
fn put_away<R: SessionRole>(driver: &Driver<R>, event: Event) -> Option<Incoming<R>> {
    let is_at_work = !matches!(
        driver.session.borrow().connection(),
        Connection::Idle | Connection::Stopped { .. }
    );
    driver.is_put_away.set(is_at_work && is_persisted(&event));
    driver.is_put_away.get().then_some(Input::Stop.into())
}

fn brought_back<R: SessionRole>(driver: &Driver<R>, event: Event) -> Option<Incoming<R>> {
    let is_put_away = driver.is_put_away.take();
    if !is_put_away && !is_persisted(&event) {
        return None;
    }
    let woke = woke(driver);
    Some(if is_put_away { Input::Start.into() } else { woke })
}

/// What others did to the storage meanwhile, a page is not told that the browser had put away or sent to sleep.
fn woke<R: SessionRole>(driver: &Driver<R>) -> Incoming<R> {
    driver.look_at_storage();
    Input::Woke.into()
}

fn saved_elsewhere<R: SessionRole>(driver: &Driver<R>, event: &StorageEvent) -> Option<Incoming<R>> {
    let key = event.key()?;
    let key = driver.storage.own(&key)?.to_owned();
    Some(Incoming::News(News::SavedElsewhere(match event.new_value() {
        Some(json) => Record::Put { key, json },
        None => {
            driver.copy(&key);
            Record::Remove { key }
        }
    })))
}

/// Asks the person before the page goes, if something would be lost with it. Listened for only where something can be:
/// some browsers keep no page with such a listener for the way back.
pub(super) fn ask_before_leaving<R: SessionRole>(driver: &Weak<Driver<R>>) {
    let driver = driver.clone();
    browser::ask_before_leaving(move || {
        let loses =
            |driver: Rc<Driver<R>>| driver.storage.lifetime() == Lifetime::Page && driver.session.borrow().unsent() > 0;
        driver.upgrade().is_some_and(loses)
    });
}

fn on<R: SessionRole>(
    driver: &Weak<Driver<R>>,
    target: &EventTarget,
    name: &str,
    read: fn(&Driver<R>, Event) -> Option<Incoming<R>>,
) {
    let driver = driver.clone();
    let callback = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if let Some(driver) = driver.upgrade()
            && let Some(incoming) = read(&driver, event)
        {
            driver.take(incoming);
        }
    });
    // Only names that do not exist are refused, and those are harmless.
    let _ = target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
    callback.forget();
}
