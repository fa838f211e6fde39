//! The survey at the end of a chat.

use crate::keeping::ends;
use crate::looks::is_accessible;
use crate::people::{Agent, LAUNCHER, MESSAGE, Shopper};
use portico_tests::relay::{Relay, World};
use serde_json::json;

/// A shop that asks how a chat was; its customers go straight to agents.
async fn asking() -> Relay {
    let survey = "
[channels.demo.survey]
title = \"How was this chat?\"
csat = \"How satisfied are you?\"
comment = \"What could we do better?\"
";
    Relay::start(World {
        config: survey.to_owned(),
        ..World::default()
    })
    .await
}

/// Loads the page again and opens the chat, which is over.
async fn comes_back(shopper: &Shopper) {
    shopper.browser.out_of_chat();
    shopper.browser.reload().await;
    shopper.browser.press("button", LAUNCHER).await;
    shopper.browser.into_chat();
}

#[tokio::test]
async fn a_survey_stands_at_the_end_of_a_chat_and_takes_one_answer() {
    let relay = asking().await;
    let agent = Agent::ready(&relay, "ann").await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.says("Where is my order?").await;
    agent.accepts().await;
    agent.hears("Where is my order?").await;

    ends(&shopper).await;
    browser.sees("radio", "5").await;
    is_accessible(browser, "the survey", "html").await;
    comes_back(&shopper).await;
    browser.sees("radio", "5").await;
    browser.press("button", "Send").await;
    browser.sees("radio", "5").await;
    browser.press("radio", "5").await;
    browser
        .types("textbox", "What could we do better?", "Nothing at all")
        .await;
    browser.press("button", "Send").await;

    let answered = "return !named('button', 'Send') && document.body.textContent.includes('Nothing at all')";
    browser.until("the answer stands there", answered, json!([])).await;
    let shows =
        "return ['How was this chat?', 'Nothing at all'].every((text) => document.body.textContent.includes(text))";
    agent.browser.until("the answer is at the desk", shows, json!([])).await;
    is_accessible(browser, "the answered survey", "html").await;

    comes_back(&shopper).await;
    browser.until("the answer is kept", answered, json!([])).await;
    browser.press("button", "Start a new chat").await;
    browser.sees("textbox", MESSAGE).await;
}
