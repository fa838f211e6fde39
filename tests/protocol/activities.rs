//! Third-party programs push activities in.

use crate::world::{Customer, app_key, ready_agent, set_state, take_offer, unheard_of};
use portico_shared::cim::EventName;
use portico_shared::frame::ClientFrame;
use portico_shared::ids::ConversationId;
use portico_tests::api::{get, post};
use portico_tests::client_id;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use serde_json::{Value, json};

/// A relay and the key of an app with these scopes.
async fn relay_with_app(scopes: &[&str]) -> (Relay, String) {
    let relay = Relay::plain().await;
    let key = app_key(&relay, scopes);
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
    let (relay, key) = relay_with_app(&["--scope", "activities:write"]).await;
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
    let (relay, key) = relay_with_app(&["--scope", "activities:write"]).await;
    let mut customer = Customer::on(&relay, "desk").await;
    let header = json!({"conversationId": customer.conversation, "additionalData": {"audience": "CUSTOMER"}});
    let survey = json!({"type": "URL", "markdownText": "How did we do?", "mediaUrl": "https://survey.example.org/1?type=survey"});
    assert_eq!(push(&relay, &key, &activity(header, survey)).await.0, 202);
    customer.socket.hears("How did we do?").await;
}

#[tokio::test]
async fn a_repeated_activity_is_taken_once() {
    let (relay, key) = relay_with_app(&["--scope", "activities:write"]).await;
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
    let (relay, key) = relay_with_app(&["--scope", "activities:write"]).await;
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
    end(&mut customer.socket, &customer.conversation).await;
    assert_eq!(push(&relay, &key, &live).await, (202, first));

    let (_, beside) = push(&relay, &key, &later).await;
    assert!(beside["conversation"].is_null(), "{beside}");
    assert_eq!(push(&relay, &key, &later).await, (202, beside.clone()));
    customer.socket.start().await;
    assert_eq!(push(&relay, &key, &later).await, (202, beside));
}

/// The agent of the next chat reads what was reported while there was none; nobody else does.
#[tokio::test]
async fn what_was_reported_before_a_chat_is_read_by_the_agent_of_the_chat() {
    let (relay, key) = relay_with_app(&["--scope", "activities:write"]).await;
    let visitor = relay.visitor("desk").await;
    let (mut socket, _) = Socket::hello(&relay, &visitor.token).await;
    let first = socket.start().await.conversation;
    end(&mut socket, &first).await;
    let of_customer = |text: &str| {
        let body = json!({"type": "PLAIN", "markdownText": text});
        activity(json!({"customer": {"_id": visitor.customer}}), body)
    };
    for text in ["called", "paid"] {
        let (status, answer) = push(&relay, &key, &of_customer(text)).await;
        assert_eq!((status, &answer["conversation"]), (202, &Value::Null), "{answer}");
    }
    let (mut ann, token) = {
        let token = relay.sign_in("ann").await;
        (Socket::hello(&relay, &token).await.0, token)
    };
    set_state(&mut ann, "READY").await;
    let second = socket.start().await.conversation;
    take_offer(&mut ann).await;

    assert_eq!(texts_before(&relay, &second, &token).await, ["paid", "called"]);
    let supervisor = relay.sign_in("sam").await;
    assert_eq!(texts_before(&relay, &second, &supervisor).await, ["paid", "called"]);
    // They came after the end of the first one.
    assert_eq!(texts_before(&relay, &first, &supervisor).await, [""; 0]);

    let other = relay.sign_in("ben").await;
    for (conversation, bearer, expected) in [
        (second.as_str(), Some(other.as_str()), 404),
        ("there-is-none", Some(token.as_str()), 404),
        (second.as_str(), Some(visitor.token.as_str()), 403),
        (second.as_str(), Some(key.as_str()), 403),
        (second.as_str(), None, 401),
    ] {
        let (status, answer) = get(&before(&relay, conversation), bearer).await;
        assert_eq!(status, expected, "{answer}");
        assert!(!answer.to_string().contains("paid"), "{answer}");
    }
    // What the customer reads of its chats says nothing of it.
    for chat in [&first, &second] {
        socket.log(chat).await;
    }
    let received = socket.received.concat();
    assert!(
        received.contains(second.as_str()) && !received.contains("paid"),
        "{received}"
    );
}

/// One answer is one page, however much there is: the newest of it.
#[tokio::test]
async fn of_what_was_reported_before_a_chat_the_newest_is_answered_as_far_as_it_fits() {
    let (relay, key) = relay_with_app(&["--scope", "activities:write"]).await;
    let visitor = relay.visitor("desk").await;
    let (mut socket, _) = Socket::hello(&relay, &visitor.token).await;
    let first = socket.start().await.conversation;
    end(&mut socket, &first).await;
    let report = async |body: Value| {
        let message = activity(json!({"customer": {"_id": visitor.customer}}), body);
        assert_eq!(push(&relay, &key, &message).await.0, 202);
    };
    for n in 0..60 {
        report(json!({"type": "PLAIN", "markdownText": n.to_string()})).await;
    }
    let second = socket.start().await.conversation;
    let supervisor = relay.sign_in("sam").await;
    let newest: Vec<String> = (10..60).rev().map(|n| n.to_string()).collect();
    assert_eq!(texts_before(&relay, &second, &supervisor).await, newest);

    end(&mut socket, &second).await;
    for n in 0..10 {
        report(json!({"type": "ORDER", "markdownText": n.to_string(), "lines": "x".repeat(50_000)})).await;
    }
    let third = socket.start().await.conversation;
    assert_eq!(
        texts_before(&relay, &third, &supervisor).await,
        ["9", "8", "7", "6", "5"]
    );
}

async fn end(socket: &mut Socket, conversation: &ConversationId) {
    let end = client_id();
    let frame = ClientFrame::End {
        conversation: conversation.clone(),
        client_id: end.clone(),
    };
    socket.send(&frame).await;
    socket.answer(&end).await.expect("an end is taken");
}

fn before(relay: &Relay, conversation: &str) -> String {
    format!(
        "{}/api/v1/conversations/{conversation}/customer-activities",
        relay.origin()
    )
}

/// The texts of what was reported before a chat, in the order in which they are answered.
async fn texts_before(relay: &Relay, conversation: &ConversationId, token: &str) -> Vec<String> {
    let (status, answer) = get(&before(relay, conversation.as_str()), Some(token)).await;
    assert_eq!(status, 200, "{answer}");
    let events = answer.as_array().expect("a list of events").iter();
    events
        .map(|event| {
            event["data"]["body"]["markdownText"]
                .as_str()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

#[tokio::test]
async fn what_is_wrong_with_an_activity_is_said_precisely() {
    let (relay, key) = relay_with_app(&["--scope", "activities:write"]).await;
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
    let (relay, key) = relay_with_app(&[]).await;
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
    let (relay, key) = relay_with_app(&["--scope", "activities:write"]).await;
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

#[tokio::test]
async fn what_is_not_said_to_be_json_or_could_be_read_in_two_ways_is_refused_by_name() {
    let (relay, key) = relay_with_app(&["--scope", "activities:write"]).await;
    let customer = Customer::on(&relay, "desk").await;
    let message = activity(
        json!({"conversationId": customer.conversation}),
        json!({"type": "PLAIN", "markdownText": "Five stars"}),
    );
    let text = message.to_string();
    let twice = text.replacen('{', "{\"id\":\"another\",", 1);
    let marked = format!("\u{feff}{text}");
    for (content_type, body, status, says) in [
        (None, &text, 415, "application/json"),
        (Some("text/plain"), &text, 415, "application/json"),
        (
            Some("application/x-www-form-urlencoded"),
            &text,
            415,
            "application/json",
        ),
        (Some("application/json"), &twice, 400, "id: there twice"),
        (Some("application/json"), &marked, 400, "byte order mark"),
        (Some("application/json; charset=utf-8"), &text, 202, ""),
    ] {
        let request = reqwest::Client::new()
            .post(format!("{}/api/v1/activities", relay.origin()))
            .bearer_auth(&key)
            .body(body.clone());
        let request = match content_type {
            Some(content_type) => request.header("content-type", content_type),
            None => request,
        };
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{content_type:?} {body}");
        let told = answer.text().await.expect("text");
        assert!(told.contains(says), "{content_type:?}: {told}");
    }
}
