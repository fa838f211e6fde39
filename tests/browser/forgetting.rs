//! A visitor who wishes to be forgotten.

use crate::looks::is_accessible;
use crate::people::{Agent, MESSAGE, Served, Shopper, served};
use portico_tests::api;
use portico_tests::browser::Browser;
use portico_tests::relay::Relay;
use serde_json::json;

const SURE: &str = "Delete all of your chats here";

async fn says(browser: &Browser, text: &str) {
    let script = "return document.querySelector('.ended')?.textContent.includes(arguments[0])";
    browser.until(text, script, json!([text])).await;
}

/// Waits until neither the file nor its log has a text.
async fn is_gone(relay: &Relay, text: &str) {
    let file = relay.database();
    let log = file.with_extension("db-wal");
    let has = |path: &std::path::Path| {
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    portico_tests::eventually("it is gone", || {
        std::future::ready((!has(&file) && !has(&log)).then_some(()))
    })
    .await;
}

#[tokio::test]
async fn a_visitor_has_its_data_deleted_and_the_agent_sees_that() {
    let Served {
        relay,
        bot: _bot,
        agent,
        shopper,
    } = served().await;
    let browser = &shopper.browser;
    shopper.says("My number is CANARY-4711").await;
    agent.hears("My number is CANARY-4711").await;
    browser.press("button", "Options").await;
    browser.press("button", "Delete my data").await;
    says(browser, SURE).await;
    is_accessible(browser, "the question", "html").await;
    browser.press("button", "Keep it").await;
    browser.sees("textbox", MESSAGE).await;

    browser.press("button", "Options").await;
    browser.press("button", "Delete my data").await;
    browser.press("button", "Delete everything").await;
    says(browser, "Your data was deleted").await;
    is_accessible(browser, "what was deleted", "html").await;
    let kept = browser.run("return Object.keys(localStorage)", json!([])).await;
    assert_eq!(kept, json!([]));
    assert_eq!(shopper.texts().await, [""; 0], "nothing of it is on the screen");
    is_gone(&relay, "CANARY-4711").await;
    sees_that_it_was_erased(&agent).await;

    browser.press("button", "Start a new chat").await;
    browser.sees("textbox", MESSAGE).await;
    shopper.says("Hello again").await;
    shopper.has_said("Hello again").await;
    shopper.reads(&["Hello again"]).await;
}

async fn sees_that_it_was_erased(agent: &Agent) {
    let script = "
        const text = document.body.innerText;
        return text.includes('What was said here has been erased') && !text.includes('CANARY-4711')";
    agent.browser.until("the desk says so", script, json!([])).await;
}

#[tokio::test]
async fn a_page_has_its_visitor_forgotten() {
    let relay = Relay::plain().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.says("CANARY-4712").await;
    shopper.has_said("CANARY-4712").await;
    browser.out_of_chat();
    let forgets = "Portico('forgetMe').then(() => done('done'), ({ code }) => done(code))";
    assert_eq!(browser.run_async(forgets, json!([])).await, json!("done"));
    is_gone(&relay, "CANARY-4712").await;
    let mark = browser.run("return Object.keys(localStorage)", json!([])).await;
    assert_eq!(mark, json!([]), "the page loads no chat ahead of a click");
    browser.into_chat();
    says(browser, "Your data was deleted").await;
    browser.press("button", "Start a new chat").await;
    browser.sees("textbox", MESSAGE).await;
    shopper.reads(&[]).await;
}

#[tokio::test]
async fn what_a_page_asks_for_after_the_visitor_was_forgotten_is_refused_and_not_kept() {
    let relay = Relay::plain().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.says("CANARY-4713").await;
    shopper.has_said("CANARY-4713").await;
    browser.out_of_chat();
    let asks = async |command: &str| {
        let script = format!("Portico({command}).then(() => done('done'), ({{ code }}) => done(code))");
        browser.run_async(&script, json!([])).await
    };
    assert_eq!(asks("'forgetMe'").await, json!("done"));
    assert_eq!(asks("'sendMessage', 'Too late'").await, json!("unavailable"));
    assert_eq!(asks("'showNewMessage', 'Too late'").await, json!("unavailable"));
    assert_eq!(asks("'forgetMe'").await, json!("done"), "it is done already");
    browser.into_chat();
    says(browser, "Your data was deleted").await;
    let kept = browser.run("return Object.keys(localStorage)", json!([])).await;
    assert_eq!(kept, json!([]));
    browser.press("button", "Start a new chat").await;
    browser.sees("textbox", MESSAGE).await;
    shopper.reads(&[]).await;
}

#[tokio::test]
async fn another_tab_of_a_forgotten_visitor_begins_anew() {
    let relay = Relay::plain().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.says("CANARY-4714").await;
    shopper.has_said("CANARY-4714").await;
    let [first, second] = browser.second_window().await;
    browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    shopper.reads(&["CANARY-4714"]).await;
    browser.press("button", "Options").await;
    browser.press("button", "Delete my data").await;
    browser.press("button", "Delete everything").await;
    says(browser, "Your data was deleted").await;

    browser.turn_to(&first).await;
    browser.into_chat();
    shopper.reads(&[]).await;
    browser.sees("textbox", MESSAGE).await;
    let is_empty = "return localStorage.length === 0";
    browser.until("nothing is kept", is_empty, json!([])).await;
    drop(second);
}

/// A shopper whom the page signs in with a proof that has run out, as the chat has told the page.
async fn comes_with_a_proof_that_has_run_out(relay: &Relay) -> Shopper {
    let shopper = Shopper::visits(relay).await;
    let browser = &shopper.browser;
    let collects = "window.__errors = []; Portico('on', 'error', ({ reason }) => __errors.push(reason))";
    browser.run(collects, json!([])).await;
    let claims = json!({ "sub": "c-42", "iat": api::now() - 1_200, "exp": api::now() - 600 });
    let identify = "Portico('identify', { jwt: arguments[0] })";
    browser.run(identify, json!([api::site_token(&claims)])).await;
    shopper.opens().await;
    browser.out_of_chat();
    let is_told = "return __errors.includes('session')";
    browser.until("the page is told", is_told, json!([])).await;
    shopper
}

#[tokio::test]
async fn a_customer_whose_proof_has_run_out_is_forgotten_with_the_next_one_that_the_page_gives() {
    let relay = Relay::plain().await;
    let shopper = comes_with_a_proof_that_has_run_out(&relay).await;
    let browser = &shopper.browser;
    let forgets = "
        Portico('on', 'error', ({ reason }) => reason === 'session' && Portico('identify', { jwt: arguments[0] }));
        Portico('forgetMe').then(() => done('done'), ({ code }) => done(code))";
    let proof = api::site_token(&json!({ "sub": "c-42" }));
    assert_eq!(browser.run_async(forgets, json!([proof])).await, json!("done"));
    browser.into_chat();
    says(browser, "Your data was deleted").await;
}

#[tokio::test]
async fn a_customer_whom_the_page_cannot_prove_any_more_is_told_that_the_browser_alone_has_forgotten() {
    let relay = Relay::plain().await;
    let shopper = comes_with_a_proof_that_has_run_out(&relay).await;
    let browser = &shopper.browser;
    let forgets = "Portico('forgetMe').then(() => done('done'), ({ code }) => done(code))";
    assert_eq!(browser.run_async(forgets, json!([])).await, json!("done"));
    browser.into_chat();
    says(browser, "This browser has forgotten you").await;
}
