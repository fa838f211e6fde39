//! What the end-to-end tests share: the built relay as a process, sockets and browsers that talk to it, neighbours
//! that it talks to, and a link that can be cut.
//!
//! The relay under test is a program of its own, as people run it. `cargo xtask test` builds it and says where it is; a
//! test that lacks something it needs fails and names the command that provides it.
#![expect(clippy::disallowed_methods, reason = "tests read clocks, mint ids and spawn freely")]

pub mod api;
pub mod browser;
pub mod history;
pub mod openid;
pub mod port;
pub mod proxy;
pub mod push_service;
pub mod receiver;
pub mod relay;
pub mod socket;
pub mod web_page;

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

/// The longest that any awaited thing may take before a test gives up. Generous: it is a limit, not an expectation, and
/// longer than any wait of the product itself, such as the 30 seconds that a client may wait before it tries again.
pub const LIMIT: Duration = Duration::from_secs(90);

/// Waits for something that must happen.
///
/// # Panics
/// When it does not happen within [`LIMIT`].
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(LIMIT, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what}: nothing happened within {LIMIT:?}"),
    }
}

/// Asks again and again until the answer is there, for what has no event to wait for.
///
/// # Panics
/// When it is not there within [`LIMIT`].
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut ask: impl FnMut() -> F) -> T {
    within(what, async {
        loop {
            if let Some(value) = ask().await {
                return value;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
}

/// A file that `cargo xtask test` provides.
///
/// # Panics
/// When it is not provided.
pub fn provided(variable: &str) -> PathBuf {
    match std::env::var_os(variable) {
        Some(path) if PathBuf::from(&path).exists() => path.into(),
        Some(path) => panic!(
            "{variable} names {}, which is not there: run `cargo xtask test`",
            path.to_string_lossy()
        ),
        None => panic!("{variable} is not set: run `cargo xtask test`, which builds what these tests need"),
    }
}

/// A fresh client id.
pub fn client_id() -> portico_shared::ids::ClientId {
    portico_shared::ids::ClientId::new(uuid::Uuid::now_v7().to_string())
}
