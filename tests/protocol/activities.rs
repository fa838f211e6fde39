//! Third-party programs push activities in.

use crate::world::{Customer, ready_agent, take_offer, unheard_of};
use portico_shared::cim::EventName;
use portico_shared::frame::ClientFrame;
use portico_tests::api::post;
use portico_tests::relay::Relay;
use serde_json::{Value, json};

/// A relay and the key of an app that may write activities.
async fn relay_with_app(scope: &str) -> (Relay, String) {
    let mut relay = Relay::plain().await;
    relay.kill();
    let shown = relay.command(&[
        "key",
        "add",
        "--kind",
        "app",
        "--subject",
        "survey",
        "--label",
        "Survey",
        "--scope",
        scope,
    ]);
    let key = shown
        .split_whitespace()
        .find(|word| word.starts_with("pk_"))
        .expect("the key is shown once")
        .to_owned();
    relay.restart().await;
    (relay, key)
}

async fn push(relay: &Relay, key: &str, message: &Value) -> (u16, Value) {
    post(
        &format!("{}/api/v1/activities", relay.origin()),
        None,
        Some(key),
        message,
    )
    .await
}

fn activity(header: Value, body: Value) -> Value {
    let mut all = json!({"sender": {"id": "survey", "type": "APP", "senderName": "Survey", "additionalDetail": null}});
    all.as_object_mut()
        .expect("an object")
        .extend(header.as_object().expect("an object").clone());
    json!({"id": uuid::Uuid::now_v7().to_string(), "header": all, "body": body})
}

#[tokio::test]
async fn an_activity_appears_live_at_the_desk_whatever_its_body() {
    let (relay, key) = relay_with_app("activities:write").await;
    let mut ann = ready_agent(&relay, "ann").await;
    let customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    let log = ann.log(&customer.conversation).await;
    let session = log.iter().find_map(|item| {
        serde_json::to_value(&item.event).ok()?["data"]["id"]
            .as_str()
            .map(str::to_owned)
    });
    let session = session.expect("the session's id");
    let recording = json!({"type": "VOICE_RECORDING", "markdownText": "", "mediaUrl": "https://rec.example.org/1"});
    for (header, body) in [
        (json!({"conversationId": customer.conversation}), unheard_of()),
        (json!({"channelSessionId": session, "conversationId": null}), recording),
        (
            json!({"customer": {"_id": customer.visitor.customer}}),
            json!({"type": "PLAIN", "markdownText": "scheduled"}),
        ),
    ] {
        let (status, answer) = push(&relay, &key, &activity(header.clone(), body.clone())).await;
        assert_eq!(status, 202, "{header}: {answer}");
        assert_eq!(answer["conversation"], customer.conversation.as_str(), "{header}");
        let shown = ann
            .event("the activity", |event| event.name == EventName::ThirdPartyActivity)
            .await;
        assert_eq!(serde_json::to_value(&shown.event).expect("JSON")["data"]["body"], body);
        assert_eq!(shown.event.event_emitter.id, "survey");
    }
    assert!(
        !customer
            .socket
            .received
            .iter()
            .any(|frame| frame.contains("HOLOGRAM") || frame.contains("rec.example.org"))
    );
}

#[tokio::test]
async fn an_activity_that_is_addressed_to_the_customer_reaches_the_widget() {
    let (relay, key) = relay_with_app("activities:write").await;
    let mut customer = Customer::on(&relay, "desk").await;
    let header = json!({"conversationId": customer.conversation, "additionalData": {"audience": "CUSTOMER"}});
    let survey = json!({"type": "URL", "markdownText": "How did we do?", "mediaUrl": "https://survey.example.org/1?type=survey"});
    assert_eq!(push(&relay, &key, &activity(header, survey)).await.0, 202);
    customer.socket.hears("How did we do?").await;
}

#[tokio::test]
async fn a_repeated_activity_is_taken_once() {
    let (relay, key) = relay_with_app("activities:write").await;
    let mut ann = ready_agent(&relay, "ann").await;
    let customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    let message = activity(
        json!({"conversationId": customer.conversation}),
        json!({"type": "PLAIN", "markdownText": "once"}),
    );
    for _ in 0..3 {
        assert_eq!(push(&relay, &key, &message).await.0, 202);
    }
    let log = ann.log(&customer.conversation).await;
    assert_eq!(
        log.iter()
            .filter(|item| item.event.name == EventName::ThirdPartyActivity)
            .count(),
        1
    );
}

/// Whether it was taken while a conversation was live or while there was none.
#[tokio::test]
async fn a_repeated_activity_of_a_customer_answers_the_first_one() {
    let (relay, key) = relay_with_app("activities:write").await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    let of_customer = || {
        activity(
            json!({"customer": {"_id": customer.visitor.customer}}),
            json!({"type": "PLAIN", "markdownText": "once"}),
        )
    };
    let (live, later) = (of_customer(), of_customer());
    let (_, first) = push(&relay, &key, &live).await;
    assert_eq!(first["conversation"], customer.conversation.as_str());
    let end = portico_tests::client_id();
    let frame = ClientFrame::End {
        conversation: customer.conversation.clone(),
        client_id: end.clone(),
    };
    customer.socket.send(&frame).await;
    customer.socket.answer(&end).await.expect("an end is taken");
    assert_eq!(push(&relay, &key, &live).await, (202, first));

    let (_, beside) = push(&relay, &key, &later).await;
    assert!(beside["conversation"].is_null(), "{beside}");
    assert_eq!(push(&relay, &key, &later).await, (202, beside.clone()));
    customer.socket.start().await;
    assert_eq!(push(&relay, &key, &later).await, (202, beside));
}

#[tokio::test]
async fn what_is_wrong_with_an_activity_is_said_precisely() {
    let (relay, key) = relay_with_app("activities:write").await;
    let customer = Customer::on(&relay, "desk").await;
    let plain = json!({"type": "PLAIN", "markdownText": "x"});
    let here = json!({"conversationId": customer.conversation});
    let by = |sender: Value| {
        let header = json!({"conversationId": customer.conversation, "sender": sender});
        activity(header, plain.clone())
    };
    let too_long = json!({"type": "PLAIN", "markdownText": "x".repeat(64 * 1024)});
    let cases = [
        (activity(here.clone(), too_long), 413, "length limit"),
        (json!("text"), 400, "object"),
        (json!({"id": "a", "header": {}, "body": plain}), 400, "header.sender"),
        (by(json!({})), 400, "header.sender.id: must not be blank"),
        (
            by(json!({"id": "survey"})),
            400,
            "header.sender.type: must not be blank",
        ),
        (activity(here.clone(), json!({})), 400, "body.type"),
        (
            activity(here.clone(), json!({"type": "URL", "mediaUrl": 7})),
            400,
            "body.mediaUrl",
        ),
        (activity(json!({}), plain.clone()), 400, "conversationId"),
        (
            activity(json!({"conversationId": "there-is-none"}), plain.clone()),
            404,
            "",
        ),
        (
            activity(json!({"channelSessionId": "there-is-none"}), plain.clone()),
            404,
            "",
        ),
        (
            activity(json!({"customer": {"_id": "there-is-none"}}), plain.clone()),
            404,
            "",
        ),
    ];
    for (message, expected, word) in cases {
        let (status, answer) = push(&relay, &key, &message).await;
        assert_eq!(status, expected, "{word}: {answer}");
        assert!(
            answer["message"].as_str().is_some_and(|text| text.contains(word)),
            "{word}: {answer}"
        );
    }
    let good = activity(here, plain);
    let url = format!("{}/api/v1/activities", relay.origin());
    assert_eq!(post(&url, None, None, &good).await.0, 401);
    assert_eq!(post(&url, None, Some("pk_nonsense"), &good).await.0, 401);
    assert_eq!(post(&url, None, Some(&customer.visitor.token), &good).await.0, 401);
}

#[tokio::test]
async fn a_key_without_the_scope_may_not_write() {
    let (relay, key) = relay_with_app("activities:read").await;
    let customer = Customer::on(&relay, "desk").await;
    let message = activity(
        json!({"conversationId": customer.conversation}),
        json!({"type": "PLAIN", "markdownText": "x"}),
    );
    assert_eq!(push(&relay, &key, &message).await.0, 403);
}

/// The sample of the IVR guide: a whole visit of a phone menu as one activity.
#[tokio::test]
async fn the_trail_of_an_ivr_stands_in_the_conversation() {
    let (relay, key) = relay_with_app("activities:write").await;
    let mut ann = ready_agent(&relay, "ann").await;
    let customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    let body = json!({"type": "IVR_AGGREGATED_ACTIVITY", "callId": "1234", "leg": "", "startDirection": "INBOUND",
                      "endDirection": "TRANSFER", "startTime": 1_680_692_114_700_i64, "endTime": 1_680_692_114_900_i64,
                      "activities": [{"menu": "Main", "selection": "Billing", "timestamp": "1680692114700", "metadata": {}}],
                      "additionalAttr1": {}});
    let header = json!({"conversationId": customer.conversation, "intent": "IVR_AGGREGATED_ACTIVITY"});
    assert_eq!(push(&relay, &key, &activity(header, body.clone())).await.0, 202);
    let shown = ann
        .event("the trail", |event| event.name.as_str().contains("ACTIVITY"))
        .await;
    assert_eq!(serde_json::to_value(&shown.event).expect("JSON")["data"]["body"], body);
}
