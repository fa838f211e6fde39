//! Bots and apps that an administrator registers while the relay runs.

use crate::authorisation::client::Client;
use crate::relay::{Relay, body, text};
use portico::admin::{AdminCommand, KeyKind};
use portico_shared::close::CloseCode;
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What docs/security.md promises.
const WITHIN: Duration = Duration::from_secs(5);

const MORE: &str = r#"
[[users]]
username = "ada"
password = "correct horse"
first_name = "Ada"
roles = ["administrator"]

[channels.helped]
origins = []
bot = "helper"
"#;

/// A relay, and the token of an administrator.
async fn administered() -> (Relay, String) {
    let relay = Relay::start_with(MORE).await;
    let credentials = json!({"username": "ada", "password": "correct horse"});
    let (_, ada) = body(relay.post("/api/login", None, &credentials).await).await;
    (relay, text(&ada, "/token").to_owned())
}

/// Status and answer; null where there is none.
async fn ask(relay: &Relay, token: &str, method: Method, path: &str, asked: &Value) -> (u16, Value) {
    let request = relay.request(method, &format!("/api/v1/programs{path}"));
    let request = request.bearer_auth(token);
    let request = if asked.is_null() { request } else { request.json(asked) };
    let answer = request.send().await.expect("answered");
    match answer.status().as_u16() {
        204 => (204, Value::Null),
        _ => body(answer).await,
    }
}

async fn listed(relay: &Relay, token: &str, id: &str) -> Value {
    let (_, all) = ask(relay, token, Method::GET, "", &Value::Null).await;
    let mut all = all.as_array().expect("a list").clone().into_iter();
    all.find(|program| program["id"] == id).expect("it is listed")
}

/// What a key is answered that reports of a conversation which is not there: 404 if it may report at all.
async fn reports(relay: &Relay, key: &str) -> u16 {
    let activity = json!({
        "id": "a-1", "header": {"sender": {"id": "crm", "type": "APP"}, "conversationId": "nowhere"},
        "body": {"type": "PLAIN", "markdownText": "x"},
    });
    let request = relay.request(Method::POST, "/api/v1/activities").bearer_auth(key);
    request
        .json(&activity)
        .send()
        .await
        .expect("answered")
        .status()
        .as_u16()
}

fn app(id: &str) -> Value {
    json!({"id": id, "kind": "app", "name": "CRM", "scopes": ["activities:write"]})
}

#[tokio::test]
async fn a_second_key_works_beside_the_first_and_a_retired_one_is_refused_at_once() {
    let (relay, ada) = administered().await;
    let (status, registered) = ask(&relay, &ada, Method::POST, "", &app("crm")).await;
    assert_eq!((status, &registered["secret"]), (201, &Value::Null));
    let first = text(&registered, "/key").to_owned();
    let prefix = text(&registered, "/program/keys/0/prefix").to_owned();
    assert!(first.starts_with(&prefix) && prefix.len() < 12, "{prefix}");
    assert_eq!(registered["program"]["keys"][0]["used_at"], Value::Null);
    assert_eq!(reports(&relay, &first).await, 404, "it may");

    let (status, second) = ask(&relay, &ada, Method::POST, "/crm/keys", &Value::Null).await;
    assert_eq!(status, 201);
    let second = text(&second, "/key").to_owned();
    let (status, _) = ask(&relay, &ada, Method::POST, "/crm/keys", &Value::Null).await;
    assert_eq!(status, 409, "no third one");
    assert_eq!(
        (reports(&relay, &first).await, reports(&relay, &second).await),
        (404, 404)
    );

    let of_first = format!("/crm/keys/{prefix}");
    assert_eq!(ask(&relay, &ada, Method::DELETE, &of_first, &Value::Null).await.0, 204);
    assert_eq!(
        (reports(&relay, &first).await, reports(&relay, &second).await),
        (401, 404)
    );
    assert_eq!(ask(&relay, &ada, Method::DELETE, &of_first, &Value::Null).await.0, 404);
    let entry = listed(&relay, &ada, "crm").await;
    let keys = entry["keys"].as_array().expect("keys");
    assert_eq!(keys.len(), 1);
    assert!(keys[0]["used_at"].is_i64());
    assert_eq!(keys[0]["used_from"], "127.0.0.0/24");
    assert!(!entry.to_string().contains(&second), "a key is shown once");

    let (status, _) = ask(&relay, &ada, Method::PATCH, "/crm", &json!({"scopes": []})).await;
    assert_eq!((status, reports(&relay, &second).await), (200, 403));
    let back = json!({"scopes": ["activities:write"], "disabled": true});
    assert_eq!(ask(&relay, &ada, Method::PATCH, "/crm", &back).await.0, 200);
    assert_eq!(reports(&relay, &second).await, 401);
    let enabled = json!({"disabled": false});
    assert_eq!(ask(&relay, &ada, Method::PATCH, "/crm", &enabled).await.0, 200);
    assert_eq!(reports(&relay, &second).await, 404);
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the promise is one about time")]
async fn a_bots_socket_closes_when_it_is_disabled_and_when_its_key_is_retired() {
    let (relay, ada) = administered().await;
    let bot = json!({"id": "fern", "kind": "bot", "name": "Fern", "channels": ["other"]});
    let (status, registered) = ask(&relay, &ada, Method::POST, "", &bot).await;
    assert_eq!(status, 201, "{registered}");
    let key = text(&registered, "/key");
    let prefix = text(&registered, "/program/keys/0/prefix");
    let closed = async |socket: &mut Client| {
        let began = Instant::now();
        loop {
            if let Err(code) = socket.next().await {
                assert!(began.elapsed() <= WITHIN, "{:?}", began.elapsed());
                return code;
            }
        }
    };

    let mut socket = Client::hello(&relay, key).await;
    let disable = json!({"disabled": true});
    assert_eq!(ask(&relay, &ada, Method::PATCH, "/fern", &disable).await.0, 200);
    assert_eq!(closed(&mut socket).await, CloseCode::TokenRefused.code());
    let mut refused = Client::greet(&relay, key).await;
    assert_eq!(refused.next().await, Err(CloseCode::TokenRefused.code()));

    let enable = json!({"disabled": false});
    assert_eq!(ask(&relay, &ada, Method::PATCH, "/fern", &enable).await.0, 200);
    let mut socket = Client::hello(&relay, key).await;
    let path = format!("/fern/keys/{prefix}");
    assert_eq!(ask(&relay, &ada, Method::DELETE, &path, &Value::Null).await.0, 204);
    assert_eq!(closed(&mut socket).await, CloseCode::TokenRefused.code());
}

#[tokio::test]
async fn what_no_program_can_be_is_refused() {
    let (relay, ada) = administered().await;
    assert_eq!(ask(&relay, &ada, Method::POST, "", &app("crm")).await.0, 201);
    let by_hand = AdminCommand::AddKey {
        kind: KeyKind::App,
        subject: "old".into(),
        label: "x".into(),
        scopes: Vec::new(),
    };
    relay.administer(by_hand).await.expect("a key was made");
    let bot = |more: Value| {
        let mut bot = json!({"id": "fern", "kind": "bot", "name": "Fern"});
        bot.as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        bot
    };
    for (new, status, place) in [
        (app("crm"), 409, "already"),
        (app("helper"), 409, "configuration"),
        (app("old"), 409, "by hand"),
        (app("a/b"), 400, "id"),
        (app(""), 400, "id"),
        (bot(json!({"name": "two\nlines"})), 400, "name"),
        (bot(json!({"scopes": ["activities:write"]})), 400, "scopes"),
        (bot(json!({"channels": ["nowhere"]})), 400, "no such channel"),
        (bot(json!({"channels": ["helped"]})), 400, "helper"),
        (bot(json!({"timeout_seconds": 61})), 400, "timeout_seconds"),
        (bot(json!({"answer_seconds": 0})), 400, "answer_seconds"),
        (bot(json!({"webhook": "http://bots.example/"})), 400, "https"),
        (bot(json!({"webhook": "http://127.0.0.1:9/"})), 400, "public"),
        (bot(json!({"webhook": "https://169.254.169.254/"})), 400, "public"),
        (
            bot(json!({"kind": "app", "webhook": "https://bots.example/"})),
            400,
            "not called",
        ),
        (bot(json!({"owner": "x"})), 400, "owner"),
    ] {
        let (found, problem) = ask(&relay, &ada, Method::POST, "", &new).await;
        assert_eq!(found, status, "{new}: {problem}");
        assert!(text(&problem, "/message").contains(place), "{new}: {problem}");
    }
    let helper = listed(&relay, &ada, "helper").await;
    assert_eq!(
        (&helper["configured"], &helper["channels"]),
        (&json!(true), &json!(["helped"]))
    );
    for (method, path) in [(Method::PATCH, "/helper"), (Method::POST, "/helper/keys")] {
        let asked = if method == Method::PATCH {
            json!({})
        } else {
            Value::Null
        };
        assert_eq!(ask(&relay, &ada, method, path, &asked).await.0, 409, "{path}");
    }
    assert_eq!(ask(&relay, &ada, Method::PATCH, "/nobody", &json!({})).await.0, 404);
    let reply = relay.administer(AdminCommand::AddKey {
        kind: KeyKind::App,
        subject: "crm".into(),
        label: "x".into(),
        scopes: Vec::new(),
    });
    let Err(problem) = reply.await else {
        panic!("keys of registered apps are counted")
    };
    assert!(problem.contains("portico program rotate-key"), "{problem}");
}

#[tokio::test]
async fn a_webhook_has_two_secrets_at_most_and_one_at_least() {
    let (relay, ada) = administered().await;
    let bot = json!({"id": "fern", "kind": "bot", "name": "Fern"});
    assert_eq!(ask(&relay, &ada, Method::POST, "", &bot).await.1["secret"], Value::Null);
    assert_eq!(
        ask(&relay, &ada, Method::POST, "/fern/secrets", &Value::Null).await.0,
        400
    );
    let webhook = json!({"webhook": "https://bots.example:8443/hooks/s3cret"});
    let (status, changed) = ask(&relay, &ada, Method::PATCH, "/fern", &webhook).await;
    assert_eq!(
        (status, text(&changed, "/program/webhook")),
        (200, "https://bots.example:8443")
    );
    assert!(text(&changed, "/secret").starts_with("whsec_"));
    let first = format!("/fern/secrets/{}", text(&changed, "/program/secrets/0/id"));
    assert_eq!(ask(&relay, &ada, Method::DELETE, &first, &Value::Null).await.0, 409);
    assert_eq!(
        ask(&relay, &ada, Method::POST, "/fern/secrets", &Value::Null).await.0,
        201
    );
    assert_eq!(
        ask(&relay, &ada, Method::POST, "/fern/secrets", &Value::Null).await.0,
        409
    );
    assert_eq!(ask(&relay, &ada, Method::DELETE, &first, &Value::Null).await.0, 204);
    assert_eq!(ask(&relay, &ada, Method::DELETE, &first, &Value::Null).await.0, 404);
    let (_, changed) = ask(&relay, &ada, Method::PATCH, "/fern", &webhook).await;
    assert_eq!(changed["secret"], Value::Null, "it has one");
}

#[tokio::test]
async fn who_changed_a_program_is_in_the_audit_log() {
    let (relay, ada) = administered().await;
    let (_, registered) = ask(&relay, &ada, Method::POST, "", &app("crm")).await;
    let prefix = text(&registered, "/program/keys/0/prefix");
    assert_eq!(ask(&relay, &ada, Method::POST, "/crm/keys", &Value::Null).await.0, 201);
    let path = format!("/crm/keys/{prefix}");
    assert_eq!(ask(&relay, &ada, Method::DELETE, &path, &Value::Null).await.0, 204);
    for change in [
        json!({"channels": ["other"]}),
        json!({"channels": ["other"]}),
        json!({"disabled": true}),
    ] {
        assert_eq!(ask(&relay, &ada, Method::PATCH, "/crm", &change).await.0, 200);
    }
    let request = relay.request(Method::GET, "/api/v1/audit").bearer_auth(&ada);
    let (_, log) = body(request.send().await.expect("answered")).await;
    let of_ada = log["records"].as_array().expect("records").iter().rev();
    let of_ada = of_ada.filter(|record| record["actor"]["name"] == "ada" && record["action"] != "user.sign_in");
    let told: Vec<_> = of_ada
        .map(|record| (text(record, "/action"), &record["detail"]))
        .collect();
    let actions: Vec<_> = told.iter().map(|(action, _)| *action).collect();
    let expected = [
        "program.registered",
        "key.added",
        "key.added",
        "key.revoked",
        "program.changed",
        "program.disabled",
    ];
    assert_eq!(actions, expected);
    assert_eq!(told[3].1["subject"], "crm");
    assert_eq!(told[4].1, &json!({"channels": "other"}));
}
