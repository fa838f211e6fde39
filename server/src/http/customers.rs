//! Contact-centre users look customers up, and they and apps say by what customers are known.

use super::AppState;
use super::extract::{Caller, Json, Staff};
use super::problem::{Problem, ProblemBody};
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use portico_core::identity::{Principal, StaffPrincipal};
use portico_shared::http::{CustomerAnswer, CustomerList, CustomerSearchBody, CustomerSuggestions, IdentityBody};
use portico_shared::ids::CustomerId;
use std::sync::Arc;
use std::time::Duration;

/// A signed-in contact-centre user; what it asks counts as a frame where rates are limited.
pub(super) struct Colleague(pub(super) StaffPrincipal);

impl FromRequestParts<Arc<AppState>> for Colleague {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Problem> {
        let Staff(staff) = Staff::from_request_parts(parts, state).await?;
        counted(state, Principal::Staff(staff.clone()))?;
        Ok(Self(staff))
    }
}

/// The same, or a program; which of them may do it is told by what it does.
pub(super) struct Describer(pub(super) Principal);

impl FromRequestParts<Arc<AppState>> for Describer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Problem> {
        let Caller(proven) = Caller::from_request_parts(parts, state).await?;
        counted(state, proven.principal).map(Self)
    }
}

fn counted(state: &AppState, who: Principal) -> Result<Principal, Problem> {
    let taken = state.frame_rates.take(&who, &who.key());
    taken.map_err(|wait_ms| Problem::rate_limited(Duration::from_millis(wait_ms)))?;
    Ok(who)
}

pub(super) fn customer(id: &str) -> Result<CustomerId, Problem> {
    CustomerId::parse(id).ok_or_else(Problem::not_found)
}

/// Customers by beginnings of words of their names, addresses and numbers, in the order of these words, or by one identity. Any
/// text is fine; an id, or what a site calls its customer, is found as a whole.
///
/// What is looked for stands in the body, since addresses of requests are logged by many. An agent who does not serve a customer
/// now is shown addresses and numbers in part.
#[utoipa::path(
    post, path = "/api/customers/search", tag = "staff", security(("bearer" = [])),
    request_body = CustomerSearchBody,
    responses(
        (status = 200, description = "At most 20 of them", body = CustomerList),
        (status = 400, description = "`malformed`: neither text nor identity, or both, or no place to go on at", body = ProblemBody),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
        (status = 403, description = "The token is not a contact-centre user's", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn search(
    State(state): State<Arc<AppState>>,
    Colleague(staff): Colleague,
    Json(body): Json<CustomerSearchBody>,
) -> Result<axum::Json<CustomerList>, Problem> {
    Ok(axum::Json(state.customers.search(&staff, &body).await?))
}

/// A customer with what it is known by. An agent who does not serve it now is shown addresses and numbers in part.
#[utoipa::path(
    get, path = "/api/customers/{id}", tag = "staff", security(("bearer" = [])),
    params(("id" = String, Path, description = "The customer")),
    responses(
        (status = 200, description = "The customer", body = CustomerAnswer),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
        (status = 403, description = "The token is not a contact-centre user's", body = ProblemBody),
        (status = 404, description = "No such customer", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn show(
    State(state): State<Arc<AppState>>,
    Colleague(staff): Colleague,
    Path(id): Path<String>,
) -> Result<axum::Json<CustomerAnswer>, Problem> {
    Ok(axum::Json(state.customers.show(&staff, &customer(&id)?).await?))
}

/// Customers who may be the same person, because the same address or number is said of both. None of it is more than a hint: several
/// people share an address, and claims are claims.
#[utoipa::path(
    get, path = "/api/customers/{id}/suggestions", tag = "staff", security(("bearer" = [])),
    params(("id" = String, Path, description = "The customer")),
    responses(
        (status = 200, description = "The likeliest first", body = CustomerSuggestions),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
        (status = 403, description = "The token is not a contact-centre user's", body = ProblemBody),
        (status = 404, description = "No such customer", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn suggest(
    State(state): State<Arc<AppState>>,
    Colleague(staff): Colleague,
    Path(id): Path<String>,
) -> Result<axum::Json<CustomerSuggestions>, Problem> {
    Ok(axum::Json(state.customers.suggestions(&staff, &customer(&id)?).await?))
}

/// Notes that a customer is known by an address or a number. It proves nothing and opens nothing: a contact-centre user's word is a
/// claim, and an app's is shown as verified. Of a visitor who became a known customer, it is noted of that one. Of
/// customers who are shown as one, it is noted of the one in the path, or else of another of them that one may write.
///
/// A contact-centre user who does not supervise serves the customer now; an app has the scope `identities:write`.
#[utoipa::path(
    put, path = "/api/customers/{id}/identities", tag = "staff", security(("bearer" = [])),
    params(("id" = String, Path, description = "The customer")),
    request_body = IdentityBody,
    responses(
        (status = 204, description = "Noted"),
        (status = 400, description = "`malformed`: no such identity; `invalid_body`: ten others are known", body = ProblemBody),
        (status = 401, description = "The token proves nobody", body = ProblemBody),
        (status = 403, description = "Neither who serves the customer or supervises, nor an app with the scope", body = ProblemBody),
        (status = 404, description = "No such customer", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn add(
    State(state): State<Arc<AppState>>,
    Describer(who): Describer,
    Path(id): Path<String>,
    Json(body): Json<IdentityBody>,
) -> Result<StatusCode, Problem> {
    state.customers.state(&who, &customer(&id)?, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes back what was noted so: by contact-centre users, what any of them has said, by apps, what any of those has. What the customer
/// or its site says stays. It need not be there.
#[utoipa::path(
    delete, path = "/api/customers/{id}/identities", tag = "staff", security(("bearer" = [])),
    params(("id" = String, Path, description = "The customer")),
    request_body = IdentityBody,
    responses(
        (status = 204, description = "Taken back"),
        (status = 400, description = "`malformed`: no such identity", body = ProblemBody),
        (status = 401, description = "The token proves nobody", body = ProblemBody),
        (status = 403, description = "Neither who serves the customer or supervises, nor an app with the scope", body = ProblemBody),
        (status = 404, description = "No such customer", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn remove(
    State(state): State<Arc<AppState>>,
    Describer(who): Describer,
    Path(id): Path<String>,
    Json(body): Json<IdentityBody>,
) -> Result<StatusCode, Problem> {
    state.customers.retract(&who, &customer(&id)?, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}
