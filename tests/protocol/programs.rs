//! Bots and apps that are registered while the relay runs.

use crate::world::{Customer, agent};
use portico_shared::cim::EventName;
use portico_tests::api::{get, hmac_sha256};
use portico_tests::receiver::{Call, Receiver, Reply};
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;

/// A relay whose programs may be on this machine.
async fn relay(webhook: Option<String>) -> Relay {
    Relay::start(World {
        webhook,
        config: "[programs]\nnetworks = [\"127.0.0.0/8\"]\n".to_owned(),
        ..World::default()
    })
    .await
}

/// Registers the bot `fern` of channel `desk`. Answers its key and its secret.
fn register(relay: &Relay, bot: &Receiver, more: &[&str]) -> (String, String) {
    let register = "program register --id fern --kind bot --name Fern --channel desk --webhook".split(' ');
    let arguments: Vec<_> = register.chain([bot.url.as_str()]).chain(more.iter().copied()).collect();
    let shown = relay.command(&arguments);
    (told(&shown, "key"), told(&shown, "secret"))
}

/// What stands behind a name.
fn told(shown: &str, name: &str) -> String {
    let line = shown
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'));
    line.unwrap_or_else(|| panic!("no {name} in {shown}")).to_owned()
}

fn says(text: &str) -> impl Fn(&Call) -> bool + use<'_> {
    move |call| call.body["type"] == "message" && call.body["message"] == text
}

/// Whether each of these secrets is one that the call is signed with, and how many signatures it has.
fn signed(call: &Call, secrets: [&str; 2]) -> ([bool; 2], usize) {
    let [timestamp, signature, _] = &call.headers;
    let message = format!("{timestamp}.{}", call.raw);
    let each: Vec<_> = signature.split(',').collect();
    let is_signed = |secret: &str| {
        let expected = hex::encode(hmac_sha256(secret.as_bytes(), message.as_bytes()));
        each.contains(&format!("v1={expected}").as_str())
    };
    (secrets.map(is_signed), each.len())
}

#[tokio::test]
async fn a_webhook_verifies_with_either_secret_until_one_is_retired_also_after_a_restart() {
    let bot = Receiver::start().await;
    let mut relay = relay(None).await;
    let (_, first) = register(&relay, &bot, &[]);
    let mut customer = Customer::on(&relay, "desk").await;
    customer.says("one").await;
    let call = bot.call("the first message", says("one")).await;
    assert_eq!(signed(&call, [&first, ""]), ([true, false], 1));

    let second = told(&relay.command(&["program", "rotate-secret", "--id", "fern"]), "secret");
    customer.says("two").await;
    let call = bot.call("the second message", says("two")).await;
    assert_eq!(signed(&call, [&first, &second]), ([true, true], 2));

    relay.restart().await;
    let (mut socket, _) = Socket::hello(&relay, &customer.visitor.token).await;
    socket.said(&customer.conversation, "three").await;
    let call = bot.call("the third message", says("three")).await;
    assert_eq!(
        signed(&call, [&first, &second]),
        ([true, true], 2),
        "a restart keeps both"
    );

    let listed = relay.command(&["program", "list"]);
    let of_first = listed
        .lines()
        .find(|line| line.starts_with("\tsecret\t"))
        .expect("the oldest first");
    let id = of_first.split('\t').nth(2).expect("an id");
    relay.command(&["program", "retire-secret", "--id", "fern", "--secret", id]);
    socket.said(&customer.conversation, "four").await;
    let call = bot.call("the fourth message", says("four")).await;
    assert_eq!(signed(&call, [&first, &second]), ([false, true], 1));
    for secret in [&first, &second] {
        assert!(!relay.log().contains(secret.as_str()) && !listed.contains(secret.as_str()));
    }
}

#[tokio::test]
async fn what_a_disabled_bot_was_to_be_told_is_kept_and_goes_on_when_it_is_enabled() {
    let (bot, other) = (Receiver::start().await, Receiver::start().await);
    let mut relay = relay(Some(other.url.clone())).await;
    let (key, _) = register(&relay, &bot, &[]);
    let mut customer = Customer::on(&relay, "desk").await;
    bot.call("the start", |call| call.body["message"] == "CHANNEL_SESSION_STARTED")
        .await;
    relay.command(&["program", "disable", "--id", "fern"]);
    customer.says("kept").await;
    // Deliveries are claimed together: what is due for another bot later is no earlier in its hands.
    let mut neighbour = Customer::on(&relay, "shop").await;
    neighbour.says("later").await;
    other.call("the neighbour's message", says("later")).await;
    assert!(!bot.calls().iter().any(says("kept")));
    let file = format!("{}/files/{}", relay.origin(), "0".repeat(32));
    assert_eq!(get(&file, Some(&key)).await.0, 401);

    relay.restart().await;
    assert_eq!(get(&file, Some(&key)).await.0, 401, "a restart enables nothing");
    assert!(!bot.calls().iter().any(says("kept")));
    relay.command(&["program", "enable", "--id", "fern"]);
    bot.call("what was kept", says("kept")).await;
    assert_eq!(get(&file, Some(&key)).await.0, 404, "its key is good");
}

#[tokio::test]
async fn a_customer_of_a_bot_that_is_disabled_is_given_an_agent() {
    let bot = Receiver::start().await;
    let relay = relay(None).await;
    let mut ann = agent(&relay, "ann").await;
    register(&relay, &bot, &["--answer-seconds", "1"]);
    let mut customer = Customer::on(&relay, "desk").await;
    for _ in 0..20 {
        bot.will(Reply::Status(503));
    }
    customer.says("Anybody?").await;
    bot.call("the message", says("Anybody?")).await;
    relay.command(&["program", "disable", "--id", "fern"]);
    customer
        .socket
        .event("a person is asked for", |event| event.name == EventName::TaskEnqueued)
        .await;
    crate::world::set_state(&mut ann, "READY").await;
    crate::world::take_offer(&mut ann).await;
}

#[tokio::test]
async fn when_and_from_where_a_key_was_used_last_survives_a_stop() {
    let mut relay = relay(None).await;
    let shown = relay.command(&["program", "register", "--id", "crm", "--kind", "app", "--name", "CRM"]);
    let key = told(&shown, "key");
    let of_key = |relay: &Relay| {
        let listed = relay.command(&["program", "list"]);
        let line = listed
            .lines()
            .find(|line| line.starts_with("\tkey\tpk_"))
            .map(str::to_owned);
        line.expect("its key is listed")
    };
    assert!(of_key(&relay).ends_with("\tnever\tnowhere"), "{}", of_key(&relay));
    let url = format!("{}/api/me", relay.origin());
    assert_eq!(get(&url, Some(&key)).await.0, 403);
    let line = of_key(&relay);
    assert!(line.ends_with("\t127.0.0.0/24") && !line.contains("never"), "{line}");
    assert!(!line.contains(&key));
    assert!(relay.terminate().await);
    assert_eq!(of_key(&relay), line, "without a relay, from the store");
}

#[tokio::test]
async fn a_bot_in_a_network_that_is_named_no_longer_is_not_called() {
    let bot = Receiver::start().await;
    let mut relay = relay(None).await;
    register(&relay, &bot, &[]);
    relay.reconfigure("").await;
    let mut customer = Customer::on(&relay, "desk").await;
    customer.says("Anybody?").await;
    customer
        .socket
        .event("a person is asked for", |event| event.name == EventName::TaskEnqueued)
        .await;
    assert!(bot.calls().is_empty());
}
