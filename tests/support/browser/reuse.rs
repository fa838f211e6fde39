//! Chromium processes that go from one test to the next, since starting one takes longer than most tests. The next person
//! finds nothing of the one before: a window of its own, an empty store, no permissions.

use super::driver::{Failure, Wire};
use serde_json::json;
use std::sync::{Mutex, PoisonError};
use tempfile::TempDir;

/// Tests that one process serves: what a process gathers over its life never weighs on many of them.
const TESTS_OF_A_PROCESS: u32 = 16;

/// A process without a person in front of it.
pub(super) struct IdleBrowser {
    pub(super) wire: Wire,
    pub(super) profile: TempDir,
    /// Tests that it has served.
    pub(super) served: u32,
}

static IDLE: Mutex<Vec<IdleBrowser>> = Mutex::new(Vec::new());

impl IdleBrowser {
    /// One that waits, if any does.
    pub(super) fn take() -> Option<Self> {
        IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// Lets it wait for its next test. Its windows are those that [`clear`] left.
    pub(super) fn put(self) {
        IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(self);
    }

    /// Whether a process that has served so many tests may serve another.
    pub(super) const fn may_serve_after(served: u32) -> bool {
        served < TESTS_OF_A_PROCESS
    }
}

/// Forgets the person: leaves one new window, and nothing in the browser's stores.
///
/// What a test has set for a window (its size, the network, what it prefers, scripts that run first) goes with the window.
pub(super) async fn clear(wire: &Wire) -> Result<(), Failure> {
    let new = wire.post("/window/new", json!({ "type": "window" })).await?;
    let windows = wire.get("/window/handles").await?;
    for window in windows.as_array().into_iter().flatten() {
        if *window != new["handle"] {
            wire.post("/window", json!({ "handle": window })).await?;
            wire.delete("/window").await?;
        }
    }
    wire.post("/window", json!({ "handle": new["handle"] })).await?;
    wire.post("/window/rect", json!({ "width": 1280, "height": 900 }))
        .await?;
    let everything = json!({ "origin": "*", "storageTypes": "all" });
    for (command, parameters) in [
        ("Storage.clearDataForOrigin", everything),
        ("Network.clearBrowserCookies", json!({})),
        ("Network.clearBrowserCache", json!({})),
        ("Browser.resetPermissions", json!({})),
        ("Page.bringToFront", json!({})),
    ] {
        let command = json!({ "cmd": command, "params": parameters });
        wire.post("/goog/cdp/execute", command).await?;
    }
    for log in ["performance", "browser"] {
        wire.post("/se/log", json!({ "type": log })).await?;
    }
    Ok(())
}
