//! Browsers that store nothing.

use crate::looks::is_accessible;
use crate::people::{LAUNCHER, Shopper, shop_with_bot};
use portico_tests::browser::{Browser, Network};
use serde_json::json;

/// As where cookies are blocked: a look at the storage throws.
const REFUSE: &str = "
    for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, name, { get() { throw new DOMException('refused', 'SecurityError'); } });";

/// What the frame would ask before it goes.
const ASKS: &str = "
    const leaving = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(leaving);
    return leaving.defaultPrevented";

#[tokio::test]
async fn what_is_gone_with_the_page_is_promised_for_as_long_as_the_page_stays() {
    let (relay, bot) = shop_with_bot().await;
    let browser = Browser::open("shopper").await;
    browser.runs_first(REFUSE).await;
    browser.goto(&relay.shop_origin()).await;
    browser.sees("button", LAUNCHER).await;
    let shopper = Shopper { browser };
    shopper.opens().await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    assert_eq!(browser.run(ASKS, json!([])).await, false, "nothing waits");

    browser.network(Network::Away).await;
    let promise =
        "return named('status', 'No connection. Keep this page open: your messages will be sent when you are back.')";
    browser.until("the banner says until when", promise, json!([])).await;
    shopper.says("Are you there?").await;
    let waits = "return messages().some(([, text, state]) => text === 'Are you there?' && /Waiting/.test(state))";
    shopper.asks("it waits", waits, json!([])).await;
    assert_eq!(browser.run(ASKS, json!([])).await, true, "it would be lost");

    bot.will_say("Always.");
    browser.network(Network::There).await;
    shopper.hears("Always.").await;
    shopper.reads(&["Hello", "Hello.", "Are you there?", "Always."]).await;
    assert_eq!(browser.run(ASKS, json!([])).await, false, "all is sent");
}

#[tokio::test]
async fn that_nothing_is_stored_is_said_once_and_at_once() {
    let (relay, bot) = shop_with_bot().await;
    let browser = Browser::open("shopper").await;
    browser.runs_first(REFUSE).await;
    browser.goto(&relay.shop_origin()).await;
    browser.sees("button", LAUNCHER).await;
    let shopper = Shopper { browser };
    shopper.opens().await;
    let browser = &shopper.browser;
    assert!(!browser.has("button", "Got it").await, "there is nothing to lose yet");
    shopper.is_greeted(&bot).await;
    let says = "
        const sentence = 'This browser stores nothing here: the chat is gone when you close or reload this page.';
        return document.querySelector('.connection-banner').innerText.includes(sentence)";
    browser.until("it is said", says, json!([])).await;
    is_accessible(browser, "a browser that stores nothing", "html").await;
    browser.press("button", "Got it").await;
    browser.no_longer_sees("button", "Got it").await;

    browser.network(Network::Away).await;
    let offline = "return document.querySelector('.connection-banner').innerText.includes('No connection')";
    browser.until("the network is gone", offline, json!([])).await;
    browser.network(Network::There).await;
    let quiet = "return !document.querySelector('.connection-banner').innerText";
    browser.until("the network is back", quiet, json!([])).await;
    shopper.reads(&["Hello", "Hello."]).await;
}
