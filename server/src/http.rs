//! Everything that is asked of the relay over HTTP. One file per endpoint: each extracts, calls one function, answers.
//! What holds for all of them (policies, limits, metrics) is put around them in [`router`].
//!
//! Tokens come in the `Authorization` header or in a body, never in a URL.

mod access;
mod activities;
mod assets;
mod attributes;
mod audit;
mod channel;
mod connection_permits;
mod conversations;
mod cookie;
mod customer_activities;
mod customers;
mod demo;
mod description;
mod desk;
mod embed;
mod erasure;
mod export;
mod extract;
mod files;
mod frame;
mod health;
mod labels;
mod login;
mod logout;
mod me;
mod merges;
mod metrics;
mod observe;
mod oidc;
mod page;
mod plain;
mod policy;
mod proactive;
mod problem;
mod programs;
mod push;
mod rate;
mod readiness;
mod serve;
mod session;
mod socket;
mod survey;
mod users;
mod wrapups;

/// What answers requests; carried from where it is made to where it is served.
pub use axum::Router;

pub use assets::Assets;
pub use connection_permits::ConnectionPermits;
pub use demo::router as demo_router;
pub use problem::{Problem, ProblemBody, ProblemCode};
pub use rate::RateLimits;
pub use readiness::Readiness;
pub use serve::serve;

use crate::connection::FrameRates;
use crate::exporting::Exports;
use crate::oidc::OpenIdProvider;
use crate::push::WebPush;
use crate::telemetry::Metrics;
use ::metrics::counter;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, options};
use portico_core::config::Config;
use portico_core::conversation::Registry;
use portico_core::customers::Customers;
use portico_core::erasing::Eraser;
use portico_core::files::Files;
use portico_core::identity::staff_session::StaffSessions;
use portico_core::identity::visitor_session::VisitorSessions;
use portico_core::identity::{Origins, Principal, Roles, TokenAuthenticator};
use portico_core::programs::Programs;
use portico_core::survey::Surveys;
use portico_core::telemetry::ORIGIN_REFUSALS;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Largest body of a request, in bytes. A larger one is answered 413.
const MAX_BODY_BYTES: usize = 64 * 1024;

/// What endpoints work with.
pub struct AppState {
    /// What the operator set.
    pub config: Arc<Config>,
    /// The conversations.
    pub registry: Registry,
    /// What they send each other.
    pub files: Arc<Files>,
    /// Reaches browsers whose pages are closed.
    pub(crate) push: Arc<WebPush>,
    /// Erases customers.
    pub eraser: Eraser,
    /// Looks them up.
    pub customers: Customers,
    /// Writes all that is known of one into a file.
    pub exports: Exports,
    /// What customers are asked when a chat is over.
    pub surveys: Surveys,
    /// Proves tokens.
    pub authenticator: Arc<TokenAuthenticator>,
    /// Which pages may speak.
    pub origins: Arc<Origins>,
    /// Begins visits of customers.
    pub visitor_sessions: VisitorSessions,
    /// What users may do.
    pub roles: Roles,
    /// Registers bots and apps.
    pub programs: Programs,
    /// Signs contact-centre users in and out.
    pub staff_sessions: StaffSessions,
    /// Where they may sign in beside that.
    pub(crate) oidc: Option<OpenIdProvider>,
    /// How often one address may ask.
    pub limits: Arc<RateLimits>,
    /// How many frames each identity may send.
    pub frame_rates: Arc<FrameRates>,
    /// How many connections there may be.
    pub permits: Arc<ConnectionPermits>,
    /// What browsers download.
    pub assets: Assets,
    /// Whether the store takes writes.
    pub readiness: Readiness,
    /// What `/metrics` answers.
    pub metrics: Metrics,
    /// Every socket is counted on it.
    pub tracker: TaskTracker,
    /// Cancelled when the relay takes no new work.
    pub stop: CancellationToken,
}

impl AppState {
    /// Refuses pages of other origins; programs that are no browsers state none.
    fn only_own(&self, origin: Option<&str>) -> Result<(), Problem> {
        allowed(origin.is_none() || self.origins.is_own(origin))
    }

    /// Refuses all but pages of the relay and of the channel's origins.
    fn only_visitors(&self, channel: &str, origin: Option<&str>) -> Result<(), Problem> {
        allowed(self.origins.may_visit(channel, origin))
    }

    /// Takes a frame of an identity, for what costs as much as one.
    fn take_frame(&self, who: &Principal) -> Result<(), Problem> {
        let taken = self.frame_rates.take(who, &who.key());
        taken.map_err(|wait_ms| Problem::rate_limited(Duration::from_millis(wait_ms)))
    }

    /// Refuses pages that are on no list at all.
    fn only_listed(&self, origin: Option<&str>) -> Result<(), Problem> {
        allowed(self.origins.may_connect(origin))
    }
}

fn allowed(allowed: bool) -> Result<(), Problem> {
    if allowed {
        return Ok(());
    }
    counter!(ORIGIN_REFUSALS).increment(1);
    Err(Problem::origin())
}

/// All routes, with what holds around each.
pub fn router(state: Arc<AppState>) -> Router {
    let (api, mut document) = api(&state).split_for_parts();
    description::complete(&mut document);
    api.route(
        "/api/openapi.json",
        get(move || std::future::ready(axum::Json(document))),
    )
    .route(
        "/widget/frame/{channel}",
        get(frame::document).layer(frame::compression()),
    )
    .route("/widget/plain/{channel}", get(plain::show).post(plain::take))
    .route("/widget/{*path}", get(frame::file))
    .route("/survey/{token}", get(survey::show).post(survey::answer))
    .route("/desk", get(desk::document))
    .route("/desk/", get(desk::document))
    .route("/desk/{*path}", get(desk::file))
    .route("/embed.js", get(embed::script))
    .route("/embed/chat.js", get(embed::chat))
    .route("/embed/alerts.js", get(embed::alerts))
    .route("/embed/proactive.js", get(embed::proactive))
    .route("/embed/proactive/{channel}", get(proactive::rules))
    .route("/embed/subscribe.js", get(embed::subscribe))
    .route("/embed/worker.js", get(embed::worker))
    .route("/shims/{name}", get(embed::shim))
    .route_layer(from_fn_with_state(Arc::clone(&state), access::check))
    .fallback(async || Problem::not_found())
    .method_not_allowed_fallback(async || {
        Problem::new(ProblemCode::MethodNotAllowed, "this address takes other methods")
    })
    .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
    .layer(from_fn(observe::limit_time))
    .layer(CatchPanicLayer::custom(observe::on_panic))
    .layer(from_fn(observe::measure))
    .layer(from_fn(policy::harden))
    .layer(from_fn_with_state(Arc::clone(&state), policy::only_https))
    .with_state(state)
}

/// The documented endpoints.
fn api(state: &Arc<AppState>) -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::with_openapi(description::Document::openapi())
        .merge(shared(state))
        .routes(routes!(socket::connect))
        .routes(routes!(conversations::list))
        .routes(routes!(push::key, push::subscribe, push::unsubscribe))
        .routes(routes!(erasure::erase))
        .routes(routes!(customers::search))
        .routes(routes!(customers::show))
        .routes(routes!(customers::suggest))
        .routes(routes!(customers::add, customers::remove))
        .routes(routes!(attributes::list))
        .routes(routes!(attributes::put, attributes::remove))
        .routes(routes!(attributes::reveal))
        .routes(routes!(export::export))
        .routes(routes!(labels::list))
        .routes(routes!(labels::put, labels::remove))
        .routes(routes!(merges::merge, merges::split))
        .routes(routes!(merges::list))
        .routes(routes!(login::sign_in, login::ways))
        .routes(routes!(oidc::begin, oidc::collect))
        .routes(routes!(oidc::finish))
        .routes(routes!(logout::sign_out))
        .routes(routes!(me::show))
        .routes(routes!(wrapups::list))
        .routes(routes!(users::list))
        .routes(routes!(users::change))
        .routes(routes!(users::list_sessions, users::end_all))
        .routes(routes!(users::end_one))
        .routes(routes!(audit::list))
        .routes(routes!(programs::list, programs::register))
        .routes(routes!(programs::change))
        .routes(routes!(programs::rotate_key))
        .routes(routes!(programs::retire_key))
        .routes(routes!(programs::rotate_secret))
        .routes(routes!(programs::retire_secret))
        .routes(routes!(activities::push))
        .routes(routes!(customer_activities::list))
        .routes(routes!(survey::link))
        .routes(routes!(files::create))
        .routes(routes!(files::show, files::append, files::delete, files::link))
        .routes(routes!(files::serve))
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
        .routes(routes!(metrics::render))
}

/// Those that pages of the channels' origins may call, too.
fn shared(state: &Arc<AppState>) -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(session::open))
        .route("/api/session", options(policy::preflight))
        .routes(routes!(channel::widget))
        .route("/api/channels/{id}/widget", options(policy::preflight))
        .route_layer(from_fn_with_state(Arc::clone(state), policy::share))
}
