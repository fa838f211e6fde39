//! One tab at a time uploads a file: the one that picked it, and when that one is closed, another that is open. A tab holds
//! a lock of the browser as long as it lives. Where browsers have no such locks, two tabs may upload the same file, which
//! costs time and makes one message all the same.

use crate::browser::window;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Holds a lock until it is dropped.
pub(super) struct Lock {
    /// Settles the promise for as long as which the browser holds it.
    release: Option<Function>,
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
    pub(super) async fn hold(name: &str) -> Self {
        let mut release = None;
        let held = Promise::new(&mut |resolve, _| release = Some(resolve));
        let granted = Promise::new(&mut |resolve, _| {
            let refused = resolve.clone();
            if request(name, held.clone(), resolve).is_err() {
                // Nothing to wait for.
                let _ = refused.call0(&JsValue::UNDEFINED);
            }
        });
        // It is never rejected.
        let _ = JsFuture::from(granted).await;
        Self { release }
    }
}

/// Asks for a lock that is held until `held` is settled; calls `granted` when it is, or when it never will be.
fn request(name: &str, held: Promise, granted: Function) -> Result<(), JsValue> {
    let locks = Reflect::get(&window().navigator(), &"locks".into())?;
    let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
    let refused = granted.clone();
    let callback = Closure::once_into_js(move || {
        let _ = granted.call0(&JsValue::UNDEFINED);
        held
    });
    let asked: Promise = request.call2(&locks, &name.into(), &callback)?.dyn_into()?;
    // A frame without storage is refused a lock.
    let on_refusal = Closure::once_into_js(move || {
        let _ = refused.call0(&JsValue::UNDEFINED);
    });
    let _ = Reflect::get(&asked, &"catch".into())?
        .dyn_into::<Function>()?
        .call1(&asked, &on_refusal)?;
    Ok(())
}
