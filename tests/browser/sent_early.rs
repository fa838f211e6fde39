//! What is sent on the first screen goes on its way as soon as the program runs, where nothing is to be agreed to before.

use crate::consent::asks_for_consent;
use crate::first_screen::Early;
use crate::parts_of_messages::makes_it_late;
use crate::people::{Shopper, shop_with_bot};
use portico_tests::browser::Browser;
use portico_tests::relay::Relay;
use portico_tests::{api, eventually};
use serde_json::json;

/// Waits of five seconds, as that for what draws messages, last for ever.
const PATIENT: &str = "{
    const real = window.setTimeout;
    window.setTimeout = (act, wait, ...rest) => real(act, wait === 5000 ? 1e9 : wait, ...rest);
    }";

/// A shopper who says "One" on the first screen, after which the program runs. What draws messages comes with `__come()`; a
/// script runs first in each document.
async fn says_one_without_what_draws_messages(relay: &Relay, first: &str) -> Early {
    let early = Early {
        shopper: Shopper::visits(relay).await,
    };
    let browser = &early.shopper.browser;
    makes_it_late(browser).await;
    early.is_held_back().await;
    browser.runs_first(first).await;
    browser.runs_first(PATIENT).await;
    browser.reload().await;
    early.sees_the_first_screen().await;
    early.shopper.says("One").await;
    browser.run("__run()", json!([])).await;
    early
}

#[tokio::test]
async fn what_is_sent_before_the_program_runs_waits_for_nothing_but_the_program() {
    let (relay, bot) = shop_with_bot().await;
    let early = says_one_without_what_draws_messages(&relay, "").await;
    let shopper = &early.shopper;
    let browser = &shopper.browser;
    let is_told = async |text: &str| {
        let raw = |text: &str| bot.calls().iter().any(|call| call.raw.contains(text));
        eventually("the bot is told", async || raw(text).then_some(())).await;
    };
    is_told("One").await;
    shopper.says("Two").await;
    is_told("Two").await;
    browser.keys("Thr").await;
    let is_first = "return !!document.querySelector('#first-screen')";
    assert_eq!(browser.run(is_first, json!([])).await, true, "nothing draws messages");
    shopper.reads(&["One", "Two"]).await;

    browser.run("__come()", json!([])).await;
    shopper.is_served_by_the_program().await;
    assert_eq!(early.typed().await, json!(["Thr", 3, 3, true]));
    for text in ["One", "Two"] {
        shopper.has_said(text).await;
    }
    shopper.reads(&["One", "Two"]).await;
}

#[tokio::test]
async fn what_is_sent_before_the_program_runs_by_who_has_agreed_on_the_page_is_sent() {
    let relay = asks_for_consent().await;
    let early = Early {
        shopper: Shopper::visits(&relay).await,
    };
    let shopper = &early.shopper;
    early.is_held_back().await;
    shopper.browser.reload().await;
    shopper
        .browser
        .run("Portico('update', { consent: 3 })", json!([]))
        .await;
    early.sees_the_first_screen().await;
    shopper.says("One").await;
    early.runs().await;
    shopper.has_said("One").await;
    shopper.reads(&["One"]).await;
}

/// Sessions are answered when a test lets them.
pub(crate) const HOLD_SESSIONS: &str = "{
    const real = window.fetch;
    const late = new Promise((answer) => Object.defineProperty(window, '__answer', { value: answer }));
    window.fetch = async (what, ...rest) => {
        if ((what.url ?? String(what)).includes('/api/session')) {
            await late;
        }
        return real.call(window, what, ...rest);
    };
    }";

const SIGNS_IN: &str = "Portico('identify', { jwt: arguments[0] })";

/// How many posts wait in the browser, as of the unknown visitor.
async fn waiting_of_the_unknown(browser: &Browser) -> i64 {
    let script = "return Object.keys(localStorage).filter((key) => key.startsWith('portico.demo..out.outbox.')).length";
    browser.run(script, json!([])).await.as_i64().expect("a number")
}

#[tokio::test]
async fn what_is_sent_early_goes_with_the_visitor_who_signs_in_before_the_relay_has_it() {
    let (relay, bot) = shop_with_bot().await;
    let early = says_one_without_what_draws_messages(&relay, HOLD_SESSIONS).await;
    let shopper = &early.shopper;
    let browser = &shopper.browser;
    eventually("it waits for the relay", async || {
        (waiting_of_the_unknown(browser).await == 1).then_some(())
    })
    .await;

    browser.out_of_chat();
    let proof = api::site_token(&json!({ "sub": "c-42", "name": "Maja Berg" }));
    browser.run(SIGNS_IN, json!([proof])).await;
    browser.into_chat();
    eventually("it is not the unknown visitor's any more", async || {
        (waiting_of_the_unknown(browser).await == 0).then_some(())
    })
    .await;
    shopper.says("Two").await;
    browser.run("__answer(); __come()", json!([])).await;
    shopper.is_served_by_the_program().await;
    for text in ["One", "Two"] {
        shopper.has_said(text).await;
        let of_the_customer = bot.call(text, |call| call.raw.contains(&format!("\"{text}\""))).await;
        assert!(of_the_customer.raw.contains("c-42"), "{}", of_the_customer.raw);
    }
    shopper.reads(&["One", "Two"]).await;
    let heard = bot.calls().iter().filter(|call| call.raw.contains("\"One\"")).count();
    assert_eq!(heard, 1);
    assert_eq!(waiting_of_the_unknown(browser).await, 0);
}

#[tokio::test]
async fn what_waits_on_one_page_goes_with_the_visitor_who_is_signed_in_on_the_next() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.runs_first(HOLD_SESSIONS).await;
    browser.reload().await;
    shopper.opens().await;
    shopper.says("One").await;
    shopper.reads(&["One"]).await;
    assert_eq!(waiting_of_the_unknown(browser).await, 1);

    browser.out_of_chat();
    browser.reload().await;
    let proof = api::site_token(&json!({ "sub": "c-42", "name": "Maja Berg" }));
    browser.run(SIGNS_IN, json!([proof])).await;
    shopper.opens().await;
    shopper.reads(&["One"]).await;
    assert_eq!(waiting_of_the_unknown(browser).await, 0);
    browser.run("__answer()", json!([])).await;
    shopper.has_said("One").await;
    let call = bot.call("One", |call| call.raw.contains("\"One\"")).await;
    assert!(call.raw.contains("c-42"), "{}", call.raw);
    shopper.reads(&["One"]).await;
}
