//! A visitor's first word: how long it takes from the press on a launcher to a text box that can be written in, and to a
//! message that has arrived, beside other chats from npm and beside a page in a frame that is nothing but a text box.
//!
//! All times are taken inside the pages (`stopwatch.js`). Each browser is new: its first visit is cold, its next one finds in
//! the cache what the first one left there. In both the visitor has not written before, and Portico has loaded nothing
//! with the page, as it does for a visitor whose chat goes on. The slow line is Chromium's own emulation of a phone on a mobile
//! network. `chat` says who is measured, `site` serves all but Portico itself, `direct_line` is one of its back ends,
//! `report` prints.

mod chat;
mod direct_line;
mod report;
mod site;

use crate::arguments::Arguments;
use anyhow::Result;
use chat::Chat;
use portico_tests::browser::Browser;
use report::Report;
use serde::Deserialize;
use serde_json::json;
use site::Site;
use std::time::Duration;

/// Before each document.
const STOPWATCH: &str = include_str!("first_word/stopwatch.js");

/// How often each is measured, unless the command line says so.
const ROUNDS: usize = 7;

/// Where nothing is.
const ELSEWHERE: &str = "about:blank";

/// A page comes to rest before its launcher is pressed: what it does by itself is not the chat's.
const REST: Duration = Duration::from_millis(700);

/// From where a mouse is seen to come near until it presses.
const NEAR: Duration = Duration::from_millis(200);

/// How much faster the machine is than the emulated one.
const SLOWER: u32 = 4;

/// Delay of each request on the slow line, in milliseconds.
const LATENCY_MS: u32 = 60;

/// What the slow line carries in either direction, in bytes per second: 9 Mbit/s.
const BYTES_PER_SECOND: u32 = 9_000_000 / 8;

/// What stands between a visitor and the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Plain,
    Slow,
}

/// Milliseconds since the press.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Times {
    /// Until a text box is on the screen.
    shown: f64,
    /// Until the page shows that a message has arrived; none for a page that sends nothing.
    arrived: Option<f64>,
}

impl Line {
    const ALL: [Self; 2] = [Self::Plain, Self::Slow];
}

/// Measures and prints.
pub(crate) async fn measure(arguments: &Arguments) -> Result<()> {
    let site = Site::start().await?;
    let rounds = arguments.rounds.unwrap_or(ROUNDS);
    let mut report = Report::default();
    let mut chats = Chat::ALL;
    for _ in 0..rounds {
        for chat in chats {
            for line in Line::ALL {
                report.add(chat, line, visits(&site, chat, line).await?);
            }
        }
        chats.rotate_left(1);
    }
    report.print(rounds);
    Ok(())
}

/// A first visit and the next one.
async fn visits(site: &Site, chat: Chat, line: Line) -> Result<[Times; 2]> {
    let browser = Browser::open_unwatched(chat.name()).await;
    let stopwatch = json!({ "source": STOPWATCH });
    browser
        .devtools("Page.addScriptToEvaluateOnNewDocument", stopwatch)
        .await;
    if line == Line::Slow {
        let network = json!({
            "offline": false,
            "latency": LATENCY_MS,
            "downloadThroughput": BYTES_PER_SECOND,
            "uploadThroughput": BYTES_PER_SECOND,
        });
        browser.devtools("Network.enable", json!({})).await;
        browser.devtools("Network.emulateNetworkConditions", network).await;
        browser
            .devtools("Emulation.setCPUThrottlingRate", json!({ "rate": SLOWER }))
            .await;
    }
    let page = site.address(chat);
    let cold = visit(&browser, &page, chat).await?;
    browser.goto(ELSEWHERE).await;
    for origin in site.origins() {
        let kept = json!({ "origin": origin, "storageTypes": "local_storage,indexeddb" });
        browser.devtools("Storage.clearDataForOrigin", kept).await;
    }
    let warm = visit(&browser, &page, chat).await?;
    Ok([cold, warm])
}

async fn visit(browser: &Browser, page: &str, chat: Chat) -> Result<Times> {
    browser.goto(page).await;
    browser
        .until("the page is loaded", "return stopwatch.isReady()", json!([]))
        .await;
    tokio::time::sleep(REST).await;
    if chat.comes_near() {
        browser.run("stopwatch.near()", json!([])).await;
        tokio::time::sleep(NEAR).await;
    }
    let press = "stopwatch.press(arguments[0], done)";
    let times = browser.run_async(press, json!([chat.sends()])).await;
    tokio::time::sleep(REST).await;
    Ok(serde_json::from_value(times)?)
}
