//! What draws messages is fetched after the first screen: nothing that was said is lost, or goes and comes again, when it is
//! late or does not come.

use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use portico_tests::browser::Browser;
use serde_json::json;

/// Files of that part do not come.
const MESSAGES_PART: &str = "*split_messages*";

/// The part is late: the program gets it when a test lets it.
const LATE: &str = "{
    const real = WebAssembly.instantiateStreaming;
    const late = new Promise((come) => Object.defineProperty(window, '__come', { value: come }));
    WebAssembly.instantiateStreaming = async (source, ...rest) => {
        const response = await source;
        if (response.url.includes('split_messages')) await late;
        return real.call(WebAssembly, response, ...rest);
    };
    }";

/// Whether the log says that messages could not be loaded.
const FAILED: &str = "
    return document.querySelector('.log__list > .part--failed [role=alert]')?.innerText.includes('could not be loaded')";

/// Asks for the part again.
const ASKS_AGAIN: &str = "document.querySelector('.log__list > .part--failed button').click()";

/// Has the part come when `__come()` is called in the frame.
pub(crate) async fn makes_it_late(browser: &Browser) {
    browser.runs_first(LATE).await;
}

#[tokio::test]
async fn a_first_message_is_sent_without_what_draws_it() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.blocks(&[MESSAGES_PART]).await;
    shopper.opens().await;
    bot.will_say("Hello.");
    shopper.says("Is anybody there?").await;
    browser.until("the log says so", FAILED, json!([])).await;
    browser.types("textbox", MESSAGE, "And I can still write").await;

    browser.blocks(&[]).await;
    browser.run(ASKS_AGAIN, json!([])).await;
    shopper.has_said("Is anybody there?").await;
    shopper.hears("Hello.").await;
    let typed = "return named('textbox', 'Message').value";
    assert_eq!(browser.run(typed, json!([])).await, "And I can still write");
}

#[tokio::test]
async fn a_chat_that_goes_on_is_drawn_when_its_messages_can_be() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    browser.out_of_chat();
    makes_it_late(browser).await;
    browser.reload().await;
    browser.press("button", LAUNCHER).await;
    browser.into_chat();
    let held = "return typeof __come === 'function' && performance.getEntriesByType('resource')
        .some((entry) => entry.name.includes('split_messages'))";
    browser.until("the part is on its way", held, json!([])).await;
    let is_first = "return !!document.querySelector('#first-screen') && !document.querySelector('.part')";
    assert_eq!(browser.run(is_first, json!([])).await, true, "the first screen stays");
    browser.types("textbox", MESSAGE, "Still me").await;

    browser.run("__come()", json!([])).await;
    shopper.hears("Hello.").await;
    shopper.is_served_by_the_program().await;
    let typed = "return named('textbox', 'Message').value";
    assert_eq!(browser.run(typed, json!([])).await, "Still me");
}

#[tokio::test]
async fn a_chat_that_goes_on_can_be_written_in_without_what_draws_it() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let browser = &shopper.browser;
    browser.blocks(&[MESSAGES_PART]).await;
    shopper.reloads().await;
    browser.until("the log says so", FAILED, json!([])).await;
    bot.will_say("Yes.");
    shopper.says("Does it still work?").await;

    browser.blocks(&[]).await;
    browser.run(ASKS_AGAIN, json!([])).await;
    shopper.hears("Yes.").await;
    shopper.reads(&["Hello", "Hello.", "Does it still work?", "Yes."]).await;
}
