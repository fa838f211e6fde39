//! What `/metrics` counts, over one day in small: each declared metric is there, and moves when what it counts happens.

use crate::erasure::erase;
use crate::files::{Files, PNG};
use crate::push::subscribes_elsewhere;
use crate::survey;
use crate::world::{Customer, bots_key, offer, ready_agent, set_state, take_offer};
use portico_shared::frame::{Audience, ClientFrame, RefusalCode, ServerFrame};
use portico_shared::ids::ConversationId;
use portico_tests::api::post;
use portico_tests::receiver::Receiver;
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;
use portico_tests::{client_id, eventually};
use serde_json::json;

/// The metrics that the relay declares, by kind and name.
fn declared() -> Vec<(&'static str, &'static str)> {
    let source = include_str!("../../server/core/src/telemetry.rs");
    let (_, list) = source.split_once("\nmetrics! {\n").expect("the list begins");
    let (list, _) = list.split_once("\n}").expect("the list ends");
    let of_line = |line: &'static str| {
        let kind = line.split_whitespace().next()?;
        Some((kind, line.split('"').nth(1)?))
    };
    list.lines().filter_map(of_line).collect()
}

#[tokio::test]
async fn every_declared_metric_is_there_and_moves_with_what_it_counts() {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        config: survey::SURVEY.to_owned(),
        offer_seconds: 6,
        environment: vec![
            (
                "PORTICO_CHANNELS__SHOP__LINK_PREVIEWS".to_owned(),
                r#"["customer"]"#.to_owned(),
            ),
            ("PORTICO_CHANNELS__SHOP__RETENTION_DAYS".to_owned(), "30".to_owned()),
        ],
        ..World::default()
    })
    .await;
    let declared = declared();
    assert!(declared.len() > 20, "{declared:?}");
    let _connected = happens(&relay, &bot).await;
    let text = reqwest::get(format!("{}/metrics", relay.origin()))
        .await
        .expect("an answer")
        .text()
        .await
        .expect("text");
    for (kind, name) in &declared {
        assert!(
            text.contains(&format!("# HELP {name} ")),
            "{name} is not there:\n{text}"
        );
        let value = match *kind {
            "seconds" | "counts" => sum(&text, &format!("{name}_count")),
            _ => sum(&text, name),
        };
        match *name {
            // What must not happen, what is over, and what takes days.
            "portico_panics_total"
            | "portico_retired_conversations_total"
            | "portico_unreadable_conversations_total"
            | "portico_bots_away"
            | "portico_tasks_waiting" => assert_eq!(value, 0.0, "{name}"),
            // Nothing waits for long.
            "portico_store_queue" => {}
            _ => assert!(value > 0.0, "{name} did not move:\n{text}"),
        }
    }
    for (outcome, times) in [
        ("offered", 4.0),
        ("accepted", 1.0),
        ("missed", 1.0),
        ("withdrawn", 1.0),
        ("cancelled", 1.0),
    ] {
        let series = format!("portico_offers_total{{outcome=\"{outcome}\"}}");
        assert_eq!(relay.metric(&series).await, times, "{outcome}");
    }
}

/// The sum of all series of a metric.
fn sum(text: &str, name: &str) -> f64 {
    let series = text.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        let labels_or_value = rest.starts_with(['{', ' ']);
        labels_or_value
            .then(|| rest.rsplit(' ').next()?.parse::<f64>().ok())
            .flatten()
    });
    series.sum()
}

/// One of everything: a chat with a bot, offers that end in each way, refusals, and a visitor from nowhere.
/// Answers who is still connected.
async fn happens(relay: &Relay, bot: &Receiver) -> (Customer, Socket) {
    let mut guest = Customer::on(relay, "shop").await;
    surveyed_and_erased(relay).await;
    subscribes_elsewhere(relay, &guest.visitor).await;
    bot.will_say("Here I am.");
    guest.says("Anybody? http://127.0.0.1/").await;
    guest.socket.hears("Here I am.").await;
    guest.socket.send_text("nonsense").await;
    assert_eq!(guest.socket.refusal().await.code, RefusalCode::Malformed);
    assert_eq!(Socket::refused(relay.address, Some("http://evil.example")).await, 403);
    Socket::turned_away(relay, "x").await;
    let files = Files::of(relay, &guest.visitor.token);
    let file = files.upload("tent.png", PNG).await;
    files.link(&file).await.expect("an own file");
    let wrong = json!({"username": "ann", "password": "not-hers"});
    let url = format!("{}/api/login", relay.origin());
    assert_eq!(post(&url, Some(&relay.origin()), None, &wrong).await.0, 401);

    // Two programs connect as one bot.
    let key = bots_key(relay, "robot");
    let (mut robot, _) = Socket::hello_at(relay.address, None, &key).await;
    let (_again, _) = Socket::hello_at(relay.address, None, &key).await;
    robot.closed().await;

    // Taken, and over.
    let mut ann = ready_agent(relay, "ann").await;
    let taken = Customer::on(relay, "desk").await;
    let conversation = take_offer(&mut ann).await.conversation;
    ends(taken).await;
    leaves(&mut ann, conversation).await;
    // Withdrawn, since the agent is not ready any more; nobody else is, so it waits until the customer goes.
    let waits = Customer::on(relay, "desk").await;
    offer(&mut ann).await;
    set_state(&mut ann, "NOT_READY").await;
    revoked(&mut ann, "REROUTE").await;
    ends(waits).await;
    // Cancelled, since the customer goes while it rings.
    set_state(&mut ann, "READY").await;
    let goes = Customer::on(relay, "desk").await;
    offer(&mut ann).await;
    ends(goes).await;
    revoked(&mut ann, "CANCELLED").await;
    // Missed.
    let missed = Customer::on(relay, "desk").await;
    offer(&mut ann).await;
    revoked(&mut ann, "RONA").await;
    ends(missed).await;
    eventually("the guest is there, and is told nothing by its browser", async || {
        (relay.metric("portico_pushes_total{outcome=\"seen\"}").await == 1.0).then_some(())
    })
    .await;
    eventually("the link leads nowhere that is asked", async || {
        (relay.metric("portico_link_previews_total{outcome=\"refused\"}").await == 1.0).then_some(())
    })
    .await;
    eventually("nobody waits any more", async || {
        (relay.metric("portico_tasks_waiting{queue=\"support\"}").await == 0.0).then_some(())
    })
    .await;
    (guest, ann)
}

/// A survey that is asked, answered wrong and answered, and its customer's data erased.
async fn surveyed_and_erased(relay: &Relay) {
    let (mut customer, survey) = survey::over(relay).await;
    let at = customer.conversation.clone();
    for stars in ["6", "5"] {
        let filled = survey::filled(&survey, stars);
        let id = customer.socket.post(&at, filled, Audience::Everyone).await;
        assert_eq!(customer.socket.answer(&id).await.is_ok(), stars == "5");
    }
    assert_eq!(erase(relay, &customer.visitor.token).await.0, 200);
    for outcome in ["asked", "answered", "refused"] {
        let series = format!("portico_surveys_total{{outcome=\"{outcome}\"}}");
        assert_eq!(relay.metric(&series).await, 1.0, "{outcome}");
    }
    for (outcome, times) in [("done", 1.0), ("unfinished", 0.0)] {
        let series = format!("portico_erasures_total{{outcome=\"{outcome}\"}}");
        assert_eq!(relay.metric(&series).await, times, "{outcome}");
    }
}

async fn leaves(agent: &mut Socket, conversation: ConversationId) {
    let id = client_id();
    let leave = ClientFrame::Leave {
        conversation,
        client_id: id.clone(),
    };
    agent.send(&leave).await;
    agent.answer(&id).await.expect("an agent leaves");
}

async fn ends(mut customer: Customer) {
    let id = client_id();
    let end = ClientFrame::End {
        conversation: customer.conversation.clone(),
        client_id: id.clone(),
    };
    customer.socket.send(&end).await;
    customer.socket.answer(&id).await.expect("a customer ends");
}

async fn revoked(agent: &mut Socket, why: &str) {
    agent
        .expect("the offer is taken back", |frame| match frame {
            ServerFrame::OfferRevoked { reason, .. } if reason.as_str() == why => Some(()),
            _ => None,
        })
        .await;
}
