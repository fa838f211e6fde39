//! Two tabs of one visitor that show the same question.

use crate::conversation::{buttons, shows_as_chosen};
use crate::people::{LAUNCHER, Shopper, shop_with_bot};
use portico_tests::browser::{Network, Window};
use portico_tests::receiver::{Receiver, Reply};
use portico_tests::relay::Relay;
use serde_json::{Value, json};

/// A shopper whose bot has asked something, in two tabs.
async fn asked(question: Value) -> (Relay, Receiver, Shopper, [Window; 2]) {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    bot.will(Reply::Say(question));
    shopper.says("I need a tent").await;
    shopper.has_said("I need a tent").await;
    let windows = shopper.browser.second_window().await;
    shopper.browser.goto(&relay.shop_origin()).await;
    shopper.browser.sees("button", LAUNCHER).await;
    shopper.opens().await;
    (relay, bot, shopper, windows)
}

/// Waits until exactly these are the shopper's own messages.
async fn has_said(shopper: &Shopper, texts: &[&str]) {
    let script = "
        const own = messages().filter(([mine]) => mine).map(([, text]) => text);
        return JSON.stringify(own) === JSON.stringify([...arguments])";
    shopper.asks(&format!("{texts:?} are said"), script, json!(texts)).await;
}

async fn turns_to(shopper: &Shopper, window: &Window) {
    shopper.browser.turn_to(window).await;
    shopper.browser.into_chat();
}

#[tokio::test]
async fn an_answer_of_one_tab_is_shown_in_the_other_and_nothing_is_left_to_press_there() {
    let (_relay, bot, shopper, [first, second]) = asked(buttons()).await;
    let browser = &shopper.browser;
    browser.sees("button", "Three people").await;
    turns_to(&shopper, &first).await;
    bot.will_say("A good choice.");
    browser.press("button", "Two people").await;
    shopper.hears("A good choice.").await;

    turns_to(&shopper, &second).await;
    shows_as_chosen(browser, "Two people").await;
    browser.no_longer_sees("button", "Three people").await;
    assert!(!browser.has("button", "Two people").await);
    let name = "return nameOf(document.querySelector('.choice--chosen'))";
    assert_eq!(browser.run(name, json!([])).await, "Two people chosen");
    has_said(&shopper, &["I need a tent", "Two people"]).await;
}

#[tokio::test]
async fn of_two_answers_the_first_one_counts_and_the_tab_of_the_second_one_shows_it() {
    let (_relay, bot, shopper, [first, second]) = asked(buttons()).await;
    let browser = &shopper.browser;
    browser.sees("button", "Three people").await;
    // The other tab has not heard of the first answer when it gives its own.
    browser.network(Network::Away).await;
    let offline = "return named('status', 'No connection.')";
    browser.until("the banner says so", offline, json!([])).await;
    browser.press("button", "Three people").await;
    shows_as_chosen(browser, "Three people").await;

    turns_to(&shopper, &first).await;
    bot.will_say("A good choice.");
    browser.press("button", "Two people").await;
    shopper.hears("A good choice.").await;
    turns_to(&shopper, &second).await;
    browser.network(Network::There).await;
    shows_as_chosen(browser, "Two people").await;
    for window in [&second, &first] {
        turns_to(&shopper, window).await;
        shopper.hears("A good choice.").await;
        has_said(&shopper, &["I need a tent", "Two people"]).await;
    }
    let answers = bot.calls().iter().filter(|call| call.raw.contains("\"three\"")).count();
    assert_eq!(answers, 0, "the bot was told one answer");
}

#[tokio::test]
pub(crate) async fn a_form_that_one_tab_has_sent_is_sent_in_the_other() {
    let form = json!([{ "mode": "message", "body": {
        "type": "FORM_DATA", "formTitle": "About you",
        "sections": [{ "attributes": [
            { "key": "name", "label": "Your name", "attributeType": "INPUT", "valueType": "String50" },
        ] }],
    } }]);
    let (_relay, bot, shopper, [first, second]) = asked(form).await;
    let browser = &shopper.browser;
    browser.sees("textbox", "Your name").await;
    turns_to(&shopper, &first).await;
    browser.types("textbox", "Your name", "Maja").await;
    bot.will_say("Thank you, Maja.");
    let send = "document.querySelector('.form__fields [type=submit]').click()";
    browser.run(send, json!([])).await;
    shopper.hears("Thank you, Maja.").await;

    turns_to(&shopper, &second).await;
    shopper.hears("Thank you, Maja.").await;
    browser.no_longer_sees("textbox", "Your name").await;
    let sent = "return document.querySelector('.message:not(.message--mine) .form').innerText.includes('Thank you, this form was sent.')";
    browser.until("the form says that it was sent", sent, json!([])).await;
}

#[tokio::test]
async fn what_a_tab_left_that_was_closed_without_a_network_is_shown_and_sent_by_the_one_that_lives_on() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    let [first, _second] = browser.second_window().await;
    browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    shopper.reads(&["Hello", "Hello."]).await;
    browser.network(Network::Away).await;
    let offline = "return named('status', 'No connection.')";
    browser.until("the banner says so", offline, json!([])).await;
    for text in ["One", "Two"] {
        shopper.says(text).await;
    }
    let waits = "return messages().length === 4 && messages().at(-1)[2].includes('Waiting to be sent')";
    shopper.asks("they wait", waits, json!([])).await;
    browser.out_of_chat();
    browser.closes_window(&first).await;
    browser.into_chat();
    shopper.reads(&["Hello", "Hello.", "One", "Two"]).await;
    shopper.has_said("One").await;
    shopper.has_said("Two").await;
    shopper.reads(&["Hello", "Hello.", "One", "Two"]).await;
    let calls = bot.calls();
    let told = calls
        .iter()
        .filter(|call| call.body["message"] == "One" || call.body["message"] == "Two");
    assert_eq!(told.count(), 2, "once each");
}
