//! Two tabs of one visitor: what is said, asked and typed in both.

use crate::conversation::{buttons, shows_as_chosen};
use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use crate::sent_early::HOLD_SESSIONS;
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

/// Waits until this stands in the text box.
async fn has_typed(shopper: &Shopper, text: &str) {
    let script = "return named('textbox', 'Message')?.value === arguments[0]";
    let what = format!("{text:?} stands there");
    shopper.browser.until(&what, script, json!([text])).await;
}

#[tokio::test]
async fn each_tab_keeps_its_own_draft_over_a_reload_and_a_new_one_begins_with_the_newest() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    browser.types("textbox", MESSAGE, "My parcel").await;
    let [first, second] = browser.second_window().await;
    browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    has_typed(&shopper, "My parcel").await;
    browser.types("textbox", MESSAGE, " is late").await;
    turns_to(&shopper, &first).await;
    has_typed(&shopper, "My parcel").await;
    shopper.reloads().await;
    has_typed(&shopper, "My parcel").await;
    // What is sent in one tab takes nothing away in the other.
    browser.types("textbox", MESSAGE, " is here\n").await;
    shopper.has_said("My parcel is here").await;
    turns_to(&shopper, &second).await;
    shopper.reloads().await;
    has_typed(&shopper, "My parcel is late").await;
    turns_to(&shopper, &first).await;
    shopper.reloads().await;
    has_typed(&shopper, "").await;

    // Who leaves in one tab leaves no draft in the other.
    browser.out_of_chat();
    browser.run("Portico('logout')", json!([])).await;
    let mark = "return localStorage.getItem('portico.live.demo') === null";
    browser.until("the visitor has left", mark, json!([])).await;
    turns_to(&shopper, &second).await;
    shopper.reloads().await;
    has_typed(&shopper, "").await;
}

#[tokio::test]
async fn two_tabs_in_which_a_new_visitor_begins_at_once_are_one_visitor_with_one_chat() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.runs_first(HOLD_SESSIONS).await;
    browser.reload().await;
    shopper.opens().await;
    shopper.says("One").await;
    let [first, second] = browser.second_window().await;
    browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    // Both have asked, and the first one is answered last.
    shopper.says("Two").await;
    turns_to(&shopper, &first).await;
    browser.run("__answer()", json!([])).await;
    for window in [&first, &second] {
        turns_to(&shopper, window).await;
        for text in ["One", "Two"] {
            shopper.has_said(text).await;
        }
    }
    let calls = bot.calls();
    let chats = calls.iter().map(|call| call.body["conversation"].to_string());
    let chats: std::collections::BTreeSet<String> = chats.collect();
    assert_eq!(chats.len(), 1, "{chats:?}");
}
