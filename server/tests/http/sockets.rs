//! Sockets: which pages may open one, and how many there may be.

use crate::relay::{Relay, SHOP, body, text};
use futures_util::{SinkExt, StreamExt};
use portico_shared::close::CloseCode;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message, http::HeaderValue};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

#[tokio::test]
async fn a_socket_opens_for_listed_pages_and_for_programs_only() {
    let relay = Relay::start().await;
    let own = relay.own_origin();
    for origin in [own.as_str(), SHOP, "https://other.example", "http://localhost:8081"] {
        let status = relay
            .upgrade(&[("origin", origin), ("sec-websocket-protocol", "portico.v1")])
            .await;
        assert_eq!(status, "101", "{origin}");
    }
    assert_eq!(relay.upgrade(&[("sec-websocket-protocol", "portico.v1")]).await, "101");
    for origin in [
        "null",
        "",
        "https://www.shop.example",
        "https://evil.shop.example",
        "https://evilshop.example",
        "https://shop.example.evil.example",
        "https://shop.exampl",
        "https://shop.example:8443",
        "http://shop.example",
        "https://SHOP.example",
        "https://shop.example.",
        "https://shop.example/",
        "https://user@shop.example",
        "https://shop.example@evil.example",
        "https://xn--shp-rla.example",
        "file://",
    ] {
        let status = relay
            .upgrade(&[("origin", origin), ("sec-websocket-protocol", "portico.v1")])
            .await;
        assert_eq!(status, "403 origin_refused", "{origin:?}");
    }
    let twice = [
        ("origin", SHOP),
        ("origin", SHOP),
        ("sec-websocket-protocol", "portico.v1"),
    ];
    assert_eq!(relay.upgrade(&twice).await, "403 origin_refused");
    relay.stop().await.expect("it ends in time");
}

#[tokio::test]
async fn a_socket_speaks_the_subprotocol_that_both_know() {
    let relay = Relay::start().await;
    assert_eq!(relay.upgrade(&[]).await, "400 subprotocol_required");
    assert_eq!(
        relay.upgrade(&[("sec-websocket-protocol", "portico.v2")]).await,
        "400 subprotocol_required"
    );
    let (status, problem) = body(relay.get("/ws").await).await;
    assert_eq!((status, text(&problem, "/code")), (426, "not_a_websocket"));
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_no_more() {
    let relay = Relay::start_with("[limits]\nconnections_per_address = 2").await;
    let (first, second) = (socket(&relay).await, socket(&relay).await);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(socket(&relay).await.err(), Some(429));
    let (status, problem) = body(relay.get("/healthz").await).await;
    assert_eq!((status, text(&problem, "/code")), (429, "too_many_connections"));
    drop(first);
    while socket(&relay).await.is_err() {
        tokio::task::yield_now().await;
    }
    relay.stop().await.expect("it ends in time");
}

#[tokio::test]
async fn the_relay_has_so_many_connections_and_no_more() {
    let relay = Relay::start_with("[limits]\nconnections = 1").await;
    let held = socket(&relay).await;
    assert!(held.is_ok());
    assert_eq!(socket(&relay).await.err(), Some(503));
    let (status, problem) = body(relay.get("/healthz").await).await;
    assert_eq!((status, text(&problem, "/code")), (503, "full"));
}

#[tokio::test]
async fn pings_of_a_socket_count_like_frames() {
    let relay = Relay::start_with("[limits]\nframes_burst = 5\nframes_per_minute = 1").await;
    let (_, visit) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    let hello = json!({ "type": "hello", "token": text(&visit, "/token") });
    let mut socket = socket(&relay).await.expect("a socket");
    socket.send(Message::text(hello.to_string())).await.expect("sent");
    for _ in 0..20 {
        // The relay may have hung up by then.
        let _ = socket.send(Message::Ping("".into())).await;
    }
    let mut closed = None;
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Close(frame) = message {
            closed = frame.map(|frame| u16::from(frame.code));
        }
    }
    assert_eq!(closed, Some(CloseCode::Flooding.code()));
}

/// Opens a socket and keeps it, or says how it was refused.
async fn socket(relay: &Relay) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, u16> {
    let mut request = format!("ws://{}/ws", relay.address)
        .into_client_request()
        .expect("a request");
    let headers = request.headers_mut();
    headers.append("sec-websocket-protocol", HeaderValue::from_static("portico.v1"));
    let origin = HeaderValue::from_str(&relay.own_origin()).expect("a header");
    headers.append("origin", origin);
    match tokio_tungstenite::connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(SocketError::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}
