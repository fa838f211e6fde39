//! A bot behind a webhook that speaks the connector contract: it records every call and answers as it is told.

use crate::within;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// One call of the relay.
#[derive(Debug, Clone)]
pub struct Call {
    /// The JSON body.
    pub body: Value,
    /// The body as it came, for the signature.
    pub raw: String,
    /// `portico-timestamp`, `portico-signature` and `idempotency-key`.
    pub headers: [String; 3],
}

/// What to answer to one call.
#[derive(Debug, Clone)]
pub enum Reply {
    /// 200 and these messages.
    Say(Value),
    /// This status and nothing.
    Status(u16),
    /// This status, and `Retry-After` of so many seconds.
    Later(u16, u32),
    /// Nothing at all until the relay gives up.
    Never,
    /// 200 and this text.
    Raw(String),
}

#[derive(Default)]
struct Inner {
    calls: Mutex<Vec<Call>>,
    /// Answers to the next calls that carry a customer's message; then an empty one.
    replies: Mutex<VecDeque<Reply>>,
    news: Notify,
    given_up: AtomicUsize,
}

/// The bot.
#[derive(Clone)]
pub struct Receiver {
    /// Where it listens.
    pub url: String,
    inner: Arc<Inner>,
}

impl Receiver {
    /// Starts listening.
    pub async fn start() -> Self {
        let inner = Arc::new(Inner::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/bot", listener.local_addr().expect("an address"));
        let app = Router::new()
            .route("/bot", post(receive))
            .with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, inner }
    }

    /// Queues the answer to the next message.
    pub fn will(&self, reply: Reply) {
        lock(&self.inner.replies).push_back(reply);
    }

    /// Queues a text as the answer to the next message.
    pub fn will_say(&self, text: &str) {
        self.will(Reply::Say(
            json!([{ "mode": "message", "body": { "type": "PLAIN", "markdownText": text } }]),
        ));
    }

    /// Queues the wish for a person as the answer to the next message.
    pub fn will_find_agent(&self) {
        self.will(Reply::Say(
            json!([{ "mode": null, "body": { "type": "ACTION", "name": "FIND_AGENT", "data": {} } }]),
        ));
    }

    /// How many of the calls that get no answer the relay has given up.
    pub fn given_up(&self) -> usize {
        self.inner.given_up.load(Ordering::SeqCst)
    }

    /// Every call so far.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.inner.calls).clone()
    }

    /// Waits for a call that `wanted` takes.
    pub async fn call(&self, what: &str, wanted: impl Fn(&Call) -> bool) -> Call {
        within(what, async {
            loop {
                let news = self.inner.news.notified();
                if let Some(call) = self.calls().into_iter().find(|call| wanted(call)) {
                    return call;
                }
                news.await;
            }
        })
        .await
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn receive(State(inner): State<Arc<Inner>>, headers: HeaderMap, bytes: Bytes) -> Response {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let raw = String::from_utf8_lossy(&bytes).into_owned();
    let body: Value = serde_json::from_str(&raw).unwrap_or(Value::Null);
    let is_message = body["type"] == "message";
    let headers = ["portico-timestamp", "portico-signature", "idempotency-key"].map(header);
    lock(&inner.calls).push(Call { body, raw, headers });
    inner.news.notify_waiters();
    let reply = if is_message {
        lock(&inner.replies).pop_front()
    } else {
        None
    };
    match reply {
        None => axum::Json(json!([])).into_response(),
        Some(Reply::Say(messages)) => axum::Json(messages).into_response(),
        Some(Reply::Raw(text)) => text.into_response(),
        Some(Reply::Status(status)) => StatusCode::from_u16(status).expect("a status").into_response(),
        Some(Reply::Later(status, seconds)) => {
            let status = StatusCode::from_u16(status).expect("a status");
            (status, [("retry-after", seconds.to_string())]).into_response()
        }
        Some(Reply::Never) => {
            let _until_given_up = CountWhenDropped(inner);
            std::future::pending().await
        }
    }
}

/// A connection's end drops the answer that was being made for it.
struct CountWhenDropped(Arc<Inner>);

impl Drop for CountWhenDropped {
    fn drop(&mut self) {
        self.0.given_up.fetch_add(1, Ordering::SeqCst);
    }
}
