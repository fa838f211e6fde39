//! Puts the relay together. The only file that names concrete adapters: the SQLite store, the machine's clock, the
//! webhook connector, the place of files.

use crate::connection::FrameRates;
use crate::file_bytes::{self, PlaceError};
use crate::http::{AppState, Assets, ConnectionPermits, RateLimits, Readiness};
use crate::telemetry::Metrics;
use crate::webhook::Webhook;
use portico_core::bot::BotConnector;
use portico_core::clock::{Clock, SystemClock};
use portico_core::config::Config;
use portico_core::conversation::{Presence, QueueBoard, Registry, Services};
use portico_core::delivery;
use portico_core::files::{self, Files, LinkKey};
use portico_core::identity::customer::KeyError;
use portico_core::identity::people::{self, PeopleError};
use portico_core::identity::staff_session::StaffSessions;
use portico_core::identity::visitor::VisitorTokens;
use portico_core::identity::visitor_session::VisitorSessions;
use portico_core::identity::{Origin, Origins, TokenAuthenticator, secret};
use portico_core::store::{Store, StoreError};
use portico_core::survey::{SurveyKey, Surveys};
use portico_core::{routing, timers};
use portico_shared::ids::ParticipantId;
pub use portico_sqlite::OpenError;
use portico_sqlite::{GroupCommit, SqliteStore};
use secrecy::ExposeSecret;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The name under which the store keeps the key that signs visitor tokens.
const VISITOR_KEY: &str = "visitor-signing";

/// The name under which the store keeps the key that signs links to files.
const LINK_KEY: &str = "file-links";

/// The name under which the store keeps the key that signs links to surveys.
const SURVEY_KEY: &str = "survey-links";

/// Why the relay could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The store could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The store could not be asked.
    #[error("the store does not answer")]
    Store(#[from] StoreError),
    /// A user of the configuration could not be added.
    #[error("a user of the configuration could not be added")]
    People(#[from] PeopleError),
    /// A key of the configuration verifies nothing.
    #[error("a customer key is not good")]
    Key(#[from] KeyError),
    /// A bot could not be reached at all.
    #[error("bot {id} cannot be called")]
    Bot {
        /// Which bot.
        id: String,
        /// The error of the HTTP client.
        #[source]
        source: reqwest::Error,
    },
    /// There is no place for files.
    #[error(transparent)]
    Files(#[from] PlaceError),
    /// The operating system has no randomness.
    #[error("no randomness: {0}")]
    Random(#[from] getrandom::Error),
}

/// The parts of one running relay.
pub(crate) struct App {
    pub(crate) state: Arc<AppState>,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) clock: Arc<dyn Clock>,
    delivery: delivery::Context,
}

/// Opens the store that the configuration names. Blocks on the disk, so it has a thread of its own.
pub async fn open_store(config: &Config) -> Result<Arc<SqliteStore>, OpenError> {
    let path = config.store.path.clone();
    let group = if config.store.group_commit {
        GroupCommit::On
    } else {
        GroupCommit::Off
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "awaited in the same function, so that a stop waits for it"
    )]
    let opened = tokio::task::spawn_blocking(move || SqliteStore::open(&path, group)).await;
    opened.expect("opening a store returns its errors").map(Arc::new)
}

/// The machine's clock.
pub fn system_clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock::default())
}

impl App {
    /// Opens the store and puts everything over it. Nothing runs yet.
    pub(crate) async fn new(
        config: Arc<Config>,
        own: Origin,
        tracker: &TaskTracker,
        stop: &CancellationToken,
    ) -> Result<Self, StartError> {
        let sqlite = open_store(&config).await?;
        let store: Arc<dyn Store> = sqlite.clone();
        let clock = system_clock();
        people::add_missing(store.as_ref(), clock.as_ref(), &config.users).await?;
        let wake_delivery = Arc::new(Notify::new());
        let registry = Registry::new(Services {
            store: store.clone(),
            clock: clock.clone(),
            config: config.clone(),
            own: own.clone(),
            tracker: tracker.clone(),
            shutdown: stop.clone(),
            wake_routing: Arc::new(Notify::new()),
            wake_timers: Arc::new(Notify::new()),
            wake_delivery: wake_delivery.clone(),
            presence: Presence::default(),
            queue_board: QueueBoard::default(),
        });
        let delivery = delivery::Context {
            store: store.clone(),
            clock: clock.clone(),
            registry: registry.clone(),
            connectors: Arc::new(connectors(&config, &clock)?),
            wake: wake_delivery,
            tracker: tracker.clone(),
            shutdown: stop.clone(),
        };
        let state = state(config, own, registry).await?;
        Ok(Self {
            state: Arc::new(state),
            store: sqlite,
            clock,
            delivery,
        })
    }

    /// Starts what works without being asked.
    pub(crate) fn start(&self, tracker: &TaskTracker) {
        let AppState {
            registry,
            files,
            limits,
            frame_rates,
            metrics,
            stop,
            ..
        } = &*self.state;
        tracker.spawn(routing::run(registry.clone()));
        tracker.spawn(timers::run(registry.clone()));
        tracker.spawn(delivery::run(self.delivery.clone()));
        tracker.spawn(files::run(files.clone()));
        tracker.spawn(limits.clone().sweep(stop.clone()));
        tracker.spawn(frame_rates.clone().sweep(stop.clone()));
        tracker.spawn(metrics.clone().keep(stop.clone()));
    }
}

async fn state(config: Arc<Config>, own: Origin, registry: Registry) -> Result<AppState, StartError> {
    let Services {
        store,
        clock,
        tracker,
        shutdown,
        ..
    } = registry.services().clone();
    let visitors = Arc::new(VisitorTokens::new(&store.secret(VISITOR_KEY, secret::random()?).await?));
    let link_key = LinkKey::new(store.secret(LINK_KEY, secret::random()?).await?);
    let files = Files::new(registry.clone(), file_bytes::open(&config)?, link_key);
    let survey_key = SurveyKey::new(store.secret(SURVEY_KEY, secret::random()?).await?);
    let origins = Arc::new(Origins::new(&config, own));
    let authenticator = TokenAuthenticator::new(
        config.clone(),
        store.clone(),
        clock.clone(),
        visitors.clone(),
        origins.clone(),
    );
    Ok(AppState {
        authenticator: Arc::new(authenticator),
        files: Arc::new(files),
        surveys: Surveys::new(registry.clone(), survey_key),
        origins,
        visitor_sessions: VisitorSessions::new(&config, store.clone(), clock.clone(), visitors)?,
        readiness: Readiness::new(store.clone(), clock.clone(), tracker.clone()),
        staff_sessions: StaffSessions::new(store, clock.clone()),
        permits: ConnectionPermits::new(&config),
        assets: Assets::new(&config.server.assets),
        limits: Arc::new(RateLimits::new(&config.limits, clock.clone())),
        frame_rates: Arc::new(FrameRates::new(&config.limits, clock)),
        metrics: Metrics::install(),
        tracker,
        stop: shutdown,
        registry,
        config,
    })
}

/// Bots that are called; the others connect by themselves.
fn connectors(
    config: &Config,
    clock: &Arc<dyn Clock>,
) -> Result<HashMap<ParticipantId, Arc<dyn BotConnector>>, StartError> {
    let called = config.bots.iter().filter(|(_, bot)| !bot.webhook.is_empty());
    let connectors = called.map(|(id, bot)| {
        let timeout = Duration::from_secs(bot.timeout_seconds);
        let webhook = Webhook::new(&bot.webhook, bot.secret.expose_secret(), timeout, clock.clone())
            .map_err(|source| StartError::Bot { id: id.clone(), source })?;
        let connector: Arc<dyn BotConnector> = Arc::new(webhook);
        Ok((ParticipantId::new(id.as_str()), connector))
    });
    connectors.collect()
}
