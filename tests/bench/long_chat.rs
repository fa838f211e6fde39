//! A chat of 5,000 messages in the widget, on a processor that is emulated four times slower: whether going through it stops
//! the page, and what memory it takes. Browsers call a task of more than 50 ms a long one: a visitor feels it.

use crate::client::Customer;
use crate::verdict;
use anyhow::Result;
use portico_tests::api;
use portico_tests::browser::Browser;
use portico_tests::relay::{Relay, World};
use serde::Deserialize;
use serde_json::json;

/// Messages in the chat.
const MESSAGES: usize = 5_000;

/// How much faster the machine is than the emulated one.
const SLOWER: u32 = 4;

/// Goes up, upon which the widget pulls an older page; true as soon as so many messages are there.
const UP: &str = "
    document.querySelector('.log').scrollTop = 0;
    return document.querySelectorAll('.message').length >= arguments[0]";

/// Messages that are waited for together.
const PART: usize = 500;

/// Goes from the beginning to the end in 300 steps, one a frame; answers how many messages there are, and the milliseconds of
/// each long task meanwhile.
const THROUGH: &str = "
    const log = document.querySelector('.log');
    const tasks = [];
    const observer = new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)));
    observer.observe({ type: 'longtask' });
    const by = log.scrollHeight / 300;
    let steps = 0;
    const step = () => {
        log.scrollTop = steps * by;
        steps += 1;
        if (steps < 300) requestAnimationFrame(step);
        else setTimeout(() => done({ messages: document.querySelectorAll('.message').length, tasks }), 500);
    };
    requestAnimationFrame(step)";

/// Whether the program draws the chat.
const RUNS: &str = "return !!document.querySelector('.root:not(#first-screen) .composer__text')";

/// The same, with messages in it.
const HAS_MESSAGES: &str = "return !!document.querySelector('.root:not(#first-screen) .message')";

#[derive(Deserialize)]
struct Walk {
    messages: usize,
    tasks: Vec<f64>,
}

/// Measures and prints.
pub(crate) async fn measure() -> Result<()> {
    let relay = Relay::start(World::default()).await;
    let identity = api::site_token(&json!({ "sub": "reader", "name": "Reader" }));
    let browser = Browser::open_unwatched("long chat").await;
    opens(&browser, &relay, &identity, RUNS).await;
    let empty = memory(&browser).await;

    let session = relay.session(json!({ "channel": "demo", "identity": identity })).await;
    let mut customer = Customer::arrive(&relay, session.token).await?;
    for _ in 0..MESSAGES {
        customer.say().await?;
    }
    opens(&browser, &relay, &identity, HAS_MESSAGES).await;
    for part in 1..=MESSAGES / PART {
        browser
            .until("older messages are there", UP, json!([part * PART]))
            .await;
    }
    let slower = json!({ "rate": SLOWER });
    browser.devtools("Emulation.setCPUThrottlingRate", slower).await;
    let Walk { messages, tasks } = serde_json::from_value(browser.run_async(THROUGH, json!([])).await)?;
    let more = memory(&browser).await.saturating_sub(empty) as f64 / 1e6;

    let longest = tasks.iter().copied().fold(0.0, f64::max);
    println!("\nA chat of {messages} messages, gone through on a processor {SLOWER} times slower:");
    println!(
        "  {} tasks over 50 ms, the longest {longest:.0} ms; none is expected: {}",
        tasks.len(),
        verdict(tasks.is_empty())
    );
    println!("  {more:.0} MB more than a chat without messages");
    Ok(())
}

/// Bytes without those that nothing needs any more, like the page of before.
async fn memory(browser: &Browser) -> u64 {
    browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
    browser.memory()
}

/// Opens the chat of a page as the customer whom the site names, and goes into it.
async fn opens(browser: &Browser, relay: &Relay, identity: &str, until: &str) {
    browser.goto(&relay.shop_origin()).await;
    let is_loaded = "return !!window.Portico?.loaded && !!document.querySelector('portico-chat')";
    browser.until("the launcher is there", is_loaded, json!([])).await;
    let open = "Portico('identify', { jwt: arguments[0] }); Portico('open')";
    browser.run(open, json!([identity])).await;
    browser.into_chat();
    browser.until("the chat is drawn", until, json!([])).await;
}
