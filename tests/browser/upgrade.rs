//! A relay that is upgraded between a document, which browsers keep for a minute, and the files that it names.

use crate::people::{LAUNCHER, Shopper};
use portico_tests::browser::Browser;
use portico_tests::provided;
use portico_tests::relay::{ASSETS, Relay, World};
use serde_json::json;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A relay with browser files of its own.
struct Upgraded {
    relay: Relay,
    files: TempDir,
}

impl Upgraded {
    async fn start() -> Self {
        let files = tempfile::tempdir().expect("a temporary folder");
        copy(&provided("PORTICO_ASSETS"), files.path());
        let folder = files.path().display().to_string();
        let relay = Relay::start(World {
            environment: vec![(ASSETS.to_owned(), folder)],
            ..World::default()
        })
        .await;
        Self { relay, files }
    }

    fn page(&self) -> PathBuf {
        self.files.path().join("widget/index.html")
    }

    /// The folder that the page names now.
    fn named(&self) -> String {
        let page = std::fs::read_to_string(self.page()).expect("a page");
        let (_, rest) = page.split_once("src=\"/widget/").expect("a script");
        rest.split_once('/').expect("a folder").0.to_owned()
    }

    /// The page names another folder from now on.
    fn names(&self, folder: &str) {
        let page = std::fs::read_to_string(self.page()).expect("a page");
        let page = page.replace(&self.named(), folder);
        std::fs::write(self.page(), page).expect("written");
    }

    /// The page names another folder, in which its program is missing.
    fn names_half(&self, folder: &str) {
        let widget = self.files.path().join("widget");
        std::fs::create_dir_all(widget.join(folder)).expect("created");
        for file in ["first.js", "style.css"] {
            let from = widget.join(self.named()).join(file);
            std::fs::copy(from, widget.join(folder).join(file)).expect("copied");
        }
        self.names(folder);
    }

    /// All files are under other names, and the old ones are gone.
    fn upgrade(&self, folder: &str) {
        let widget = self.files.path().join("widget");
        std::fs::rename(widget.join(self.named()), widget.join(folder)).expect("renamed");
        self.names(folder);
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(std::fs::copy(&path, target).expect("copied")),
        }
    }
}

/// How often the frame's document was asked for.
async fn documents(browser: &Browser) -> usize {
    let requests = browser.requests().await;
    requests
        .iter()
        .filter(|address| address.contains("/widget/frame/"))
        .count()
}

#[tokio::test]
async fn a_document_that_was_kept_over_an_upgrade_gives_way_to_that_of_today() {
    let upgraded = Upgraded::start().await;
    let shopper = Shopper::visits(&upgraded.relay).await;
    let browser = &shopper.browser;
    // The browser keeps the document, and none of the files.
    browser.blocks(&["*boot.js", "*.wasm"]).await;
    browser.press("button", LAUNCHER).await;
    browser.sees("button", "Try again").await;
    browser.blocks(&[]).await;

    upgraded.upgrade("0123456789abcdef");
    browser.press("button", "Try again").await;
    browser.into_chat();
    shopper.is_served_by_the_program().await;
    let how = "return performance.getEntriesByType('navigation')[0].type";
    assert_eq!(browser.run(how, json!([])).await, "reload", "the kept one came first");
    shopper.says("Hello").await;
    shopper.has_said("Hello").await;
    shopper.reads(&["Hello"]).await;
}

#[tokio::test]
async fn a_document_is_loaded_anew_once_and_the_page_is_told_when_that_is_of_no_use() {
    let upgraded = Upgraded::start().await;
    let shopper = Shopper::visits(&upgraded.relay).await;
    let browser = &shopper.browser;
    upgraded.names_half("0123456789abcdef");
    browser.press("button", LAUNCHER).await;
    browser.sees("button", "Try again").await;
    assert_eq!(
        documents(browser).await,
        2,
        "it names what is not there, and so does that of today"
    );

    upgraded.names_half("fedcba9876543210");
    browser.press("button", "Try again").await;
    browser.sees("button", "Try again").await;
    assert_eq!(
        documents(browser).await,
        5,
        "the kept one, that of today, and its reload"
    );
}

#[tokio::test]
async fn a_chat_that_is_open_over_an_upgrade_says_so_and_loses_nothing() {
    let upgraded = Upgraded::start().await;
    let shopper = Shopper::chats(&upgraded.relay).await;
    upgraded.upgrade("0123456789abcdef");
    shopper.says("Hello").await;
    shopper.browser.press("button", "Reload").await;
    shopper.has_said("Hello").await;
    shopper.reads(&["Hello"]).await;
}
