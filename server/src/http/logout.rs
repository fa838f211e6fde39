//! A contact-centre user signs out.

use super::AppState;
use super::extract::{BearerToken, Staff};
use super::problem::{Problem, ProblemBody};
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

/// Takes the session back; sockets that were opened with it close within seconds.
#[utoipa::path(
    post, path = "/api/logout", tag = "staff", security(("bearer" = [])),
    responses(
        (status = 204, description = "Signed out"),
        (status = 401, description = "No such session", body = ProblemBody),
    )
)]
pub(super) async fn sign_out(
    State(state): State<Arc<AppState>>,
    _signed_in: Staff,
    BearerToken(token): BearerToken,
) -> Result<StatusCode, Problem> {
    state.staff_sessions.sign_out(&token).await?;
    Ok(StatusCode::NO_CONTENT)
}
