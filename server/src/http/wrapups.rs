//! What agents choose from when a conversation is over.

use super::AppState;
use super::extract::Staff;
use super::problem::ProblemBody;
use axum::Json;
use axum::extract::State;
use portico_shared::http::WrapupCategory;
use std::sync::Arc;

/// The wrap-up codes by category, as configured.
#[utoipa::path(
    get, path = "/api/wrapups", tag = "staff", security(("bearer" = [])),
    responses(
        (status = 200, description = "Wrap-up codes", body = Vec<WrapupCategory>),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
    )
)]
pub(super) async fn list(State(state): State<Arc<AppState>>, _signed_in: Staff) -> Json<Vec<WrapupCategory>> {
    let categories = state.config.wrapups.iter().map(|set| WrapupCategory {
        category: set.category.clone(),
        values: set.values.clone(),
    });
    Json(categories.collect())
}
