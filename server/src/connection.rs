//! One socket, one task: reads frames, asks the registry, writes what its bounded queue holds. Identity is bound at
//! `hello` and nothing about it is ever read from a later frame. A socket that is slow, silent, flooding or no longer
//! entitled is closed with a code that tells its client what to do next.

use crate::conversation::Registry;
use crate::identity::Authenticate;
use axum::extract::ws::WebSocket;
use std::net::IpAddr;
use std::sync::Arc;

/// `max_write_buffer_size` of the upgrade must be at least this much, or a full page could never be written.
pub const MAX_WRITE_BUFFER_BYTES: usize = 1024 * 1024;

/// What a socket needs of the relay around it.
#[derive(Clone)]
pub struct ConnectionContext {
    /// The conversations; also where the clock, the configuration and the stop signal come from.
    pub registry: Registry,
    /// Proves tokens.
    pub authenticator: Arc<dyn Authenticate>,
    /// The `Origin` header of the upgrade; absent for programs that are no browsers.
    pub origin: Option<String>,
    /// Where the socket comes from.
    pub remote: Option<IpAddr>,
}

/// Serves one socket until it is closed. Run it on the `TaskTracker`.
pub async fn serve(_socket: WebSocket, _context: ConnectionContext) {}
