//! The bytes of files that are not sent yet, kept by the browser over a reload. Where it keeps none (a private window, a
//! full disk, a page without TLS) they are gone with the page.
//!
//! They lie in the browser's store for responses, which takes bodies of any length as they are and answers with promises;
//! IndexedDB would do the same with more code.

use crate::browser::window;
use portico_shared::ids::ClientId;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, Response};

/// Keeps the bytes of a file.
pub(super) async fn keep(cache: &str, id: &ClientId, bytes: &Blob) -> Result<(), JsValue> {
    let response = Response::new_with_opt_blob(Some(bytes))?;
    let kept = open(cache).await?.put_with_str(&name(id), &response);
    JsFuture::from(kept).await.map(drop)
}

/// The bytes of a file, if they were kept.
pub(super) async fn find(cache: &str, id: &ClientId) -> Option<Blob> {
    let cache = open(cache).await.ok()?;
    let found = JsFuture::from(cache.match_with_str(&name(id))).await.ok()?;
    let response: Response = found.dyn_into().ok()?;
    JsFuture::from(response.blob().ok()?).await.ok()?.dyn_into().ok()
}

/// Forgets the bytes of a file.
pub(super) async fn forget(cache: &str, id: &ClientId) {
    if let Ok(cache) = open(cache).await {
        // What is not there need not go.
        let _ = JsFuture::from(cache.delete_with_str(&name(id))).await;
    }
}

/// Whether the browser can read a file: a folder that was dropped is none, and a file may have gone since it was picked.
pub(super) async fn can_be_read(bytes: &Blob) -> bool {
    match bytes.slice_with_i32_and_i32(0, 1) {
        Ok(first) => JsFuture::from(first.array_buffer()).await.is_ok(),
        Err(_) => false,
    }
}

async fn open(cache: &str) -> Result<Cache, JsValue> {
    let caches = window().caches()?;
    // Pages without TLS have none.
    if caches.is_undefined() {
        return Err(JsValue::UNDEFINED);
    }
    JsFuture::from(caches.open(cache)).await?.dyn_into()
}

/// Only an address can be a name there. Nothing asks the relay for it.
fn name(id: &ClientId) -> String {
    ["/unsent/", id.as_str()].concat()
}
