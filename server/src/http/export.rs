//! All that is known of a customer, as a file.

use super::AppState;
use super::customers::{Colleague, customer};
use super::problem::{Problem, ProblemBody, ProblemCode};
use crate::exporting::{blocks, zip_blocks};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use portico_core::audit::Attribution;
use portico_core::customers::export::Export;
use std::sync::Arc;
use std::time::Duration;

/// Who finds all places taken comes back after this.
const NO_PLACE: Duration = Duration::from_secs(10);

/// All that is known of a customer as a ZIP archive: its record, what it is known by, labels, attributes, merges, what apps reported,
/// its conversations as the customer may see them, and its files. `manifest.json` lists each with its SHA-256, and says what is left
/// out and why. The audit log has a record of it before the first byte.
///
/// An answer that breaks off ends with an error of the connection, and no program opens what came of it: ask again.
#[utoipa::path(
    post, path = "/api/v1/customers/{id}/export", tag = "administration", security(("bearer" = [])),
    params(("id" = String, Path, description = "The customer")),
    responses(
        (status = 200, description = "The archive", content_type = "application/zip"),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
        (status = 403, description = "Without the permission", body = ProblemBody),
        (status = 404, description = "Nothing is known of such a customer", body = ProblemBody),
        (status = 429, description = "`rate_limited`: other exports are being written; `Retry-After` says when to ask again", body = ProblemBody),
    )
)]
pub(super) async fn export(
    State(state): State<Arc<AppState>>,
    Colleague(staff): Colleague,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let customer = customer(&id)?;
    let busy = || Problem::new(ProblemCode::RateLimited, "other exports are being written").retry_after(NO_PLACE);
    let place = state.exports.place().ok_or_else(busy)?;
    let source = state.exports.source.clone();
    let by = Attribution::user(&staff, source.clock.as_ref());
    let export = Export::begin(source, &by, customer).await?;
    let (to, bytes) = blocks();
    let stop = state.stop.clone();
    state
        .tracker
        .spawn(async move { stop.run_until_cancelled(zip_blocks(export, to, place)).await });
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"customer-export.zip\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(bytes)).into_response())
}
