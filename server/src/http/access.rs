//! Lets a request through to its endpoint if the table of permissions does. What stands in no row of the table is not
//! answered, so that no endpoint is open because it was forgotten there.

use super::AppState;
use super::extract::{BearerToken, Remote};
use super::problem::{Problem, ProblemCode};
use crate::permissions::{self, Access, Denied, Verb};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use portico_core::identity::{Authenticated, Permission, Principal};
use std::sync::Arc;

/// Finds the request's row, and where the row requires a permission, proves who asks.
pub(super) async fn check(
    State(state): State<Arc<AppState>>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let Some(verb) = permissions::find(request.method().as_str(), path.as_str()) else {
        tracing::error!(
            route = path.as_str(),
            "a route stands in no row of the table of permissions"
        );
        return Problem::not_found().into_response();
    };
    let (mut parts, body) = request.into_parts();
    parts.extensions.insert(verb);
    if let Access::Requires(..) = verb.access {
        match prove(&state, &mut parts).await {
            Ok(proven) => parts.extensions.insert(proven),
            Err(problem) => return problem.into_response(),
        };
    }
    next.run(Request::from_parts(parts, body)).await
}

/// Who asks, if it may do what it asks for.
pub(super) async fn prove(state: &Arc<AppState>, parts: &mut Parts) -> Result<Authenticated, Problem> {
    if let Some(proven) = parts.extensions.get::<Authenticated>() {
        return Ok(proven.clone());
    }
    let BearerToken(token) = BearerToken::from_request_parts(parts, state).await?;
    let proven = state.authenticator.prove(&token).await?;
    let Remote(address) = Remote::from_request_parts(parts, state).await?;
    let services = state.registry.services();
    services.programs.note_use(&proven, services.clock.now_ms(), address);
    let verb = parts.extensions.get::<&'static Verb>().ok_or_else(Problem::internal)?;
    permit(verb, &proven.principal)?;
    Ok(proven)
}

/// Refuses who may not do what a verb does.
pub(super) fn permit(verb: &Verb, who: &Principal) -> Result<(), Problem> {
    match verb.access {
        // Nothing that is open asks who asks.
        Access::Open => Err(Problem::internal()),
        Access::Requires(permission, _) | Access::Proves(permission, _) if who.may(permission) => Ok(()),
        Access::Requires(permission, denied) | Access::Proves(permission, denied) => {
            Err(refusal(denied, permission, who))
        }
    }
}

fn refusal(denied: Denied, permission: Permission, who: &Principal) -> Problem {
    match (denied, denied.status(who)) {
        (Denied::NoFile, _) => Problem::new(ProblemCode::FileGone, "no such file"),
        (Denied::NotFound, _) => Problem::not_found(),
        (Denied::NoKey, 401) => Problem::token(),
        (Denied::Forbidden | Denied::NoKey, _) => {
            let message = format!("this takes the permission {permission}");
            Problem::new(ProblemCode::Forbidden, message)
        }
    }
}
