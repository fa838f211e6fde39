//! The least of the Bot Framework's Direct Line 3.0 that botframework-webchat speaks by itself: a conversation, a post to it,
//! and a stream of its activities, on which the post comes back with an answer. What a visit says is one message.

use super::site::ANSWER;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::sync::watch::Sender;

/// The activities of the one visitor there is at a time: a stream begins with the first, also when that was posted before.
type Activities = Arc<Sender<Vec<Value>>>;

/// A back end.
pub(super) fn router() -> Router {
    Router::new()
        .route("/conversations", post(begin))
        .route("/conversations/visit/activities", post(take))
        .route("/conversations/visit/stream", get(open))
        .with_state(Activities::default())
}

async fn begin(State(activities): State<Activities>, headers: HeaderMap) -> Json<Value> {
    activities.send_replace(Vec::new());
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let host = host.unwrap_or_default();
    Json(json!({
        "conversationId": "visit",
        "token": "visitor",
        "expires_in": 3600,
        "streamUrl": format!("ws://{host}/direct-line/conversations/visit/stream"),
    }))
}

async fn take(State(activities): State<Activities>, Json(mut posted): Json<Value>) -> Json<Value> {
    let conversation = json!({ "id": "visit" });
    posted["id"] = "visit|1".into();
    posted["conversation"] = conversation.clone();
    posted["timestamp"] = "2026-01-01T00:00:00.000Z".into();
    let answer = json!({
        "type": "message",
        "id": "visit|2",
        "conversation": conversation,
        "timestamp": "2026-01-01T00:00:00.001Z",
        "from": { "id": "bot", "role": "bot" },
        "replyToId": "visit|1",
        "text": ANSWER,
    });
    activities.send_modify(|activities| activities.extend([posted, answer]));
    Json(json!({ "id": "visit|1" }))
}

async fn open(State(activities): State<Activities>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| carry(socket, activities))
}

async fn carry(mut socket: WebSocket, activities: Activities) {
    let mut activities = activities.subscribe();
    activities.mark_changed();
    loop {
        tokio::select! {
            Ok(()) = activities.changed() => {
                let all = activities.borrow_and_update().clone();
                let message = json!({ "activities": all, "watermark": all.len().to_string() });
                if socket.send(Message::text(message.to_string())).await.is_err() {
                    return;
                }
            }
            // Nothing is said here but that the visitor is still there.
            said = socket.recv() => if !matches!(said, Some(Ok(_))) {
                return;
            }
        }
    }
}
