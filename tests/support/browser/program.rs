//! The browsers that there are, and how each is started.

use crate::provided;
use serde_json::{Value, json};
use std::cell::Cell;
use std::path::Path;

/// How Chromium is started.
const SWITCHES: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    // Nothing moves while it is clicked.
    "--force-prefers-reduced-motion",
];

/// A browser's program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Chromium, which most tests are about.
    Chromium,
    /// Firefox ESR, which does not speak the DevTools protocol.
    Firefox,
}

thread_local! {
    /// A test has a thread of its own, and its browsers are opened on it.
    static PRESENT: Cell<Program> = const { Cell::new(Program::Chromium) };
}

impl Program {
    /// Runs a test whose browsers are of this kind.
    pub fn runs(self, test: fn()) {
        PRESENT.set(self);
        test();
    }

    /// The one that the running test is about.
    pub(super) fn present() -> Self {
        PRESENT.get()
    }

    /// The variable that says where its driver is.
    pub(super) const fn driver(self) -> &'static str {
        match self {
            Self::Chromium => "PORTICO_CHROMEDRIVER",
            Self::Firefox => "PORTICO_GECKODRIVER",
        }
    }

    /// The driver's options that are ports, that of WebDriver first.
    pub(super) const fn ports(self) -> &'static [&'static str] {
        match self {
            Self::Chromium => &["--port"],
            Self::Firefox => &["--port", "--websocket-port"],
        }
    }

    /// What WebDriver is told to start it with a profile in `folder`. Chromium notes what `logs` says.
    pub(super) fn capabilities(self, folder: &Path, logs: Value, switches: &[&str]) -> Value {
        match self {
            Self::Chromium => of_chromium(folder, logs, switches),
            Self::Firefox => of_firefox(folder),
        }
    }
}

fn of_chromium(folder: &Path, logs: Value, more: &[&str]) -> Value {
    let switches = SWITCHES.iter().chain(more);
    let mut switches: Vec<String> = switches.map(|&switch| switch.to_owned()).collect();
    switches.push(format!("--user-data-dir={}", folder.display()));
    switches.push("--window-size=1280,900".to_owned());
    json!({
        // A dialog stays open and fails the next command: none is expected, ever.
        "unhandledPromptBehavior": "ignore",
        "goog:chromeOptions": { "binary": provided("PORTICO_CHROMIUM"), "args": switches },
        "goog:loggingPrefs": logs,
    })
}

fn of_firefox(folder: &Path) -> Value {
    json!({
        "unhandledPromptBehavior": "ignore",
        "webSocketUrl": true,
        "moz:firefoxOptions": {
            "binary": provided("PORTICO_FIREFOX"),
            "args": ["-headless", "-profile", folder, "--width=1280", "--height=900"],
            "prefs": { "ui.prefersReducedMotion": 1, "intl.accept_languages": "en-US, en" },
        },
    })
}
