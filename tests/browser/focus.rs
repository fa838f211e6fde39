//! Where the keyboard is when what had it goes away: never at the page's beginning.

use crate::chat::PHONE;
use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use portico_tests::browser::{Browser, Key};
use serde_json::json;

/// Waits until the page's keyboard is in the launcher.
async fn launcher_has_the_keyboard(browser: &Browser, when: &str) {
    browser.out_of_chat();
    let there = "return document.activeElement?.shadowRoot?.activeElement?.className === 'launcher'";
    browser
        .until(&format!("the launcher has the keyboard {when}"), there, json!([]))
        .await;
}

/// Waits until the chat's keyboard is in the element of this name.
async fn has_the_keyboard(browser: &Browser, role: &str, name: &str) {
    let there = "return document.hasFocus() && document.activeElement === named(...arguments)";
    browser
        .until(&format!("{role} {name:?} has the keyboard"), there, json!([role, name]))
        .await;
}

#[tokio::test]
async fn closing_the_chat_gives_the_keyboard_to_the_launcher() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    for (width, height) in [(1280, 900), PHONE] {
        browser.has_room(width, height).await;
        for closes in ["Escape", "the button"] {
            shopper.opens().await;
            has_the_keyboard(browser, "textbox", MESSAGE).await;
            match closes {
                "Escape" => browser.key(Key::Escape).await,
                _ => browser.press("button", "Minimise chat").await,
            }
            launcher_has_the_keyboard(browser, &format!("after {closes} at {width} pixels")).await;
            let free = "return !document.body.inert && !history.state?.portico";
            browser.until("the page is free", free, json!([])).await;
        }
    }
}

#[tokio::test]
async fn dismissing_the_preview_gives_the_keyboard_to_the_launcher() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;
    browser.key(Key::Escape).await;
    launcher_has_the_keyboard(browser, "when the chat is closed").await;
    bot.will_say("Still there?");
    browser
        .run("Portico('sendMessage', 'And another thing')", json!([]))
        .await;
    browser.sees("button", "Fern Still there?").await;
    let dismiss = "named('button', 'Close').focus()";
    browser.run(dismiss, json!([])).await;
    browser.key(Key::Enter).await;
    browser.no_longer_sees("button", "Fern Still there?").await;
    launcher_has_the_keyboard(browser, "when the preview is dismissed").await;
    browser.key(Key::Enter).await;
    browser.into_chat();
    has_the_keyboard(browser, "textbox", MESSAGE).await;
}

#[tokio::test]
async fn ending_a_chat_takes_the_keyboard_along() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;
    browser.press("button", "Options").await;
    browser.press("button", "End chat").await;
    has_the_keyboard(browser, "button", "Keep chatting").await;
    browser.key(Key::Enter).await;
    has_the_keyboard(browser, "textbox", MESSAGE).await;
    browser.press("button", "Options").await;
    browser.press("button", "End chat").await;
    has_the_keyboard(browser, "button", "Keep chatting").await;
    browser.key(Key::Tab).await;
    has_the_keyboard(browser, "button", "End chat").await;
    browser.key(Key::Enter).await;
    browser.sees("button", "Start a new chat").await;
    has_the_keyboard(browser, "button", "Save conversation").await;
    browser.key(Key::Tab).await;
    has_the_keyboard(browser, "button", "Save as web page").await;
    browser.key(Key::Tab).await;
    browser.key(Key::Enter).await;
    has_the_keyboard(browser, "textbox", MESSAGE).await;
    browser.key(Key::Escape).await;
    browser.out_of_chat();
    browser.sees("button", LAUNCHER).await;
    launcher_has_the_keyboard(browser, "at the end").await;
}
