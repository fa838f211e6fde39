//! A contact-centre user signs in at the OpenID provider: the browser goes there, comes back, and the desk takes the session.
//!
//! The token of the session stands neither in an address nor in a cookie. The browser brings a ticket to the desk, in a cookie that
//! no script reads, and the desk has it exchanged for a session.

use super::AppState;
use super::cookie::Cookie;
use super::extract::{PageOrigin, Remote};
use super::me;
use super::problem::{Problem, ProblemBody};
use super::{page, policy};
use crate::oidc::{ATTEMPT_SECONDS, Callback, OidcError, OpenIdProvider, TICKET_SECONDS};
use askama::Template;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use metrics::counter;
use portico_core::identity::provided::{ProvidedError, Refused};
use portico_core::identity::staff_session::StaffLogin;
use portico_core::telemetry::{SIGN_INS, quoted};
use portico_shared::http::LoginAnswer;
use std::error::Error;
use std::sync::Arc;

/// Binds a sign-in under way to the browser that has begun it.
const ATTEMPT: Cookie = Cookie::lax("portico-sign-in", ATTEMPT_SECONDS);

/// Brings the ticket to the desk, which asks for the session as soon as it is loaded.
const TICKET: Cookie = Cookie::strict("portico-signed-in", TICKET_SECONDS);

/// Where the desk is told to do so.
const DESK: &str = "/desk/#signed-in";

/// What a person reads whose sign-in did not succeed. Why, the log says.
#[derive(Template)]
#[template(path = "sign_in_failed.html")]
struct Page {
    says: &'static str,
    style: &'static str,
}

/// Why there is no session, as far as the person is told.
#[derive(Debug, Clone, Copy)]
enum Failure {
    /// It took too long, or was begun in another window.
    Stray,
    /// The provider, or what it answered.
    Refused,
    /// The user may not work here.
    NoAccess,
    /// The provider or the store does not answer.
    Unavailable,
    /// Too many attempts.
    TooMany,
}

impl Failure {
    fn of(error: &OidcError) -> Self {
        match error {
            OidcError::Stray | OidcError::Finished => Self::Stray,
            OidcError::Discovery(_) | OidcError::DiscoveredLately | OidcError::Random(_) => Self::Unavailable,
            OidcError::Code(_)
            | OidcError::Denied(_)
            | OidcError::Issuer
            | OidcError::InClear
            | OidcError::NoTokenEndpoint(_)
            | OidcError::NoIdToken
            | OidcError::Token(_)
            | OidcError::AuthorizedParty => Self::Refused,
        }
    }

    fn outcome(self) -> &'static str {
        match self {
            Self::Stray | Self::Refused | Self::NoAccess => "wrong",
            Self::Unavailable | Self::TooMany => "failed",
        }
    }

    fn page(self) -> Response {
        let (status, says) = match self {
            Self::Stray => (
                StatusCode::BAD_REQUEST,
                "It took too long, or was begun in another window. Your browser must take cookies for it.",
            ),
            Self::Refused => (StatusCode::BAD_REQUEST, "The sign-in did not succeed."),
            Self::NoAccess => (
                StatusCode::FORBIDDEN,
                "Your account may not use this desk. Ask those who manage it for access.",
            ),
            Self::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Signing in is not possible right now. Try again in a moment.",
            ),
            Self::TooMany => (
                StatusCode::TOO_MANY_REQUESTS,
                "Too many attempts. Try again in a minute.",
            ),
        };
        counter!(SIGN_INS, "outcome" => self.outcome()).increment(1);
        let page = Page {
            says,
            style: page::STYLE,
        }
        .render();
        let mut response = (status, Html(page.expect("the page is text"))).into_response();
        policy::govern(&mut response, &policy::of_page(page::STYLE));
        response
    }
}

/// Sends the browser to the provider.
#[utoipa::path(
    get, path = "/api/login/oidc", tag = "staff",
    responses(
        (status = 303, description = "To the provider"),
        (status = 404, description = "Users sign in with passwords alone", body = ProblemBody),
        (status = 429, description = "Too many attempts; a page for people"),
        (status = 503, description = "The provider does not answer; a page for people"),
    )
)]
pub(super) async fn begin(State(state): State<Arc<AppState>>, Remote(address): Remote) -> Result<Response, Problem> {
    let provider = provider(&state)?;
    if state.limits.unnamed_sign_in(address).is_err() {
        return Ok(Failure::TooMany.page());
    }
    match provider.begin().await {
        Ok(begun) => {
            let mut response = Redirect::to(begun.url.as_str()).into_response();
            ATTEMPT.set(&mut response, &begun.cookie, state.origins.own());
            Ok(response)
        }
        Err(error) => Ok(failed(&error)),
    }
}

/// Takes the browser back from the provider and lets its user in.
#[utoipa::path(
    get, path = "/api/login/oidc/callback", tag = "staff",
    params(
        ("state" = Option<String>, Query, description = "Names the sign-in"),
        ("code" = Option<String>, Query, description = "What the provider tells who it is for"),
        ("error" = Option<String>, Query, description = "Why there is no code"),
        ("iss" = Option<String>, Query, description = "The issuer, where the provider says it (RFC 9207)"),
    ),
    responses(
        (status = 303, description = "To the desk, which asks for the session"),
        (status = 400, description = "It is for no sign-in of this browser, or did not succeed; a page for people"),
        (status = 403, description = "The user may not sign in here; a page for people"),
        (status = 404, description = "Users sign in with passwords alone", body = ProblemBody),
        (status = 429, description = "Too many attempts; a page for people"),
        (status = 503, description = "The provider or the store does not answer; a page for people"),
    )
)]
pub(super) async fn finish(
    State(state): State<Arc<AppState>>,
    Remote(address): Remote,
    request: HeaderMap,
    callback: Result<Query<Callback>, QueryRejection>,
) -> Result<Response, Problem> {
    let provider = provider(&state)?;
    let own = state.origins.own();
    let mut response = if state.limits.unnamed_sign_in(address).is_err() {
        Failure::TooMany.page()
    } else {
        let cookie = ATTEMPT.of(&request, own);
        match callback {
            Ok(Query(callback)) => Box::pin(settle(&state, provider, callback, cookie)).await,
            Err(_) => failed(&OidcError::Stray),
        }
    };
    // One answer for each sign-in that was begun.
    ATTEMPT.clear(&mut response, own);
    Ok(response)
}

async fn settle(state: &AppState, provider: &OpenIdProvider, callback: Callback, cookie: Option<&str>) -> Response {
    let user = match provider.finish(callback, cookie).await {
        Ok(user) => user,
        Err(error) => return failed(&error),
    };
    match state.staff_sessions.let_in(user).await {
        Ok(user) => {
            let mut response = Redirect::to(DESK).into_response();
            TICKET.set(&mut response, &provider.ticket(&user.id), state.origins.own());
            response
        }
        Err(ProvidedError::Refused(refused)) => {
            tracing::warn!(error = %refused, "a sign-in was refused");
            note_refusal(state, &refused).await;
            Failure::NoAccess.page()
        }
        Err(ProvidedError::Session(error)) => {
            tracing::error!(
                error = &error as &dyn Error,
                "a sign-in at the OpenID provider was not kept"
            );
            Failure::Unavailable.page()
        }
    }
}

/// Records that a user was refused: now and then, as it could else fill the disk.
async fn note_refusal(state: &AppState, refused: &Refused) {
    let Some(turn) = state.limits.note_provided_refusal(&refused.id) else {
        return;
    };
    match state.staff_sessions.note_provided_refusal(refused).await {
        Ok(()) => turn.take(),
        Err(error) => tracing::error!(%error, "a sign-in that was refused was not recorded"),
    }
}

/// Opens a session for the user whose ticket the browser has brought back.
#[utoipa::path(
    post, path = "/api/login/oidc", tag = "staff",
    responses(
        (status = 200, description = "Signed in", body = LoginAnswer),
        (status = 401, description = "The browser has brought no ticket that is good", body = ProblemBody),
        (status = 403, description = "The page is not the relay's own", body = ProblemBody),
        (status = 404, description = "Users sign in with passwords alone", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn collect(
    State(state): State<Arc<AppState>>,
    PageOrigin(origin): PageOrigin,
    request: HeaderMap,
) -> Result<Response, Problem> {
    state.only_own(origin.as_deref())?;
    let provider = provider(&state)?;
    let own = state.origins.own();
    let ticket = TICKET.of(&request, own);
    let (holder, turn) = ticket
        .and_then(|ticket| provider.holder(ticket))
        .ok_or_else(Problem::token)?;
    let StaffLogin {
        token,
        expires_at,
        user,
    } = state.staff_sessions.open_provided(&holder).await?;
    turn.take();
    counter!(SIGN_INS, "outcome" => "signed_in").increment(1);
    tracing::info!(user.name = %user.username, roles = ?user.roles, "a user has signed in at the OpenID provider");
    let answer = LoginAnswer {
        token,
        expires_at,
        user: me::answer(user),
    };
    let mut response = Json(answer).into_response();
    TICKET.clear(&mut response, own);
    Ok(response)
}

fn provider(state: &AppState) -> Result<&OpenIdProvider, Problem> {
    state.oidc.as_ref().ok_or_else(Problem::not_found)
}

/// Logs what went wrong, and says less of it.
fn failed(error: &OidcError) -> Response {
    let mut reason = error.to_string();
    for cause in std::iter::successors(error.source(), |&error| error.source()) {
        reason = format!("{reason}: {cause}");
    }
    tracing::warn!(reason = %quoted(&reason), "a sign-in at the OpenID provider failed");
    Failure::of(error).page()
}
