//! Contact-centre users and keys: signing in and out, and what an operator does while the relay runs.

use crate::relay::{Relay, SHOP, body, header, identity, text};
use portico::admin::{AdminCommand, AdminReply, KeyKind};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_user_signs_in_and_out() {
    let relay = Relay::start().await;
    let (status, answer) = body(relay.login("correct horse").await).await;
    assert_eq!((status, text(&answer, "/user/username")), (200, "ann"));
    let token = text(&answer, "/token");
    assert!(token.starts_with("pst_"), "the token tells its kind");
    assert_eq!(relay.me(token).await, 200);
    let wrapups = relay
        .request(Method::GET, "/api/wrapups")
        .bearer_auth(token)
        .send()
        .await
        .expect("answered");
    assert_eq!(text(&body(wrapups).await.1, "/0/category"), "Outcome");
    let signed_out = relay
        .request(Method::POST, "/api/logout")
        .bearer_auth(token)
        .send()
        .await
        .expect("answered");
    assert_eq!(signed_out.status(), 204);
    assert_eq!(relay.me(token).await, 401);
}

#[tokio::test]
async fn signing_in_says_nothing_about_who_exists() {
    let relay = Relay::start().await;
    let wrong = body(relay.login("wrong horse").await).await;
    let nobody = json!({ "username": "nobody", "password": "wrong horse" });
    assert_eq!(body(relay.post("/api/login", None, &nobody).await).await, wrong);
    assert_eq!((wrong.0, text(&wrong.1, "/code")), (401, "wrong_credentials"));
    let from_shop = relay.post("/api/login", Some(SHOP), &nobody).await;
    assert_eq!(from_shop.status(), 403);
}

#[tokio::test]
async fn guessing_a_password_is_slowed_down() {
    let relay = Relay::start_with("[limits]\nsign_ins_per_minute = 2").await;
    for _ in 0..2 {
        assert_eq!(relay.login("wrong horse").await.status(), 401);
    }
    let limited = relay.login("correct horse").await;
    assert!(
        header(limited.headers(), "retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| (1..=60).contains(&seconds))
    );
    let (status, problem) = body(limited).await;
    assert_eq!((status, text(&problem, "/code")), (429, "rate_limited"));
    assert!(problem["retry_after_ms"].as_u64().is_some_and(|wait| wait > 0));
}

#[tokio::test]
async fn a_name_that_nobody_can_have_is_wrong_and_counts_for_nothing() {
    let relay = Relay::start_with("[limits]\nsign_ins_per_minute = 1").await;
    for name in ["a name", "", &"x".repeat(10_000)] {
        for _ in 0..20 {
            assert_eq!(relay.login_as(name).await.status(), 401, "{}", name.len());
        }
    }
    assert_eq!(relay.login("correct horse").await.status(), 200);
    assert_eq!(relay.login_as("ann").await.status(), 429);
}

#[tokio::test]
async fn a_token_of_one_kind_is_none_of_another() {
    let relay = Relay::start().await;
    let (_, session) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    assert_eq!(relay.me(text(&session, "/token")).await, 403);
    assert_eq!(relay.me(text(&session, "/refresh")).await, 401);
    for nonsense in ["", "pst_", "pst_AAAA", "pk_AAAA", "a.b.c", &identity("42")] {
        assert_eq!(relay.me(nonsense).await, 401, "{nonsense:?}");
    }
    let basic = relay
        .request(Method::GET, "/api/me")
        .basic_auth("ann", Some("correct horse"));
    assert_eq!(basic.send().await.expect("answered").status(), 401);
}

#[tokio::test]
async fn an_operator_adds_disables_makes_and_revokes_while_the_relay_runs() {
    let relay = Relay::start().await;
    let (_, answer) = body(relay.login("correct horse").await).await;
    let token = text(&answer, "/token");
    relay
        .administer(AdminCommand::DisableUser { username: "ann".into() })
        .await
        .map(|_| ())
        .expect("disabled");
    assert_eq!(relay.me(token).await, 401);
    assert_eq!(relay.login("correct horse").await.status(), 401);
    let unknown = relay
        .administer(AdminCommand::DisableUser {
            username: "nobody".into(),
        })
        .await;
    assert_eq!(unknown.err().as_deref(), Some("no user \"nobody\""));

    let command = AdminCommand::AddKey {
        kind: KeyKind::Bot,
        subject: "helper".into(),
        label: "test".into(),
        scopes: Vec::new(),
    };
    let Ok(AdminReply::KeyAdded { secret, id }) = relay.administer(command).await else {
        panic!("a key was made")
    };
    assert_eq!(relay.me(&secret).await, 403, "a bot is proven, but no user");
    relay
        .administer(AdminCommand::RevokeKey { id })
        .await
        .map(|_| ())
        .expect("revoked");
    assert_eq!(relay.me(&secret).await, 401);
}
