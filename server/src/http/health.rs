//! Whether the process lives, and whether it takes work.

use super::AppState;
use super::problem::{Problem, ProblemBody};
use axum::extract::State;
use std::sync::Arc;

/// Answers as long as the process can answer at all.
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = 200, description = "The process lives", body = String)))]
pub(super) async fn alive() -> &'static str {
    "alive\n"
}

/// Answers while new work is welcome: not while the relay shuts down, and not while the store takes no writes.
#[utoipa::path(
    get, path = "/readyz", tag = "operations",
    responses(
        (status = 200, description = "The relay takes work", body = String),
        (status = 503, description = "The relay shuts down, or its store takes nothing", body = ProblemBody),
    )
)]
pub(super) async fn ready(State(state): State<Arc<AppState>>) -> Result<&'static str, Problem> {
    if state.stop.is_cancelled() {
        return Err(Problem::draining());
    }
    state.readiness.ask().await?;
    Ok("ready\n")
}
