//! Messages that the chat offers by itself: by the channel's rules, beside the launcher, once.

use crate::looks::is_accessible;
use crate::people::{MESSAGE, Shopper};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::browser::Browser;
use portico_tests::receiver::Receiver;
use serde_json::{Value, json};

const HAND: &str = "Need a hand with your order?";

/// It counts how often the rules were looked at, once a second.
const PAGE: &str = "<!doctype html><html lang=\"en\"><head><title>Shop</title><script>
    window.looks = 0;
    const every = window.setInterval.bind(window);
    window.setInterval = (look, ms) => every(() => { look(); if (ms === 1000) looks++; }, ms);
    </script></head><body style=\"height:4000px\">
    <script async TAG EXTRA></script></body></html>";

/// A shopper at a page of a site whose channel offers messages by these rules.
async fn visit(rules: &str, path: &str, extra: &str) -> (Site, Shopper) {
    let site = Site::start_with(rules).await;
    site.serves(path, HTML, &PAGE.replace("EXTRA", extra));
    let shopper = Shopper {
        browser: Browser::open("shopper").await,
    };
    shopper.browser.goto(&site.address(path)).await;
    shopper.browser.sees("button", UNNAMED_LAUNCHER).await;
    (site, shopper)
}

fn rule(conditions: &str) -> String {
    format!("[[channels.guest.proactive]]\nid = \"hand\"\ntext = \"{HAND}\"\n{conditions}\n")
}

const ASKS: &str = "data-proactive=\"on\"";

/// A day of the week that is three days away.
fn far_day() -> &'static str {
    const DAYS: [&str; 7] = [
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "monday",
        "tuesday",
        "wednesday",
    ];
    let day = usize::try_from(portico_tests::api::now() / (24 * 60 * 60)).expect("a day");
    DAYS[(day + 3) % DAYS.len()]
}

async fn stored(browser: &Browser) -> Value {
    browser.run("return Object.keys(localStorage).sort()", json!([])).await
}

/// Waits until the rules were looked at twice from now on.
async fn is_looked_at(browser: &Browser) {
    let looks = browser.run("return looks", json!([])).await;
    let again = "return looks >= arguments[0] + 2";
    browser.until("the rules are looked at", again, json!([looks])).await;
}

#[tokio::test]
async fn a_message_is_offered_once_and_answering_it_begins_the_chat_with_it() {
    let rules = rule("pages = [\"/bask*\"]\nseconds = 1\nattributes = { plan = \"gold\" }");
    let (site, shopper) = visit(&rules, "/basket", ASKS).await;
    let browser = &shopper.browser;
    is_looked_at(browser).await;
    assert!(
        !browser.has("button", HAND).await,
        "the page has not said what the visitor has"
    );
    browser
        .run("Portico('setAttributes', { plan: 'gold' })", json!([]))
        .await;
    browser.sees("button", HAND).await;
    let told = "return !!document.querySelector('portico-chat').shadowRoot.querySelector('[role=status]').innerText";
    assert_eq!(browser.run(told, json!([])).await, true, "screen readers are told");
    is_accessible(browser, "an offered message", "portico-chat").await;
    assert_eq!(stored(browser).await, json!([]), "nothing before the visitor reacts");

    browser.press("button", HAND).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    browser.sees("heading", HAND).await;
    shopper.is_served_by_the_program().await;
    browser.sees("heading", HAND).await;
    shopper.says("Yes, please").await;
    shopper.hears(HAND).await;
    assert_eq!(shopper.texts().await, [HAND, "Yes, please"]);
    bot_has_heard(&site.bot, "Yes, please").await;

    browser.out_of_chat();
    assert!(stored(browser).await.to_string().contains("portico.proactive.guest"));
    browser.reload().await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    browser
        .run("Portico('setAttributes', { plan: 'gold' })", json!([]))
        .await;
    is_looked_at(browser).await;
    assert!(!browser.has("button", HAND).await, "once");
}

async fn bot_has_heard(bot: &Receiver, text: &'static str) {
    bot.call("what the visitor answers", |call| call.body["message"] == text)
        .await;
}

#[tokio::test]
async fn one_that_is_closed_never_comes_again() {
    let (_site, shopper) = visit(&rule("scroll = 60"), "/tents", ASKS).await;
    let browser = &shopper.browser;
    is_looked_at(browser).await;
    assert!(!browser.has("button", HAND).await, "little of the page was seen");
    browser.run("scrollTo(0, 2500)", json!([])).await;
    browser.sees("button", HAND).await;
    browser.press("button", "Close").await;
    browser.no_longer_sees("button", HAND).await;
    assert_eq!(stored(browser).await, json!(["portico.proactive.guest"]));
    browser.reload().await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    browser.run("scrollTo(0, 2500)", json!([])).await;
    is_looked_at(browser).await;
    assert!(!browser.has("button", HAND).await);
}

#[tokio::test]
async fn nobody_is_spoken_to_outside_business_hours_or_on_the_first_visit_if_the_rule_says_so() {
    let rules = format!(
        "{}[channels.guest.hours]\ntime_zone = \"UTC\"\n{} = [\"09:00-17:00\"]\n",
        rule(""),
        far_day()
    );
    let (_site, shopper) = visit(&rules, "/tents", ASKS).await;
    is_looked_at(&shopper.browser).await;
    assert!(!shopper.browser.has("button", HAND).await);

    let (_site, shopper) = visit(&rule("visits = 2"), "/tents", ASKS).await;
    let browser = &shopper.browser;
    is_looked_at(browser).await;
    assert!(!browser.has("button", HAND).await);
    browser.run("Portico('update', { visits: 2 })", json!([])).await;
    browser.sees("button", HAND).await;
}

#[tokio::test]
async fn a_page_that_does_not_ask_fetches_nothing_for_it() {
    let (_site, shopper) = visit(&rule(""), "/tents", "").await;
    let browser = &shopper.browser;
    let idle = "
        const idle = () => requestIdleCallback(done);
        document.readyState === 'complete' ? idle() : addEventListener('load', idle);";
    browser.run_async(idle, json!([])).await;
    let requests = browser.requests().await;
    let of_chat: Vec<_> = requests.iter().filter(|url| url.contains("/embed/")).collect();
    assert!(of_chat.is_empty(), "{of_chat:?}");
    assert!(!browser.has("button", HAND).await);
}

/// The greeting on the screen of the chat, and back on the page.
async fn greets(browser: &Browser, greeting: &str) {
    browser.into_chat();
    browser.sees("heading", greeting).await;
    browser.out_of_chat();
}

#[tokio::test]
async fn a_page_may_ask_later_and_what_one_visitor_opened_does_not_greet_the_next() {
    let (_site, shopper) = visit(&rule(""), "/tents", "data-greeting=\"Welcome to the shop\"").await;
    let browser = &shopper.browser;
    browser.run("Portico('update', { proactive: 'on' })", json!([])).await;
    browser.press("button", HAND).await;
    greets(browser, HAND).await;
    browser.run("Portico('logout')", json!([])).await;
    greets(browser, "Welcome to the shop").await;
}

#[tokio::test]
async fn a_launcher_that_is_made_anew_offers_what_was_not_closed_and_closes_it_for_good() {
    let (_site, shopper) = visit(&rule(""), "/tents", ASKS).await;
    let browser = &shopper.browser;
    browser.sees("button", HAND).await;
    browser.run("Portico('destroy')", json!([])).await;
    browser.no_longer_sees("button", HAND).await;
    browser
        .run("Portico('boot', { channel: 'demo' }); Portico('destroy')", json!([]))
        .await;
    browser.run("Portico('boot', { channel: 'guest' })", json!([])).await;
    browser.sees("button", HAND).await;
    assert_eq!(stored(browser).await, json!([]), "it was not seen to be closed");
    browser.press("button", "Close").await;
    browser.no_longer_sees("button", HAND).await;
    assert_eq!(stored(browser).await, json!(["portico.proactive.guest"]));
}

#[tokio::test]
async fn a_script_that_does_not_come_is_no_fault_of_a_chat_that_nobody_has_opened() {
    let site = Site::start_with(&rule("")).await;
    let page = PAGE.replace(
        "<script async",
        "<script>addEventListener('portico:error', () => (window.told = true))</script><script async",
    );
    site.serves("/tents", HTML, &page.replace("EXTRA", ASKS));
    let browser = Browser::open("shopper").await;
    browser.blocks(&["*/embed/chat.js*"]).await;
    browser.goto(&site.address("/tents")).await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    let waits = "setTimeout(() => done(!!window.told || !!named('button', 'Try again')), 1000)";
    assert_eq!(browser.run_async(waits, json!([])).await, false);
}
