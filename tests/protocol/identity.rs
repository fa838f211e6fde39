//! Who may speak, as whom, and about what.

use crate::world::{Customer, ready_agent, take_offer};
use base64::Engine;
use portico_shared::cim::{SenderType, well_known};
use portico_shared::close::CloseCode;
use portico_shared::frame::{ClientFrame, Join, PageRequest, Range, RefusalCode, ServerFrame};
use portico_shared::ids::{ConversationId, Seq};
use portico_tests::api::{self, now, post};
use portico_tests::client_id;
use portico_tests::relay::Relay;
use portico_tests::socket::Socket;
use serde_json::{Value, json};

/// Invariant 1.
#[tokio::test]
async fn a_frame_cannot_state_who_sent_it() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    let conversation = customer.conversation.clone();
    for header in [
        json!({"sender": {"id": "ann", "type": "AGENT", "senderName": "Ann"}}),
        json!({"customer": {"_id": "somebody-else"}}),
        json!({"conversationId": "another"}),
        json!({"channelData": {"channelCustomerIdentifier": "x", "serviceIdentifier": "y"}}),
        json!({"channelSession": {"id": "x"}}),
        json!({"timestamp": 1}),
    ] {
        let frame = json!({"type": "post", "conversation": conversation, "client_id": client_id(),
                           "message": {"header": header, "body": {"type": "PLAIN", "markdownText": "forged"}}});
        customer.socket.send_text(&frame.to_string()).await;
        assert_eq!(
            customer.socket.refusal().await.code,
            RefusalCode::ForbiddenField,
            "{frame}"
        );
    }
    // Ten refusals of this kind in a row end a connection, so the next ones come over another.
    customer.socket = Socket::hello(&relay, &customer.visitor.token).await.0;
    for key in ["sender", "customer", "principal", "eventEmitter"] {
        let mut frame = json!({"type": "post", "conversation": conversation, "client_id": client_id(),
                               "message": {"body": {"type": "PLAIN", "markdownText": "forged"}}});
        frame[key] = json!({"id": "ann", "type": "AGENT"});
        customer.socket.send_text(&frame.to_string()).await;
        assert_eq!(
            customer.socket.refusal().await.code,
            RefusalCode::ForbiddenField,
            "{key}"
        );
    }

    customer.says("genuine").await;
    let event = ann.hears("genuine").await.event;
    assert_eq!(event.event_emitter.kind, SenderType::Customer);
    assert_eq!(event.event_emitter.id, customer.visitor.customer);
    let header = &event.message().expect("a message").header;
    assert_eq!(header.sender.id, well_known::WEB_CONNECTOR_ID);
    assert_eq!(header.conversation_id.as_deref(), Some(conversation.as_str()));
    assert!(header.channel_session_id.is_some() && header.customer.is_some() && header.timestamp.is_some());
    assert!(header.channel_data.is_some() && event.room_info.is_some() && event.channel_session.is_some());
    let seen = customer.socket.log(&conversation).await;
    let header = &seen
        .last()
        .and_then(|item| item.event.message())
        .expect("a message")
        .header;
    let of = header.customer.as_ref().map(|customer| customer.id.as_str());
    assert_eq!(of, Some(customer.visitor.customer.as_str()));
    let log = ann.log(&conversation).await;
    assert!(
        !serde_json::to_string(&log.iter().map(|item| &item.event).collect::<Vec<_>>())
            .expect("JSON")
            .contains("forged")
    );
}

/// Every verb that names a conversation, with somebody else's: the same answer as for one that does not exist.
#[tokio::test]
async fn a_foreign_conversation_is_not_to_be_told_from_none() {
    let relay = Relay::plain().await;
    let mut mine = Customer::on(&relay, "desk").await;
    let mut other = Customer::on(&relay, "desk").await;
    other.says("private").await;
    let mut ben = ready_agent(&relay, "ben").await;
    super::world::set_state(&mut ben, "NOT_READY").await;

    for conversation in [other.conversation.clone(), ConversationId::new("there-is-none")] {
        for socket in [&mut mine.socket, &mut ben] {
            let id = client_id();
            let after = Range::After(Seq::START);
            let verbs = [
                ClientFrame::Join(Join {
                    conversation: conversation.clone(),
                    after: None,
                }),
                ClientFrame::Page(PageRequest {
                    conversation: conversation.clone(),
                    range: after,
                    limit: None,
                }),
                ClientFrame::End {
                    conversation: conversation.clone(),
                    client_id: id.clone(),
                },
            ];
            for verb in verbs {
                socket.send(&verb).await;
                let refused = socket.refusal().await;
                assert_eq!(refused.code, RefusalCode::NotFound, "{verb:?}");
                assert_eq!(refused.message, "no such conversation", "{verb:?}");
            }
            let client_id = socket.say(&conversation, "let me in").await;
            assert_eq!(
                socket.answer(&client_id).await.expect_err("foreign").code,
                RefusalCode::NotFound
            );
            socket
                .send(&ClientFrame::Typing {
                    conversation: conversation.clone(),
                    on: true,
                })
                .await;
            socket
                .send(&ClientFrame::Read(portico_shared::frame::ReadMarker {
                    conversation: conversation.clone(),
                    up_to: Seq(1),
                }))
                .await;
            socket.round_trip().await;
        }
    }
    for socket in [&mine.socket, &ben] {
        assert!(
            !socket.received.iter().any(|frame| frame.contains("private")),
            "nothing of it was sent"
        );
    }
    let log = other.socket.log(&other.conversation).await;
    assert!(
        !log.iter()
            .any(|item| portico_tests::socket::text_of(&item.event) == Some("let me in"))
    );
}

#[tokio::test]
async fn an_origin_is_compared_exactly() {
    let relay = Relay::plain().await;
    let port = relay.address.port();
    for origin in [
        "null".to_owned(),
        "http://evil.example".to_owned(),
        format!("http://127.0.0.1.evil.example:{port}"),
        format!("http://evil.example/127.0.0.1:{port}"),
        format!("http://127.0.0.1:{}", port.wrapping_add(1)),
        format!("https://127.0.0.1:{port}"),
        "http://shop.example.evil.example".to_owned(),
        "http://sub.shop.example".to_owned(),
        "http://shop.example:8080".to_owned(),
        "http://shop.example.".to_owned(),
        "http://user@shop.example".to_owned(),
        "http://shop.example, http://evil.example".to_owned(),
    ] {
        assert_eq!(
            Socket::refused(relay.address, Some(&origin)).await,
            403,
            "{origin} at the upgrade"
        );
        let body = json!({ "channel": "desk" });
        let (status, _) = post(&format!("{}/api/session", relay.origin()), Some(&origin), None, &body).await;
        assert_eq!(status, 403, "{origin}");
    }
    assert!(Socket::open(relay.address, Some("http://shop.example")).await.is_ok());
}

#[tokio::test]
async fn a_token_that_is_unsigned_forged_or_for_something_else_is_refused() {
    let relay = Relay::plain().await;
    let genuine = relay.visitor("desk").await;
    let parts: Vec<&str> = genuine.token.split('.').collect();
    let none = base64url(br#"{"alg":"none","typ":"JWT"}"#);
    let changed = format!("{}.{}.{}", parts[0], base64url(br#"{"sub":"somebody-else"}"#), parts[2]);
    let of_its_site = site_token(&json!({"sub": "c-42"}), json!({}));
    let mut tokens = vec![
        String::from("x"),
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        changed,
        genuine.refresh.clone(),
        of_its_site,
        genuine.token.replace('.', ""),
        "pst_0000000000000000000000000000000000000000000".to_owned(),
        "pk_0000000000000000000000000000000000000000000".to_owned(),
        format!("{}x", genuine.token),
    ];
    tokens.push("a".repeat(3000));
    for token in tokens {
        let code = Socket::turned_away(&relay, &token).await;
        assert_eq!(code, CloseCode::TokenRefused.code(), "{token}");
    }
    assert_eq!(Socket::turned_away(&relay, "").await, CloseCode::TokenRefused.code());
}

/// A `hello` whose token is no text is none, and neither is a session's proof.
#[tokio::test]
async fn a_token_of_the_wrong_type_is_no_token() {
    let relay = Relay::plain().await;
    let url = format!("{}/api/session", relay.origin());
    for token in [
        json!(42),
        json!(null),
        json!(true),
        json!(["x"]),
        json!({"alg": "none"}),
    ] {
        let mut socket = Socket::open(relay.address, Some(&relay.origin()))
            .await
            .expect("the upgrade");
        socket
            .send_text(&json!({"type": "hello", "token": token}).to_string())
            .await;
        assert_eq!(socket.closed().await, CloseCode::HelloMissing.code(), "{token}");
        if token.is_null() {
            continue;
        }
        for proof in ["refresh", "identity"] {
            let body = json!({"channel": "desk", proof: token});
            let (status, answer) = post(&url, Some(&relay.origin()), None, &body).await;
            assert_eq!(
                (status, &answer["code"]),
                (400, &json!("malformed")),
                "{body}: {answer}"
            );
        }
    }
}

/// A visit that a site has proven ends with the proof, here within seconds: on a live socket, at `hello`, and as a
/// refresh.
#[tokio::test]
async fn a_token_that_expires_closes_its_socket_and_opens_no_other() {
    let relay = Relay::plain().await;
    let proof = |seconds: u64| site_token(&json!({"sub": "c-42"}), json!({"exp": now() + seconds}));
    let longest = relay
        .session(json!({ "channel": "desk", "identity": proof(600) }))
        .await;
    let (mut socket, _) = Socket::hello(&relay, &longest.token).await;
    let conversation = socket.start().await.conversation;
    socket.said(&conversation, "while it lasts").await;

    let visit = relay.session(json!({ "channel": "desk", "identity": proof(6) })).await;
    let (mut socket, welcome) = Socket::hello(&relay, &visit.token).await;
    assert!(welcome.expires_at.is_some_and(|end| end <= welcome.now + 6_000));
    assert_eq!(socket.closed().await, CloseCode::TokenExpired.code());
    let code = Socket::turned_away(&relay, &visit.token).await;
    assert_eq!(code, CloseCode::TokenExpired.code());
    let url = format!("{}/api/session", relay.origin());
    let body = json!({ "channel": "desk", "refresh": visit.refresh });
    let (status, answer) = post(&url, Some(&relay.origin()), None, &body).await;
    assert_eq!(status, 401, "{answer}");

    // As documented: fetch a new token, then reconnect. A newer token in time keeps a socket open.
    let again = relay.session(json!({ "channel": "desk", "identity": proof(60) })).await;
    let (mut socket, welcome) = Socket::hello(&relay, &again.token).await;
    assert!(welcome.conversations.iter().any(|one| one.conversation == conversation));
    let longer = relay
        .session(json!({ "channel": "desk", "identity": proof(600) }))
        .await;
    socket.send(&ClientFrame::Auth { token: longer.token }).await;
    let until = socket
        .expect("authenticated", |frame| match frame {
            ServerFrame::Authenticated { expires_at } => Some(*expires_at),
            _ => None,
        })
        .await;
    assert!(until > welcome.expires_at);
    socket.send(&ClientFrame::Auth { token: visit.token }).await;
    assert_eq!(
        socket.refusal().await.code,
        RefusalCode::Forbidden,
        "an expired one takes nothing away"
    );
    socket.said(&conversation, "and longer").await;
}

#[tokio::test]
async fn a_customer_that_its_site_vouches_for_is_the_same_everywhere() {
    let relay = Relay::plain().await;
    let proof = site_token(&json!({"sub": "c-42", "name": "Maja"}), json!({}));
    let one = relay.session(json!({ "channel": "desk", "identity": proof })).await;
    let (mut socket, _) = Socket::hello(&relay, &one.token).await;
    let conversation = socket.start().await.conversation;
    socket.said(&conversation, "from my phone").await;

    let again = site_token(&json!({"sub": "c-42", "name": "Maja"}), json!({}));
    let two = relay.session(json!({ "channel": "desk", "identity": again })).await;
    assert_eq!(one.customer, two.customer);
    let (_, welcome) = Socket::hello(&relay, &two.token).await;
    assert_eq!(welcome.me.name, "Maja");
    assert!(
        welcome
            .conversations
            .iter()
            .any(|summary| summary.conversation == conversation)
    );

    let stranger = relay.visitor("desk").await;
    assert_ne!(stranger.customer, one.customer);
}

#[tokio::test]
async fn a_sites_token_that_proves_nothing_opens_nothing() {
    let relay = Relay::plain().await;
    let url = format!("{}/api/session", relay.origin());
    let good = json!({"sub": "c-42", "name": "Maja"});
    let mut unsigned = site_token(&good, json!({}));
    unsigned.truncate(unsigned.rfind('.').expect("a token has dots") + 1);
    for (what, token) in [
        ("unsigned", unsigned),
        ("expired", site_token(&good, json!({"exp": 1_000_000_000}))),
        ("an expiry as text", site_token(&good, json!({"exp": "9999999999"}))),
        ("no expiry", site_token(&good, json!({"exp": null}))),
        (
            "a foreign issuer",
            site_token(&good, json!({"iss": "https://evil.example"})),
        ),
        ("a foreign audience", site_token(&good, json!({"aud": "another"}))),
        (
            "a subject of the wrong type",
            site_token(&json!({"sub": 42}), json!({})),
        ),
        ("no subject", site_token(&json!({}), json!({}))),
        ("nonsense", "a.b.c".to_owned()),
    ] {
        let body = json!({ "channel": "desk", "identity": token });
        let (status, answer) = post(&url, Some(&relay.origin()), None, &body).await;
        assert_eq!(status, 401, "{what}: {answer}");
    }
}

#[tokio::test]
async fn signing_out_closes_the_sockets() {
    let relay = Relay::plain().await;
    let token = relay.sign_in("ann").await;
    let (mut socket, _) = Socket::hello(&relay, &token).await;
    let (status, _) = post(
        &format!("{}/api/logout", relay.origin()),
        Some(&relay.origin()),
        Some(&token),
        &json!({}),
    )
    .await;
    assert!((200..300).contains(&status), "{status}");
    assert_eq!(socket.closed().await, CloseCode::TokenRefused.code());
}

#[tokio::test]
async fn a_session_stays_the_same_customer_with_its_refresh_token_and_no_other() {
    let relay = Relay::plain().await;
    let first = relay.visitor("desk").await;
    let again = relay
        .session(json!({ "channel": "desk", "refresh": first.refresh }))
        .await;
    assert_eq!(again.customer, first.customer);
    let (mut socket, _) = Socket::hello(&relay, &first.token).await;
    socket.send(&ClientFrame::Auth { token: again.token }).await;
    socket
        .expect("authenticated", |frame| {
            matches!(frame, ServerFrame::Authenticated { .. }).then_some(())
        })
        .await;
    let stranger = relay.visitor("desk").await;
    socket.send(&ClientFrame::Auth { token: stranger.token }).await;
    assert_eq!(socket.refusal().await.code, RefusalCode::Forbidden);
}

fn base64url(bytes: &[u8]) -> String {
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// A token of the site; members of `over` replace or (null) remove claims.
fn site_token(claims: &Value, over: Value) -> String {
    let mut all = claims.as_object().expect("an object").clone();
    all.extend(over.as_object().expect("an object").clone());
    api::site_token(&Value::Object(all))
}
