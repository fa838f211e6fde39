//! Visits: where one begins, whose it is, and when it ends.

use crate::relay::{Relay, SHOP, body, header, identity, now, text};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_visit_begins_on_listed_pages_of_its_own_channel_only() {
    let relay = Relay::start().await;
    let own = relay.own_origin();
    for (channel, origin, status) in [
        ("shop", Some(own.as_str()), 200),
        ("shop", Some(SHOP), 200),
        ("shop", Some("https://other.example"), 403),
        ("other", Some(SHOP), 403),
        ("shop", Some("null"), 403),
        ("shop", Some("https://evil.example"), 403),
        ("shop", None, 403),
        ("none", Some(own.as_str()), 404),
        ("none", Some(SHOP), 403),
    ] {
        let response = relay.post("/api/session", origin, &json!({ "channel": channel })).await;
        assert_eq!(response.status(), status, "{channel} from {origin:?}");
        let shared = header(response.headers(), "access-control-allow-origin");
        assert_eq!(
            shared,
            if status == 403 { "" } else { origin.unwrap_or_default() },
            "{channel} from {origin:?}"
        );
        assert_eq!(header(response.headers(), "vary"), "origin");
        assert_eq!(header(response.headers(), "cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_browser_is_asked_for_leave_only_where_another_origin_may_ask() {
    let relay = Relay::start().await;
    let ask = async |path: &str, origin: &str| {
        let request = relay.request(Method::OPTIONS, path).header("origin", origin);
        let response = request
            .header("access-control-request-method", "POST")
            .send()
            .await
            .expect("answered");
        header(response.headers(), "access-control-allow-origin").to_owned()
    };
    assert_eq!(ask("/api/session", SHOP).await, SHOP);
    assert_eq!(ask("/api/session", "https://evil.example").await, "");
    assert_eq!(ask("/api/channels/shop/widget", SHOP).await, SHOP);
    assert_eq!(ask("/api/login", SHOP).await, "");
}

#[tokio::test]
async fn a_browser_is_the_same_visitor_on_its_next_visit() {
    let relay = Relay::start().await;
    let (_, first) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    assert_eq!(first["customer"]["verified"], json!(false));
    let again = json!({ "channel": "shop", "refresh": text(&first, "/refresh") });
    let (_, second) = body(relay.session(&again).await).await;
    assert_eq!(second["customer"], first["customer"]);
    let (_, stranger) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    assert_ne!(stranger["customer"]["id"], first["customer"]["id"]);
    for refused in [
        json!({ "channel": "other", "refresh": text(&first, "/refresh") }),
        json!({ "channel": "shop", "refresh": text(&first, "/token") }),
        json!({ "channel": "shop", "refresh": "" }),
    ] {
        let (status, problem) = body(relay.session(&refused).await).await;
        assert_eq!((status, text(&problem, "/code")), (401, "refresh_refused"), "{refused}");
    }
}

#[tokio::test]
async fn a_proven_customer_is_the_same_in_every_browser() {
    let relay = Relay::start().await;
    let signed = async |subject: &str| {
        body(
            relay
                .session(&json!({ "channel": "shop", "identity": identity(subject) }))
                .await,
        )
        .await
        .1
    };
    let (first, second, other) = (signed("42").await, signed("42").await, signed("43").await);
    assert_eq!(first["customer"], second["customer"]);
    assert_eq!(
        (text(&first, "/customer/name"), &first["customer"]["verified"]),
        ("Mia", &json!(true))
    );
    assert_ne!(first["customer"]["id"], other["customer"]["id"]);
    // The proof goes before what the browser was; the proof of one site is none on another's channel.
    let (_, visitor) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    let both = json!({ "channel": "shop", "refresh": text(&visitor, "/refresh"), "identity": identity("42") });
    assert_eq!(body(relay.session(&both).await).await.1["customer"], first["customer"]);
    let elsewhere = json!({ "channel": "other", "identity": identity("42") });
    let (status, problem) = body(relay.session(&elsewhere).await).await;
    assert_eq!((status, text(&problem, "/code")), (401, "identity_refused"));
}

#[tokio::test]
async fn a_visit_ends_with_what_proved_the_customer() {
    let relay = Relay::start().await;
    let ends = (now() + 300) * 1_000;
    let proven = json!({ "channel": "shop", "identity": identity("42") });
    let (_, first) = body(relay.session(&proven).await).await;
    let again = json!({ "channel": "shop", "refresh": text(&first, "/refresh") });
    let (_, second) = body(relay.session(&again).await).await;
    for visit in [&first, &second] {
        let end = visit["expires_at"].as_u64().expect("a time");
        assert!((ends..ends + 60_000).contains(&end), "{end}");
    }
    let (_, anonymous) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    assert!(anonymous["expires_at"].as_u64().expect("a time") > ends);
}

#[tokio::test]
async fn nothing_about_a_sender_is_taken_from_the_body() {
    let relay = Relay::start().await;
    for claim in ["customer", "id", "email", "sub", "verified"] {
        let (status, problem) = body(relay.session(&json!({ "channel": "shop", claim: "c-1" })).await).await;
        assert_eq!((status, text(&problem, "/code")), (400, "malformed"), "{claim}");
    }
    for channel in [
        json!(0),
        json!(true),
        json!(null),
        json!(["shop"]),
        json!({ "$ne": "" }),
    ] {
        let (status, _) = body(relay.session(&json!({ "channel": channel })).await).await;
        assert_eq!(status, 400, "{channel}");
    }
}

#[tokio::test]
async fn visits_from_one_address_are_limited() {
    let relay = Relay::start_with("[limits]\nsessions_per_minute = 3").await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(relay.session(&json!({ "channel": "shop" })).await.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 429]);
}

/// The page says so to who reads it, and the header to programs.
#[tokio::test]
async fn the_page_of_a_survey_speaks_its_readers_language_also_where_it_is_asked_for_too_often() {
    let relay = Relay::start_with("[limits]\nsessions_per_minute = 1").await;
    let ask = async || {
        let request = relay.request(Method::GET, "/survey/c-1.1.00");
        let answer = request.header("accept-language", "fr-CA, en;q=0.8").send().await;
        let answer = answer.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        (status, headers, answer.text().await.expect("a page"))
    };
    let (status, headers, page) = ask().await;
    assert_eq!(
        (status, header(&headers, "content-type")),
        (404, "text/html; charset=utf-8")
    );
    assert!(
        page.contains("lang=\"fr-CA\"") && page.contains("Cette enquête est terminée."),
        "{page}"
    );
    let (status, headers, page) = ask().await;
    assert_eq!(
        (status, header(&headers, "content-type")),
        (429, "text/html; charset=utf-8")
    );
    assert!(
        header(&headers, "retry-after")
            .parse::<u64>()
            .is_ok_and(|wait| wait > 0)
    );
    assert!(page.contains("Un instant, s’il vous plaît"), "{page}");
}

/// A visitor of its own for each would get around a rate by customer.
#[tokio::test]
async fn erasures_from_one_address_are_limited_with_its_visits() {
    let relay = Relay::start_with("[limits]\nsessions_per_minute = 3").await;
    let mut statuses = Vec::new();
    for _ in 0..2 {
        let (_, visit) = body(relay.session(&json!({ "channel": "shop" })).await).await;
        let erase = relay.request(Method::DELETE, "/api/customer");
        let erase = erase.bearer_auth(visit["token"].as_str().unwrap_or_default());
        statuses.push(erase.send().await.expect("an answer").status().as_u16());
    }
    assert_eq!(statuses, [200, 429]);
}
