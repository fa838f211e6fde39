//! A contact-centre user signs in.

use super::AppState;
use super::extract::{Json, PageOrigin, Remote};
use super::me;
use super::problem::{Problem, ProblemBody};
use axum::extract::State;
use metrics::counter;
use portico_core::identity::people::is_username;
use portico_core::identity::staff_session::{StaffLogin, StaffSessionError};
use portico_core::telemetry::SIGN_INS;
use portico_shared::http::{LoginAnswer, LoginBody, LoginWays};
use std::sync::Arc;

/// Signs a contact-centre user in. It is not said whether the username or the password was wrong.
#[utoipa::path(
    post, path = "/api/login", tag = "staff", request_body = LoginBody,
    responses(
        (status = 200, description = "Signed in", body = LoginAnswer),
        (status = 401, description = "Username or password is wrong", body = ProblemBody),
        (status = 403, description = "The page is not the relay's own", body = ProblemBody),
        (status = 415, description = "The body does not say that it is JSON", body = ProblemBody),
        (status = 429, description = "Too many attempts", body = ProblemBody),
    )
)]
pub(super) async fn sign_in(
    State(state): State<Arc<AppState>>,
    Remote(address): Remote,
    PageOrigin(origin): PageOrigin,
    Json(body): Json<LoginBody>,
) -> Result<axum::Json<LoginAnswer>, Problem> {
    state.only_own(origin.as_deref())?;
    let username = body.username.trim().to_lowercase();
    let signed_in = if is_username(&username) {
        if let Err(refused) = state.limits.sign_in(address, &username) {
            if refused.is_of_username {
                note_refusal(&state, username);
            }
            return Err(refused.problem);
        }
        let signed_in = state.staff_sessions.sign_in(&username, body.password).await;
        if matches!(signed_in, Err(StaffSessionError::Wrong)) {
            note_failure(&state, username);
        }
        signed_in
    } else {
        // There is no such name: nothing is kept of it, and no work is done that needs a limit.
        Err(StaffSessionError::Wrong)
    };
    counter!(SIGN_INS, "outcome" => outcome(&signed_in)).increment(1);
    let StaffLogin {
        token,
        expires_at,
        user,
    } = signed_in?;
    Ok(axum::Json(LoginAnswer {
        token,
        expires_at,
        user: me::answer(user),
    }))
}

/// Records that a user is being tried too often: now and then, as whoever tries could else fill the disk. Nobody waits for it,
/// as how long it takes tells whether there is such a user.
fn note_refusal(state: &Arc<AppState>, username: String) {
    let state = Arc::clone(state);
    let tracker = state.tracker.clone();
    tracker.spawn(async move {
        let Some(turn) = state.limits.note_refusal(&username) else {
            return;
        };
        match state.staff_sessions.note_refusal(&username).await {
            Ok(()) => turn.take(),
            Err(error) => tracing::error!(%error, "attempts to sign in that were refused were not recorded"),
        }
    });
}

/// Records an attempt that failed; there are no more of them than the rate allows. Nobody waits for it, see
/// `StaffSessions::note_failure`.
fn note_failure(state: &Arc<AppState>, username: String) {
    let state = Arc::clone(state);
    let tracker = state.tracker.clone();
    tracker.spawn(async move {
        if let Err(error) = state.staff_sessions.note_failure(&username).await {
            tracing::error!(%error, "an attempt to sign in that failed was not recorded");
        }
    });
}

/// How users sign in beside a password.
#[utoipa::path(
    get, path = "/api/login", tag = "staff",
    responses((status = 200, description = "What the sign-in page shows", body = LoginWays))
)]
pub(super) async fn ways(State(state): State<Arc<AppState>>) -> axum::Json<LoginWays> {
    let provider = state.oidc.as_ref().map(|provider| provider.name().to_owned());
    axum::Json(LoginWays { provider })
}

fn outcome<T>(result: &Result<T, StaffSessionError>) -> &'static str {
    match result {
        Ok(_) => "signed_in",
        Err(StaffSessionError::Wrong) => "wrong",
        Err(_) => "failed",
    }
}
