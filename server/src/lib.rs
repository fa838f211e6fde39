//! Portico's relay. It attaches identity, makes every activity durable, acknowledges it, and delivers it, in this
//! order and never another.
//!
//! The rules are in [`portico_core`], the store is in [`portico_sqlite`]; this crate is what surrounds them: `connection` is
//! one socket, `http` all other requests, `webhook` calls bots, `push` push services, `web_pages` reads what messages link to, `permissions` is the table of what each verb takes, `exporting` writes archives, and only `app` names concrete adapters. [`run`] is a whole
//! relay, for the program and for tests alike.

pub mod admin;
pub mod app;
pub mod config;
pub mod connection;
mod exporting;
mod file_bytes;
pub mod http;
mod oidc;
mod once;
pub mod permissions;
mod public_internet;
mod push;
pub mod telemetry;
mod web_pages;
mod webhook;

pub use app::StartError;

use app::App;
use portico_core::config::Config;
use portico_core::identity::Origin;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Requests that are under way when the last socket is gone have this long to be answered, and no more than half of the
/// drain limit, which it is part of.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

/// After the store has stopped nothing can be saved by waiting; sockets are told to come back, and that is all.
const DRAIN_WITHOUT_STORE: Duration = Duration::from_secs(2);

/// Why the relay ended otherwise than it was told to.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// It could not listen.
    #[error("cannot listen at {address}")]
    Listen {
        /// The address of the configuration.
        address: SocketAddr,
        /// The error of the operating system.
        #[source]
        source: std::io::Error,
    },
    /// It could not be put together.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The disk failed. What was acknowledged is safe; the process must end and be started again.
    #[error("the store has stopped: {0}")]
    StoreStopped(String),
    /// Some tasks did not end in time.
    #[error("{0} tasks did not end within the drain limit")]
    Overdue(usize),
}

/// Where a relay listens, bound before it starts so that its addresses are known.
pub struct Listeners {
    relay: BoundListener,
    demo: Option<BoundListener>,
}

/// A listener and where it really listens.
struct BoundListener {
    listener: TcpListener,
    address: SocketAddr,
}

impl Listeners {
    /// Binds what the configuration names; port 0 takes a free one.
    pub async fn bind(config: &Config) -> Result<Self, RunError> {
        let demo = match config.demo.listen {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        Ok(Self {
            relay: bind(config.server.listen).await?,
            demo,
        })
    }

    /// Where the relay really listens.
    pub fn relay_address(&self) -> SocketAddr {
        self.relay.address
    }

    /// Where the demo shop really listens.
    pub fn demo_address(&self) -> Option<SocketAddr> {
        self.demo.as_ref().map(|demo| demo.address)
    }
}

async fn bind(address: SocketAddr) -> Result<BoundListener, RunError> {
    let failed = |source| RunError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok(BoundListener { listener, address })
}

/// Runs a relay until `shutdown`, then lets sockets, conversations and deliveries end within the drain limit.
pub async fn run(config: Config, listeners: Listeners, shutdown: CancellationToken) -> Result<(), RunError> {
    let running = Running::start(Arc::new(config), listeners, shutdown.child_token()).await?;
    let stopped = tokio::select! {
        () = running.stop.cancelled() => None,
        reason = running.app.store.stopped() => Some(reason),
    };
    running.end(stopped).await
}

/// A relay at work.
struct Running {
    config: Arc<Config>,
    app: App,
    /// Everything that has work to finish: sockets, conversations, deliveries.
    work: TaskTracker,
    /// Everything that answers requests. It ends last, so that `/readyz` can say that the relay is not ready.
    answers: TaskTracker,
    /// No new work.
    stop: CancellationToken,
    /// No new requests.
    close: CancellationToken,
}

impl Running {
    async fn start(config: Arc<Config>, listeners: Listeners, stop: CancellationToken) -> Result<Self, RunError> {
        let own = config.own_origin(listeners.relay_address());
        let work = TaskTracker::new();
        let app = App::new(config.clone(), own.clone(), &work, &stop).await?;
        app.start(&work);
        let running = Self {
            config,
            app,
            work,
            answers: TaskTracker::new(),
            stop,
            close: CancellationToken::new(),
        };
        let state = running.app.state.clone();
        announce(&listeners, &own, &state.assets).await;
        let assets = state.assets.clone();
        running.answer(listeners.relay.listener, state.permits.clone(), http::router(state));
        if let Some(BoundListener { listener, .. }) = listeners.demo {
            let permits = http::ConnectionPermits::new(&running.config);
            running.answer(listener, permits, http::demo_router(own, assets));
        }
        running.take_commands();
        Ok(running)
    }

    fn answer(&self, listener: TcpListener, permits: Arc<http::ConnectionPermits>, router: http::Router) {
        let (tracker, close) = (self.answers.clone(), self.close.clone());
        self.answers
            .spawn(http::serve(listener, permits, router, tracker, close));
    }

    fn take_commands(&self) {
        let path = self.app.store.path().to_owned();
        let administration = self.app.administration();
        self.answers
            .spawn(admin::control(path, administration, self.close.clone()));
    }

    async fn end(self, stopped: Option<String>) -> Result<(), RunError> {
        tracing::info!(drain.tasks = self.work.len(), "the relay stops");
        self.stop.cancel();
        let limit = Duration::from_secs(self.config.server.drain_seconds);
        let limit = if stopped.is_some() {
            limit.min(DRAIN_WITHOUT_STORE)
        } else {
            limit
        };
        let (for_work, for_answers) = shares(limit);
        let overdue = drain(&self.work, for_work).await;
        self.close.cancel();
        drain(&self.answers, for_answers).await;
        match (stopped, overdue) {
            (Some(reason), _) => Err(RunError::StoreStopped(reason)),
            (None, 0) => Ok(()),
            (None, overdue) => Err(RunError::Overdue(overdue)),
        }
    }
}

async fn announce(listeners: &Listeners, own: &Origin, assets: &http::Assets) {
    let demo = listeners.demo_address().map(tracing::field::display);
    let server = listeners.relay_address();
    tracing::info!(server.address = %server, server.origin = %own, demo.address = demo, "the relay listens");
    if !assets.exist().await {
        tracing::warn!("there is no widget and no desk in this program: `cargo xtask build` makes them");
    }
}

/// What of the drain limit is for work, and what for the last answers after it.
fn shares(limit: Duration) -> (Duration, Duration) {
    let answers = LAST_ANSWERS.min(limit / 2);
    (limit.saturating_sub(answers), answers)
}

/// Waits until every task has ended, and answers how many have not within the limit.
async fn drain(tracker: &TaskTracker, limit: Duration) -> usize {
    tracker.close();
    match tokio::time::timeout(limit, tracker.wait()).await {
        Ok(()) => 0,
        Err(_) => tracker.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drain_takes_no_longer_than_its_limit_and_leaves_time_for_the_last_answers() {
        for limit in [1, 2, 10, 600].map(Duration::from_secs) {
            let (work, answers) = shares(limit);
            assert_eq!(work + answers, limit);
            assert!(!answers.is_zero() && answers <= work);
        }
    }
}
