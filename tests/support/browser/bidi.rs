//! WebDriver BiDi: what Firefox tells while a page runs, and what its driver has no command for.

use crate::within;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Commands go one after the other, so that few answers ever wait.
const WAITING_ANSWERS: usize = 4;

/// One browser's second wire.
pub(super) struct Bidi {
    wire: tokio::sync::Mutex<CommandWire>,
    told: Arc<Mutex<Told>>,
    reader: AbortHandle,
}

/// What pages and frames have told so far.
#[derive(Default)]
struct Told {
    console: Vec<String>,
    errors: Vec<String>,
}

struct CommandWire {
    up: SplitSink<Socket, Message>,
    answers: mpsc::Receiver<Value>,
    sent: u64,
}

impl Bidi {
    /// Connects, and listens for errors that no page catches.
    pub(super) async fn open(url: &str) -> Self {
        let (socket, _) = within("Firefox takes a second wire", connect_async(url))
            .await
            .expect("BiDi at the address that the browser names");
        let (up, down) = socket.split();
        let (sender, answers) = mpsc::channel(WAITING_ANSWERS);
        let told = Arc::default();
        let reader = tokio::spawn(read(down, sender, Arc::clone(&told))).abort_handle();
        let wire = tokio::sync::Mutex::new(CommandWire { up, answers, sent: 0 });
        let bidi = Self { wire, told, reader };
        bidi.command("session.subscribe", json!({ "events": ["log.entryAdded"] }))
            .await;
        bidi
    }

    /// Carries out a command, and answers its result.
    ///
    /// # Panics
    /// When it is refused.
    pub(super) async fn command(&self, method: &str, params: Value) -> Value {
        let mut wire = self.wire.lock().await;
        wire.sent += 1;
        let command = json!({ "id": wire.sent, "method": method, "params": params });
        let text = Message::text(command.to_string());
        wire.up.send(text).await.expect("the browser hears");
        let mut answer = within(method, wire.answers.recv()).await.expect("the browser answers");
        assert_eq!(answer["id"], wire.sent, "answers come in order");
        assert_eq!(answer["type"], "success", "{method}: {answer}");
        answer["result"].take()
    }

    /// The console so far.
    pub(super) fn console(&self) -> Vec<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).console.clone()
    }

    /// Errors so far that no page has caught.
    pub(super) fn errors(&self) -> Vec<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).errors.clone()
    }
}

impl Drop for Bidi {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn read(mut down: SplitStream<Socket>, answers: mpsc::Sender<Value>, heard: Arc<Mutex<Told>>) {
    while let Some(Ok(message)) = down.next().await {
        let Some(told) = message
            .to_text()
            .ok()
            .and_then(|text| serde_json::from_str::<Value>(text).ok())
        else {
            continue;
        };
        if told["type"] != "event" {
            if answers.send(told).await.is_err() {
                return;
            }
            continue;
        }
        let entry = &told["params"];
        let text = entry["text"].as_str().unwrap_or_default().to_owned();
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        // What the network refuses is told as if it were a fault of the page.
        let is_of_network = text.contains("ws://") || text.starts_with("Cross-Origin Request Blocked");
        if entry["type"] == "javascript" && entry["level"] == "error" && !is_of_network {
            heard.errors.push(text.clone());
        }
        heard.console.push(text);
    }
}
