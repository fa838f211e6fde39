//! A real Chromium or Firefox, driven through WebDriver. Each [`Browser`] is a process with a profile of its own, so two of them
//! are two people; a process of Chromium serves another test once its person is forgotten. What is on a page is found as
//! people find it: by role and name.
//!
//! Every wait is for a condition, up to [`crate::LIMIT`]. When a test fails, what its browsers show is kept as
//! pictures and text in `target/browser-failures/`.

mod bidi;
mod driver;
mod files;
mod key;
mod keyboard;
mod memory;
mod program;
mod reuse;
mod screen;
mod start;
mod traces;
mod tree;
mod windows;

use crate::LIMIT;
use bidi::Bidi;
use driver::{Failure, Wire, element_id};
pub use files::Made;
pub use key::Key;
pub use program::Program;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use traces::{address, console, messages};
pub use windows::Window;

/// Before each script: how elements are found.
const PAGE: &str = include_str!("browser/page.js");

/// Before each document: what is watched.
const WATCH: &str = include_str!("browser/watch.js");

/// Between two looks at a page.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// What a page was noted for since its document began.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// Errors that nobody caught.
    pub errors: Vec<String>,
    /// Violations of the content security policy.
    pub violations: Vec<String>,
    /// Calls of a hostile text.
    pub canary: Vec<String>,
    /// What screen readers were told.
    pub said: Vec<String>,
}

/// A browser with one person in front of it.
pub struct Browser {
    name: String,
    wire: Wire,
    /// What Firefox has in the place of the DevTools protocol.
    bidi: Option<Bidi>,
    /// Whether scripts and keys go to the chat's frame instead of the page.
    in_chat: AtomicBool,
    logs: Mutex<Logs>,
    /// Taken when the browser is put aside for the next test.
    profile: Option<TempDir>,
    /// Tests that its process has served before; nothing where it is started in a way of its own.
    served: Option<u32>,
}

#[derive(Default)]
struct Logs {
    requests: Vec<String>,
    console: Vec<String>,
}

impl Browser {
    /// Starts the one that the test is about; `name` says in pictures of failures whose it is.
    pub async fn open(name: &str) -> Self {
        Self::open_noted(Program::present(), name, &[]).await
    }

    /// Starts Chromium with more switches.
    pub async fn open_with(name: &str, switches: &[&str]) -> Self {
        Self::open_noted(Program::Chromium, name, switches).await
    }

    /// Starts one whose pages have nothing to do but their own work, so that it can be timed: what [`Browser::seen`] and
    /// [`Browser::requests`] tell is not noted.
    pub async fn open_unwatched(name: &str) -> Self {
        Self::start(Program::Chromium, name, json!({ "browser": "ALL" }), &[]).await
    }

    /// Goes to an address, out of any frame.
    pub async fn goto(&self, url: &str) {
        self.out_of_chat();
        self.must(
            "goes to an address",
            self.wire.post("/url", json!({ "url": url })).await,
        );
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.out_of_chat();
        self.must("reloads", self.wire.post("/refresh", json!({})).await);
    }

    /// From here on everything is done in the chat's frame.
    pub fn into_chat(&self) {
        self.in_chat.store(true, Ordering::Relaxed);
    }

    /// From here on everything is done in the page itself.
    pub fn out_of_chat(&self) {
        self.in_chat.store(false, Ordering::Relaxed);
    }

    /// Runs a script with `args` and answers what it returns. [`PAGE`]'s functions are there.
    ///
    /// # Panics
    /// When it throws.
    pub async fn run(&self, script: &str, args: Value) -> Value {
        let answer = self.try_run(script, &args).await;
        self.must("runs a script", answer)
    }

    /// Runs a script again and again until it returns something true, and answers that.
    ///
    /// # Panics
    /// When it does not within the limit.
    pub async fn until(&self, what: &str, script: &str, args: Value) -> Value {
        self.keep_trying(what, async || match self.try_run(script, &args).await {
            Ok(Value::Null | Value::Bool(false)) => Err("not yet".to_owned()),
            Ok(value) => Ok(value),
            Err(failure) => Err(failure.to_string()),
        })
        .await
    }

    /// Runs a script that calls `done` later, and answers what it was called with.
    pub async fn run_async(&self, script: &str, args: Value) -> Value {
        self.enter().await.expect("the chat has a frame");
        let script = format!("{PAGE}\nconst done = arguments[arguments.length - 1];\n{script}");
        let answer = self
            .wire
            .post("/execute/async", json!({ "script": script, "args": args }))
            .await;
        self.must("runs a script", answer)
    }

    /// Waits for a visible element of this role whose name is `name`, or begins so.
    pub async fn sees(&self, role: &str, name: &str) {
        let what = format!("{role} {name:?} is there");
        self.until(&what, "return !!named(...arguments)", json!([role, name]))
            .await;
    }

    /// Waits until there is none.
    pub async fn no_longer_sees(&self, role: &str, name: &str) {
        let what = format!("{role} {name:?} is gone");
        self.until(&what, "return !named(...arguments)", json!([role, name]))
            .await;
    }

    /// Whether there is one now.
    pub async fn has(&self, role: &str, name: &str) -> bool {
        self.run("return !!named(...arguments)", json!([role, name])).await == json!(true)
    }

    /// Clicks it with the mouse, once it is there and can be clicked.
    pub async fn press(&self, role: &str, name: &str) {
        self.on_element("is pressed", role, name, async |element| {
            self.wire.post(&format!("/element/{element}/click"), json!({})).await
        })
        .await;
    }

    /// Moves the mouse over it.
    pub async fn hover(&self, role: &str, name: &str) {
        self.on_element("is pointed at", role, name, async |element| {
            let origin = json!({ "element-6066-11e4-a52e-4f735466cecf": element });
            let moves = json!([{ "type": "pointerMove", "duration": 0, "origin": origin, "x": 0, "y": 0 }]);
            let mouse =
                json!({ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": moves });
            self.wire.post("/actions", json!({ "actions": [mouse] })).await
        })
        .await;
    }

    /// Types into it. A new line is Enter.
    pub async fn types(&self, role: &str, name: &str, text: &str) {
        let keys = text.replace('\n', Key::Enter.code());
        self.on_element("is typed into", role, name, async |element| {
            self.wire
                .post(&format!("/element/{element}/value"), json!({ "text": keys }))
                .await
        })
        .await;
    }

    /// Presses and releases a key wherever the focus is.
    pub async fn key(&self, key: Key) {
        self.keys(key.code()).await;
    }

    /// Types wherever the focus is.
    pub async fn keys(&self, text: &str) {
        self.enter().await.expect("the chat has a frame");
        let press = |key: char| {
            [
                json!({ "type": "keyDown", "value": key }),
                json!({ "type": "keyUp", "value": key }),
            ]
        };
        let actions: Vec<Value> = text.chars().flat_map(press).collect();
        let board = json!({ "type": "key", "id": "keyboard", "actions": actions });
        let typed = self.wire.post("/actions", json!({ "actions": [board] })).await;
        // Firefox cannot release a key in a frame that its press has hidden.
        if !matches!(&typed, Err(failure) if failure.message.contains("synthesizeKeyUp")) {
            self.must("types", typed);
        }
    }

    /// What the present document was noted for.
    pub async fn seen(&self) -> Seen {
        let seen = self.run("return window.__seen", json!([])).await;
        let list = |key: &str| -> Vec<String> { serde_json::from_value(seen[key].clone()).expect("a list of texts") };
        Seen {
            errors: list("errors"),
            violations: list("violations"),
            canary: list("canary"),
            said: list("said"),
        }
    }

    /// Runs a script before every document from here on, of pages and of frames: in Firefox in all windows, in Chromium in
    /// the present one.
    pub async fn runs_first(&self, script: &str) {
        match &self.bidi {
            Some(bidi) => {
                let script = json!({ "functionDeclaration": format!("() => {{ {script} }}") });
                bidi.command("script.addPreloadScript", script).await;
            }
            None => {
                let script = json!({ "source": script });
                self.devtools("Page.addScriptToEvaluateOnNewDocument", script).await;
            }
        }
    }

    /// A command of the DevTools protocol, which only Chromium speaks.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.must(command, self.wire.post("/goog/cdp/execute", body).await)
    }

    /// Takes the network away, or gives it back.
    pub async fn network(&self, network: Network) {
        let parameters = json!({ "offline": network == Network::Away, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.devtools("Network.emulateNetworkConditions", parameters).await;
    }

    /// Lets no request through to addresses like these, where `*` stands for anything.
    pub async fn blocks(&self, addresses: &[&str]) {
        self.devtools("Network.enable", json!({})).await;
        self.devtools("Network.setBlockedURLs", json!({ "urls": addresses }))
            .await;
    }

    /// Whether pages are told that people prefer dark colours.
    pub async fn prefers(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": features }))
            .await;
    }

    /// The addresses of all requests so far, of pages and frames, which Chromium tells.
    pub async fn requests(&self) -> Vec<String> {
        self.read_logs().await.requests.clone()
    }

    /// The console so far, of pages and frames.
    pub async fn console(&self) -> Vec<String> {
        match &self.bidi {
            Some(bidi) => bidi.console(),
            None => self.read_logs().await.console.clone(),
        }
    }

    /// Bytes that its pages take.
    pub fn memory(&self) -> u64 {
        self.wire.pid.map_or(0, memory::of_pages)
    }

    /// Whether a dialog is open, which stops everything else.
    pub async fn has_dialog(&self) -> bool {
        self.wire.get("/alert/text").await.is_ok()
    }

    async fn read_logs(&self) -> std::sync::MutexGuard<'_, Logs> {
        let events = self.must(
            "reads a log",
            self.wire.post("/se/log", json!({ "type": "performance" })).await,
        );
        let lines = console(&self.wire).await;
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        logs.requests
            .extend(messages(&events).filter_map(|event| address(&event)));
        logs.console.extend(lines);
        logs
    }

    async fn watch(&self) {
        self.runs_first(WATCH).await;
    }

    /// Turns to the page or to the chat's frame: the frame may have been loaded anew since the last time.
    async fn enter(&self) -> Result<(), Failure> {
        self.wire.post("/frame", json!({ "id": null })).await?;
        if self.in_chat.load(Ordering::Relaxed) {
            let script = format!("{PAGE}\nreturn chatFrame()");
            let frame = self
                .wire
                .post("/execute/sync", json!({ "script": script, "args": [] }))
                .await?;
            self.wire.post("/frame", json!({ "id": frame })).await?;
        }
        Ok(())
    }

    async fn try_run(&self, script: &str, args: &Value) -> Result<Value, Failure> {
        self.enter().await?;
        let script = format!("{PAGE}\n{script}");
        self.wire
            .post("/execute/sync", json!({ "script": script, "args": args }))
            .await
    }

    /// Finds an element and does something with it; begins again while it is missing, covered or being replaced.
    async fn on_element(
        &self,
        what: &str,
        role: &str,
        name: &str,
        act: impl AsyncFn(String) -> Result<Value, Failure>,
    ) {
        let what = format!("{role} {name:?} {what}");
        self.keep_trying(&what, async || {
            let script = "const el = named(...arguments); return el && !el.disabled ? el : null";
            let found = self.try_run(script, &json!([role, name])).await;
            let found = found.map_err(|failure| failure.to_string())?;
            let Some(element) = element_id(&found) else {
                return Err("there is none".to_owned());
            };
            act(element.to_owned())
                .await
                .map(drop)
                .map_err(|failure| failure.to_string())
        })
        .await;
    }

    async fn keep_trying<T>(&self, what: &str, mut attempt: impl AsyncFnMut() -> Result<T, String>) -> T {
        let mut why = String::new();
        let tried = tokio::time::timeout(LIMIT, async {
            loop {
                match attempt().await {
                    Ok(value) => return value,
                    Err(reason) => why = reason,
                }
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        });
        match tried.await {
            Ok(value) => value,
            Err(_) => panic!("{}: {what}: not within {LIMIT:?}: {why}", self.name),
        }
    }

    fn must<T>(&self, what: &str, answer: Result<T, Failure>) -> T {
        answer.unwrap_or_else(|failure| panic!("{}: {what}: {failure}\n{}", self.name, failure.message))
    }
}

/// The network as a browser has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// None.
    Away,
    /// As usual.
    There,
}
