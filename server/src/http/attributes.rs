//! What is noted of customers.

use super::AppState;
use super::customers::{Colleague, Describer, customer};
use super::extract;
use super::problem::{Problem, ProblemBody};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use portico_shared::http::{AttributeBody, AttributeKind, AttributeValue, RevealBody};
use std::sync::Arc;

/// What may be noted of customers, as configured.
#[utoipa::path(
    get, path = "/api/attributes", tag = "staff", security(("bearer" = [])),
    responses(
        (status = 200, description = "In the order of the configuration", body = Vec<AttributeKind>),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
        (status = 403, description = "The token is not a contact-centre user's", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn list(State(state): State<Arc<AppState>>, _signed_in: Colleague) -> Json<Vec<AttributeKind>> {
    Json(state.customers.attributes())
}

/// Notes a value of a customer in the place of the one before; of a visitor who became a known customer, of that one.
///
/// A contact-centre user who does not supervise serves the customer now; an app has the scope `attributes:write`.
#[utoipa::path(
    put, path = "/api/customers/{id}/attributes/{key}", tag = "staff", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The customer"),
        ("key" = String, Path, description = "The attribute's key"),
    ),
    request_body = AttributeBody,
    responses(
        (status = 204, description = "Noted"),
        (status = 400, description = "`malformed`: not a value of the attribute's type", body = ProblemBody),
        (status = 401, description = "The token proves nobody", body = ProblemBody),
        (status = 403, description = "Neither who serves the customer or supervises, nor an app with the scope", body = ProblemBody),
        (status = 404, description = "No such customer, or no such attribute", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn put(
    State(state): State<Arc<AppState>>,
    Describer(who): Describer,
    Path((id, key)): Path<(String, String)>,
    extract::Json(body): extract::Json<AttributeBody>,
) -> Result<StatusCode, Problem> {
    let id = customer(&id)?;
    state.customers.set_attribute(&who, &id, &key, &body.value).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets a value of a customer, which need not be there.
///
/// A contact-centre user who does not supervise serves the customer now; an app has the scope `attributes:write`.
#[utoipa::path(
    delete, path = "/api/customers/{id}/attributes/{key}", tag = "staff", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The customer"),
        ("key" = String, Path, description = "The attribute's key"),
    ),
    responses(
        (status = 204, description = "Forgotten"),
        (status = 401, description = "The token proves nobody", body = ProblemBody),
        (status = 403, description = "Neither who serves the customer or supervises, nor an app with the scope", body = ProblemBody),
        (status = 404, description = "No such customer", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn remove(
    State(state): State<Arc<AppState>>,
    Describer(who): Describer,
    Path((id, key)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    state.customers.unset_attribute(&who, &customer(&id)?, &key).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Shows attributes of a customer that are left out of other answers because they are personal. The audit log has a record of
/// it before they are shown. What is not noted is left out.
///
/// A contact-centre user who does not supervise serves the customer now.
#[utoipa::path(
    post, path = "/api/customers/{id}/attributes/reveal", tag = "staff", security(("bearer" = [])),
    params(("id" = String, Path, description = "The customer")),
    request_body = RevealBody,
    responses(
        (status = 200, description = "What is noted under these keys", body = Vec<AttributeValue>),
        (status = 400, description = "`malformed`: no key, or too many", body = ProblemBody),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
        (status = 403, description = "Neither who serves the customer nor who supervises", body = ProblemBody),
        (status = 404, description = "No such customer, or no such attribute", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn reveal(
    State(state): State<Arc<AppState>>,
    Colleague(staff): Colleague,
    Path(id): Path<String>,
    extract::Json(body): extract::Json<RevealBody>,
) -> Result<Json<Vec<AttributeValue>>, Problem> {
    let shown = state.customers.reveal(&staff, &customer(&id)?, &body.keys).await?;
    Ok(Json(shown))
}
