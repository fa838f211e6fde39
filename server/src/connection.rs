//! One socket, one task: reads frames, asks the registry, writes what its bounded queue holds. Identity is bound at
//! `hello` and nothing about it is ever read from a later frame. A socket that is slow, silent, flooding or no longer
//! entitled is closed with a code that tells its client what to do next.
//!
//! `hello` is the first frame, `established` the loop after it, `requests` what each frame asks for, `wire` the writing
//! and closing, `rate` how much an identity may ask, `silence` whether the client lives.

mod established;
mod hello;
mod rate;
mod requests;
mod silence;
mod wire;

pub use rate::FrameRates;

use axum::extract::ws::WebSocket;
use portico_core::conversation::{ConnectionId, Registry, Services};
use portico_core::identity::Authenticate;
use portico_core::telemetry;
use portico_shared::close::CloseCode;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tracing::Instrument;

/// `write_buffer_size` of the upgrade: frames that are ready at the same time, such as an acknowledgement and the event
/// that it is for, leave in one write of about this much.
pub const WRITE_TOGETHER_BYTES: usize = 4 * 1024;

/// What a socket needs of the relay around it.
#[derive(Clone)]
pub struct ConnectionContext {
    /// The conversations; also where the clock, the configuration and the stop signal come from.
    pub registry: Registry,
    /// Proves tokens.
    pub authenticator: Arc<dyn Authenticate>,
    /// How many frames each identity may send.
    pub frame_rates: Arc<FrameRates>,
    /// The `Origin` header of the upgrade; absent for programs that are no browsers.
    pub origin: Option<String>,
    /// Where the socket comes from.
    pub address: IpAddr,
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The relay closes it.
    Close(CloseCode),
    /// What came is no WebSocket, and the relay closes it with this code of RFC 6455.
    Broken(u16),
    /// The client has gone, or the network has.
    Gone,
}

/// Serves one socket until it is closed. Run it on the `TaskTracker`.
pub async fn serve(socket: WebSocket, context: ConnectionContext) {
    let connection = ConnectionId::next();
    let span = tracing::info_span!("connection", connection.id = %connection);
    metrics::gauge!(telemetry::SOCKETS_OPEN).increment(1.0);
    let _open = Open;
    let registry = context.registry.clone();
    let overdue = overdue(registry.services());
    let served = async {
        tokio::select! {
            () = Box::pin(connect(socket, context, connection)) => {}
            // It most likely waits for a peer that does not read, so no close frame would arrive.
            () = overdue => tracing::info!("a socket did not end in time and is dropped"),
        }
    };
    served.instrument(span).await;
}

/// Comes when a socket has had its time after the relay was told to stop.
async fn overdue(services: &Services) {
    services.shutdown.cancelled().await;
    let drain = Duration::from_secs(services.config.server.drain_seconds);
    Box::pin(tokio::time::sleep(farewell_within(drain))).await;
}

/// How long a socket has to be answered, told when to come back, and closed after the relay was told to stop: most of
/// what the drain limit has for work, and not all of it, so that none is overdue.
fn farewell_within(drain: Duration) -> Duration {
    crate::shares(drain).0 * 3 / 4
}

/// What a socket does rarely is boxed, here and below: inside this future it would take its room in every idle
/// connection.
async fn connect(mut socket: WebSocket, context: ConnectionContext, connection: ConnectionId) {
    let end = match Box::pin(hello::greet(&mut socket, &context)).await {
        Ok(greeted) => established::run(&mut socket, context, connection, greeted).await,
        Err(end) => end,
    };
    let (code, reason) = match end {
        End::Close(code) => (code.code(), code.name()),
        End::Broken(code) => (code, ""),
        End::Gone => return tracing::debug!("a socket is gone"),
    };
    metrics::counter!(telemetry::SOCKETS_CLOSED, "code" => code.to_string()).increment(1);
    tracing::debug!(close.code = code, "the relay closes a socket");
    Box::pin(wire::close(socket, code, reason)).await;
}

/// Counts a socket out, however it ends.
struct Open;

impl Drop for Open {
    fn drop(&mut self) {
        metrics::gauge!(telemetry::SOCKETS_OPEN).decrement(1.0);
    }
}
