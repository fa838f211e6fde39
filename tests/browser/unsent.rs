//! What was written without a network: it is there when the tab, or the browser, was closed before it could be sent.

use crate::people::{Shopper, shop_with_bot};
use crate::sent_early::HOLD_SESSIONS;
use portico_tests::api::site_token;
use portico_tests::browser::{Browser, Network, Window};
use portico_tests::eventually;
use portico_tests::receiver::Receiver;
use portico_tests::relay::Relay;
use serde_json::json;

/// Who writes this has no network.
const TEXTS: [&str; 3] = ["one", "two", "three"];

/// The same after what was said before.
const ALL: [&str; 5] = ["Hello", "Hello.", "one", "two", "three"];

/// Takes the network away and writes.
async fn writes_without_a_network(shopper: &Shopper) {
    shopper.browser.network(Network::Away).await;
    for text in TEXTS {
        shopper.says(text).await;
    }
    shopper.reads(&ALL).await;
    let waits = "return messages().at(-1)[2].includes('Waiting to be sent')";
    shopper.asks("they wait", waits, json!([])).await;
}

/// Waits until the bot has been told all of it, once each and in order.
async fn is_told(bot: &Receiver) {
    bot.call("the last one", |call| call.body["message"] == "three").await;
    let calls = bot.calls();
    let messages = calls.iter().filter(|call| call.body["type"] == "message");
    let told: Vec<&str> = messages.filter_map(|call| call.body["message"].as_str()).collect();
    assert_eq!(told, ["Hello", "one", "two", "three"]);
}

/// As when the browser has lost it; the page does not notice what it removes itself.
const LOSES: &str = "Object.keys(localStorage).forEach((key) => key.includes('.out.') && localStorage.removeItem(key))";

/// Calls back with the keys of a database that is there, which looking does not make.
const KEYS: &str = "
    const keys = async () => {
        if (!(await indexedDB.databases()).some(({ name }) => name === 'portico.demo')) return [];
        const asked = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
        const database = await asked(indexedDB.open('portico.demo'));
        if (!database.objectStoreNames.contains('unsent')) return database.close(), [];
        const found = await asked(database.transaction('unsent').objectStore('unsent').getAllKeys());
        database.close();
        return found;
    };";

async fn copies(browser: &Browser) -> Vec<String> {
    let script = format!("{KEYS} keys().then(done)");
    let keys = browser.run_async(&script, json!([])).await;
    serde_json::from_value(keys).expect("names")
}

/// Waits until so many messages have a copy.
async fn is_copied(browser: &Browser, count: usize) {
    eventually("they are copied", async || {
        (copies(browser).await.len() == count).then_some(())
    })
    .await;
}

/// The page signs its visitor in.
async fn signs_in(browser: &Browser) {
    let identity = site_token(&json!({ "sub": "c-42", "name": "Maja Berg" }));
    browser
        .run("Portico('identify', { jwt: arguments[0] })", json!([identity]))
        .await;
}

/// A shopper in a chat, and another window of the same browser.
async fn chats_beside_another_window() -> (Relay, Receiver, Shopper, [Window; 2]) {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let windows = shopper.browser.second_window().await;
    (relay, bot, shopper, windows)
}

#[tokio::test]
async fn what_was_written_is_sent_once_and_in_order_when_the_tab_was_closed() {
    let (relay, bot, shopper, [first, second]) = chats_beside_another_window().await;
    let browser = &shopper.browser;
    browser.turn_to(&first).await;
    browser.into_chat();
    writes_without_a_network(&shopper).await;
    browser.closes_window(&second).await;
    browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    shopper.has_said("three").await;
    shopper.reads(&ALL).await;
    is_told(&bot).await;
}

#[tokio::test]
async fn what_a_living_tab_is_to_send_is_left_to_it_until_it_is_closed() {
    let (relay, bot, shopper, [first, second]) = chats_beside_another_window().await;
    let browser = &shopper.browser;
    browser.turn_to(&first).await;
    browser.into_chat();
    writes_without_a_network(&shopper).await;
    is_copied(browser, 3).await;
    browser.run(LOSES, json!([])).await;
    browser.turn_to(&second).await;
    browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    shopper.reads(&["Hello", "Hello."]).await;
    browser.out_of_chat();
    browser.turn_to(&first).await;
    browser.closes_window(&second).await;
    browser.reload().await;
    shopper.opens().await;
    shopper.has_said("three").await;
    shopper.reads(&ALL).await;
    is_told(&bot).await;
    is_copied(browser, 0).await;
}

#[tokio::test]
async fn what_the_browser_has_lost_in_between_is_sent_in_its_place() {
    let (relay, bot, shopper, [first, second]) = chats_beside_another_window().await;
    let browser = &shopper.browser;
    browser.turn_to(&first).await;
    browser.into_chat();
    writes_without_a_network(&shopper).await;
    is_copied(browser, 3).await;
    let loses = "
        const key = Object.keys(localStorage).find((key) => localStorage.getItem(key).includes('\"two\"'));
        localStorage.removeItem(key)";
    browser.run(loses, json!([])).await;
    browser.closes_window(&second).await;
    browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    shopper.has_said("three").await;
    shopper.reads(&ALL).await;
    is_told(&bot).await;
}

#[tokio::test]
async fn what_waits_goes_along_with_a_visitor_who_signs_in_and_stays_under_no_other_name() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    writes_without_a_network(&shopper).await;
    is_copied(browser, 3).await;
    // The chat becomes the customer's, and no socket opens.
    browser
        .runs_first(
            "if (location.pathname.startsWith('/widget/')) WebSocket = class extends EventTarget { close() {} }",
        )
        .await;
    browser.out_of_chat();
    signs_in(browser).await;
    browser.network(Network::There).await;
    browser.into_chat();
    eventually("the copies are hers", async || {
        let names = copies(browser).await;
        let is_hers = |name: &String| name.starts_with("portico.demo.c-42.out.");
        (names.len() == 3 && names.iter().all(is_hers)).then_some(())
    })
    .await;
}

#[tokio::test]
async fn what_the_copy_alone_has_goes_along_with_a_visitor_who_is_signed_in_on_the_next_page() {
    let (relay, bot, shopper, [first, second]) = chats_beside_another_window().await;
    let browser = &shopper.browser;
    browser.turn_to(&first).await;
    browser.into_chat();
    writes_without_a_network(&shopper).await;
    is_copied(browser, 3).await;
    browser.run(LOSES, json!([])).await;
    browser.closes_window(&second).await;
    browser.goto(&relay.shop_origin()).await;
    signs_in(browser).await;
    shopper.opens().await;
    shopper.has_said("three").await;
    shopper.reads(&ALL).await;
    is_told(&bot).await;
    is_copied(browser, 0).await;
}

#[tokio::test]
async fn what_no_chat_has_yet_is_copied_under_the_name_of_who_signs_in_alone() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.runs_first(HOLD_SESSIONS).await;
    browser.reload().await;
    shopper.opens().await;
    shopper.says("One").await;
    is_copied(browser, 1).await;
    browser.out_of_chat();
    signs_in(browser).await;
    browser.into_chat();
    eventually("the copy is hers", async || {
        let names = copies(browser).await;
        matches!(&names[..], [name] if name.starts_with("portico.demo.c-42.out.")).then_some(())
    })
    .await;
    browser.run("__answer()", json!([])).await;
    shopper.has_said("One").await;
    is_copied(browser, 0).await;
    let heard = || bot.calls().iter().filter(|call| call.raw.contains("\"One\"")).count();
    eventually("the bot hears it", async || (heard() > 0).then_some(())).await;
    assert_eq!(heard(), 1);
}

#[tokio::test]
async fn what_waits_to_be_copied_is_not_copied_when_its_visitor_has_left() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    let holds = "
        navigator.locks.request('portico.demo.unsent', () => new Promise((free) => (window.__free = free)))";
    browser.run(holds, json!([])).await;
    writes_without_a_network(&shopper).await;
    browser.out_of_chat();
    browser.run("Portico('logout')", json!([])).await;
    let mark = "return localStorage.getItem('portico.live.demo') === null";
    browser.until("it has left", mark, json!([])).await;
    browser.into_chat();
    browser.run("__free()", json!([])).await;
    // Who asks for the lock now gets it when all that waited have had it.
    let script = "navigator.locks.request('portico.demo.unsent', () => done())";
    browser.run_async(script, json!([])).await;
    assert_eq!(copies(browser).await, [""; 0]);
}

#[tokio::test]
async fn what_a_page_could_not_take_out_of_the_copy_is_not_brought_back_by_the_next_one() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    writes_without_a_network(&shopper).await;
    is_copied(browser, 3).await;
    // The page goes before the copy is changed, and nothing else says what has become of the messages.
    let holds = "
        navigator.locks.request('portico.demo.unsent', () => new Promise(() => {}))";
    browser.run(holds, json!([])).await;
    browser.network(Network::There).await;
    shopper.has_said("three").await;
    let notes = "return Object.keys(localStorage).filter((key) => key.includes('.out.')).length";
    assert_eq!(browser.run(notes, json!([])).await, 3);
    assert_eq!(copies(browser).await.len(), 3);
    let counts = "
        const real = WebSocket.prototype.send;
        window.__posts = [];
        WebSocket.prototype.send = function (text) {
            if (String(text).includes('\"post\"')) __posts.push(text);
            return real.call(this, text);
        };";
    browser.runs_first(counts).await;
    shopper.reloads().await;
    is_copied(browser, 0).await;
    let gone = format!("{notes} === 0");
    browser.until("nothing is noted any more", &gone, json!([])).await;
    shopper.reads(&ALL).await;
    assert_eq!(browser.run("return __posts", json!([])).await, json!([]));
    is_told(&bot).await;
}

#[tokio::test]
async fn what_was_written_is_sent_once_and_in_order_when_the_browser_was_killed() {
    let (relay, bot) = shop_with_bot().await;
    let mut shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    // Long enough for the browser to write down who the visitor is.
    let is_known = "
        const since = window.__since ??= performance.now();
        return performance.now() - since > 12000";
    shopper.browser.until("a while has passed", is_known, json!([])).await;
    writes_without_a_network(&shopper).await;
    is_copied(&shopper.browser, 3).await;
    shopper.browser.dies_and_is_started().await;
    shopper.browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    shopper.has_said("three").await;
    shopper.reads(&ALL).await;
    is_told(&bot).await;
}

#[tokio::test]
async fn what_was_written_is_erased_when_the_visitor_signs_out() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    writes_without_a_network(&shopper).await;
    let browser = &shopper.browser;
    is_copied(browser, 3).await;
    browser.out_of_chat();
    // Whether a logout must still reach the chat, as the page has noted it.
    let mark = "return localStorage.getItem('portico.live.demo')";
    browser.run("Portico('logout')", json!([])).await;
    browser
        .until("it is said", &format!("{mark} === null"), json!([]))
        .await;
    browser.into_chat();
    assert_eq!(copies(browser).await, [""; 0], "and only then");
    let kept = "return Object.keys(localStorage).filter((key) => key.includes('.out.'))";
    assert_eq!(browser.run(kept, json!([])).await, json!([]));
    browser.network(Network::There).await;
    shopper.reloads().await;
    bot.will_say("Welcome.");
    shopper.says("Somebody else").await;
    shopper.hears("Welcome.").await;
    shopper.reads(&["Somebody else", "Welcome."]).await;
}
