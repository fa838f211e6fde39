//! Browsers that want notifications while their pages are closed.

use super::AppState;
use super::extract::{Caller, Json};
use super::problem::{Problem, ProblemBody, ProblemCode};
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portico_core::config::ChannelPush;
use portico_core::identity::{CustomerPrincipal, Principal};
use portico_core::push::MOST_BROWSERS;
use portico_core::store::PushSubscription;
use portico_shared::http::{PushBody, PushEndBody, PushKeyAnswer};
use std::sync::Arc;

/// The longest address of a page, in bytes, so that a message is no longer than push services take.
const MAX_PAGE_BYTES: usize = 1_500;

/// The longest note, in characters.
const MAX_NOTE_CHARS: usize = 200;

/// A customer of a channel with notifications, asking from the chat's frame.
pub(super) struct Visitor {
    customer: CustomerPrincipal,
    /// When its token was given, in epoch milliseconds.
    proven_at: i64,
}

impl FromRequestParts<Arc<AppState>> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Problem> {
        let Caller(proven) = Caller::from_request_parts(parts, state).await?;
        let (who, issued_at) = (proven.principal, proven.issued_at);
        state.take_frame(&who)?;
        let Principal::Customer(customer) = who else {
            return Err(Problem::forbidden("this is for visitors"));
        };
        let channel = state.config.channels.get(&customer.channel);
        if channel.is_none_or(|channel| channel.push == ChannelPush::Off) {
            return Err(Problem::not_found());
        }
        Ok(Self {
            customer,
            // Without a time, any erasure is later.
            proven_at: issued_at.unwrap_or_default(),
        })
    }
}

/// The key that the browser's subscription is bound to. It counts as a frame where rates are limited.
#[utoipa::path(
    get, path = "/api/push", tag = "customers", security(("bearer" = [])),
    responses(
        (status = 200, description = "The relay's public key of VAPID", body = PushKeyAnswer),
        (status = 401, description = "The token proves nobody", body = ProblemBody),
        (status = 403, description = "The token is not a visitor's", body = ProblemBody),
        (status = 404, description = "The channel has no notifications", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn key(State(state): State<Arc<AppState>>, _: Visitor) -> axum::Json<PushKeyAnswer> {
    axum::Json(PushKeyAnswer {
        key: state.push.public_key().to_owned(),
    })
}

/// Notes that a browser wants notifications of the visitor's chats on the channel, or what has changed of it. A visitor has five
/// browsers there at most; one more takes the place of the one that said so the longest ago.
#[utoipa::path(
    put, path = "/api/push", tag = "customers", security(("bearer" = [])),
    request_body = PushBody,
    responses(
        (status = 204, description = "Noted"),
        (status = 400, description = "`malformed`: no public address with https, no key, or a page of another site", body = ProblemBody),
        (status = 401, description = "The token proves nobody", body = ProblemBody),
        (status = 403, description = "The token is not a visitor's", body = ProblemBody),
        (status = 404, description = "The channel has no notifications", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn subscribe(
    State(state): State<Arc<AppState>>,
    Visitor { customer, proven_at }: Visitor,
    Json(body): Json<PushBody>,
) -> Result<StatusCode, Problem> {
    let subscription = read(&state, customer, body).map_err(|what| Problem::new(ProblemCode::Malformed, what))?;
    let store = &state.registry.services().store;
    store.subscribe(subscription, proven_at, MOST_BROWSERS).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets a browser of the visitor.
#[utoipa::path(
    delete, path = "/api/push", tag = "customers", security(("bearer" = [])),
    request_body = PushEndBody,
    responses(
        (status = 204, description = "It is not told anything any more"),
        (status = 401, description = "The token proves nobody", body = ProblemBody),
        (status = 403, description = "The token is not a visitor's", body = ProblemBody),
        (status = 404, description = "The channel has no notifications", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn unsubscribe(
    State(state): State<Arc<AppState>>,
    Visitor { customer, .. }: Visitor,
    Json(body): Json<PushEndBody>,
) -> Result<StatusCode, Problem> {
    let store = &state.registry.services().store;
    store.unsubscribe(&customer.id, &body.endpoint).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What is kept of a browser; in words what is wrong with it.
fn read(state: &AppState, customer: CustomerPrincipal, body: PushBody) -> Result<PushSubscription, String> {
    let bytes = |name: &str, text: &str| {
        let decoded = URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
        decoded.map_err(|_| format!("subscription.{name}: it is not base64url"))
    };
    let endpoint = body.subscription.endpoint;
    let p256dh = bytes("p256dh", &body.subscription.p256dh)?;
    let auth = bytes("auth", &body.subscription.auth)?;
    let checked = state.push.check(&endpoint, &p256dh, &auth);
    checked.map_err(|error| format!("subscription: {error}"))?;
    let is_ours = |origin: &str| state.origins.may_visit(&customer.channel, Some(origin));
    if body.page.len() > MAX_PAGE_BYTES || !origin_of(&body.page).is_some_and(|origin| is_ours(&origin)) {
        return Err(format!(
            "page: a page of the channel's sites, of at most {MAX_PAGE_BYTES} bytes"
        ));
    }
    Ok(PushSubscription {
        customer: customer.id,
        channel: customer.channel,
        endpoint,
        p256dh,
        auth,
        page: body.page,
        note: body.note.chars().take(MAX_NOTE_CHARS).collect(),
        updated_at: state.registry.services().clock.now_ms(),
    })
}

fn origin_of(page: &str) -> Option<String> {
    let url = reqwest::Url::parse(page).ok()?;
    let has_user = !url.username().is_empty() || url.password().is_some();
    (!has_user).then(|| url.origin().ascii_serialization())
}
