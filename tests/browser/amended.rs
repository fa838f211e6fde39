//! What is answered by name, changed and deleted after it was said, as the shopper sees and hears it.

use crate::ann::Ann;
use crate::looks::is_accessible;
use crate::people::{Shopper, shop_with_bot};
use portico_shared::cim::MessageBody;
use portico_shared::cim::body::DeletedBody;
use portico_shared::frame::Draft;
use portico_shared::ids::MessageId;
use portico_tests::browser::Network;
use serde_json::{Value, json};

fn about(intent: &str, original: &MessageId, text: &str) -> Draft {
    Draft {
        intent: Some(intent.to_owned()),
        original_message_id: Some(original.clone()),
        ..Draft::new(MessageBody::plain(text))
    }
}

fn deletion_of(message: &MessageId) -> Draft {
    Draft::new(MessageBody::DeletedNotification(DeletedBody {
        message_id: message.to_string(),
        ..DeletedBody::default()
    }))
}

/// What each message shows: its words, and what stands under them.
const MESSAGES: &str = "
    const text = (el) => (el ? el.innerText.trim() : '');
    const rows = [...document.querySelectorAll('.message:not(.message--mine)')].map((row) => [
        text(row.querySelector('.message__quote')),
        text(row.querySelector('.bubble .text, .bubble--gone')),
        text(row.querySelector('.message__meta > span:first-child')),
    ]);";

async fn shows(shopper: &Shopper, what: &str, expected: Value) {
    let script = format!("{MESSAGES} return JSON.stringify(rows) === JSON.stringify(arguments[0])");
    shopper.browser.until(what, &script, json!([expected])).await;
}

#[tokio::test]
async fn a_quote_an_edit_and_a_deletion_are_seen_at_their_message_and_heard_once() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    let mut ann = Ann::takes_over(&relay, &bot, &shopper).await;
    let asked = ann.heard("A person, please").await;
    ann.posts(about("REPLY_TO", &asked, "That would be me.")).await;
    let priced = ann.posts(Draft::new(MessageBody::plain("It costs 90"))).await;
    let slip = ann
        .posts(Draft::new(MessageBody::plain("for the other customer")))
        .await;
    ann.says("Shall I order it?").await;
    shopper.hears("Shall I order it?").await;
    let quote = json!(["A person, please", "That would be me.", ""]);
    let before = json!([
        quote,
        ["", "It costs 90", ""],
        ["", "for the other customer", ""],
        ["", "Shall I order it?", ""],
    ]);
    shows(&shopper, "what is answered stands over the answer", before).await;
    let heard = "return window.__seen.said.length >= arguments[0]";
    browser.until("all of it is heard", heard, json!([5])).await;

    ann.posts(about("UPDATE", &priced, "It costs *80*")).await;
    ann.posts(deletion_of(&slip)).await;
    let after = json!([
        quote,
        ["", "It costs 80", "Edited"],
        ["", "This message was deleted", ""],
        ["", "Shall I order it?", ""],
    ]);
    shows(&shopper, "what was changed says so itself", after.clone()).await;
    browser.until("both changes are heard", heard, json!([7])).await;
    let said = browser.seen().await.said;
    let expected = [
        "Ann: In answer to: A person, please\nThat would be me.",
        "Ann: It costs 90",
        "Ann: for the other customer",
        "Ann: Shall I order it?",
        "Ann changed a message: It costs 80",
        "Ann deleted a message",
    ];
    assert_eq!(said[said.len() - expected.len()..], expected);
    is_accessible(browser, "a quote, an edit and a deletion", "html").await;
    let read = browser.read_out().await.join("\n");
    assert!(read.contains("In answer to:") && read.contains("blockquote"), "{read}");

    shopper.reloads().await;
    shows(&shopper, "all of it is there after a reload", after).await;
    assert_eq!(browser.seen().await.said, [""; 0], "history is not announced");
}

#[tokio::test]
async fn each_message_that_waits_says_so() {
    let (relay, _bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    let browser = &shopper.browser;
    shopper.says("Hello").await;
    shopper.has_said("Hello").await;
    browser.network(Network::Away).await;
    for text in ["One", "Two", "Three"] {
        shopper.says(text).await;
    }
    let waiting =
        "return JSON.stringify(messages().slice(-3).map(([, text, state]) => [text, state])) === arguments[0]";
    let expected = json!(["One", "Two", "Three"].map(|text| [text, "Waiting to be sent"]));
    shopper
        .asks("each of them waits", waiting, json!([expected.to_string()]))
        .await;
}
