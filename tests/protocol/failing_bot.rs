//! A bot that takes nothing for a while: it is left alone, and everything reaches it in order when it is back.

use crate::world::Customer;
use portico_tests::eventually;
use portico_tests::proxy::{Link, Proxy};
use portico_tests::receiver::{Call, Receiver};
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
