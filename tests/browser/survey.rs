//! The survey at the end of a chat.

use crate::keeping::ends;
use crate::looks::is_accessible;
use crate::people::{Agent, LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use portico_tests::receiver::Reply;
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
    let told = "
        const form = document.querySelector('form[aria-label=\"How was this chat?\"]');
        const ends = [...form.querySelectorAll('[type=radio][aria-describedby]')].map((radio) =>
            document.getElementById(radio.getAttribute('aria-describedby')).textContent);
        return ends";
    assert_eq!(browser.run(told, json!([])).await, json!(["very bad", "very good"]));
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

#[tokio::test]
async fn a_form_that_nobody_filled_in_offers_no_button_when_the_chat_is_over() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    bot.will(Reply::Say(json!([{ "mode": "message", "body": {
        "type": "FORM_DATA", "markdownText": "", "formTitle": "Where do you live?",
        "sections": [{ "sectionName": "You", "attributes": [
            { "key": "town", "label": "Town", "attributeType": "INPUT", "valueType": "String50" },
        ] }],
    } }])));
    shopper.says("I want a visit").await;
    browser.sees("textbox", "Town").await;
    ends(&shopper).await;
    browser.no_longer_sees("textbox", "Town").await;
    browser.no_longer_sees("button", "Send").await;
}
