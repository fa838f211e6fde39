//! Consent: where a channel asks for it, nobody is known to the relay before, and what was agreed to stands in the log.

use crate::world::{agent, set_state, take_offer};
use portico_shared::cim::{CimEvent, MessageBody};
use portico_shared::close::CloseCode;
use portico_shared::ids::ConversationId;
use portico_tests::api::{Visitor, post, site_token};
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;
use serde_json::{Value, json};

/// The channel `asked`, which asks about this version.
pub(crate) fn asking(version: u32) -> World {
    let texts = r#"[{ language = "en", text = "We keep it." }, { language = "de", text = "Wir behalten es." }]"#;
    let terms = format!("version = {version}\npolicy = \"https://shop.example/privacy\"\ntexts = {texts}\n");
    let key = "[[channels.asked.keys]]\nkid = \"site\"\nalgorithm = \"HS256\"\nissuer = \"https://site.example\"\naudience = \"portico\"\n";
    let key = format!("{key}key = \"{}\"\n", portico_tests::relay::SITE_KEY);
    World {
        config: format!("[channels.asked]\norigins = []\nqueue = \"support\"\n{key}[channels.asked.consent]\n{terms}"),
        ..World::default()
    }
}

async fn session(relay: &Relay, body: Value) -> (u16, Value) {
    let origin = relay.origin();
    post(&format!("{origin}/api/session"), Some(&origin), None, &body).await
}

async fn agrees(relay: &Relay, version: u32) -> Visitor {
    let consent = json!({"version": version, "language": "de-AT"});
    relay.session(json!({"channel": "asked", "consent": consent})).await
}

/// The records of consent in a log, as their keys and answers.
pub(crate) fn records(log: &[CimEvent]) -> Vec<Value> {
    let form = |event: &CimEvent| match &event.message()?.body {
        MessageBody::FormData(form) if form.form_id.as_deref() == Some("consent") => serde_json::to_value(form).ok(),
        _ => None,
    };
    log.iter().filter_map(form).collect()
}

pub(crate) fn answer<'a>(record: &'a Value, key: &str) -> &'a Value {
    let lines = record["sections"][0]["attributes"].as_array().expect("lines");
    let line = lines.iter().find(|line| line["key"] == key);
    line.map_or(&Value::Null, |line| &line["answer"][0])
}

/// What an agent reads of the conversation.
pub(crate) async fn log(ann: &mut Socket, conversation: &ConversationId) -> Vec<CimEvent> {
    let log = ann.log(conversation).await;
    log.into_iter().map(|item| item.event).collect()
}

#[tokio::test]
async fn nobody_has_a_token_who_has_not_agreed_to_the_present_terms() {
    let relay = Relay::start(asking(3)).await;
    let proof = site_token(&json!({"sub": "c-1"}));
    for said in [
        json!({}),
        json!({"consent": {"version": 2, "language": "de"}}),
        json!({"consent": {"version": 4, "language": "de", "by_page": true}}),
        json!({"consent": {"version": 3, "language": "?"}}),
        json!({"identity": proof}),
    ] {
        let mut body = json!({"channel": "asked"});
        body.as_object_mut()
            .expect("an object")
            .extend(said.as_object().expect("an object").clone());
        let (status, told) = session(&relay, body).await;
        assert_eq!(
            (status, &told["code"]),
            (403, &json!("consent_required")),
            "{said}: {told}"
        );
    }
    let (status, told) = session(&relay, json!({"channel": "asked", "consent": {"version": 3}})).await;
    assert_eq!(status, 400, "{told}");
    let (status, _) = session(&relay, json!({"channel": "desk"})).await;
    assert_eq!(status, 200, "others ask nothing");

    let visitor = agrees(&relay, 3).await;
    let again = relay
        .session(json!({"channel": "asked", "refresh": visitor.refresh}))
        .await;
    assert_eq!(again.customer, visitor.customer, "it is said once");
    let elsewhere = json!({"channel": "desk", "refresh": visitor.refresh});
    assert_eq!(session(&relay, elsewhere).await.1["code"], "refresh_refused");
}

#[tokio::test]
async fn whom_the_site_vouches_for_is_erased_without_having_agreed_to_anything() {
    let mut relay = Relay::start(asking(3)).await;
    let proof = || site_token(&json!({"sub": "c-1"}));
    let consent = json!({"version": 3, "language": "en"});
    let body = json!({"channel": "asked", "identity": proof(), "consent": consent});
    let visitor = relay.session(body).await;
    relay.reconfigure(&asking(4).config).await;
    let erase = async |proof: &str, channel: &str| {
        let url = format!("{}/api/customer?channel={channel}", relay.origin());
        let answer = reqwest::Client::new().delete(url).bearer_auth(proof).send().await;
        let answer = answer.expect("an answer");
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap_or_default(),
        )
    };
    let forged = format!("{}x", proof());
    assert_eq!(erase(&forged, "asked").await.0, 401);
    assert_eq!(erase(&proof(), "nowhere").await.0, 404);
    assert_eq!(
        erase(&visitor.token, "asked").await.0,
        401,
        "a token of the relay is not the site's"
    );
    let of_before = proof();
    let (status, told) = erase(&of_before, "asked").await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["kept"].as_array().map(Vec::len), Some(4), "{told}");
    let (status, problem) = erase(&of_before, "asked").await;
    assert_eq!((status, &problem["code"]), (401, &json!("identity_refused")));
    let (status, _) = session(&relay, json!({"channel": "asked", "refresh": visitor.refresh})).await;
    assert_ne!(status, 200, "what proved it before proves nobody");
}

#[tokio::test]
async fn what_was_agreed_to_is_recorded_once_and_for_agents_alone() {
    let relay = Relay::start(asking(3)).await;
    let mut ann = agent(&relay, "ann").await;
    set_state(&mut ann, "READY").await;
    let visitor = agrees(&relay, 3).await;
    let (mut socket, _) = Socket::hello(&relay, &visitor.token).await;
    let conversation = socket.start().await.conversation;
    socket.join(&conversation, None).await;
    socket.said(&conversation, "Hello").await;
    socket.said(&conversation, "Anybody there?").await;
    take_offer(&mut ann).await;
    let records = records(&log(&mut ann, &conversation).await);
    let [record] = records.as_slice() else {
        panic!("one record: {records:?}");
    };
    assert_eq!(record["sections"][0]["attributes"][0]["label"], "Wir behalten es.");
    let expected = ["yes", "3", "de", "https://shop.example/privacy"].map(Value::from);
    let answers = ["consent", "version", "language", "policy"].map(|key| answer(record, key).clone());
    assert_eq!(answers, expected);
    assert!(
        answer(record, "time")
            .as_str()
            .is_some_and(|time| time.starts_with("20")),
        "{record}"
    );
    assert_eq!(record["additionalDetail"]["submissionSource"], "Widget");
    assert!(!socket.received.iter().any(|frame| frame.contains("behalten")));
}

#[tokio::test]
async fn when_the_terms_change_who_has_agreed_to_others_is_asked_again_and_the_chat_goes_on() {
    let mut relay = Relay::start(asking(3)).await;
    let visitor = agrees(&relay, 3).await;
    let (mut socket, _) = Socket::hello(&relay, &visitor.token).await;
    let conversation = socket.start().await.conversation;
    socket.join(&conversation, None).await;
    socket.said(&conversation, "Hello").await;

    relay.sets("PORTICO_CHANNELS__ASKED__CONSENT__VERSION", "4");
    relay.restart().await;
    let code = Socket::turned_away(&relay, &visitor.token).await;
    assert_eq!(code, CloseCode::TokenExpired.code());
    let refused = session(&relay, json!({"channel": "asked", "refresh": visitor.refresh})).await;
    assert_eq!((refused.0, &refused.1["code"]), (403, &json!("consent_required")));

    let consent = json!({"version": 4, "language": "en", "by_page": true});
    let again = relay
        .session(json!({"channel": "asked", "refresh": visitor.refresh, "consent": consent}))
        .await;
    assert_eq!(again.customer, visitor.customer);
    let (mut socket, _) = Socket::hello(&relay, &again.token).await;
    socket.join(&conversation, None).await;
    socket.said(&conversation, "Still here").await;
    let mut ann = agent(&relay, "ann").await;
    set_state(&mut ann, "READY").await;
    take_offer(&mut ann).await;
    let records = records(&log(&mut ann, &conversation).await);
    let versions: Vec<&Value> = records.iter().map(|record| answer(record, "version")).collect();
    assert_eq!(versions, [&json!("3"), &json!("4")]);
    assert_eq!(records[1]["additionalDetail"]["submissionSource"], "Page");
    assert!(
        records[1]["sections"][0]["attributes"][0].get("label").is_none(),
        "the page's own words"
    );
}
