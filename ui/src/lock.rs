//! Locks of the browser, by which the tabs of one person agree which of them does something. A tab holds them as long as it lives.
//! Where browsers have none, or refuse them to a frame without storage, each tab is told that it has what it asks for.

use crate::browser::window;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Object, Promise, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortController;

/// Holds a lock until it is dropped.
pub struct Lock {
    /// Settles the promise for as long as which the browser holds it.
    release: Option<Function>,
}

/// How a lock is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Claim<'a> {
    /// When no tab has it any more, unless this signal says that it is not wanted by then.
    InTurn(Option<&'a JsValue>),
    /// At once, from the tab that has it.
    Steal,
    /// At once, together with others.
    Shared,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            // Settling a promise cannot fail.
            let _ = release.call0(&JsValue::UNDEFINED);
        }
    }
}

impl Lock {
    /// The lock of this name, once no other tab has it.
    pub(crate) async fn hold(name: &str) -> Self {
        Self::claim(name, Claim::InTurn(None), || ()).await
    }

    /// The lock of this name, unless other tabs have it for so many milliseconds.
    pub async fn hold_within(name: &str, milliseconds: u32) -> Option<Self> {
        let end = AbortController::new().ok()?;
        let signal = end.signal();
        let is_over = Rc::new(Cell::new(false));
        let refused = Rc::clone(&is_over);
        // A lock that is held already is not touched by its signal, and the browser forgets the timer that is dropped.
        let _ends = Timeout::new(milliseconds, move || end.abort());
        let lock = Self::claim(name, Claim::InTurn(Some(signal.as_ref())), move || refused.set(true)).await;
        (!is_over.get()).then_some(lock)
    }

    /// The lock of this name. Calls `on_loss` when another tab takes it away, and when the browser gives none.
    pub(crate) async fn claim(name: &str, claim: Claim<'_>, on_loss: impl FnOnce() + 'static) -> Self {
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let mut on_loss = Some(on_loss);
        let granted = Promise::new(&mut |resolve, _| {
            let refused = resolve.clone();
            let on_loss = on_loss.take();
            if request(name, claim, held.clone(), resolve, on_loss).is_err() {
                // Nothing to wait for.
                let _ = refused.call0(&JsValue::UNDEFINED);
            }
        });
        // It is never rejected.
        let _ = JsFuture::from(granted).await;
        Self { release }
    }
}

/// The names of the locks that any tab holds.
pub(crate) async fn held() -> Vec<String> {
    names().await.unwrap_or_default()
}

async fn names() -> Result<Vec<String>, JsValue> {
    let locks = locks()?;
    let query: Function = Reflect::get(&locks, &"query".into())?.dyn_into()?;
    let asked: Promise = query.call0(&locks)?.dyn_into()?;
    let held: Array = Reflect::get(&JsFuture::from(asked).await?, &"held".into())?.dyn_into()?;
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    Ok(held.iter().filter_map(name).collect())
}

fn locks() -> Result<JsValue, JsValue> {
    Reflect::get(&window().navigator(), &"locks".into())
}

/// Asks for a lock that is held until `held` is settled; calls `granted` when it is, or when it never will be.
fn request(
    name: &str,
    claim: Claim<'_>,
    held: Promise,
    granted: Function,
    on_loss: Option<impl FnOnce() + 'static>,
) -> Result<(), JsValue> {
    let locks = locks()?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let options = options(claim)?;
    let ended = granted.clone();
    let callback = Closure::once_into_js(move || {
        let _ = granted.call0(&JsValue::UNDEFINED);
        held
    });
    let asked: Promise = request.call3(&locks, &name.into(), &options, &callback)?.dyn_into()?;
    // Rejected when it is stolen, and when a frame without storage is refused one.
    let on_end = Closure::once_into_js(move || {
        on_loss.into_iter().for_each(|on_loss| on_loss());
        let _ = ended.call0(&JsValue::UNDEFINED);
    });
    let _ = Reflect::get(&asked, &"catch".into())?
        .dyn_into::<Function>()?
        .call1(&asked, &on_end)?;
    Ok(())
}

fn options(claim: Claim<'_>) -> Result<Object, JsValue> {
    let options = Object::new();
    let (key, value) = match claim {
        Claim::InTurn(None) => return Ok(options),
        Claim::InTurn(Some(signal)) => ("signal", signal.clone()),
        Claim::Steal => ("steal", true.into()),
        Claim::Shared => ("mode", "shared".into()),
    };
    Reflect::set(&options, &key.into(), &value)?;
    Ok(options)
}
