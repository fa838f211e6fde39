//! `chromedriver` and `geckodriver` as processes, and their protocol: JSON over HTTP. Spoken directly, because most of what
//! these tests need of it (the DevTools protocol, logs, tabs, elements in shadow roots) lies outside the usual client
//! libraries.

use super::program::Program;
use crate::port::Port;
use crate::{eventually, provided};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, OnceLock};
use tempfile::TempDir;

/// The key of an element's id in WebDriver's JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A driver. `chromedriver` serves all browsers of a test process, `geckodriver` one.
pub(super) struct Driver {
    url: String,
    /// Holds the profiles of its browsers.
    profiles: PathBuf,
    _ports: Vec<Port>,
    /// Its guard ends the driver when this process is gone and its input with it, however that happens.
    guard: Child,
}

/// Runs the driver until the input ends, then ends it and what it has started, and removes the browsers' profiles.
const GUARD: &str = r#"
    profiles=$1; shift
    setsid "$0" "$@" >/dev/null 2>&1 & driver=$!
    read -r _
    kill -- "-$driver"
    wait "$driver"
    rm -rf -- "$profiles"
"#;

impl Driver {
    fn start(program: Program) -> Arc<Self> {
        let ports: Vec<Port> = program.ports().iter().map(|_| Port::reserve()).collect();
        let listens = program.ports().iter().zip(&ports);
        let profiles = tempfile::tempdir().expect("a folder for profiles").keep();
        let guard = Command::new("sh")
            .args(["-c", GUARD])
            .arg(provided(program.driver()))
            .arg(&profiles)
            .args(listens.map(|(name, port)| format!("{name}={}", port.address().port())))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a driver starts");
        Arc::new(Self {
            url: format!("http://{}", ports[0].address()),
            profiles,
            _ports: ports,
            guard,
        })
    }

    /// The one for a browser of this kind.
    pub(super) fn of(program: Program) -> Arc<Self> {
        static CHROMIUM: OnceLock<Arc<Driver>> = OnceLock::new();
        match program {
            Program::Chromium => Arc::clone(CHROMIUM.get_or_init(|| Self::start(program))),
            Program::Firefox => Self::start(program),
        }
    }

    /// A new profile.
    pub(super) fn profile(&self) -> TempDir {
        tempfile::tempdir_in(&self.profiles).expect("a profile folder")
    }
}

impl Drop for Driver {
    /// Its guard hears that the input has ended, and is waited for.
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        let _ = self.guard.wait();
    }
}

/// A failed command: WebDriver's error code and message.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub(super) code: String,
    pub(super) message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let first = self.message.lines().next().unwrap_or_default();
        write!(to, "{}: {first}", self.code)
    }
}

/// One browser's end of the wire. A cheap handle.
#[derive(Clone)]
pub(super) struct Wire {
    http: reqwest::Client,
    url: String,
    /// The browser's own process.
    pub(super) pid: Option<u64>,
    /// Where it speaks WebDriver BiDi, if it was asked to.
    pub(super) socket: Option<String>,
    _driver: Arc<Driver>,
}

impl Wire {
    /// Starts a browser.
    pub(super) async fn open(driver: Arc<Driver>, capabilities: Value) -> Self {
        let http = reqwest::Client::new();
        let base = &driver.url;
        eventually("the driver answers", || {
            let asked = http.get(format!("{base}/status")).send();
            async move { asked.await.ok().filter(|answer| answer.status().is_success()) }
        })
        .await;
        let wanted = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let session = exchange(http.post(format!("{base}/session")).json(&wanted)).await;
        let session = session.unwrap_or_else(|failure| panic!("no browser starts: {failure}"));
        let id = session["sessionId"].as_str().expect("a session has an id");
        let told = &session["capabilities"];
        Self {
            url: format!("{base}/session/{id}"),
            pid: told["goog:processID"].as_u64().or(told["moz:processID"].as_u64()),
            socket: told["webSocketUrl"].as_str().map(str::to_owned),
            http,
            _driver: driver,
        }
    }

    /// Sends a command.
    pub(super) async fn post(&self, path: &str, body: Value) -> Result<Value, Failure> {
        exchange(self.http.post(format!("{}{path}", self.url)).json(&body)).await
    }

    /// Asks for something.
    pub(super) async fn get(&self, path: &str) -> Result<Value, Failure> {
        exchange(self.http.get(format!("{}{path}", self.url))).await
    }

    /// Ends the window, or with an empty path the whole browser.
    pub(super) async fn delete(&self, path: &str) -> Result<Value, Failure> {
        exchange(self.http.delete(format!("{}{path}", self.url))).await
    }

    /// The same wire for another runtime: connections stay with the one that opened them.
    pub(super) fn anew(&self) -> Self {
        Self {
            http: reqwest::Client::new(),
            ..self.clone()
        }
    }
}

/// The id of an element that a script answered.
pub(super) fn element_id(value: &Value) -> Option<&str> {
    value.get(ELEMENT)?.as_str()
}

async fn exchange(request: reqwest::RequestBuilder) -> Result<Value, Failure> {
    let broken = |error: reqwest::Error| Failure {
        code: "no answer".to_owned(),
        message: error.to_string(),
    };
    let answer = request.send().await.map_err(broken)?;
    let good = answer.status().is_success();
    let mut answer: Value = answer.json().await.map_err(broken)?;
    let value = answer["value"].take();
    if good {
        return Ok(value);
    }
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    Err(Failure {
        code: text("error"),
        message: text("message"),
    })
}
