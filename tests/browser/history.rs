//! The browser's way back and forward: a page that it has kept, and what the chat on a phone adds to it.

use crate::chat::PHONE;
use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::browser::{Browser, Network};
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
    let (is_kept, why) = comes_back(browser, elsewhere).await;
    assert!(is_kept, "the page was not kept: {why}");
}

/// Goes to the other page and back. Answers whether the browser has kept the first page, and why not.
async fn comes_back(browser: &Browser, elsewhere: impl AsyncFnOnce()) -> (bool, Value) {
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
    (browser.run(kept, json!([])).await == true, why)
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

#[tokio::test]
async fn what_was_written_on_another_page_without_a_network_is_sent_by_the_page_behind_it() {
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
    let (is_kept, _) = comes_back(browser, async || {
        opens(browser).await;
        shopper.reads(&["Hello", "Hello."]).await;
        browser.network(Network::Away).await;
        let offline = "return named('status', 'No connection.')";
        browser.until("the banner says so", offline, json!([])).await;
        shopper.says("From the other page").await;
        let waits = "return messages().at(-1)[2].includes('Waiting to be sent')";
        shopper.asks("it waits", waits, json!([])).await;
        browser.out_of_chat();
    })
    .await;
    browser.network(Network::There).await;
    // Chromium does not always keep a page behind one that has put something into its database.
    if !is_kept {
        browser.reload().await;
        opens(browser).await;
    }
    browser.into_chat();
    shopper.has_said("From the other page").await;
    shopper.reads(&["Hello", "Hello.", "From the other page"]).await;
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

/// Does something on the page and lets what follows from it happen; `rest` lets it happen in between. What opens the chat is
/// fetched first, and makes its frame. `stepped` waits until an open chat has added its entry, where there was none.
async fn does(browser: &Browser, script: &str) {
    let script = format!(
        "const rest = async () => {{
            const made = () => document.querySelector('portico-chat')?.shadowRoot.querySelector('iframe');
            while (!made()) await new Promise((go) => setTimeout(go, 20));
            await new Promise((go) => setTimeout(go, 200));
        }};
        const stepped = async () => {{
            while (!history.state?.portico) await new Promise((go) => setTimeout(go, 20));
        }};
        (async () => {{ {script}; await rest(); }})().then(done)"
    );
    browser.run_async(&script, json!([])).await;
}

/// Waits until the chat is open or closed, and the page where it should be, with this state.
async fn stands(browser: &Browser, expected: Value, when: &str) {
    let script = "
        const open = !!document.querySelector('portico-chat').shadowRoot.querySelector('.open');
        const marked = Object.entries({ ...history.state, portico: 'ours' }).sort();
        const state = history.state?.portico ? Object.fromEntries(marked) : history.state;
        const found = [open, location.search + location.hash, state];
        if (JSON.stringify(found) === JSON.stringify(arguments[0])) return true;
        throw new Error(JSON.stringify(found))";
    browser.until(when, script, json!([expected])).await;
}

/// On a phone, an open chat adds an entry to the page's history: it is taken back when it is the newest, and no other ever is.
#[tokio::test]
async fn the_way_back_closes_the_chat_and_undoes_nothing_of_the_page() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.has_room(PHONE.0, PHONE.1).await;
    for (script, expected) in [
        // In one go, and while the way back goes on.
        (
            "Portico('open'); await rest(); Portico('close'); Portico('open')",
            json!([true, "", { "portico": "ours" }]),
        ),
        (
            "Portico('open'); await rest(); Portico('destroy'); Portico('boot'); Portico('open'); await rest();
             Portico('close'); await new Promise(setTimeout); Portico('open')",
            json!([true, "", { "portico": "ours" }]),
        ),
        (
            "for (let i = 0; i < 5; i++) Portico('toggle'); await rest(); history.back()",
            json!([false, "", null]),
        ),
        // The page goes on.
        (
            "Portico('open'); await rest(); Portico('close'); history.pushState({ v: 2 }, '', '?cart')",
            json!([false, "?cart", { "v": 2 }]),
        ),
        (
            "Portico('open'); await rest(); location.hash = 'x'",
            json!([true, "#x", null]),
        ),
        // The page's own state is the page's.
        (
            "history.replaceState('text', ''); Portico('open')",
            json!([true, "", { "state": "text", "portico": "ours" }]),
        ),
        (
            "history.replaceState('text', ''); Portico('open'); await rest(); history.back()",
            json!([false, "", "text"]),
        ),
        (
            "history.replaceState({ a: 1 }, ''); Portico('open'); await rest(); Portico('close')",
            json!([false, "", { "a": 1 }]),
        ),
    ] {
        browser.goto(&relay.shop_origin()).await;
        browser.sees("button", LAUNCHER).await;
        browser.run("history.replaceState(null, '')", json!([])).await;
        does(browser, script).await;
        stands(browser, expected, script).await;
    }

    // An entry outlives the document that has made it.
    browser.goto(&relay.shop_origin()).await;
    browser.sees("button", LAUNCHER).await;
    does(browser, "history.replaceState(null, ''); Portico('open')").await;
    browser.reload().await;
    browser.sees("button", LAUNCHER).await;
    does(browser, "Portico('open'); await rest(); history.back()").await;
    stands(browser, json!([false, "", { "portico": "ours" }]), "an old entry").await;
}

/// A page's router draws the page anew when it hears of a step. Those of the chat alone change nothing of the page.
#[tokio::test]
async fn the_chats_own_steps_are_not_the_routers() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.has_room(PHONE.0, PHONE.1).await;
    let fits = "return innerWidth === arguments[0]";
    browser.until("the page has heard of it", fits, json!([PHONE.0])).await;
    let steps = "
        window.steps = [];
        addEventListener('popstate', () => steps.push(location.hash));
        history.pushState(null, '', '#a')";
    browser.run(steps, json!([])).await;
    does(browser, "Portico('open'); await stepped(); history.back()").await;
    stands(browser, json!([false, "#a", null]), "the way back closes the chat").await;
    does(browser, "Portico('open'); await stepped(); Portico('close')").await;
    stands(browser, json!([false, "#a", null]), "the chat goes back").await;
    assert_eq!(browser.run("return steps", json!([])).await, json!([]));
    does(browser, "history.back()").await;
    let heard = "return steps.length ? steps : null";
    assert_eq!(
        browser.until("the page's own step", heard, json!([])).await,
        json!([""])
    );
}
