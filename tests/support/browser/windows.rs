//! Several windows of one browser, and one that is started anew.

use super::Browser;
use super::driver::{Driver, Wire};
use super::program::Program;
use serde_json::{Value, json};

/// One of several windows.
pub struct Window(Value);

impl Browser {
    /// Opens another window of the same browser, and answers how to come back to either.
    pub async fn second_window(&self) -> [Window; 2] {
        let first = self.must("names its window", self.wire.get("/window").await);
        let second = self.must(
            "opens a window",
            self.wire.post("/window/new", json!({ "type": "window" })).await,
        );
        let windows = [Window(first), Window(second["handle"].clone())];
        self.turn_to(&windows[1]).await;
        if self.bidi.is_none() {
            self.watch().await;
        }
        windows
    }

    /// Turns to a window.
    pub async fn turn_to(&self, window: &Window) {
        self.out_of_chat();
        self.must(
            "turns to a window",
            self.wire.post("/window", json!({ "handle": window.0 })).await,
        );
        match &self.bidi {
            Some(bidi) => drop(
                bidi.command("browsingContext.activate", json!({ "context": window.0 }))
                    .await,
            ),
            None => drop(self.devtools("Page.bringToFront", json!({})).await),
        }
    }

    /// Closes the window at hand, and turns to another one.
    pub async fn closes_window(&self, next: &Window) {
        self.must("closes a window", self.wire.delete("/window").await);
        self.turn_to(next).await;
    }

    /// Its process is killed, as a phone does with one in the background, and it is started anew with what is on its disk.
    /// For Chromium.
    pub async fn dies_and_is_started(&mut self) {
        assert!(self.kill(), "it can be killed");
        self.out_of_chat();
        self.served = None;
        let profile = self.profile.as_ref().expect("a profile until the end");
        let logs = json!({ "performance": "ALL", "browser": "ALL" });
        let capabilities = Program::Chromium.capabilities(profile.path(), logs, &[]);
        self.wire = Wire::open(Driver::of(Program::Chromium), capabilities).await;
        self.watch().await;
    }
}
