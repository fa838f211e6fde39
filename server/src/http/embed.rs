//! The script tag.

use super::AppState;
use super::assets::Cache;
use super::policy;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;

/// `embed.js`, for any page: what it may do there, the frame's policy decides.
pub(super) async fn script(State(state): State<Arc<AppState>>, request: HeaderMap) -> Response {
    let mut response = state.assets.answer("embed.js", &request, Cache::Minutes).await;
    policy::for_other_origins(&mut response);
    response
}
