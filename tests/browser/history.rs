//! The browser's way back and forward: a page that it has kept, and what the chat on a phone adds to it.

use crate::chat::PHONE;
use crate::people::{MESSAGE, Shopper, shop_with_bot};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::browser::Browser;
use serde_json::{Value, json};

const PAGE: &str =
    "<!doctype html><html lang=\"en\"><title>Shop</title><body><script async TAG></script></body></html>";

/// Opens the chat of a page without a label.
async fn opens(browser: &Browser) {
    browser.out_of_chat();
    browser.press("button", UNNAMED_LAUNCHER).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
}

/// Goes to the other page, and back to the first, which the browser has kept.
async fn goes_away_and_back(browser: &Browser, elsewhere: impl AsyncFnOnce()) {
    browser.out_of_chat();
    let notes = "
        window.back = [];
        addEventListener('pageshow', (event) => back.push({ kept: event.persisted, at: performance.now() }));
        Portico('on', 'connection', ({ state }) => back.push({ state, at: performance.now() }));
        location.href = '/other'";
    browser.run(notes, json!([])).await;
    let there = "return document.title === arguments[0]";
    browser.until("it is on the other page", there, json!(["Other"])).await;
    elsewhere().await;
    browser.run("history.back()", json!([])).await;
    browser.until("it is back", there, json!(["Shop"])).await;
    let why = "return JSON.stringify(performance.getEntriesByType('navigation')[0].notRestoredReasons)";
    let why = browser.run(why, json!([])).await;
    let kept = "return !!window.back && back.some((event) => event.kept)";
    assert_eq!(browser.run(kept, json!([])).await, true, "the page was not kept: {why}");
}

#[tokio::test]
async fn a_page_that_the_browser_has_kept_is_connected_at_once_when_it_is_back() {
    let site = Site::start().await;
    site.serves("/", HTML, PAGE);
    site.serves("/other", HTML, "<!doctype html><title>Other</title>");
    let shopper = Shopper {
        browser: Browser::open("shopper").await,
    };
    let browser = &shopper.browser;
    browser.goto(&site.address("/")).await;
    opens(browser).await;
    shopper.is_greeted(&site.bot).await;
    browser.run("window.__same = true", json!([])).await;
    goes_away_and_back(browser, async || {}).await;
    let online = "return back.find((event) => event.state === 'online')";
    let online = browser.until("it is connected again", online, json!([])).await;
    let shown = browser
        .run("return back.find((event) => event.kept).at", json!([]))
        .await;
    let took = online["at"]
        .as_f64()
        .zip(shown.as_f64())
        .map(|(online, shown)| online - shown);
    assert!(took.is_some_and(|ms| ms < 1_000.0), "{took:?} ms");
    browser.into_chat();
    assert_eq!(
        browser.run("return window.__same", json!([])).await,
        true,
        "the same document"
    );
    site.bot.will_say("Welcome back.");
    shopper.says("Here again").await;
    shopper.hears("Welcome back.").await;
}

/// A shared computer: a page that the browser has kept must not bring back whom another page has signed out.
#[tokio::test]
async fn a_logout_elsewhere_reaches_a_page_that_the_browser_has_kept() {
    let site = Site::start().await;
    site.serves("/", HTML, PAGE);
    site.serves("/other", HTML, &PAGE.replace("Shop", "Other"));
    let shopper = Shopper {
        browser: Browser::open("shopper").await,
    };
    let browser = &shopper.browser;
    browser.goto(&site.address("/")).await;
    opens(browser).await;
    shopper.is_greeted(&site.bot).await;
    goes_away_and_back(browser, async || {
        opens(browser).await;
        shopper.reads(&["Hello", "Hello."]).await;
        browser.out_of_chat();
        browser.run("Portico('logout')", json!([])).await;
        browser.into_chat();
        shopper.reads(&[]).await;
        browser.out_of_chat();
    })
    .await;
    browser.into_chat();
    shopper.reads(&[]).await;
    browser.sees("textbox", MESSAGE).await;
}

/// Closing the chat on a phone goes one step back in the page's history. What the frame did meanwhile is not undone by it.
#[tokio::test]
async fn a_language_that_was_changed_on_a_phone_stays_when_the_chat_is_closed() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.has_room(PHONE.0, PHONE.1).await;
    shopper.opens().await;
    shopper.is_greeted(&bot).await;
    browser.run("window.__same = true", json!([])).await;
    browser.out_of_chat();
    let before = browser.run("return history.length", json!([])).await;
    browser.run("Portico('setLocale', 'de')", json!([])).await;
    browser.into_chat();
    browser.sees("textbox", "Nachricht").await;
    shopper.reads(&["Hello", "Hello."]).await;
    browser.out_of_chat();
    assert_eq!(browser.run("return history.length", json!([])).await, before);
    browser.run("Portico('close')", json!([])).await;
    let stepped = "return !history.state?.portico";
    browser.until("the page is where it was", stepped, json!([])).await;
    bot.will_say("Noch da?");
    browser.run("Portico('sendMessage', 'Und noch etwas')", json!([])).await;
    browser.sees("button", "Fern Noch da?").await;
    browser.press("button", "Fern Noch da?").await;
    browser.into_chat();
    browser.sees("textbox", "Nachricht").await;
    let language = "return [document.documentElement.lang, window.__same ?? null]";
    let found: Value = browser.run(language, json!([])).await;
    assert_eq!(found, json!(["de", true]));
}
