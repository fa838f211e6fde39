//! The keys of programs, and the secrets that sign calls to them. Two of each may live: a new one is made, put in its place, and
//! then the old one is retired.

use super::by;
use crate::http::AppState;
use crate::http::extract::Staff;
use crate::http::problem::{Problem, ProblemBody};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use portico_shared::http::{IssuedKey, IssuedSecret};
use std::sync::Arc;

/// Makes a key for a registered program, beside the one that it has. It is answered this once.
#[utoipa::path(
    post, path = "/api/v1/programs/{program}/keys", tag = "administration", security(("bearer" = [])),
    params(("program" = String, Path, description = "Its id")),
    responses(
        (status = 201, description = "The key", body = IssuedKey),
        (status = 404, description = "No such program", body = ProblemBody),
        (status = 409, description = "`conflict`: two keys live already, or it stands in the configuration", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(in crate::http) async fn rotate_key(
    State(state): State<Arc<AppState>>,
    Staff(staff): Staff,
    Path(program): Path<String>,
) -> Result<(StatusCode, Json<IssuedKey>), Problem> {
    let issued = state.programs.rotate_key(&program, &by(&state, &staff)).await?;
    Ok((StatusCode::CREATED, Json(issued)))
}

/// Takes a key back. It is refused from now on, and sockets that were opened with it close within five seconds.
#[utoipa::path(
    delete, path = "/api/v1/programs/{program}/keys/{prefix}", tag = "administration", security(("bearer" = [])),
    params(
        ("program" = String, Path, description = "Its id"),
        ("prefix" = String, Path, description = "What the key begins with, as it is listed"),
    ),
    responses(
        (status = 204, description = "It is good for nothing"),
        (status = 404, description = "No such program, or none with this key", body = ProblemBody),
        (status = 409, description = "`conflict`: it stands in the configuration", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(in crate::http) async fn retire_key(
    State(state): State<Arc<AppState>>,
    Staff(staff): Staff,
    Path((program, prefix)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    state
        .programs
        .retire_key(&program, &prefix, &by(&state, &staff))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a secret for a registered bot with a webhook, beside the one that it has. It is answered this once, and calls are signed
/// with both from now on.
#[utoipa::path(
    post, path = "/api/v1/programs/{program}/secrets", tag = "administration", security(("bearer" = [])),
    params(("program" = String, Path, description = "Its id")),
    responses(
        (status = 201, description = "The secret", body = IssuedSecret),
        (status = 400, description = "It has no webhook", body = ProblemBody),
        (status = 404, description = "No such program", body = ProblemBody),
        (status = 409, description = "`conflict`: two secrets live already, or it stands in the configuration", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(in crate::http) async fn rotate_secret(
    State(state): State<Arc<AppState>>,
    Staff(staff): Staff,
    Path(program): Path<String>,
) -> Result<(StatusCode, Json<IssuedSecret>), Problem> {
    let issued = state.programs.rotate_secret(&program, &by(&state, &staff)).await?;
    Ok((StatusCode::CREATED, Json(issued)))
}

/// Signs no call with a secret any more.
#[utoipa::path(
    delete, path = "/api/v1/programs/{program}/secrets/{secret}", tag = "administration", security(("bearer" = [])),
    params(
        ("program" = String, Path, description = "Its id"),
        ("secret" = String, Path, description = "The id of the secret"),
    ),
    responses(
        (status = 204, description = "It signs nothing"),
        (status = 404, description = "No such program, or none with this secret", body = ProblemBody),
        (status = 409, description = "`conflict`: it is the last one of a webhook, or the program stands in the configuration", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(in crate::http) async fn retire_secret(
    State(state): State<Arc<AppState>>,
    Staff(staff): Staff,
    Path((program, secret)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    state
        .programs
        .retire_secret(&program, &secret, &by(&state, &staff))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
