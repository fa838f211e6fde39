//! The package for bundlers: a page of React has the chat as a component, in React's strict mode.

use crate::people::{MESSAGE, Shopper};
use crate::site::{HTML, Site, UNNAMED_LAUNCHER};
use portico_tests::browser::Browser;
use portico_tests::provided;
use serde_json::json;

/// What the site serves as the page's script.
const SCRIPT: &str = "/app.js";

/// A visitor on the package's example (`packages/portico/example/app.tsx`).
async fn visits(site: &Site) -> Shopper {
    visits_under(site, "", "RELAY").await
}

/// The same on a page with this policy, which takes the relay to be here.
async fn visits_under(site: &Site, policy: &'static str, relay: &str) -> Shopper {
    let script = std::fs::read_to_string(provided("PORTICO_PACKAGE_EXAMPLE")).expect("the example");
    site.serves_as_it_is(SCRIPT, "text/javascript", &script);
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>Shop</title><body><div id=root data-relay=\"{relay}\"></div><script src=\"{SCRIPT}\"></script>"
    );
    site.serves_under(policy, "/", HTML, &page);
    let browser = Browser::open("shopper").await;
    browser.goto(&site.address("/")).await;
    browser.sees("button", "Ask us").await;
    Shopper { browser }
}

#[tokio::test]
async fn a_page_of_react_has_the_chat_as_a_component() {
    let site = Site::start().await;
    let shopper = visits(&site).await;
    let browser = &shopper.browser;
    browser.press("button", "Ask us").await;
    browser.sees("button", "Leave us").await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    shopper.is_served_by_the_program().await;
    shopper.is_greeted(&site.bot).await;
    let knows = "
        const init = window.__seen.told.findLast((message) => message.type === 'init');
        return init.data.plan === 'gold' && init.channel === 'guest'";
    browser
        .until("the chat is told what the page says", knows, json!([]))
        .await;
    browser.out_of_chat();
    let told = "return ['ready', 'sent', 'Hello.'].every((one) => told.includes(one))";
    browser.until("the page is told", told, json!([])).await;
    let once = "return told.filter((one) => one === 'Hello.').length";
    assert_eq!(browser.run(once, json!([])).await, 1, "nothing is heard twice");

    browser.press("button", "Leave us").await;
    let themes = "setProps({ launcher: '', accent: '#123456', onMessage: ({ text }) => told.push('anew: ' + text) })";
    browser.run(themes, json!([])).await;
    browser.sees("button", UNNAMED_LAUNCHER).await;
    let accent = "return getComputedStyle(named('button', arguments[0])).backgroundColor === 'rgb(18, 52, 86)'";
    browser
        .until("the launcher has another colour", accent, json!([UNNAMED_LAUNCHER]))
        .await;
    site.bot.will_say("And once more.");
    browser.run("Portico('sendMessage', 'By the page')", json!([])).await;
    let unread =
        "return document.querySelector('output').innerText === '1 unread' && told.includes('anew: And once more.')";
    browser.until("the page says what is unread", unread, json!([])).await;

    browser.run("setIsThere(false)", json!([])).await;
    browser.no_longer_sees("button", UNNAMED_LAUNCHER).await;
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

#[tokio::test]
async fn the_component_can_be_where_the_chat_is() {
    let site = Site::start().await;
    let shopper = visits(&site).await;
    let browser = &shopper.browser;
    browser.run("setProps({ inline: true })", json!([])).await;
    let inside = "
        const frame = chatFrame();
        const { width, height } = frame?.getBoundingClientRect() ?? {};
        return document.querySelector('main portico-chat') && width === 400 && height === 420";
    browser.until("the chat is in its place", inside, json!([])).await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    shopper.is_served_by_the_program().await;
    shopper.is_greeted(&site.bot).await;
    browser.out_of_chat();
    let again = "setIsThere(false); setTimeout(() => { setIsThere(true); done(!chatFrame()) }, 100)";
    assert_eq!(
        browser.run_async(again, json!([])).await,
        true,
        "it goes with its component"
    );
    browser.until("the chat is back", inside, json!([])).await;
    browser.into_chat();
    shopper.hears("Hello.").await;
    browser.out_of_chat();
    assert_eq!(browser.seen().await.errors, [""; 0]);
}

#[tokio::test]
async fn the_next_person_does_not_get_the_customer_of_a_component_that_is_gone() {
    let site = Site::start().await;
    let shopper = visits(&site).await;
    let browser = &shopper.browser;
    let identity = "return window.__seen.told.findLast(({ type }) => type === 'init')?.identity === arguments[0]";
    browser.run("setProps({ identity: 'hers' })", json!([])).await;
    browser.press("button", "Ask us").await;
    browser.into_chat();
    browser.until("the chat knows her", identity, json!(["hers"])).await;
    browser.out_of_chat();
    browser.press("button", "Leave us").await;
    let next = "setIsThere(false); setTimeout(() => { setProps({}); setIsThere(true); done(true) }, 100)";
    browser.run_async(next, json!([])).await;
    browser.press("button", "Ask us").await;
    browser.into_chat();
    browser.until("the chat knows nobody", identity, json!([""])).await;
    browser.out_of_chat();
}

#[tokio::test]
async fn a_page_that_names_its_trusted_types_lets_the_package_in() {
    let site = Site::start().await;
    let policy = "script-src 'self' http:; require-trusted-types-for 'script'; trusted-types portico";
    let shopper = visits_under(&site, policy, "RELAY").await;
    let browser = &shopper.browser;
    browser.press("button", "Ask us").await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    browser.out_of_chat();
    let seen = browser.seen().await;
    assert_eq!((seen.errors, seen.violations), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn a_relay_that_is_mistyped_leaves_the_page_alone_and_can_be_put_right() {
    let site = Site::start().await;
    let shopper = visits_under(&site, "", "http://[").await;
    let browser = &shopper.browser;
    let right = site.relay.origin();
    browser.run("setProps({ relay: arguments[0] })", json!([right])).await;
    let asked = "return !!window.Portico";
    browser.until("it is tried again", asked, json!([])).await;
    browser.press("button", "Ask us").await;
    browser.into_chat();
    browser.sees("textbox", MESSAGE).await;
    browser.out_of_chat();
}
