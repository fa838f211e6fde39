//! The way from HTTP to a socket: `GET /ws`.

use super::AppState;
use super::connection_permits::ConnectionPermit;
use super::extract::{PageOrigin, Remote};
use super::problem::{Problem, ProblemBody, ProblemCode};
use crate::connection::{self, ConnectionContext, WRITE_TOGETHER_BYTES};
use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::http::HeaderValue;
use axum::response::Response;
use portico_core::conversation::MAX_WRITE_BUFFER_BYTES;
use portico_shared::limits::{MAX_FRAME_BYTES, SUBPROTOCOL};
use std::sync::Arc;

/// Read buffer of each socket, in bytes: room for what a person writes at once; a larger frame gets a larger one while
/// it is read. The library takes 128 KiB by default, for every socket and at once.
const READ_BUFFER_BYTES: usize = 1024;

/// Opens a socket for the `portico.v1` subprotocol. The page is checked here, the token in the first frame.
#[utoipa::path(
    get, path = "/ws", tag = "sockets",
    responses(
        (status = 101, description = "The socket is open; its first frame is `hello`"),
        (status = 400, description = "The subprotocol is not named", body = ProblemBody),
        (status = 403, description = "The page is on no channel's list", body = ProblemBody),
        (status = 426, description = "No WebSocket was asked for", body = ProblemBody),
    )
)]
pub(super) async fn connect(
    State(state): State<Arc<AppState>>,
    Remote(address): Remote,
    Extension(permit): Extension<Arc<ConnectionPermit>>,
    PageOrigin(origin): PageOrigin,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    if state.stop.is_cancelled() {
        return Err(Problem::draining());
    }
    state.only_listed(origin.as_deref())?;
    let upgrade = bounded(upgrade.map_err(|rejection| not_a_socket(&rejection))?)?;
    let socket_permit = state.permits.socket(&permit, address)?;
    let context = ConnectionContext {
        registry: state.registry.clone(),
        authenticator: state.authenticator.clone(),
        frame_rates: state.frame_rates.clone(),
        origin,
        address,
    };
    // Taken before the socket exists, so that a stop that comes in between waits for it.
    let tracked = state.tracker.token();
    Ok(upgrade.on_upgrade(async move |socket| {
        connection::serve(socket, context).await;
        drop((socket_permit, permit, tracked));
    }))
}

fn not_a_socket(rejection: &WebSocketUpgradeRejection) -> Problem {
    Problem::new(ProblemCode::NotAWebSocket, rejection.body_text())
}

fn bounded(mut upgrade: WebSocketUpgrade) -> Result<WebSocketUpgrade, Problem> {
    if !upgrade
        .requested_protocols()
        .any(|name| name.as_bytes() == SUBPROTOCOL.as_bytes())
    {
        let message = format!("the subprotocol {SUBPROTOCOL} must be named");
        return Err(Problem::new(ProblemCode::SubprotocolRequired, message));
    }
    upgrade.set_selected_protocol(HeaderValue::from_static(SUBPROTOCOL));
    Ok(upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_TOGETHER_BYTES)
        .max_write_buffer_size(MAX_WRITE_BUFFER_BYTES)
        .max_message_size(MAX_FRAME_BYTES)
        .max_frame_size(MAX_FRAME_BYTES))
}
