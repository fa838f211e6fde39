//! How a browser begins and ends.

use super::Browser;
use super::bidi::Bidi;
use super::driver::{Driver, Wire};
use super::program::Program;
use super::reuse::{self, IdleBrowser};
use super::traces::{console, failure_file, keep};
use serde_json::{Value, json};
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;

impl Browser {
    pub(super) async fn open_noted(program: Program, name: &str, switches: &[&str]) -> Self {
        let is_usual = program == Program::Chromium && switches.is_empty();
        let browser = match is_usual.then(IdleBrowser::take).flatten() {
            Some(idle) => {
                let mut browser = Self::with(name, idle.wire.anew(), idle.profile);
                browser.served = Some(idle.served);
                browser
            }
            None => {
                let logs = json!({ "performance": "ALL", "browser": "ALL" });
                let mut browser = Self::start(program, name, logs, switches).await;
                browser.served = is_usual.then_some(0);
                browser
            }
        };
        browser.watch().await;
        browser
    }

    pub(super) async fn start(program: Program, name: &str, logs: Value, switches: &[&str]) -> Self {
        let driver = Driver::of(program);
        let profile = driver.profile();
        let wire = Wire::open(driver, program.capabilities(profile.path(), logs, switches)).await;
        let mut browser = Self::with(name, wire, profile);
        if let Some(url) = &browser.wire.socket {
            browser.bidi = Some(Bidi::open(url).await);
        }
        browser
    }

    fn with(name: &str, wire: Wire, profile: TempDir) -> Self {
        Self {
            name: name.to_owned(),
            wire,
            bidi: None,
            in_chat: AtomicBool::new(false),
            logs: Mutex::default(),
            profile: Some(profile),
            served: None,
        }
    }

    /// Ends its process, whatever it does, and answers whether it could be ended.
    pub(super) fn kill(&self) -> bool {
        let Some(pid) = self.wire.pid else { return false };
        let killed = std::process::Command::new("kill")
            .args(["-9", &pid.to_string()])
            .status();
        killed.is_ok_and(|status| status.success())
    }
}

impl Drop for Browser {
    /// Also while a test panics, and then what can be seen is kept first. Otherwise it panics when a page had an error
    /// that nobody caught. A thread of its own has a runtime of its own.
    fn drop(&mut self) {
        let wire = self.wire.anew();
        let picture = std::thread::panicking().then(|| failure_file(&self.name));
        let served = self.served.map(|before| before + 1);
        let served = served.filter(|served| picture.is_none() && IdleBrowser::may_serve_after(*served));
        let end = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                if let Some(file) = picture {
                    keep(&wire, file).await;
                }
                let console = console(&wire).await;
                let end = async {
                    match served {
                        Some(_) => reuse::clear(&wire).await,
                        None => wire.delete("").await.map(drop),
                    }
                };
                let ended = tokio::time::timeout(Duration::from_secs(5), end).await;
                (matches!(ended, Ok(Ok(()))), console)
            })
        });
        let (ended, mut console) = end.join().unwrap_or_default();
        match (ended, served, self.profile.take()) {
            (true, Some(served), Some(profile)) => {
                let wire = self.wire.anew();
                IdleBrowser { wire, profile, served }.put();
            }
            (true, ..) => {}
            (false, ..) => drop(self.kill()),
        }
        console.append(&mut self.logs.get_mut().unwrap_or_else(PoisonError::into_inner).console);
        console.retain(|line| line.contains("Uncaught"));
        console.extend(self.bidi.iter().flat_map(Bidi::errors));
        if !std::thread::panicking() {
            assert_eq!(console, [""; 0], "{}", self.name);
        }
    }
}
