//! Browsers that cannot run the chat or the desk: each page says what it needs, and is not blank.

use crate::people::LAUNCHER;
use crate::site::Site;
use portico_tests::browser::Browser;
use portico_tests::relay::Relay;
use serde_json::json;

/// The addresses of both pages, and what each is called in its sentence.
fn pages(origin: &str) -> [(String, &'static str); 2] {
    [
        (format!("{origin}/desk/"), "The desk"),
        (format!("{origin}/widget/frame/demo"), "The chat"),
    ]
}

async fn says(browser: &Browser, sentence: &str) {
    let script = "
        const told = [...document.querySelectorAll('.broken')].filter(shown);
        return told.length === 1 && told[0].innerText.startsWith(arguments[0])";
    browser.until(sentence, script, json!([sentence])).await;
}

#[tokio::test]
async fn without_javascript_the_desk_and_the_chat_say_so() {
    let relay = Relay::plain().await;
    let browser = Browser::open("shopper").await;
    let off = json!({ "value": true });
    browser.devtools("Emulation.setScriptExecutionDisabled", off).await;
    for (address, name) in pages(&relay.origin()) {
        browser.goto(&address).await;
        says(&browser, &format!("{name} needs JavaScript")).await;
    }
}

#[tokio::test]
async fn without_webassembly_the_desk_and_the_chat_say_so() {
    let relay = Relay::plain().await;
    let browser = Browser::open("shopper").await;
    // Chromium has no switch for it that holds: what it makes its documents of has WebAssembly in it.
    let without = json!({ "source": "delete self.WebAssembly" });
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", without).await;
    for (address, name) in pages(&relay.origin()) {
        browser.goto(&address).await;
        assert_eq!(browser.run("return typeof WebAssembly", json!([])).await, "undefined");
        says(&browser, &format!("{name} needs WebAssembly")).await;
    }
    // On a page, the sentence is in the chat's window and not behind it.
    browser.goto(&relay.shop_origin()).await;
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    says(&browser, "The chat needs WebAssembly").await;
    browser.out_of_chat();
    let visible = "return getComputedStyle(chatFrame()).opacity === '1'";
    browser.until("the frame is shown", visible, json!([])).await;
}

#[tokio::test]
async fn where_a_policy_forbids_webassembly_the_desk_and_the_chat_say_so() {
    let site = Site::start().await;
    let browser = Browser::open("shopper").await;
    for (address, name) in pages(&site.origin) {
        browser.goto(&address).await;
        assert_eq!(browser.run("return typeof WebAssembly", json!([])).await, "object");
        says(&browser, &format!("{name} needs WebAssembly")).await;
    }
}
