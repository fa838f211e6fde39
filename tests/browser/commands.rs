//! What becomes of a command of the page that cannot be carried out: it is an error with a reason, and never lost in silence.

use crate::people::{LAUNCHER, MESSAGE, Shopper, shop_with_bot};
use portico_tests::browser::{Browser, Key};
use serde_json::{Value, json};

/// Notes what scripts of the page are told.
async fn listens(browser: &Browser) {
    let script = "
        window.failures = [];
        window.sent = 0;
        Portico('on', 'error', (what) => failures.push(what));
        Portico('on', 'messageSent', () => sent++)";
    browser.run(script, json!([])).await;
}

/// Waits until so many commands have failed, and answers how.
async fn failures(browser: &Browser, count: usize) -> Value {
    let told = "return failures.length >= arguments[0] && failures";
    browser
        .until(&format!("{count} commands have failed"), told, json!([count]))
        .await
}

#[tokio::test]
async fn a_text_that_cannot_be_sent_is_told_to_the_page() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    browser.out_of_chat();
    listens(browser).await;
    let long = "x".repeat(16_001);
    let says = "for (const text of arguments) Portico('sendMessage', text)";
    browser.run(says, json!([" \u{200b}", long, "Fine"])).await;
    let told = failures(browser, 2).await;
    let empty = json!({ "reason": "empty", "command": "sendMessage", "text": " \u{200b}" });
    assert_eq!(told[0], empty);
    assert_eq!(told[1]["reason"], "too_long");
    bot.call("the one that can be sent", |call| call.body["message"] == "Fine")
        .await;
    assert_eq!(
        browser.run("return [sent, failures.length]", json!([])).await,
        json!([1, 2])
    );
}

/// An outbox holds 200 messages. One more stays in the composer, or is refused to the page.
#[tokio::test]
async fn what_finds_the_outbox_full_is_told_to_the_page_and_stays_in_the_composer() {
    let (mut relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.is_greeted(&bot).await;
    relay.kill();
    browser.out_of_chat();
    listens(browser).await;
    for round in 1..=4 {
        let says = "for (let at = 0; at < 50; at++) Portico('sendMessage', `number ${at}`)";
        browser.run(says, json!([])).await;
        let sent = "return sent === arguments[0]";
        browser.until("all of them wait", sent, json!([round * 50])).await;
    }
    browser.run("Portico('sendMessage', 'one too many')", json!([])).await;
    let busy = json!({ "reason": "busy", "command": "sendMessage", "text": "one too many" });
    assert_eq!(failures(browser, 1).await, json!([busy]));
    browser.into_chat();
    browser.types("textbox", MESSAGE, "Not lost").await;
    browser.key(Key::Enter).await;
    browser.out_of_chat();
    assert_eq!(failures(browser, 2).await[1], json!({ "reason": "busy" }));
    browser.into_chat();
    let kept = "return named('textbox', arguments[0]).value";
    assert_eq!(browser.run(kept, json!([MESSAGE])).await, "Not lost");
}

#[tokio::test]
async fn commands_for_a_chat_that_never_loads_do_not_pile_up() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    listens(browser).await;
    browser
        .run("Portico('destroy'); Portico('boot', { channel: 'nowhere' })", json!([]))
        .await;
    let says =
        "for (let at = 0; at < 150; at++) Portico('sendMessage', `number ${at}`); Portico('showNewMessage', 'draft')";
    browser.run(says, json!([])).await;
    let told = failures(browser, 51).await;
    assert_eq!(
        told[0],
        json!({ "reason": "busy", "command": "sendMessage", "text": "number 100" })
    );
    assert_eq!(
        told[50],
        json!({ "reason": "busy", "command": "showNewMessage", "text": "draft" })
    );
    let console = browser.console().await;
    let lines = console.iter().filter(|line| line.contains("are refused")).count();
    assert_eq!(lines, 1, "{console:?}");

    // What is kept is said to the chat that loads at last.
    let again = "
        Portico('destroy');
        Portico('boot', { channel: 'demo', label: arguments[0] });
        for (let at = 0; at < 3; at++) Portico('sendMessage', `number ${at}`)";
    browser.run(again, json!([LAUNCHER])).await;
    shopper.opens().await;
    shopper.reads(&["number 0", "number 1", "number 2"]).await;
}

#[tokio::test]
async fn a_label_that_a_later_boot_gives_is_shown_and_said() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::visits(&relay).await;
    let browser = &shopper.browser;
    browser.run("Portico('boot', { label: 'Ask us' })", json!([])).await;
    let shown = "return named('button', 'Ask us').innerText.trim()";
    assert_eq!(browser.run(shown, json!([])).await, "Ask us");
}
