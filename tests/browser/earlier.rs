//! Earlier chats of a customer whom the site vouches for.

use crate::chat::PHONE;
use crate::looks::is_accessible;
use crate::people::{Customer, LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use portico_tests::api::site_token;
use portico_tests::browser::{Browser, Key};
use portico_tests::receiver::Receiver;
use portico_tests::relay::Relay;
use serde_json::json;

fn proof() -> String {
    site_token(&json!({ "sub": "maja", "name": "Maja" }))
}

/// Chats with the bot, which has the last word, and ends that.
pub(crate) async fn chatted(relay: &Relay, bot: &Receiver, text: &str) {
    let answer = format!("{text}?");
    bot.will_say(&answer);
    let visitor = relay.session(json!({ "channel": "demo", "identity": proof() })).await;
    let mut customer = Customer::visits(relay, visitor, json!({})).await;
    customer.says(text).await;
    customer.hears(&answer).await;
    customer.ends().await;
    customer.socket.round_trip().await;
}

/// Opens the chat on a page that says who the visitor is.
pub(crate) async fn signed_in(relay: &Relay) -> Shopper {
    let shopper = Shopper::visits(relay).await;
    let identify = "Portico('identify', { jwt: arguments[0] })";
    shopper.browser.run(identify, json!([proof()])).await;
    shopper.browser.press("button", LAUNCHER).await;
    shopper.browser.into_chat();
    shopper
}

/// The last words in the list, newest chat first.
pub(crate) async fn lists(browser: &Browser, texts: &[&str]) {
    let script = "
        const rows = [...document.querySelectorAll('.earlier__last')].map((el) => el.innerText);
        return JSON.stringify(rows) === JSON.stringify([...arguments])";
    browser
        .until(&format!("the list has {texts:?}"), script, json!(texts))
        .await;
}

#[tokio::test]
async fn a_known_customer_reads_an_earlier_chat_and_goes_back_to_the_present_one() {
    let (relay, bot) = shop_with_bot().await;
    chatted(&relay, &bot, "The first").await;
    chatted(&relay, &bot, "The second").await;
    let shopper = signed_in(&relay).await;
    let browser = &shopper.browser;
    // The last one is on the screen, and in no list.
    browser.press("button", "Start a new chat").await;
    bot.will_say("Third answer");
    shopper.says("The third").await;
    shopper.hears("Third answer").await;

    browser.press("button", "Options").await;
    browser.press("button", "Earlier chats").await;
    let focused = "return document.activeElement.innerText === 'Earlier chats'";
    browser.until("the list has the keyboard", focused, json!([])).await;
    lists(browser, &["The second?", "The first?"]).await;
    is_accessible(browser, "the list of earlier chats", "html").await;
    browser.has_room(PHONE.0, PHONE.1).await;
    let fits = "
        const list = document.querySelector('.earlier');
        return list.scrollWidth <= list.clientWidth && document.documentElement.scrollWidth <= innerWidth";
    assert_eq!(browser.run(fits, json!([])).await, true, "it fits a phone");

    let first = "[...document.querySelectorAll('.earlier__chat')].at(-1).click()";
    browser.run(first, json!([])).await;
    shopper.has_said("The first").await;
    assert!(!shopper.texts().await.contains(&"The third".to_owned()));
    assert!(!browser.has("textbox", MESSAGE).await, "nothing is written into it");
    browser.sees("button", "Save conversation").await;
    is_accessible(browser, "an earlier chat", "html").await;

    browser.press("button", "Earlier chats").await;
    lists(browser, &["The second?", "The first?"]).await;
    browser.key(Key::Escape).await;
    browser.sees("textbox", MESSAGE).await;
    shopper.has_said("The third").await;
    bot.will_say("Still here");
    shopper.says("And on").await;
    shopper.hears("Still here").await;
}

#[tokio::test]
async fn a_list_that_does_not_come_is_asked_for_again() {
    let (relay, bot) = shop_with_bot().await;
    chatted(&relay, &bot, "The first").await;
    chatted(&relay, &bot, "The second").await;
    let shopper = signed_in(&relay).await;
    let browser = &shopper.browser;
    shopper.has_said("The second").await;
    browser.blocks(&["*api/conversations*"]).await;
    browser.press("button", "Options").await;
    browser.press("button", "Earlier chats").await;
    browser.sees("button", "Try again").await;
    is_accessible(browser, "a list that did not come", "html").await;
    browser.blocks(&[]).await;
    browser.press("button", "Try again").await;
    lists(browser, &["The first?"]).await;
    browser.press("button", "Back to the chat").await;
    shopper.has_said("The second").await;
}

#[tokio::test]
async fn older_chats_come_at_a_press_and_the_keyboard_goes_on_at_them() {
    let relay = Relay::plain().await;
    for number in 0..23 {
        let visitor = relay.session(json!({ "channel": "demo", "identity": proof() })).await;
        let mut customer = Customer::visits(&relay, visitor, json!({})).await;
        customer.says(&format!("Chat {number}")).await;
        customer.ends().await;
    }
    let shopper = signed_in(&relay).await;
    let browser = &shopper.browser;
    shopper.has_said("Chat 22").await;
    browser.press("button", "Options").await;
    browser.press("button", "Earlier chats").await;
    browser.sees("button", "Show more").await;
    let first: Vec<String> = (3..22).rev().map(|number| format!("Chat {number}")).collect();
    lists(browser, &first.iter().map(String::as_str).collect::<Vec<_>>()).await;
    browser.press("button", "Show more").await;
    browser.no_longer_sees("button", "Show more").await;
    let all: Vec<String> = (0..22).rev().map(|number| format!("Chat {number}")).collect();
    lists(browser, &all.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let focused = "return document.activeElement.querySelector('.earlier__last')?.innerText === 'Chat 2'";
    browser.until("the keyboard goes on", focused, json!([])).await;
}

#[tokio::test]
async fn an_unknown_visitor_has_no_list() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    shopper.browser.press("button", "Options").await;
    shopper.browser.sees("button", "End chat").await;
    assert!(!shopper.browser.has("button", "Earlier chats").await);
}
