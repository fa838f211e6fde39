//! A shopper and the shop's bot.

use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use portico_tests::browser::{Browser, Key};
use portico_tests::receiver::Reply;
use serde_json::{Value, json};

#[tokio::test]
pub(crate) async fn the_first_message_starts_a_conversation_and_the_bot_answers() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    bot.will_say("The *Ridge 2* fits two people.");
    shopper.says("Which tent fits two people?").await;
    shopper.hears("The Ridge 2 fits two people.").await;
    shopper
        .reads(&["Which tent fits two people?", "The Ridge 2 fits two people."])
        .await;
    shopper.browser.sees("heading", "Fern").await;
}

/// What was chosen stays to be read, and nothing else can be chosen any more.
#[tokio::test]
async fn buttons_and_cards_are_answered_once() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    bot.will(Reply::Say(buttons()));
    shopper.says("I need a tent").await;
    browser.sees("button", "Three people").await;
    bot.will(Reply::Say(cards()));
    browser.press("button", "Two people").await;

    browser.sees("button", "Take the Dome 2").await;
    browser.no_longer_sees("button", "Two people").await;
    browser.no_longer_sees("button", "Three people").await;
    shows_as_chosen(browser, "Two people").await;
    let asked = bot.call("the answer", |call| call.raw.contains("\"two\"")).await;
    assert_eq!(asked.body["type"], "message", "{}", asked.raw);

    bot.will_say("A good choice.");
    browser.press("button", "Next card").await;
    browser.press("button", "Take the Dome 2").await;
    shopper.hears("A good choice.").await;
    browser.no_longer_sees("button", "Take the Ridge 2").await;
    shows_as_chosen(browser, "Take the Dome 2").await;
    bot.call("the second answer", |call| call.raw.contains("\"dome\""))
        .await;

    shopper.reloads().await;
    shopper.hears("A good choice.").await;
    shows_as_chosen(browser, "Two people").await;
    shows_as_chosen(browser, "Take the Dome 2").await;
    assert!(!browser.has("button", "Three people").await && !browser.has("button", "Take the Ridge 2").await);
}

/// Waits until a button is marked as the one that was pressed.
pub(crate) async fn shows_as_chosen(browser: &Browser, title: &str) {
    let script = "return [...document.querySelectorAll('.choice--chosen')].some((el) => el.checkVisibility() && el.innerText.includes(arguments[0]))";
    browser
        .until(&format!("{title:?} is marked"), script, json!([title]))
        .await;
}

/// A question with two buttons.
pub(crate) fn buttons() -> Value {
    let button = |title: &str, payload: &str| json!({ "type": "reply", "title": title, "payload": payload });
    json!([{ "mode": "message", "body": {
        "type": "BUTTON", "markdownText": "For how many?", "buttonMessageType": "buttons",
        "buttons": [button("Two people", "two"), button("Three people", "three")],
    } }])
}

fn cards() -> Value {
    let card = |id: &str, title: &str| {
        json!({ "text": "Light and dry.", "additionalCarouselElementDetails": { "title": title, "id": id },
                "buttons": [{ "type": "reply", "title": format!("Take the {title}"), "payload": id }] })
    };
    json!([{ "mode": "message", "body": {
        "type": "CAROUSEL", "markdownText": "These fit.", "elements": [card("ridge", "Ridge 2"), card("dome", "Dome 2")],
    } }])
}

#[tokio::test]
pub(crate) async fn a_reload_keeps_the_conversation_and_the_draft() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    shopper.browser.types("textbox", MESSAGE, "half a sent").await;

    shopper.reloads().await;
    shopper.reads(&["Hello", "Hello."]).await;
    let draft = "return named('textbox', 'Message').value === 'half a sent'";
    shopper.browser.until("the draft is there", draft, json!([])).await;
    bot.will_say("Now I understand.");
    shopper.says("ence").await;
    shopper
        .reads(&["Hello", "Hello.", "half a sentence", "Now I understand."])
        .await;
}

#[tokio::test]
pub(crate) async fn two_tabs_show_the_same() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    bot.will_say("Two.");
    shopper.says("One").await;
    shopper.hears("Two.").await;

    let [first, second] = shopper.browser.second_window().await;
    shopper.browser.goto(&relay.shop_origin()).await;
    shopper.browser.sees("button", LAUNCHER).await;
    shopper.opens().await;
    shopper.reads(&["One", "Two."]).await;
    bot.will_say("Four.");
    shopper.says("Three").await;
    shopper.reads(&["One", "Two.", "Three", "Four."]).await;

    shopper.browser.turn_to(&first).await;
    shopper.browser.into_chat();
    shopper.reads(&["One", "Two.", "Three", "Four."]).await;
    bot.will_say("Six.");
    shopper.says("Five").await;
    shopper.hears("Six.").await;

    shopper.browser.turn_to(&second).await;
    shopper.browser.into_chat();
    shopper.reads(&["One", "Two.", "Three", "Four.", "Five", "Six."]).await;
}

#[tokio::test]
pub(crate) async fn a_keyboard_is_enough_and_a_screen_reader_hears_each_message_once() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    let on_launcher =
        "return nameOf(document.activeElement.shadowRoot?.activeElement ?? document.body).startsWith(arguments[0])";
    browser
        .run("named('button', arguments[0]).focus()", json!([LAUNCHER]))
        .await;
    browser.key(Key::Enter).await;
    browser.into_chat();
    let in_composer = "return document.hasFocus() && document.activeElement === named('textbox', 'Message')";
    browser
        .until("the composer has the focus", in_composer, json!([]))
        .await;

    bot.will_say("Yes, *until six*.");
    browser.keys("Are you open?").await;
    browser.key(Key::Enter).await;
    shopper.hears("Yes, until six.").await;
    bot.will_say("Here.");
    browser.keys("Where?").await;
    browser.key(Key::Enter).await;
    shopper.hears("Here.").await;
    let said = "return window.__seen.said.length >= 2";
    browser.until("both answers are announced", said, json!([])).await;
    assert_eq!(browser.seen().await.said, ["Fern: Yes, until six.", "Fern: Here."]);

    browser.key(Key::Escape).await;
    browser.out_of_chat();
    browser
        .until("the launcher has the focus", on_launcher, json!([LAUNCHER]))
        .await;
    browser.no_longer_sees("iframe", "").await;
    browser.key(Key::Enter).await;
    browser.into_chat();
    browser
        .until("the composer has the focus again", in_composer, json!([]))
        .await;
    assert_eq!(browser.seen().await.said.len(), 2, "nothing is announced twice");
}
