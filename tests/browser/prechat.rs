//! The form that goes before the first message.

use crate::looks::is_accessible;
use crate::people::{Agent, LAUNCHER, MESSAGE, Shopper};
use crate::read_out::reads_out;
use portico_tests::api::site_token;
use portico_tests::browser::Browser;
use portico_tests::relay::{Relay, World};
use serde_json::json;

/// What the shop asks.
const FORM: &str = r#"
[channels.demo.prechat]
title = "Before we start"
description = "So that the right person answers you."
questions = [
    { label = "First name", type = "shortAnswer", required = true },
    { label = "E-mail", key = "email", type = "email", required = true },
    { label = "Topic", type = "dropdown", options = ["An order", "A return"] },
]
"#;

/// A shop that asks for a name and an address; its customers go straight to agents.
async fn asking() -> Relay {
    Relay::start(World {
        config: FORM.to_owned(),
        ..World::default()
    })
    .await
}

/// Comes to the shop, whose page does this, and opens the chat.
pub(crate) async fn opens(relay: &Relay, page: &str, args: serde_json::Value) -> Shopper {
    let shopper = Shopper::visits(relay).await;
    shopper.browser.run(page, args).await;
    opens_again(&shopper).await;
    shopper
}

async fn opens_again(shopper: &Shopper) {
    shopper.browser.out_of_chat();
    shopper.browser.press("button", LAUNCHER).await;
    shopper.browser.into_chat();
}

/// Waits until a question holds this answer.
async fn holds(browser: &Browser, question: &str, answer: &str) {
    let script = "return named('textbox', arguments[0])?.value === arguments[1]";
    let what = format!("{question}: {answer:?}");
    browser.until(&what, script, json!([question, answer])).await;
}

async fn says_that_something_is_wrong(browser: &Browser, words: &[&str]) {
    let script =
        "return JSON.stringify([...document.querySelectorAll('.form [role=alert]')].map((el) => el.textContent))
        === JSON.stringify(arguments[0])";
    browser.until(&format!("{words:?}"), script, json!([words])).await;
}

const BEFORE: &str = "
    contentinfo
    StaticText Before we start
    StaticText So that the right person answers you.
    form Before we start
    StaticText First name
    StaticText required
    textbox First name required [required]
    StaticText E-mail
    StaticText required
    textbox E-mail required [required]
    StaticText Topic
    combobox Topic [collapsed]
    MenuListPopup
    option Choose
    option An order
    option A return
    button Start chat
";

#[tokio::test]
async fn the_form_goes_before_the_first_message_and_reaches_the_agent() {
    let relay = asking().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = opens(&relay, "", json!([])).await;
    let browser = &shopper.browser;
    browser.sees("textbox", "First name").await;
    browser.no_longer_sees("textbox", MESSAGE).await;
    assert!(
        !browser.has("button", "Talk to a person").await,
        "no question to press either"
    );
    is_accessible(browser, "the form before a chat", "html").await;
    reads_out(browser, "the form before a chat", BEFORE).await;

    browser.press("button", "Start chat").await;
    says_that_something_is_wrong(browser, &["Please fill this in.", "Please fill this in."]).await;
    browser.types("textbox", "First name", "Ada").await;
    browser.types("textbox", "E-mail", "ada").await;
    browser.press("button", "Start chat").await;
    let wrong = "Please enter an e-mail address, like name@example.com.";
    says_that_something_is_wrong(browser, &[wrong]).await;
    is_accessible(browser, "a wrong answer", "html").await;
    browser.types("textbox", "E-mail", "@shop.example").await;
    browser.press("button", "Start chat").await;

    browser.sees("textbox", MESSAGE).await;
    shopper.says("Where is my order?").await;
    shopper.has_said("Where is my order?").await;
    agent.accepts().await;
    agent.hears("Where is my order?").await;
    agent.browser.sees("heading", "Ada").await;
    let shows =
        "return ['Before we start', 'ada@shop.example'].every((text) => document.body.textContent.includes(text))";
    agent
        .browser
        .until("the form and its answers are at the desk", shows, json!([]))
        .await;
}

#[tokio::test]
pub(crate) async fn what_was_entered_survives_a_reload_and_what_the_page_knows_stands_there() {
    let relay = asking().await;
    let shopper = opens(&relay, "", json!([])).await;
    let browser = &shopper.browser;
    browser.types("textbox", "First name", "Ada").await;
    holds(browser, "First name", "Ada").await;

    browser.out_of_chat();
    browser.reload().await;
    browser.sees("button", LAUNCHER).await;
    let says = "Portico('setData', { email: 'page@shop.example', first_name: 'Visitor' })";
    browser.run(says, json!([])).await;
    opens_again(&shopper).await;
    holds(browser, "E-mail", "page@shop.example").await;
    holds(browser, "First name", "Ada").await;
}

#[tokio::test]
async fn a_customer_whom_the_site_vouches_for_is_not_asked_again() {
    let relay = asking().await;
    let proof = site_token(&json!({ "sub": "c-1", "name": "Omar", "email": "omar@shop.example" }));
    let shopper = opens(&relay, "Portico('identify', { jwt: arguments[0] })", json!([proof])).await;
    let browser = &shopper.browser;
    browser.sees("combobox", "Topic").await;
    assert!(!browser.has("textbox", "First name").await && !browser.has("textbox", "E-mail").await);
    browser.press("button", "Start chat").await;
    browser.sees("textbox", MESSAGE).await;
    shopper.says("Hello").await;
    shopper.has_said("Hello").await;
}

#[tokio::test]
async fn a_form_of_before_is_asked_again_as_it_is_now() {
    let mut relay = asking().await;
    let shopper = opens(&relay, "", json!([])).await;
    let browser = &shopper.browser;
    browser.types("textbox", "First name", "Ada").await;
    browser.types("textbox", "E-mail", "ada@shop.example").await;
    let order = "    { label = \"Order\", key = \"order\", type = \"shortAnswer\", required = true },\n]";
    relay.reconfigure(&FORM.replace("\n]", &format!("\n{order}"))).await;

    browser.press("button", "Start chat").await;
    browser.sees("textbox", "Order").await;
    holds(browser, "First name", "Ada").await;
    let says = "return document.querySelector('.form > .form__error[role=alert]')?.textContent";
    browser.until("that it was not taken", says, json!([])).await;
    browser.types("textbox", "Order", "1042").await;
    browser.press("button", "Start chat").await;
    browser.sees("textbox", MESSAGE).await;
    shopper.says("Hello").await;
    shopper.has_said("Hello").await;
}

#[tokio::test]
async fn what_was_entered_goes_with_a_visitor_who_signs_in() {
    let relay = asking().await;
    let shopper = opens(&relay, "", json!([])).await;
    let browser = &shopper.browser;
    browser.types("textbox", "First name", "Ada").await;
    holds(browser, "First name", "Ada").await;
    browser.out_of_chat();
    let proof = site_token(&json!({ "sub": "c-1", "email": "ada@shop.example" }));
    browser
        .run("Portico('identify', { jwt: arguments[0] })", json!([proof]))
        .await;
    browser.into_chat();
    browser.no_longer_sees("textbox", "E-mail").await;
    holds(browser, "First name", "Ada").await;
}
