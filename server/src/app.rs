//! Puts the relay together. The only file that names concrete adapters: the SQLite store, the machine's clock, the
//! webhook connector, the place of files.

use crate::admin::Administration;
use crate::connection::FrameRates;
use crate::exporting::Exports;
use crate::file_bytes::{self, PlaceError};
use crate::http::{AppState, Assets, ConnectionPermits, RateLimits, Readiness};
use crate::oidc::{AttemptKey, OpenIdProvider};
use crate::push::{KeyError as VapidError, VapidKey, WebPush};
use crate::telemetry::Metrics;
use crate::web_pages::WebPages;
use crate::webhook::{RegisteredAddresses, Webhooks};
use portico_core::clock::{Clock, SystemClock};
use portico_core::config::Config;
use portico_core::conversation::{Presence, QueueBoard, Registry, Services};
use portico_core::customers::Customers;
use portico_core::customers::export::Source;
use portico_core::delivery;
use portico_core::erasing::{self, Eraser};
use portico_core::files::{self, FileBytes, Files, LinkKey};
use portico_core::identity::customer::KeyError;
use portico_core::identity::people::{self, PeopleError};
use portico_core::identity::staff_session::StaffSessions;
use portico_core::identity::visitor::VisitorTokens;
use portico_core::identity::visitor_session::VisitorSessions;
use portico_core::identity::{Origin, Origins, Roles, TokenAuthenticator, secret};
use portico_core::links::{self, LinkQueue, PageReader};
use portico_core::programs::{self, ProgramDirectory, Programs};
use portico_core::store::{Store, StoreError};
use portico_core::survey::{SurveyKey, Surveys};
use portico_core::{push, routing, timers};
use portico_shared::ids::ParticipantId;
pub use portico_sqlite::OpenError;
use portico_sqlite::{GroupCommit, SqliteStore};
use secrecy::ExposeSecret;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The name under which the store keeps the key that signs visitor tokens.
const VISITOR_KEY: &str = "visitor-signing";

/// The name under which the store keeps the key that signs links to files.
const LINK_KEY: &str = "file-links";

/// The name under which the store keeps the key that signs links to surveys.
const SURVEY_KEY: &str = "survey-links";

/// The name under which the store keeps the key by which push services know the relay.
const PUSH_KEY: &str = "web-push";

/// The name under which the store keeps the key of sign-ins at the OpenID provider that are under way.
const OIDC_KEY: &str = "oidc-sign-ins";

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
    /// The key for push services is not good.
    #[error("push.key is not good")]
    PushKey(#[from] VapidError),
    /// Push services cannot be reached at all.
    #[error("push services cannot be called")]
    PushClient(#[source] reqwest::Error),
    /// The OpenID provider cannot be asked at all.
    #[error("the OpenID provider cannot be asked")]
    OidcClient(#[source] reqwest::Error),
    /// Pages that messages link to cannot be read at all.
    #[error("pages that messages link to cannot be read")]
    PageClient(#[source] reqwest::Error),
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
    clock: Arc<dyn Clock>,
    roles: Roles,
    delivery: delivery::Context,
    /// Absent where no channel has previews.
    pages: Option<Arc<dyn PageReader>>,
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

/// The place of files that the configuration names.
fn open_files(config: &Config) -> Result<Arc<dyn FileBytes>, PlaceError> {
    file_bytes::open(config)
}

/// What exports customers of a store that is open.
pub fn open_exports(config: &Config, store: Arc<dyn Store>) -> Result<Exports, PlaceError> {
    Ok(Exports::new(Source {
        store,
        bytes: open_files(config)?,
        clock: system_clock(),
    }))
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
        let roles = Roles::new(&config.roles);
        people::add_missing(store.as_ref(), clock.as_ref(), &roles, &config.users).await?;
        let directory = ProgramDirectory::configured(&config);
        let programs = programs_over(
            &config,
            store.clone(),
            clock.clone(),
            directory.clone(),
            tracker.clone(),
        )
        .await?;
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
            programs: directory.clone(),
            links: LinkQueue::new(clock.clone()),
        });
        let delivery = delivery::Context {
            store: store.clone(),
            clock: clock.clone(),
            registry: registry.clone(),
            connectors: Arc::new(webhooks(&config, directory, &clock)?),
            wake: wake_delivery,
            tracker: tracker.clone(),
            shutdown: stop.clone(),
        };
        let pages = pages(&config, &own).map_err(StartError::PageClient)?;
        let state = state(config, own, registry, roles.clone(), programs).await?;
        Ok(Self {
            state: Arc::new(state),
            store: sqlite,
            clock,
            roles,
            delivery,
            pages,
        })
    }

    /// What operators' commands are done with.
    pub(crate) fn administration(&self) -> Administration {
        Administration {
            store: self.store.clone(),
            clock: self.clock.clone(),
            roles: self.roles.clone(),
            exports: Some(self.state.exports.clone()),
            programs: self.state.programs.clone(),
        }
    }

    /// Starts what works without being asked.
    pub(crate) fn start(&self, tracker: &TaskTracker) {
        let AppState {
            registry,
            files,
            push,
            eraser,
            limits,
            frame_rates,
            metrics,
            stop,
            ..
        } = &*self.state;
        tracker.spawn(routing::run(registry.clone()));
        tracker.spawn(timers::run(registry.clone()));
        tracker.spawn(delivery::run(self.delivery.clone()));
        tracker.spawn(push::run(registry.services().clone(), push.clone()));
        if let Some(pages) = &self.pages {
            tracker.spawn(links::run(registry.clone(), pages.clone()));
        }
        let Services { programs, store, .. } = registry.services().clone();
        tracker.spawn(programs::keep_uses(programs, store, stop.clone()));
        tracker.spawn(files::run(files.clone()));
        tracker.spawn(erasing::run(eraser.clone()));
        tracker.spawn(limits.clone().sweep(stop.clone()));
        tracker.spawn(frame_rates.clone().sweep(stop.clone()));
        tracker.spawn(metrics.clone().keep(stop.clone()));
    }
}

/// What registers bots and apps in a store, with what is registered there.
pub async fn programs_over(
    config: &Arc<Config>,
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    directory: ProgramDirectory,
    tracker: TaskTracker,
) -> Result<Programs, StoreError> {
    let rules = Arc::new(RegisteredAddresses::new(config.programs.networks.clone()));
    Programs::load(store, clock, config.clone(), directory, rules, tracker).await
}

async fn state(
    config: Arc<Config>,
    own: Origin,
    registry: Registry,
    roles: Roles,
    programs: Programs,
) -> Result<AppState, StartError> {
    let Services {
        store,
        clock,
        tracker,
        shutdown,
        programs: directory,
        ..
    } = registry.services().clone();
    let visitors = Arc::new(VisitorTokens::new(&store.secret(VISITOR_KEY, secret::random()?).await?));
    let link_key = LinkKey::new(store.secret(LINK_KEY, secret::random()?).await?);
    let bytes = open_files(&config)?;
    let files = Arc::new(Files::new(registry.clone(), bytes.clone(), link_key));
    let exports = Exports::new(Source {
        store: store.clone(),
        bytes,
        clock: clock.clone(),
    });
    let push = web_push(&config, &own, &*store, &clock).await?;
    let survey_key = SurveyKey::new(store.secret(SURVEY_KEY, secret::random()?).await?);
    let oidc = open_id_provider(&config, &own, &*store, &clock).await?;
    let origins = Arc::new(Origins::new(&config, own));
    let authenticator = TokenAuthenticator {
        config: config.clone(),
        store: store.clone(),
        clock: clock.clone(),
        visitors: visitors.clone(),
        origins: origins.clone(),
        roles: roles.clone(),
        programs: directory,
    };
    Ok(AppState {
        authenticator: Arc::new(authenticator),
        customers: Customers::new(store.clone(), clock.clone(), config.clone()),
        eraser: Eraser::new(registry.clone(), files.clone()),
        files,
        exports,
        push: Arc::new(push),
        surveys: Surveys::new(registry.clone(), survey_key),
        origins,
        visitor_sessions: VisitorSessions::new(&config, store.clone(), clock.clone(), visitors)?,
        oidc,
        readiness: Readiness::new(store.clone(), clock.clone(), tracker.clone()),
        staff_sessions: StaffSessions::new(store, clock.clone(), roles.clone()),
        permits: ConnectionPermits::new(&config),
        assets: Assets::new(&config.server.assets),
        limits: Arc::new(RateLimits::new(&config.limits, clock.clone())),
        frame_rates: Arc::new(FrameRates::new(&config.limits, clock)),
        roles,
        programs,
        metrics: Metrics::install(),
        tracker,
        stop: shutdown,
        registry,
        config,
    })
}

/// What reads pages that messages link to, if a channel has previews.
fn pages(config: &Config, own: &Origin) -> Result<Option<Arc<dyn PageReader>>, reqwest::Error> {
    if config.channels.values().all(|channel| channel.link_previews.is_empty()) {
        return Ok(None);
    }
    let pages = WebPages::new(config.link_previews.networks.clone(), &own.to_string())?;
    Ok(Some(Arc::new(pages)))
}

/// The provider at which users sign in, if there is one.
async fn open_id_provider(
    config: &Config,
    own: &Origin,
    store: &dyn Store,
    clock: &Arc<dyn Clock>,
) -> Result<Option<OpenIdProvider>, StartError> {
    let Some(oidc) = config.oidc.clone() else {
        return Ok(None);
    };
    let key = AttemptKey::new(store.secret(OIDC_KEY, secret::random()?).await?);
    let provider = OpenIdProvider::new(oidc, own, key, clock.clone());
    provider.map(Some).map_err(StartError::OidcClient)
}

/// What reaches push services, with the key of the configuration or the one that the store keeps.
async fn web_push(
    config: &Config,
    own: &Origin,
    store: &dyn Store,
    clock: &Arc<dyn Clock>,
) -> Result<WebPush, StartError> {
    let config = &config.push;
    let (key, from) = match config.key.expose_secret() {
        "" => (store.secret(PUSH_KEY, push_key()?).await?, "the store"),
        stated => (VapidKey::parse(stated)?, "the configuration"),
    };
    let contact = match config.contact.as_str() {
        "" => own.is_secure().then(|| own.to_string()),
        stated => Some(stated.to_owned()),
    };
    let key = VapidKey::new(&key, contact)?;
    tracing::info!(
        push.key = key.public(),
        "browsers take notifications by this public key; the private one is in {from}"
    );
    WebPush::new(key, clock.clone(), config.loopback).map_err(StartError::PushClient)
}

/// A fresh private key. One draw in four billion is none.
fn push_key() -> Result<[u8; 32], getrandom::Error> {
    loop {
        let drawn = secret::random()?;
        if VapidKey::is_key(&drawn) {
            return Ok(drawn);
        }
    }
}

/// What calls bots; those that connect by themselves are not called.
fn webhooks(config: &Config, directory: ProgramDirectory, clock: &Arc<dyn Clock>) -> Result<Webhooks, StartError> {
    let addresses = RegisteredAddresses::new(config.programs.networks.clone());
    let webhooks = Webhooks::new(directory, addresses, clock.clone());
    for id in config.bots.keys() {
        let prepared = webhooks.prepare(&ParticipantId::new(id.as_str()));
        prepared.map_err(|source| StartError::Bot { id: id.clone(), source })?;
    }
    Ok(webhooks)
}
