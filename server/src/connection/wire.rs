//! Writing to a socket and closing it. Nothing here waits for a peer without a limit.

use super::End;
use axum::Error;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures_util::SinkExt;
use portico_core::conversation::ServerFrame;
use portico_core::telemetry;
use portico_shared::close::CloseCode;
use std::error::Error as _;
use std::time::Duration;
use tokio::time::timeout;
use tungstenite::error::{CapacityError, Error as WebSocketError, ProtocolError};

/// Longest time that one write may take to leave. A peer that reads nothing for so long is slow.
const WRITE_WITHIN: Duration = Duration::from_secs(10);

/// How long a peer has to read a close frame and to close its side.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// RFC 6455: what came breaks the protocol.
const PROTOCOL_ERROR: u16 = 1002;

/// RFC 6455: a text is not UTF-8.
const NOT_UTF_8: u16 = 1007;

/// Of what is closed so the rest is never read.
const NEVER_READ: [u16; 3] = [CloseCode::TooLarge.code(), PROTOCOL_ERROR, NOT_UTF_8];

/// Writes a frame.
pub(super) async fn write(socket: &mut WebSocket, frame: &ServerFrame) -> Result<(), End> {
    write_text(socket, frame.to_json()).await
}

/// Writes the text of a frame.
pub(super) async fn write_text(socket: &mut WebSocket, text: String) -> Result<(), End> {
    write_texts(socket, vec![text]).await
}

/// Writes the texts of frames in one go.
pub(super) async fn write_texts(socket: &mut WebSocket, texts: Vec<String>) -> Result<(), End> {
    let frames = texts.len();
    let written = async {
        for text in texts {
            socket.feed(Message::Text(Utf8Bytes::from(text))).await?;
        }
        socket.flush().await
    };
    match timeout(WRITE_WITHIN, written).await {
        Ok(Ok(())) => {
            metrics::counter!(telemetry::FRAMES_OUT).increment(frames as u64);
            Ok(())
        }
        Ok(Err(_)) => Err(End::Gone),
        Err(_) => Err(End::Close(CloseCode::Slow)),
    }
}

/// Closes a socket and gives its peer a moment to hear of it: dropping a socket whose peer is still sending would
/// reset the connection, and the close frame would be lost with it.
pub(super) async fn close(mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame {
        code,
        reason: Utf8Bytes::from_static(reason),
    };
    let farewell = async {
        if socket.send(Message::Close(Some(frame))).await.is_err() {
            return;
        }
        while let Some(received) = socket.recv().await {
            if received.is_err() {
                // What is too large is never read to its end, so its end cannot be waited for.
                return tokio::time::sleep(CLOSE_WITHIN).await;
            }
        }
        if NEVER_READ.contains(&code) {
            tokio::time::sleep(CLOSE_WITHIN).await;
        }
    };
    let _ = timeout(CLOSE_WITHIN, farewell).await;
}

/// Why reading failed: what is wrong with a peer's bytes, or else a broken connection.
pub(super) fn read_failed(error: &Error) -> End {
    match error.source().and_then(|source| source.downcast_ref()) {
        Some(WebSocketError::Capacity(CapacityError::MessageTooLong { .. })) => End::Close(CloseCode::TooLarge),
        Some(WebSocketError::Utf8(_)) => End::Broken(NOT_UTF_8),
        Some(WebSocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => End::Gone,
        Some(WebSocketError::Protocol(_)) => End::Broken(PROTOCOL_ERROR),
        _ => End::Gone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_peers_bytes_says_the_close_code() {
        let too_long = CapacityError::MessageTooLong { size: 2, max_size: 1 };
        let end_of = |error: WebSocketError| read_failed(&Error::new(error));
        assert!(matches!(end_of(too_long.into()), End::Close(CloseCode::TooLarge)));
        assert!(matches!(
            end_of(WebSocketError::Utf8("byte 3".to_owned())),
            End::Broken(NOT_UTF_8)
        ));
        let masked = ProtocolError::UnmaskedFrameFromClient;
        assert!(matches!(end_of(masked.into()), End::Broken(PROTOCOL_ERROR)));
        let cut_off = ProtocolError::ResetWithoutClosingHandshake;
        assert!(matches!(end_of(cut_off.into()), End::Gone));
        assert!(matches!(end_of(WebSocketError::ConnectionClosed), End::Gone));
        assert!(matches!(read_failed(&Error::new("protocol error")), End::Gone));
    }
}
