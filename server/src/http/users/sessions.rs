//! Where a user is signed in.

use crate::http::AppState;
use crate::http::extract::Staff;
use crate::http::problem::{Problem, ProblemBody};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use portico_core::audit::Attribution;
use portico_core::conversation::Services;
use portico_core::identity::sessions;
use portico_shared::http::UserSession;
use std::sync::Arc;

/// The sessions of a user that are not over, the newest first.
#[utoipa::path(
    get, path = "/api/v1/users/{username}/sessions", tag = "administration", security(("bearer" = [])),
    params(("username" = String, Path, description = "What the user signs in with")),
    responses(
        (status = 200, description = "The sessions", body = Vec<UserSession>),
        (status = 404, description = "No such user", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(in crate::http) async fn list(
    State(state): State<Arc<AppState>>,
    _: Staff,
    Path(username): Path<String>,
) -> Result<Json<Vec<UserSession>>, Problem> {
    let services = state.registry.services();
    let live = sessions::list(services.store.as_ref(), &username, services.clock.now_ms()).await?;
    let sessions = live.into_iter().map(|session| UserSession {
        id: session.id,
        began_at: session.began_at,
        ends_at: session.ends_at,
    });
    Ok(Json(sessions.collect()))
}

/// Ends all sessions of a user; its sockets close within five seconds.
#[utoipa::path(
    delete, path = "/api/v1/users/{username}/sessions", tag = "administration", security(("bearer" = [])),
    params(("username" = String, Path, description = "What the user signs in with")),
    responses(
        (status = 204, description = "It is signed in nowhere"),
        (status = 404, description = "No such user", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(in crate::http) async fn end_all(
    State(state): State<Arc<AppState>>,
    Staff(staff): Staff,
    Path(username): Path<String>,
) -> Result<StatusCode, Problem> {
    let Services { store, clock, .. } = state.registry.services();
    let by = Attribution::user(&staff, clock.as_ref());
    sessions::revoke_all(store.as_ref(), &by, &username).await?;
    tracing::info!(user.name = %username, by = %staff.username, "all sessions of a user were ended");
    Ok(StatusCode::NO_CONTENT)
}

/// Ends one of them; the sockets that were opened with it close within five seconds.
#[utoipa::path(
    delete, path = "/api/v1/users/{username}/sessions/{id}", tag = "administration", security(("bearer" = [])),
    params(
        ("username" = String, Path, description = "What the user signs in with"),
        ("id" = String, Path, description = "The session"),
    ),
    responses(
        (status = 204, description = "It has ended"),
        (status = 404, description = "No such user, or none with this session", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(in crate::http) async fn end_one(
    State(state): State<Arc<AppState>>,
    Staff(staff): Staff,
    Path((username, id)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let Services { store, clock, .. } = state.registry.services();
    let by = Attribution::user(&staff, clock.as_ref());
    sessions::revoke(store.as_ref(), &by, &username, &id).await?;
    tracing::info!(user.name = %username, by = %staff.username, "a session of a user was ended");
    Ok(StatusCode::NO_CONTENT)
}
