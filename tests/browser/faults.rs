//! What people notice when the relay dies or the network goes away: that it came back.

use crate::people::{Agent, Served, Shopper, served, shop_with_bot};
use portico_tests::browser::Network;
use portico_tests::eventually;
use portico_tests::receiver::Receiver;
use portico_tests::relay::{Relay, World};
use serde_json::{Value, json};

/// How often the relay is killed.
const ROUNDS: usize = 3;

/// What each side says before the relay dies, while it is dead, and while it comes back.
const TEXTS_PER_PHASE: usize = 2;

#[tokio::test]
pub(crate) async fn each_message_arrives_once_and_in_order_when_the_relay_is_killed_while_both_sides_write() {
    let Served {
        mut relay,
        agent,
        shopper,
        bot: _bot,
    } = served().await;

    let mut said = Said::default();
    for _ in 0..ROUNDS {
        said.by_both(&shopper, &agent).await;
        relay.kill();
        said.by_both(&shopper, &agent).await;
        relay.restart().await;
        said.by_both(&shopper, &agent).await;
    }

    let [at_shopper, at_agent] = eventually("both have everything", async || {
        let both = [shopper.texts().await, agent.texts().await];
        both.iter().all(|texts| texts.len() > said.count * 2).then_some(both)
    })
    .await;
    assert_eq!(at_shopper, at_agent);
    for side in ["customer", "agent"] {
        let heard: Vec<&String> = at_shopper.iter().filter(|text| text.starts_with(side)).collect();
        let wanted: Vec<String> = (1..=said.count).map(|number| format!("{side} {number}")).collect();
        assert_eq!(heard, wanted.iter().collect::<Vec<_>>());
    }
    shopper.has_said(&format!("customer {}", said.count)).await;
}

/// Counts what was said.
#[derive(Default)]
struct Said {
    count: usize,
}

impl Said {
    /// Both type at once and wait for nothing.
    async fn by_both(&mut self, shopper: &Shopper, agent: &Agent) {
        for _ in 0..TEXTS_PER_PHASE {
            self.count += 1;
            let (customers, agents) = (format!("customer {}", self.count), format!("agent {}", self.count));
            tokio::join!(shopper.says(&customers), agent.says(&agents));
        }
    }
}

#[tokio::test]
async fn messages_that_are_written_without_a_network_wait_and_are_sent_once() {
    let (relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;

    loses_its_network(&shopper).await;
    for text in ["one", "two", "three"] {
        shopper.says(text).await;
    }
    shopper.reads(&["Hello", "Hello.", "one", "two", "three"]).await;
    let waits = "return messages().at(-1)[2].includes('Waiting to be sent')";
    shopper.asks("they wait", waits, json!([])).await;
    assert_eq!(texts_to(&bot), ["Hello"]);

    shopper.browser.network(Network::There).await;
    bot.will_say("All three.");
    bot.call("the last one", |call| text_of(&call.body) == Some("three"))
        .await;
    shopper.has_said("three").await;
    let told = "return !named('status', 'No connection')";
    shopper.browser.until("the banner is gone", told, json!([])).await;
    assert_eq!(texts_to(&bot), ["Hello", "one", "two", "three"]);
    shopper.hears("All three.").await;
    let own = "return messages().filter(([mine]) => mine).map(([, text]) => text).join() === 'Hello,one,two,three'";
    shopper.asks("each stands there once", own, json!([])).await;
}

/// The page cannot be loaded without a network; what was written into it is there when it can.
#[tokio::test]
async fn messages_that_were_not_sent_before_the_page_was_loaded_again_are_sent_once_and_in_order() {
    let (mut relay, bot) = shop_with_bot().await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;

    loses_its_network(&shopper).await;
    for text in ["one", "two", "three"] {
        shopper.says(text).await;
    }
    let waits = "return messages().filter(([, , state]) => state.includes('Waiting to be sent')).length > 0 && messages().length === 5";
    shopper.asks("they wait", waits, json!([])).await;
    assert_eq!(texts_to(&bot), ["Hello"]);
    // A page that is left has a network for a moment, in this emulation; now nobody would hear it.
    relay.kill();
    shopper.browser.out_of_chat();
    shopper.browser.devtools("Page.reload", json!({})).await;
    let gone = "return !document.querySelector('portico-chat')";
    shopper.browser.until("the page is not loaded", gone, json!([])).await;

    relay.restart().await;
    shopper.browser.network(Network::There).await;
    shopper.browser.goto(&relay.shop_origin()).await;
    shopper.opens().await;
    shopper.reads(&["Hello", "Hello.", "one", "two", "three"]).await;
    shopper.has_said("three").await;
    bot.call("the last one", |call| text_of(&call.body) == Some("three"))
        .await;
    assert_eq!(texts_to(&bot), ["Hello", "one", "two", "three"]);
    shopper.reads(&["Hello", "Hello.", "one", "two", "three"]).await;
}

#[tokio::test]
async fn what_an_agent_writes_without_a_network_waits_and_is_sent_once() {
    let there = served().await;
    let Served { agent, shopper, .. } = &there;
    agent.says("Hello, this is Ann.").await;
    shopper.hears("Hello, this is Ann.").await;

    agent.browser.network(Network::Away).await;
    let offline = "return document.body.innerText.includes('You are offline')";
    agent.browser.until("the desk says so", offline, json!([])).await;
    for text in ["one", "two"] {
        agent.says(text).await;
    }
    agent.hears("two").await;
    shopper.says("Still there?").await;
    shopper.has_said("Still there?").await;
    shopper
        .reads(&["A person, please", "Hello, this is Ann.", "Still there?"])
        .await;

    agent.browser.network(Network::There).await;
    let all = ["A person, please", "Hello, this is Ann.", "Still there?", "one", "two"];
    shopper.reads(&all).await;
    agent.hears("Still there?").await;
    assert_eq!(agent.texts().await, all);
}

/// Who writes faster than the relay takes it is told so, and nothing is lost.
#[tokio::test]
async fn messages_that_the_relay_takes_only_later_are_said_to_be_safe_and_come_in_order() {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        frames: (60, 12),
        ..World::default()
    })
    .await;
    let shopper = Shopper::chats(&relay).await;
    shopper.is_greeted(&bot).await;
    let texts: Vec<String> = (1..=8).map(|number| format!("number {number}")).collect();
    shopper.browser.out_of_chat();
    let says = "for (const text of arguments) Portico('sendMessage', text)";
    shopper.browser.run(says, json!(texts)).await;
    shopper.browser.into_chat();
    let held = "return named('status', 'Sending takes a little longer. Your messages are safe.')";
    shopper.browser.until("the banner says so", held, json!([])).await;
    shopper.has_said("number 8").await;
    let gone = "return !named('status', 'Sending takes a little longer.')";
    shopper.browser.until("the banner is gone", gone, json!([])).await;
    let wanted: Vec<&str> = ["Hello", "Hello."]
        .into_iter()
        .chain(texts.iter().map(String::as_str))
        .collect();
    shopper.reads(&wanted).await;
    bot.call("the last one", |call| text_of(&call.body) == Some("number 8"))
        .await;
    assert_eq!(texts_to(&bot)[1..], texts);
}

/// Takes the network away, and waits until the widget has noticed.
async fn loses_its_network(shopper: &Shopper) {
    shopper.browser.network(Network::Away).await;
    let offline = "return named('status', 'No connection. Your messages will be sent when you are back.')";
    shopper.browser.until("the banner says so", offline, json!([])).await;
}

/// What the bot was told, in order.
fn texts_to(bot: &Receiver) -> Vec<String> {
    let calls = bot.calls();
    let texts = calls.iter().filter(|call| call.body["type"] == "message");
    texts
        .filter_map(|call| text_of(&call.body).map(str::to_owned))
        .collect()
}

fn text_of(body: &Value) -> Option<&str> {
    body["message"].as_str()
}
