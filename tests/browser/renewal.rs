//! What becomes of a chat while something around it is replaced: its document, the proof of who the visitor is, the chat
//! itself. Nothing that was said is lost, and nothing is said twice.

use crate::ann::Ann;
use crate::people::{Shopper, shop_with_bot};
use portico_tests::browser::Network;
use serde_json::json;

/// It stays where it was written, says why, and goes into a new chat only when the visitor says so.
#[tokio::test]
async fn messages_written_without_a_network_in_a_chat_that_ended_meanwhile_wait_for_the_visitors_word() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    let mut ann = Ann::takes_over(&relay, &bot, &shopper).await;
    browser.network(Network::Away).await;
    let offline = "return named('status', 'No connection.')";
    browser.until("the strip says so", offline, json!([])).await;
    shopper.says("Are you there?").await;
    shopper.says("Hello?").await;
    ann.ends().await;
    browser.network(Network::There).await;

    let ended = "return messages().some(([, text, state]) => text === 'Are you there?' && state.includes('Not sent, the chat had ended.'))";
    shopper.asks("it says why it is not sent", ended, json!([])).await;
    shopper.reads(&["A person, please", "Are you there?", "Hello?"]).await;
    let told = bot.calls().iter().any(|call| call.raw.contains("Are you there?"));
    assert!(!told, "no chat begins by itself");

    browser.press("button", "Send in a new chat").await;
    shopper.has_said("Hello?").await;
    shopper.reads(&["Are you there?", "Hello?"]).await;
    bot.call("both", |call| call.body["message"] == "Hello?").await;
}
