//! Notifications for visitors whose pages are all closed, as a push service gets them.

use crate::world::{Customer, ready_agent, take_offer};
use portico_tests::api::{Visitor, get, site_token};
use portico_tests::eventually;
use portico_tests::push_service::PushService;
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;
use serde_json::{Value, json};

/// Ann's channel tells that there is a message, another one what it is, a third one nothing.
fn relay_config() -> String {
    let channel = |name: &str, push: &str| {
        format!(
            "[channels.{name}]\nname = \"Fernweh\"\norigins = [\"http://shop.example\"]\npush = \"{push}\"\n\
             widget = {{ title = \"Fernweh\" }}\n"
        )
    };
    [
        "[push]\nloopback = true\ncontact = \"mailto:chat@shop.example\"\n".to_owned(),
        channel("noted", "note"),
        channel("quoted", "text"),
        channel("quiet", "off"),
    ]
    .concat()
}

async fn relay() -> Relay {
    Relay::start(World {
        config: relay_config(),
        ..World::default()
    })
    .await
}

async fn asks(relay: &Relay, method: reqwest::Method, token: &str, body: &Value) -> (u16, Value) {
    let request = reqwest::Client::new().request(method, format!("{}/api/push", relay.origin()));
    let request = request.header("origin", relay.origin()).bearer_auth(token).json(body);
    let answer = request.send().await.expect("the relay answers");
    (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
}

fn body(subscription: &Value) -> Value {
    json!({ "subscription": subscription, "page": "http://shop.example/tents?n=2", "note": "Neue Nachricht" })
}

async fn subscribes(relay: &Relay, visitor: &Visitor, subscription: &Value) {
    let (status, answer) = asks(relay, reqwest::Method::PUT, &visitor.token, &body(subscription)).await;
    assert_eq!(status, 204, "{answer}");
}

/// A visitor wants notifications in a browser whose service is nowhere.
pub(crate) async fn subscribes_elsewhere(relay: &Relay, visitor: &Visitor) {
    let mut subscription = PushService::start().await.subscribe("elsewhere");
    subscription["endpoint"] = json!("https://push.example/elsewhere");
    let body = json!({ "subscription": subscription, "page": relay.shop_origin(), "note": "New message" });
    let (status, answer) = asks(relay, reqwest::Method::PUT, &visitor.token, &body).await;
    assert_eq!(status, 204, "{answer}");
}

/// A visitor who chats with Ann, wants notifications in the browser `phone`, and has closed its page.
async fn away(relay: &Relay, service: &PushService, channel: &str) -> (Visitor, Customer, Socket) {
    let mut ann = ready_agent(relay, "ann").await;
    let customer = Customer::on(relay, channel).await;
    take_offer(&mut ann).await;
    let visitor = customer.visitor.clone();
    subscribes(relay, &visitor, &service.subscribe("phone")).await;
    (visitor, customer, ann)
}

#[tokio::test]
async fn a_visitor_who_has_closed_the_page_is_told_in_a_message_that_its_browser_alone_can_read() {
    let relay = relay().await;
    let service = PushService::start().await;
    let (_, customer, mut ann) = away(&relay, &service, "noted").await;
    let conversation = customer.conversation.clone();
    customer.socket.close().await;
    ann.said(&conversation, "SECRET-WORDS of the agent").await;
    let pushed = service.takes(1).await.remove(0);
    assert_eq!(pushed.browser, "phone");
    assert_eq!(pushed.contact.as_deref(), Some("mailto:chat@shop.example"));
    assert!((86_000..=86_400).contains(&pushed.ttl), "{}", pushed.ttl);
    let expected = json!({
        "title": "Fernweh",
        "body": "Neue Nachricht",
        "page": "http://shop.example/tents?n=2",
        "tag": pushed.topic,
    });
    assert_eq!(pushed.said, expected);
    let log = relay.log();
    for secret in ["SECRET-WORDS", "/push/phone", "sixteen bytes"] {
        assert!(!log.contains(secret), "{secret}");
    }
    assert_eq!(relay.metric("portico_pushes_total{outcome=\"sent\"}").await, 1.0);
}

#[tokio::test]
async fn a_visitor_with_a_page_open_is_told_there() {
    let relay = relay().await;
    let service = PushService::start().await;
    let (_, mut customer, mut ann) = away(&relay, &service, "noted").await;
    ann.said(&customer.conversation, "Hello").await;
    customer.socket.hears("Hello").await;
    eventually("it is not worth telling", async || {
        (relay.metric("portico_pushes_total{outcome=\"seen\"}").await == 1.0).then_some(())
    })
    .await;
    assert!(service.asked().is_empty());
}

#[tokio::test]
async fn a_push_survives_a_relay_that_is_killed_and_the_key_stays_the_same() {
    let mut relay = relay().await;
    let service = PushService::start().await;
    let (visitor, customer, mut ann) = away(&relay, &service, "quoted").await;
    let key = asks(&relay, reqwest::Method::GET, &visitor.token, &Value::Null).await;
    let conversation = customer.conversation.clone();
    customer.socket.close().await;
    ann.said(&conversation, "Your *tent* is here").await;
    relay.restart().await;
    let pushed = service.takes(1).await.remove(0);
    assert_eq!(pushed.said["body"], "Ann: Your tent is here");
    assert_eq!(
        asks(&relay, reqwest::Method::GET, &visitor.token, &Value::Null).await,
        key
    );
    let public = key.1["key"].as_str().expect("a key").to_owned();
    assert!(relay.log().contains(&public), "operators are told which it is");
}

#[tokio::test]
async fn a_browser_that_is_gone_is_forgotten_and_what_fails_for_now_is_sent_again() {
    let relay = relay().await;
    let service = PushService::start().await;
    let (visitor, customer, mut ann) = away(&relay, &service, "noted").await;
    let conversation = customer.conversation.clone();
    customer.socket.close().await;
    service.will_answer(503);
    ann.said(&conversation, "one").await;
    service.takes(1).await;
    assert_eq!(service.asked().len(), 2);
    service.unsubscribe("phone");
    ann.said(&conversation, "two").await;
    eventually("the browser is gone", async || {
        (relay.metric("portico_pushes_total{outcome=\"gone\"}").await == 1.0).then_some(())
    })
    .await;
    let asked = service.asked().len();
    ann.said(&conversation, "three").await;
    // The visitor's other browser shows when it would have come.
    subscribes(&relay, &visitor, &service.subscribe("desktop")).await;
    ann.said(&conversation, "four").await;
    service.takes(2).await;
    assert_eq!(service.asked()[asked..], ["desktop"]);
}

#[tokio::test]
async fn a_browser_is_told_what_is_for_its_last_visitor() {
    let relay = relay().await;
    let service = PushService::start().await;
    let (visitor, customer, mut ann) = away(&relay, &service, "noted").await;
    let conversation = customer.conversation.clone();
    customer.socket.close().await;
    let omar = relay
        .session(json!({ "channel": "shop", "identity": site_token(&json!({ "sub": "omar" })) }))
        .await;
    let phone = service.subscribe("phone");
    subscribes(&relay, &omar, &phone).await;
    // The visitor's own browser shows when it would have come.
    subscribes(&relay, &visitor, &service.subscribe("desktop")).await;
    ann.said(&conversation, "for the visitor before").await;
    service.takes(1).await;
    assert_eq!(service.asked(), ["desktop"]);
    let end = json!({ "endpoint": phone["endpoint"] });
    assert_eq!(asks(&relay, reqwest::Method::DELETE, &omar.token, &end).await.0, 204);
}

#[tokio::test]
async fn only_a_browser_of_the_channels_sites_at_a_public_service_is_taken() {
    let relay = relay().await;
    let service = PushService::start().await;
    let visitor = relay.visitor("noted").await;
    let good = body(&service.subscribe("phone"));
    let put = async |token: &str, body: &Value| asks(&relay, reqwest::Method::PUT, token, body).await.0;
    let with = |place: &str, value: &str| {
        let mut body = good.clone();
        *body.pointer_mut(place).expect("it is there") = json!(value);
        body
    };
    assert_eq!(put(&visitor.token, &good).await, 204);
    for (place, value) in [
        ("/subscription/endpoint", "https://10.0.0.1/push"),
        ("/subscription/endpoint", "https://[::ffff:169.254.169.254]/push"),
        ("/subscription/endpoint", "http://push.example/push"),
        ("/subscription/endpoint", "https://push.example:8443/push"),
        ("/subscription/endpoint", "file:///etc/passwd"),
        ("/subscription/p256dh", "AAAA"),
        ("/subscription/auth", "AAAA"),
        ("/page", "https://elsewhere.example/"),
        ("/page", "javascript:alert(1)"),
        ("/page", "http://user@shop.example/"),
        ("/page", "/tents"),
    ] {
        assert_eq!(put(&visitor.token, &with(place, value)).await, 400, "{place} {value}");
    }
    let quiet = relay.visitor("quiet").await;
    assert_eq!(put(&quiet.token, &good).await, 404);
    assert_eq!(put("no token", &good).await, 401);
    assert_eq!(put(&relay.sign_in("ann").await, &good).await, 403);
    let url = format!("{}/api/push", relay.origin());
    assert_eq!(get(&url, Some(&visitor.token)).await.0, 200);
    let site = reqwest::Client::new().get(&url).header("origin", "http://shop.example");
    let site = site.bearer_auth(&visitor.token).send().await.expect("answered");
    assert_eq!(site.status(), 403);
}

#[tokio::test]
async fn a_relay_that_calls_no_service_on_its_machine_takes_none() {
    let relay = Relay::plain().await;
    let service = PushService::start().await;
    let visitor = relay.visitor("shop").await;
    let body = body(&service.subscribe("phone"));
    let (status, answer) = asks(&relay, reqwest::Method::PUT, &visitor.token, &body).await;
    assert_eq!((status, answer["code"].as_str()), (400, Some("malformed")), "{answer}");
}
