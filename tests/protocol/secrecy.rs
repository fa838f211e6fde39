//! What must stay inside: nothing leaves through a frame, a log, a metric or an address.

use crate::world::{Customer, app_key, ready_agent, take_offer, whisper};
use portico_shared::cim::EventName;
use portico_shared::frame::{Audience, Draft, Range};
use portico_shared::role::StaffDetails;
use portico_tests::api::{post, site_token};
use portico_tests::receiver::{Receiver, Reply};
use portico_tests::relay::{Relay, SITE_KEY, WEBHOOK_SECRET, World};
use portico_tests::socket::Socket;
use serde_json::json;

/// Invariant 13. Everything that a customer must not see happens in its conversation while it listens.
#[tokio::test]
async fn no_event_reaches_a_principal_outside_the_visibility_table() {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        ..World::default()
    })
    .await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "shop").await;
    bot.will_find_agent();
    customer.says("a person").await;
    take_offer(&mut ann).await;
    let conversation = customer.conversation.clone();

    whisper(&mut ann, &conversation, "CANARY-WHISPER").await;
    bot.will(Reply::Say(
        json!([{"mode": "message", "body": {"type": "PLAIN", "markdownText": "CANARY-SUGGESTION"}}]),
    ));
    customer.says("help me").await;
    ann.event("a suggestion", |event| event.name == EventName::BotSuggestion)
        .await;
    let wrapup = json!({"type": "WRAPUP", "markdownText": " ", "note": "CANARY-WRAPUP",
                        "wrapups": [{"categoryName": "Outcome", "value": "Solved"}]});
    let client_id = ann
        .post(
            &conversation,
            Draft::new(crate::world::body(wrapup)),
            Audience::Everyone,
        )
        .await;
    ann.answer(&client_id).await.expect("taken");
    ann.said(&conversation, "the end of it").await;
    customer.socket.hears("the end of it").await;

    // Live, as a page in another tab, and in the list.
    let (mut tab, welcome) = Socket::hello(&relay, &customer.visitor.token).await;
    tab.join(&conversation, None).await;
    tab.log(&conversation).await;
    assert_eq!(welcome.conversations[0].details, StaffDetails::default());
    for frame in customer.socket.received.iter().chain(&tab.received) {
        // The name of the frame that tells a place in the queue is no secret; which queue it is would be one.
        let frame = frame.replace(r#"{"type":"queue_position","#, "{");
        for secret in [
            "CANARY",
            "Support",
            "support",
            "Archer",
            "permittedResources",
            "associatedMrds",
            "FIND_AGENT",
            "queue",
        ] {
            assert!(!frame.contains(secret), "{secret}: {frame}");
        }
    }
    // The bot hears neither whispers nor wrap-ups.
    for call in bot.calls() {
        assert!(
            !call.raw.contains("CANARY-WHISPER") && !call.raw.contains("CANARY-WRAPUP"),
            "{}",
            call.raw
        );
    }
    // The agent sees all of it.
    let log = ann.log(&conversation).await;
    let text = serde_json::to_string(&log.iter().map(|item| &item.event).collect::<Vec<_>>()).expect("JSON");
    for seen in ["CANARY-WHISPER", "CANARY-SUGGESTION", "CANARY-WRAPUP"] {
        assert!(text.contains(seen), "{seen}");
    }
}

/// What docs/security.md says of positions: a customer can learn that something happened which it is not shown, and
/// neither what nor, unless it asks, when.
#[tokio::test]
async fn of_what_a_customer_is_not_shown_it_learns_the_position_alone_and_that_only_when_it_asks() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    let conversation = customer.conversation.clone();
    let before = customer.socket.said(&conversation, "before").await.seq;
    ann.hears("before").await;
    customer.socket.hears("before").await;
    customer.socket.round_trip().await;
    customer.socket.forget();

    for text in ["CANARY-1", "CANARY-2", "CANARY-3"] {
        whisper(&mut ann, &conversation, text).await;
        ann.hears(text).await;
    }
    customer.socket.round_trip().await;
    let pushed = &customer.socket.received;
    assert_eq!(pushed.len(), 1, "the answer to the ping alone: {pushed:?}");

    let page = customer.socket.page(&conversation, Range::After(before), 10).await;
    assert_eq!((page.items.len(), page.head.0), (0, before.0 + 3));
    let after = customer.socket.said(&conversation, "after").await.seq;
    assert_eq!(after.0, before.0 + 4, "hiding the head alone would hide nothing");
    assert!(!customer.socket.received.iter().any(|frame| frame.contains("CANARY")));
}

/// Invariant 12.
#[tokio::test]
async fn no_token_and_no_text_stands_in_the_log_or_the_metrics() {
    let bot = Receiver::start().await;
    let relay = Relay::start(World {
        webhook: Some(bot.url.clone()),
        environment: vec![("PORTICO_LOG__FILTER".to_owned(), "info,portico=trace".to_owned())],
        ..World::default()
    })
    .await;
    let token = relay.sign_in("ann").await;
    let mut ann = ready_agent(&relay, "ann").await;
    let proof = site_token(&json!({"sub": "c-42", "name": "CANARY-NAME"}));
    relay.session(json!({"channel": "desk", "identity": proof})).await;
    let mut asking = Customer::on(&relay, "shop").await;
    bot.will_say("CANARY-BOT");
    asking.says("CANARY-QUESTION").await;
    asking.socket.hears("CANARY-BOT").await;
    let mut customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    let key = app_key(&relay, &["--scope", "activities:write"]);
    let activity = json!({
        "id": "a-1",
        "header": {
            "sender": {"id": "survey", "type": "APP", "senderName": "CANARY-APP", "additionalDetail": null},
            "conversationId": customer.conversation,
        },
        "body": {"type": "PLAIN", "markdownText": "CANARY-ACTIVITY"},
    });
    let url = format!("{}/api/v1/activities", relay.origin());
    for (bearer, status) in [(&*key, 202), ("pk_CANARY-KEY", 401)] {
        assert_eq!(post(&url, None, Some(bearer), &activity).await.0, status);
    }
    ann.hears("CANARY-ACTIVITY").await;
    for identity in [format!("{proof}CANARY"), "CANARY-PROOF".to_owned()] {
        let asked = json!({"channel": "desk", "identity": identity});
        let url = format!("{}/api/session", relay.origin());
        assert_eq!(post(&url, Some(&relay.origin()), None, &asked).await.0, 401);
    }
    customer.says("CANARY-TEXT ann@example.org 4111111111111111").await;
    customer
        .socket
        .send_text(r#"{"type":"post","x":"CANARY-MALFORMED"}"#)
        .await;
    customer.socket.refusal().await;
    let metrics = reqwest::get(format!("{}/metrics", relay.origin()))
        .await
        .expect("metrics")
        .text()
        .await
        .expect("text");
    for secret in [
        "CANARY",
        "4111111111111111",
        "ann@example.org",
        "ann-password",
        WEBHOOK_SECRET,
        SITE_KEY,
        &key,
        &proof,
        &token,
        &customer.visitor.token,
        &customer.visitor.refresh,
    ] {
        assert!(!relay.log().contains(secret), "{secret} stands in the log");
        assert!(!metrics.contains(secret), "{secret} stands in the metrics");
    }
    assert!(!relay.log().is_empty(), "there is a log to look at");
}
