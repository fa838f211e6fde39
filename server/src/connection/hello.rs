//! The first frame: who speaks. Until then a socket has little time, little room and no rights.

use super::{ConnectionContext, End, wire};
use crate::permissions::FrameVerb;
use axum::extract::ws::{Message, WebSocket};
use portico_core::identity::{AuthError, Authenticated};
use portico_shared::close::CloseCode;
use portico_shared::frame::{ClientFrame, DeskClaim, Hello};
use portico_shared::limits::{HELLO_WITHIN_MS, MAX_HELLO_BYTES};
use std::time::Duration;
use tokio::time::timeout;

/// Longest name of a client program that is logged, in characters.
const CLIENT_CHARS: usize = 64;

/// What a socket has said of itself.
pub(super) struct Greeted {
    /// Who speaks, proven.
    pub(super) proven: Authenticated,
    /// From which desk.
    pub(super) desk: Option<DeskClaim>,
}

/// Waits for `hello` and proves its token.
pub(super) async fn greet(socket: &mut WebSocket, context: &ConnectionContext) -> Result<Greeted, End> {
    let shutdown = &context.registry.services().shutdown;
    let hello = tokio::select! {
        hello = timeout(Duration::from_millis(HELLO_WITHIN_MS), first_frame(socket)) => {
            hello.map_err(|_| End::Close(CloseCode::HelloLate))??
        }
        () = shutdown.cancelled() => return Err(End::Close(CloseCode::Draining)),
    };
    let proven = context
        .authenticator
        .authenticate(&hello.token, context.origin.as_deref())
        .await;
    let proven = proven.map_err(|error| End::Close(refused(error)))?;
    if !proven.principal.may(FrameVerb::Hello.permission()) {
        // Apps report over HTTP; there is nothing for them to read here.
        return Err(End::Close(CloseCode::TokenRefused));
    }
    let client: String = hello.client.unwrap_or_default().chars().take(CLIENT_CHARS).collect();
    tracing::debug!(client.name = ?client, "a socket said hello");
    Ok(Greeted {
        proven,
        desk: hello.desk,
    })
}

/// What a failed proof closes a socket with.
pub(super) fn refused(error: AuthError) -> CloseCode {
    match error {
        AuthError::Expired => CloseCode::TokenExpired,
        AuthError::Refused => CloseCode::TokenRefused,
        AuthError::Changed => CloseCode::RightsChanged,
        AuthError::Unavailable => CloseCode::Internal,
    }
}

async fn first_frame(socket: &mut WebSocket) -> Result<Hello, End> {
    loop {
        let text = match socket.recv().await {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
            Some(Ok(Message::Binary(_))) => return Err(End::Close(CloseCode::HelloMissing)),
            Some(Ok(Message::Close(_))) | None => return Err(End::Gone),
            Some(Err(error)) => return Err(wire::read_failed(&error)),
        };
        if text.len() > MAX_HELLO_BYTES {
            return Err(End::Close(CloseCode::TooLarge));
        }
        return match ClientFrame::from_json(&text) {
            Ok(ClientFrame::Hello(hello)) => Ok(hello),
            Ok(_) | Err(_) => Err(End::Close(CloseCode::HelloMissing)),
        };
    }
}
