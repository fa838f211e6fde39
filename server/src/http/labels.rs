//! Labels of customers: which there are, and who has one.

use super::AppState;
use super::customers::{Colleague, Describer, customer};
use super::problem::{Problem, ProblemBody};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use portico_shared::http::CustomerLabel;
use std::sync::Arc;

/// The labels that may be put on customers, as configured.
#[utoipa::path(
    get, path = "/api/labels", tag = "staff", security(("bearer" = [])),
    responses(
        (status = 200, description = "In the order of the configuration", body = Vec<CustomerLabel>),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
        (status = 403, description = "The token is not a contact-centre user's", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn list(State(state): State<Arc<AppState>>, _signed_in: Colleague) -> Json<Vec<CustomerLabel>> {
    Json(state.customers.labels())
}

/// Puts a label on a customer; of a visitor who became a known customer, on that one.
///
/// A contact-centre user who does not supervise serves the customer now; an app has the scope `labels:write`.
#[utoipa::path(
    put, path = "/api/customers/{id}/labels/{label}", tag = "staff", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The customer"),
        ("label" = String, Path, description = "The label's id"),
    ),
    responses(
        (status = 204, description = "The customer has it"),
        (status = 401, description = "The token proves nobody", body = ProblemBody),
        (status = 403, description = "Neither who serves the customer or supervises, nor an app with the scope", body = ProblemBody),
        (status = 404, description = "No such customer, or no such label", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn put(
    State(state): State<Arc<AppState>>,
    Describer(who): Describer,
    Path((id, label)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    state.customers.label(&who, &customer(&id)?, &label).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a label away from a customer, also one that is configured no more. The customer may be without it already.
///
/// A contact-centre user who does not supervise serves the customer now; an app has the scope `labels:write`.
#[utoipa::path(
    delete, path = "/api/customers/{id}/labels/{label}", tag = "staff", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The customer"),
        ("label" = String, Path, description = "The label's id"),
    ),
    responses(
        (status = 204, description = "The customer is without it"),
        (status = 401, description = "The token proves nobody", body = ProblemBody),
        (status = 403, description = "Neither who serves the customer or supervises, nor an app with the scope", body = ProblemBody),
        (status = 404, description = "No such customer", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn remove(
    State(state): State<Arc<AppState>>,
    Describer(who): Describer,
    Path((id, label)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    state.customers.unlabel(&who, &customer(&id)?, &label).await?;
    Ok(StatusCode::NO_CONTENT)
}
