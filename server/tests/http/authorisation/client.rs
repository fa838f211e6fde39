//! A socket that says hello and waits for answers.

use crate::relay::Relay;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, http::HeaderValue};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// An answer that has not come by then is none.
const WITHIN: Duration = Duration::from_secs(20);

pub(crate) struct Client {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Client {
    /// Opens a socket and says hello with this token.
    pub(crate) async fn greet(relay: &Relay, token: &str) -> Self {
        let address = format!("ws://{}/ws", relay.address);
        let mut request = address.into_client_request().expect("a request");
        let headers = request.headers_mut();
        headers.append("sec-websocket-protocol", HeaderValue::from_static("portico.v1"));
        let origin = HeaderValue::from_str(&relay.own_origin()).expect("a header");
        headers.append("origin", origin);
        let (stream, _) = tokio_tungstenite::connect_async(request).await.expect("a socket");
        let mut client = Self { stream };
        client.send(&json!({"type": "hello", "token": token})).await;
        client
    }

    /// The same, of who is welcome.
    pub(crate) async fn hello(relay: &Relay, token: &str) -> Self {
        let mut client = Self::greet(relay, token).await;
        client.expect(|frame| frame["type"] == "welcome").await;
        client
    }

    /// Sends a frame. A socket that is closed swallows it.
    pub(crate) async fn send(&mut self, frame: &Value) {
        let _ = self.stream.send(Message::text(frame.to_string())).await;
    }

    /// The next frame, or the code that the socket is closed with.
    pub(crate) async fn next(&mut self) -> Result<Value, u16> {
        let next = async {
            loop {
                match self.stream.next().await {
                    Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("JSON")),
                    Some(Ok(Message::Close(Some(close)))) => return Err(close.code.into()),
                    Some(Ok(Message::Close(None)) | Err(_)) | None => return Err(1006),
                    Some(Ok(_)) => {}
                }
            }
        };
        tokio::time::timeout(WITHIN, next).await.expect("an answer in time")
    }

    /// The first frame that fits; others are passed over.
    pub(crate) async fn expect(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.next().await.expect("the socket is open");
            if fits(&frame) {
                return frame;
            }
        }
    }

    /// What a frame is answered, by the client id in it.
    pub(crate) async fn ask(&mut self, frame: &Value) -> Value {
        self.send(frame).await;
        let id = &frame["client_id"];
        self.expect(|answer| answer["client_id"] == *id).await
    }
}
