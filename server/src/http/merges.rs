//! Two customers whom a colleague knows to be one person.

use super::AppState;
use super::customers::{Colleague, customer};
use super::problem::{Problem, ProblemBody};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use portico_shared::http::CustomerMerges;
use std::sync::Arc;

/// Shows two customers as one, the first of them. They may be one already.
///
/// Nothing moves: conversations and identities stay each customer's own, and nobody's history opens. A contact-centre user who does
/// not supervise serves one of the two now; addresses of customers whom it does not serve stay masked.
#[utoipa::path(
    put, path = "/api/customers/{id}/merged/{other}", tag = "staff", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The customer as whom both are shown"),
        ("other" = String, Path, description = "The other one"),
    ),
    responses(
        (status = 204, description = "They are shown as one"),
        (status = 400, description = "`invalid_body`: they are too many, or one for whom a site vouches would be shown as a visitor", body = ProblemBody),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
        (status = 403, description = "Not who serves one of them or supervises", body = ProblemBody),
        (status = 404, description = "No such customer", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn merge(
    State(state): State<Arc<AppState>>,
    Colleague(staff): Colleague,
    Path((id, other)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (into, other) = (customer(&id)?, customer(&other)?);
    state.customers.merge(&staff, &into, &other).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Undoes a merge: the other customer is shown by itself again, with those that were merged into it before. It may be already.
///
/// A contact-centre user who does not supervise serves the other customer now, or the one into which it was merged.
#[utoipa::path(
    delete, path = "/api/customers/{id}/merged/{other}", tag = "staff", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The customer as whom both are shown"),
        ("other" = String, Path, description = "The other one"),
    ),
    responses(
        (status = 204, description = "They are shown by themselves"),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
        (status = 403, description = "Not who serves one of them or supervises", body = ProblemBody),
        (status = 404, description = "No such customer", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn split(
    State(state): State<Arc<AppState>>,
    Colleague(staff): Colleague,
    Path((id, other)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let (from, other) = (customer(&id)?, customer(&other)?);
    state.customers.split(&staff, &from, &other).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Merges of a customer and of those who are shown as one with it, undone ones among them, the newest first.
#[utoipa::path(
    get, path = "/api/customers/{id}/merges", tag = "staff", security(("bearer" = [])),
    params(("id" = String, Path, description = "The customer")),
    responses(
        (status = 200, description = "The last hundred", body = CustomerMerges),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
        (status = 403, description = "The token is not a contact-centre user's", body = ProblemBody),
        (status = 404, description = "No such customer", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn list(
    State(state): State<Arc<AppState>>,
    _signed_in: Colleague,
    Path(id): Path<String>,
) -> Result<Json<CustomerMerges>, Problem> {
    Ok(Json(state.customers.merges(&customer(&id)?).await?))
}
