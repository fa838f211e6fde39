//! What the browser says about the page and the network, as inputs of the session.

use super::Driver;
use crate::browser::{is_persisted, window};
use crate::storage::Lifetime;
use js_sys::Reflect;
use std::rc::{Rc, Weak};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use portico_client::{Connection, Input, Record, SessionRole};
use web_sys::{Event, EventTarget, StorageEvent, VisibilityState};

/// Listens for as long as the document lives: there is one driver per document.
pub(super) fn listen<R: SessionRole>(driver: &Rc<Driver<R>>) {
    let window = window();
    let Some(document) = window.document() else { return };
    let driver = &Rc::downgrade(driver);
    on(driver, &window, "online", |_, _| Some(Input::Online));
    on(driver, &window, "offline", |_, _| Some(Input::Offline));
    on(driver, &window, "pagehide", put_away);
    on(driver, &window, "pageshow", brought_back);
    on(driver, &document, "resume", |_, _| Some(Input::Woke));
    on(driver, &document, "visibilitychange", |_, _| {
        let document = crate::browser::document();
        (document.visibility_state() == VisibilityState::Visible).then_some(Input::Woke)
    });
    on(driver, &window, "storage", |driver, event| {
        saved_elsewhere(driver, event.dyn_ref()?)
    });
}

/// A page that may be kept for the way back closes its socket: with an open one many browsers do not keep it, and the
/// others close it without a word, so that it would be missed only when the page is back.
fn put_away<R: SessionRole>(driver: &Driver<R>, event: Event) -> Option<Input<R>> {
    let is_at_work = !matches!(
        driver.session.borrow().connection(),
        Connection::Idle | Connection::Stopped { .. }
    );
    driver.is_put_away.set(is_at_work && is_persisted(&event));
    driver.is_put_away.get().then_some(Input::Stop)
}

fn brought_back<R: SessionRole>(driver: &Driver<R>, _: Event) -> Option<Input<R>> {
    Some(match driver.is_put_away.take() {
        true => Input::Start,
        false => Input::Woke,
    })
}

fn saved_elsewhere<R: SessionRole>(driver: &Driver<R>, event: &StorageEvent) -> Option<Input<R>> {
    let key = event.key()?;
    let key = driver.storage.own(&key)?.to_owned();
    Some(Input::SavedElsewhere(match event.new_value() {
        Some(json) => Record::Put { key, json },
        None => Record::Remove { key },
    }))
}

/// Asks the person before the page goes, if something would be lost with it. Listened for only where something can be:
/// some browsers keep no page with such a listener for the way back.
pub(super) fn ask_before_leaving<R: SessionRole>(driver: &Weak<Driver<R>>) {
    on(driver, &window(), "beforeunload", |driver, event| {
        let loses = driver.storage.lifetime() == Lifetime::Page && driver.session.borrow().unsent() > 0;
        if loses {
            event.prevent_default();
            // What older browsers look at. Setting a member of an event cannot fail.
            let _ = Reflect::set(&event, &"returnValue".into(), &true.into());
        }
        None
    });
}

fn on<R: SessionRole>(
    driver: &Weak<Driver<R>>,
    target: &EventTarget,
    name: &str,
    read: fn(&Driver<R>, Event) -> Option<Input<R>>,
) {
    let driver = driver.clone();
    let callback = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if let Some(driver) = driver.upgrade()
            && let Some(input) = read(&driver, event)
        {
            driver.feed(input);
        }
    });
    // Only names that do not exist are refused, and those are harmless.
    let _ = target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
    callback.forget();
}
