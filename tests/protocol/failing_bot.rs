//! A bot that takes nothing for a while: it is left alone, and everything reaches it in order when it is back.

use crate::world::Customer;
use portico_tests::eventually;
use portico_tests::proxy::{Link, Proxy};
use portico_tests::receiver::{Call, Receiver, Reply};
use portico_tests::relay::{Relay, World};

/// Customers who write while it is away: more than the failures that make a bot count as away.
const CUSTOMERS: usize = 14;

#[tokio::test]
async fn a_bot_that_fails_again_and_again_is_left_alone_and_misses_nothing() {
    let bot = Receiver::start().await;
    let address = bot.url.trim_start_matches("http://").trim_end_matches("/bot");
    let link = Proxy::start(address.parse().expect("an address")).await;
    let relay = Relay::start(World {
        webhook: Some(format!("http://{}/bot", link.address)),
        ..World::default()
    })
    .await;
    let mut customers = Vec::new();
    for _ in 0..CUSTOMERS {
        customers.push(Customer::on(&relay, "shop").await);
    }
    let starts = || bot.calls().iter().filter(|call| call.body["type"] == "intent").count();
    eventually("the bot is told of each start", async || {
        (starts() == CUSTOMERS).then_some(())
    })
    .await;
    link.set(Link::Cut);
    for customer in &mut customers {
        customer.says("one").await;
        customer.says("two").await;
    }
    eventually("the bot is away", async || {
        (relay.metric("portico_bots_away").await == 1.0).then_some(())
    })
    .await;
    link.set(Link::Open);
    eventually("the bot is back", async || {
        (relay.metric("portico_bots_away").await == 0.0).then_some(())
    })
    .await;
    for customer in &customers {
        let of_this =
            |call: &Call| call.body["conversation"] == customer.conversation.as_str() && call.body["type"] == "message";
        let last = |call: &Call| of_this(call) && call.body["message"] == "two";
        bot.call("what came last", last).await;
        let told: Vec<_> = bot.calls().into_iter().filter(of_this).collect();
        let told: Vec<_> = told.iter().map(|call| call.body["message"].clone()).collect();
        assert_eq!(told, ["one", "two"], "each once, and in order");
    }
    assert_eq!(relay.command(&["delivery", "list"]), "", "nothing is given up");
    let log = relay.log();
    for line in [
        "a bot fails again and again; it is tried one call at a time",
        "a bot is back and takes calls again",
    ] {
        assert_eq!(log.matches(line).count(), 1, "{line}");
    }
}

/// `Retry-After` is about the bot, not about one delivery: what other conversations have for it waits as well.
#[tokio::test]
async fn a_bot_that_asks_to_be_left_alone_is() {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        ..World::default()
    })
    .await;
    let mut one = Customer::on(&relay, "shop").await;
    let mut other = Customer::on(&relay, "shop").await;
    bot.will(Reply::Later(429, 4));
    one.says("one").await;
    let said = |words: &'static str| move |call: &Call| call.body["message"] == words;
    bot.call("the first words", said("one")).await;
    let asked = std::time::Instant::now();
    other.says("other").await;
    bot.call("the other's words", said("other")).await;
    assert!(asked.elapsed().as_secs_f64() > 3.0, "after {:?}", asked.elapsed());
    let again = || bot.calls().iter().filter(|call| said("one")(call)).count() == 2;
    eventually("the first words once more", async || again().then_some(())).await;
}

/// No proxy that the environment names hears what is said to a bot on this machine.
#[tokio::test]
async fn a_bot_on_this_machine_is_called_without_a_proxy() {
    let bot = Receiver::start().await;
    let nowhere = "http://127.0.0.1:9".to_owned();
    let environment = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"];
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        environment: environment
            .map(|name| (name.to_owned(), nowhere.clone()))
            .into_iter()
            // What those who run the tests have excepted is not meant.
            .chain(["NO_PROXY", "no_proxy"].map(|name| (name.to_owned(), String::new())))
            .collect(),
        ..World::default()
    })
    .await;
    let mut customer = Customer::on(&relay, "shop").await;
    customer.says("hello").await;
    bot.call("the customer's words", |call| call.body["message"] == "hello")
        .await;
}
