//! People who do not keep to the protocol: each gets its documented code, nothing is lost or leaked, and no packet
//! ever ends the process.

use crate::world::{Customer, body, ready_agent, take_offer};
use portico_shared::cim::agent::AgentStateName;
use portico_shared::close::CloseCode;
use portico_shared::frame::{Audience, ClientFrame, Draft, RefusalCode};
use portico_shared::ids::ClientId;
use portico_shared::limits::{MAX_FRAME_BYTES, MAX_HELLO_BYTES, MAX_TEXT_CHARS};
use portico_tests::relay::{Relay, World};
use portico_tests::socket::Socket;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

#[tokio::test]
async fn malformed_and_unknown_frames_are_refused_and_the_conversation_goes_on() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    for (text, code) in [
        ("", RefusalCode::Malformed),
        ("{", RefusalCode::Malformed),
        ("[]", RefusalCode::Malformed),
        ("null", RefusalCode::Malformed),
        (r#"{"type":"join","conversation":{}}"#, RefusalCode::Malformed),
        (r#"{"type":"join","conversation":true}"#, RefusalCode::Malformed),
        (r#"{"type":"join","conversation":["c"]}"#, RefusalCode::Malformed),
        (r#"{"type":"teleport"}"#, RefusalCode::UnknownFrame),
    ] {
        customer.socket.send_text(text).await;
        assert_eq!(customer.socket.refusal().await.code, code, "{text}");
    }
    customer.says("still here").await;
}

#[tokio::test]
async fn frames_that_could_be_read_in_two_ways_are_refused_by_name() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    for (text, says) in [
        ("\u{feff}{\"type\":\"ping\"}", "byte order mark"),
        (r#"{"type":"ping","type":"ping"}"#, "type: there twice"),
        (
            r#"{"type":"describe","conversation":"c","data":{"a":1,"a":2}}"#,
            "data.a: there twice",
        ),
    ] {
        customer.socket.send_text(text).await;
        let refused = customer.socket.refusal().await;
        assert_eq!(refused.code, RefusalCode::Malformed, "{text}");
        assert!(refused.message.contains(says), "{refused:?}");
    }
    customer.says("still here").await;
}

#[tokio::test]
async fn names_that_the_json_library_reserves_are_refused_and_the_conversation_goes_on() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    for text in [
        r#"{"type":"describe","conversation":"c","data":{"a":1,"$serde_json::private::Number":"x"}}"#,
        r#"{"type":"describe","conversation":"c","data":{"\u0024serde_json::private::RawValue":"[]"}}"#,
    ] {
        customer.socket.send_text(text).await;
        assert_eq!(customer.socket.refusal().await.code, RefusalCode::Malformed, "{text}");
    }
    customer.says("still here").await;
}

#[tokio::test]
async fn malformed_frames_without_end_close_the_socket() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    for _ in 0..200 {
        customer.socket.send_text("{").await;
    }
    assert_eq!(customer.socket.closed().await, CloseCode::Malformed.code());
}

#[tokio::test]
async fn deeply_nested_json_is_refused_and_ends_nothing() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    for text in [
        "[".repeat(60_000),
        format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000)),
    ] {
        customer.socket.send_text(&text).await;
        assert_eq!(customer.socket.refusal().await.code, RefusalCode::Malformed);
    }
    customer.says("still here").await;
}

/// What nests is stored nowhere: nobody else's program has to read it.
#[tokio::test]
async fn what_nests_beside_a_body_is_refused_for_good_and_blinds_nobody() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    let mut customer = Customer::on(&relay, "desk").await;
    take_offer(&mut ann).await;
    let visitor = relay.visitor("desk").await;
    let (mut another, _) = Socket::hello(&relay, &visitor.token).await;
    for levels in [20, 100, 117, 118] {
        let deep = (0..levels).fold(json!(1), |inner, _| json!([inner]));
        let start = json!({"type": "start", "client_id": format!("s{levels}"), "data": {"x": deep}});
        another.send_text(&start.to_string()).await;
        assert_eq!(another.refusal().await.code, RefusalCode::InvalidBody, "{levels}");
        for part in ["entities", "additionalData", "language"] {
            let post = json!({"type": "post", "conversation": customer.conversation, "client_id": format!("{part}{levels}"),
                "message": {"header": {part: {"x": deep}}, "body": {"type": "PLAIN", "markdownText": "deep"}}});
            customer.socket.send_text(&post.to_string()).await;
            let refused = customer.socket.refusal().await;
            assert_eq!(
                (refused.code, refused.retryable),
                (RefusalCode::InvalidBody, false),
                "{part} {levels}"
            );
        }
    }
    customer.says("still here").await;
    ann.hears("still here").await;
    let token = relay.sign_in("ann").await;
    let (_, welcome) = Socket::hello(&relay, &token).await;
    assert_eq!(welcome.conversations.len(), 1);
}

/// As many conversations as an agent may have, each as large as its visitor can make it.
#[tokio::test]
async fn visitors_who_state_as_much_as_they_may_lock_no_agent_out() {
    let relay = Relay::plain().await;
    let mut ann = ready_agent(&relay, "ann").await;
    for _ in 0..5 {
        let visitor = relay.visitor("desk").await;
        let (mut socket, _) = Socket::hello(&relay, &visitor.token).await;
        let facts: serde_json::Map<_, _> = (0..30).map(|at| (format!("f{at}"), json!("x".repeat(1_900)))).collect();
        let too_much = json!({"type": "start", "client_id": "much", "data": facts});
        socket.send_text(&too_much.to_string()).await;
        let refused = socket.refusal().await;
        let facts: serde_json::Map<_, _> = facts.into_iter().take(4).collect();
        let start = json!({"type": "start", "client_id": "some", "data": facts});
        socket.send_text(&start.to_string()).await;
        let conversation = socket.answer(&ClientId::new("some")).await.expect("taken").conversation;
        assert_eq!(refused.code, RefusalCode::InvalidBody);
        let message = body(json!({"type": "PLAIN", "markdownText": "x", "more": "x".repeat(60_000)}));
        let client_id = socket
            .post(&conversation, Draft::new(message), Audience::Everyone)
            .await;
        socket.answer(&client_id).await.expect("taken");
        take_offer(&mut ann).await;
    }
    let token = relay.sign_in("ann").await;
    let (_, welcome) = Socket::hello(&relay, &token).await;
    assert_eq!(welcome.conversations.len(), 5);
}

#[tokio::test]
async fn an_oversized_frame_closes_the_socket() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    customer.socket.send_text(&"x".repeat(MAX_FRAME_BYTES)).await;
    assert_eq!(
        customer.socket.refusal().await.code,
        RefusalCode::Malformed,
        "as large as one may be"
    );
    customer.socket.send_text(&"x".repeat(MAX_FRAME_BYTES + 1)).await;
    assert_eq!(customer.socket.closed().await, CloseCode::TooLarge.code());
    let mut hello = Socket::open(relay.address, Some(&relay.origin()))
        .await
        .expect("the upgrade");
    let text = json!({"type": "hello", "token": "x".repeat(MAX_HELLO_BYTES)});
    hello.send_text(&text.to_string()).await;
    assert_eq!(hello.closed().await, CloseCode::TooLarge.code());
}

#[tokio::test]
async fn a_declared_length_reserves_no_memory() {
    let relay = Relay::plain().await;
    let before = relay.resident();
    let mut liars = Vec::new();
    for declared in [1_u64 << 26, 1 << 30, 1 << 40, 1 << 62] {
        for _ in 0..8 {
            let mut tcp = upgraded(&relay).await;
            // A text frame that says how long it is, and the first of its bytes.
            let mut head = vec![0x81, 0xff];
            head.extend(declared.to_be_bytes());
            head.extend([0; 4]);
            head.extend([b'x'; 1_000]);
            tcp.write_all(&head).await.expect("the relay reads");
            liars.push(tcp);
        }
    }
    for mut tcp in liars {
        assert_eq!(close_code(&mut tcp).await, Some(CloseCode::TooLarge.code()));
    }
    let grown = relay.resident().saturating_sub(before);
    assert!(grown < 16 * 1024 * 1024, "memory grew by {grown} bytes");
    Customer::on(&relay, "desk").await.says("still here").await;
}

/// The codes are those of RFC 6455, as documented. A packet that ends in the middle is answered to nobody.
#[tokio::test]
async fn garbage_binary_and_control_frames_are_closed_with_their_codes_and_end_no_process() {
    let relay = Relay::plain().await;
    let masked = |head: &[u8], payload: &[u8]| [head, &[0; 4], payload].concat();
    for (what, bytes, code) in [
        ("reserved bits", vec![0xff; 64], Some(PROTOCOL_ERROR)),
        (
            "a continuation of nothing",
            masked(&[0x80, 0x81], b"x"),
            Some(PROTOCOL_ERROR),
        ),
        ("an unmasked text", b"\x81\x02{}".to_vec(), Some(PROTOCOL_ERROR)),
        ("an unknown opcode", masked(&[0x83, 0x81], b"x"), Some(PROTOCOL_ERROR)),
        ("a ping in parts", masked(&[0x09, 0x81], b"x"), Some(PROTOCOL_ERROR)),
        (
            "a ping that is too long",
            masked(&[0x89, 0xfe, 0x00, 0xff], &[b'x'; 255]),
            Some(PROTOCOL_ERROR),
        ),
        (
            "a text that is not UTF-8",
            masked(&[0x81, 0x82], &[0xc3, 0x28]),
            Some(NOT_UTF_8),
        ),
        ("HTTP", b"GET / HTTP/1.1\r\n\r\n".to_vec(), Some(PROTOCOL_ERROR)),
        (
            "binary before hello",
            masked(&[0x82, 0x81], b"x"),
            Some(CloseCode::HelloMissing.code()),
        ),
        ("half of a close", vec![0x88, 0x7f], None),
        ("half of a ping", vec![0x89, 0xfe, 0xff, 0xff], None),
    ] {
        let mut tcp = upgraded(&relay).await;
        tcp.write_all(&bytes).await.expect("the relay reads");
        if code.is_none() {
            tcp.shutdown().await.expect("it can be closed");
        }
        assert_eq!(close_code(&mut tcp).await, code, "{what}");
    }
    let mut customer = Customer::on(&relay, "desk").await;
    customer.socket.send_message(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(customer.socket.refusal().await.code, RefusalCode::Malformed);
    customer.says("still here").await;
}

/// RFC 6455: what came is no WebSocket.
const PROTOCOL_ERROR: u16 = 1002;

/// RFC 6455: a text is not UTF-8.
const NOT_UTF_8: u16 = 1007;

#[tokio::test]
async fn a_handshake_without_end_does_not_hold_a_place() {
    let relay = Relay::plain().await;
    let mut slow = TcpStream::connect(relay.address).await.expect("a connection");
    slow.write_all(b"GET /ws HTTP/1.1\r\nHost: x\r\n")
        .await
        .expect("the relay reads");
    let mut large = TcpStream::connect(relay.address).await.expect("a connection");
    let _ = large
        .write_all(format!("GET /ws HTTP/1.1\r\nX: {}\r\n", "x".repeat(1_000_000)).as_bytes())
        .await;
    for mut tcp in [slow, large] {
        let mut rest = Vec::new();
        let _ = portico_tests::within("the relay gives up on it", tcp.read_to_end(&mut rest)).await;
    }
    Customer::on(&relay, "desk").await.says("still here").await;
}

#[tokio::test]
async fn frames_before_hello_are_not_served() {
    let relay = Relay::plain().await;
    let mut socket = Socket::open(relay.address, Some(&relay.origin()))
        .await
        .expect("the upgrade");
    socket.send(&ClientFrame::Ping).await;
    assert_eq!(socket.closed().await, CloseCode::HelloMissing.code());
}

#[tokio::test]
async fn a_body_that_breaks_a_rule_is_refused_and_names_the_field() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    let long = "x".repeat(MAX_TEXT_CHARS + 1);
    for (value, field) in [
        (json!({"type": "PLAIN", "markdownText": long}), "markdownText"),
        (json!({"type": "PLAIN", "markdownText": "  "}), "markdownText"),
        (json!({"type": "URL", "mediaUrl": "javascript:alert(1)"}), "mediaUrl"),
        (
            json!({"type": "IMAGE", "attachment": {"mediaUrl": "data:text/html,x", "mimeType": "image/png"}}),
            "mediaUrl",
        ),
        (
            json!({"type": "FORM_DATA", "formId": "f", "sections": [{"attributes": [
                {"key": "name", "valueType": "shortAnswer", "isRequired": true, "answer": ["\u{200b}\u{2060}"]}]}]}),
            "sections[0].attributes[0].answer",
        ),
        (json!({"type": "ACTION", "name": "FIND_AGENT", "data": {}}), "type"),
        (json!({"type": "WRAPUP", "note": "x", "wrapups": []}), "type"),
        (
            json!({"type": "NOTIFICATION", "notificationType": "AGENT_SUBSCRIBED"}),
            "type",
        ),
        (
            json!({"type": "DELIVERYNOTIFICATION", "messageId": "m", "status": "READ"}),
            "type",
        ),
    ] {
        let client_id = customer
            .socket
            .post(
                &customer.conversation,
                Draft::new(body(value.clone())),
                Audience::Everyone,
            )
            .await;
        let refused = customer.socket.answer(&client_id).await.expect_err("it breaks a rule");
        assert_eq!(refused.code, RefusalCode::InvalidBody, "{value}: {}", refused.message);
        assert!(!refused.retryable, "{value}");
        assert!(refused.message.contains(field), "{field}: {}", refused.message);
    }
    let whisper = Draft::new(body(json!({"type": "PLAIN", "markdownText": "psst"})));
    let client_id = customer
        .socket
        .post(&customer.conversation, whisper, Audience::Agents)
        .await;
    assert_eq!(
        customer.socket.answer(&client_id).await.expect_err("not an agent").code,
        RefusalCode::Forbidden
    );
}

#[tokio::test]
async fn what_only_agents_may_do_is_refused_to_customers() {
    let relay = Relay::plain().await;
    let mut customer = Customer::on(&relay, "desk").await;
    let client_id = portico_tests::client_id();
    for frame in [
        ClientFrame::State {
            state: AgentStateName::Ready,
            reason: None,
        },
        ClientFrame::Accept {
            task: portico_shared::ids::TaskId::new("t"),
            client_id: client_id.clone(),
        },
        ClientFrame::Leave {
            conversation: customer.conversation.clone(),
            client_id,
        },
    ] {
        customer.socket.send(&frame).await;
        assert_eq!(
            customer.socket.refusal().await.code,
            RefusalCode::Forbidden,
            "{frame:?}"
        );
    }
}

/// Reasons stand in lists of supervisors, and in terminals.
#[tokio::test]
async fn a_reason_of_an_agent_is_one_line() {
    let relay = Relay::plain().await;
    let mut ann = crate::world::ready_agent(&relay, "ann").await;
    for (reason, fits) in [
        ("Lunch".to_owned(), true),
        ("é".repeat(200), true),
        ("x".repeat(201), false),
        ("Lunch\nand more".to_owned(), false),
        ("\u{1b}[2J".to_owned(), false),
    ] {
        let frame = ClientFrame::State {
            state: AgentStateName::NotReady,
            reason: Some(reason.clone()),
        };
        ann.send(&frame).await;
        if fits {
            let told = ann.expect("the new state", |frame| match frame {
                portico_shared::frame::ServerFrame::AgentState { reason, .. } => Some(reason.clone()),
                _ => None,
            });
            assert_eq!(told.await, Some(reason));
        } else {
            assert_eq!(ann.refusal().await.code, RefusalCode::Malformed, "{reason:?}");
        }
    }
}

#[tokio::test]
async fn a_flood_is_refused_and_then_closed_and_others_are_served() {
    let relay = Relay::start(World {
        frames: (60, 20),
        ..World::default()
    })
    .await;
    let mut customer = Customer::on(&relay, "desk").await;
    let mut other = Customer::on(&relay, "desk").await;
    for number in 0..2_000 {
        customer.socket.say(&customer.conversation, &number.to_string()).await;
    }
    let refused = customer.socket.refusal().await;
    assert_eq!((refused.code, refused.retryable), (RefusalCode::RateLimited, true));
    assert!(refused.retry_after_ms.is_some());
    assert_eq!(customer.socket.closed().await, CloseCode::Flooding.code());
    other.says("still served").await;
}

/// A connection that has just become a WebSocket, as raw TCP.
async fn upgraded(relay: &Relay) -> TcpStream {
    let mut tcp = TcpStream::connect(relay.address).await.expect("a connection");
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: portico.v1\r\n\r\n",
        relay.address,
        relay.origin()
    );
    tcp.write_all(request.as_bytes()).await.expect("the relay reads");
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(tcp.read_u8().await.expect("an answer"));
    }
    assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
    tcp
}

/// The code of the close frame with which the relay ends a raw connection; nothing when it ends without one.
async fn close_code(tcp: &mut TcpStream) -> Option<u16> {
    let mut rest = Vec::new();
    let read = portico_tests::within("the relay closes", tcp.read_to_end(&mut rest)).await;
    match rest[..] {
        [0x88, length, high, low, ..] if length >= 2 => Some(u16::from_be_bytes([high, low])),
        [] => None,
        _ => panic!("no close frame: {rest:?}, {read:?}"),
    }
}
