//! Who waits for a person: the place in the queue, and a team that is away.

use crate::looks::is_accessible;
use crate::people::{Agent, Customer, Shopper, shop_with_bot};
use portico_shared::cim::Timestamp;
use portico_tests::receiver::Receiver;
use portico_tests::relay::{Relay, World};
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

/// What stands under all messages while somebody waits.
const LINE: &str = "document.querySelector('.notice--queue')";

async fn reads(shopper: &Shopper, line: &str) {
    let script = format!("return {LINE}?.textContent === arguments[0]");
    shopper
        .browser
        .until(&format!("{line:?} is read"), &script, json!([line]))
        .await;
}

#[tokio::test]
async fn a_shopper_who_waits_reads_and_hears_the_place_in_the_queue() {
    let (relay, bot) = shop_with_bot().await;
    let mut first = Customer::begins(&relay, "desk", json!({})).await;
    let shopper = Shopper::chats(&relay).await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    reads(&shopper, "1 person is before you.").await;
    is_accessible(&shopper.browser, "a place in the queue", "html").await;
    first.ends().await;
    reads(&shopper, "You are next.").await;
    let said = shopper.browser.seen().await.said;
    let places: Vec<_> = said
        .iter()
        .filter(|line| line.contains("before you") || line.contains("next"))
        .collect();
    assert_eq!(places, ["1 person is before you.", "You are next."], "{said:?}");

    // Another page of the same visitor is told at once.
    shopper.reloads().await;
    reads(&shopper, "You are next.").await;
    let agent = Agent::ready(&relay, "ann").await;
    agent.accepts().await;
    shopper.browser.sees("heading", "Ann").await;
    let is_gone = format!("return !{LINE}");
    shopper.browser.until("nobody waits", &is_gone, json!([])).await;
}

/// A shop whose team is away, and back in so many days at nine o'clock UTC.
pub(crate) async fn shop_without_team(days: u64) -> (Relay, Receiver) {
    let bot = Receiver::start().await;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    let day = Timestamp::from_ms(i64::try_from((now + days * 86_400) * 1_000).expect("a time")).to_string();
    let day = day.get(..10).expect("a date");
    let hours = format!(
        "[channels.demo.hours]\ntime_zone = \"UTC\"\nholidays = [{{ date = \"{day}\", open = [\"09:00-17:00\"] }}]\n"
    );
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        config: hours,
        ..World::default()
    })
    .await;
    (relay, bot)
}

#[tokio::test]
async fn a_request_while_the_team_is_away_is_kept_and_nothing_is_promised() {
    let (relay, bot) = shop_without_team(3).await;
    let shopper = Shopper::chats(&relay).await;
    bot.will_find_agent();
    shopper.says("A person, please").await;
    let browser = &shopper.browser;
    let line = format!("return {LINE}?.textContent");
    let line = browser.until("the team is away", &line, json!([])).await;
    let line = line.as_str().expect("a text");
    assert!(
        line.starts_with("We are away right now. Leave a message and we will answer it. We are back "),
        "{line}"
    );
    let kept = "Your request is kept. Someone will answer when we are back.";
    let notices =
        "return [...document.querySelectorAll('.notice:not(.notice--queue)')].map((notice) => notice.textContent)";
    assert_eq!(browser.run(notices, json!([])).await, json!([kept]));
    let header = "return document.querySelector('.header__role').textContent";
    assert_eq!(browser.run(header, json!([])).await, "Away right now");
    let said = browser.seen().await.said;
    assert!(said.iter().any(|line| line == kept), "{said:?}");
    assert!(
        !said
            .iter()
            .any(|line| line.contains("next") || line.contains("finding")),
        "{said:?}"
    );
    is_accessible(browser, "a team that is away", "html").await;
    // What is written is taken all the same.
    shopper.says("Please call me back").await;
    shopper.has_said("Please call me back").await;

    // It is answered when somebody is there.
    let agent = Agent::ready(&relay, "ann").await;
    agent.accepts().await;
    agent.hears("Please call me back").await;
    agent.says("Of course.").await;
    shopper.hears("Of course.").await;
}
