//! Keys in the chat's window: Enter and Escape, with and without an input method.

use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use portico_tests::browser::{Browser, Key};
use portico_tests::receiver::Reply;
use serde_json::json;

#[tokio::test]
async fn shift_and_enter_break_the_line_and_enter_sends_unless_an_input_method_composes() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.types("textbox", MESSAGE, "one").await;
    browser.key_with_shift(Key::Enter).await;
    browser.keys("two ").await;
    holds(browser, "one\ntwo ").await;

    // Enter chooses the word that the input method offers.
    let composed = json!({ "text": "に", "selectionStart": 1, "selectionEnd": 1 });
    browser.devtools("Input.imeSetComposition", composed).await;
    holds(browser, "one\ntwo に").await;
    let enter = json!({ "type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229 });
    browser.devtools("Input.dispatchKeyEvent", enter).await;
    holds(browser, "one\ntwo に").await;
    browser.devtools("Input.insertText", json!({ "text": "日本" })).await;
    holds(browser, "one\ntwo 日本").await;
    assert_eq!(shopper.texts().await, [""; 0], "nothing is sent yet");

    browser.key(Key::Enter).await;
    bot.call("the message", |call| call.body["message"] == "one\ntwo 日本")
        .await;
    shopper.has_said("one\ntwo 日本").await;
    holds(browser, "").await;
}

/// Waits until this stands in the composer.
async fn holds(browser: &Browser, text: &str) {
    let script = "return named('textbox', 'Message').value === arguments[0]";
    browser
        .until(&format!("{text:?} is in the composer"), script, json!([text]))
        .await;
}

/// What is under way in an input method is given up by Escape, and not the chat.
#[tokio::test]
async fn escape_closes_the_chat_unless_an_input_method_composes() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.types("textbox", MESSAGE, "one").await;
    let composed = json!({ "text": "に", "selectionStart": 1, "selectionEnd": 1 });
    browser.devtools("Input.imeSetComposition", composed).await;
    let escape = json!({ "type": "rawKeyDown", "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 229 });
    browser.devtools("Input.dispatchKeyEvent", escape).await;
    browser.devtools("Input.insertText", json!({ "text": "日本" })).await;
    holds(browser, "one日本").await;
    let open = "return chatFrame().getBoundingClientRect().height > 0";
    browser.out_of_chat();
    assert_eq!(browser.run(open, json!([])).await, true, "the chat is still open");
    browser.into_chat();
    browser.key(Key::Escape).await;
    browser.out_of_chat();
    browser.sees("button", LAUNCHER).await;
}

/// The same in what else can be written into.
#[tokio::test]
async fn escape_leaves_the_chat_open_while_an_input_method_composes_in_a_form() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    bot.will(Reply::Say(json!([{ "mode": "message", "body": {
        "type": "FORM_DATA", "markdownText": "", "formTitle": "About you",
        "sections": [{ "sectionName": "You", "attributes": [
            { "key": "name", "label": "Your name", "attributeType": "INPUT", "valueType": "String50" },
        ] }],
    } }])));
    shopper.says("Hello").await;
    browser.types("textbox", "Your name", "one").await;
    let composed = json!({ "text": "に", "selectionStart": 1, "selectionEnd": 1 });
    browser.devtools("Input.imeSetComposition", composed).await;
    let escape = json!({ "type": "rawKeyDown", "key": "Escape", "code": "Escape", "windowsVirtualKeyCode": 229 });
    browser.devtools("Input.dispatchKeyEvent", escape).await;
    browser.devtools("Input.insertText", json!({ "text": "日本" })).await;
    let holds = "return named('textbox', 'Your name').value === 'one日本'";
    browser.until("what was composed is there", holds, json!([])).await;
    let open = "return chatFrame().getBoundingClientRect().height > 0";
    browser.out_of_chat();
    assert_eq!(browser.run(open, json!([])).await, true, "the chat is still open");
}
