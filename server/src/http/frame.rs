//! The document in the frame on a customer's page, and the files that it loads.

use super::AppState;
use super::assets::Cache;
use super::policy;
use super::problem::Problem;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;

/// The widget's page. It reads its channel from its own address, and only the channel's origins may frame it.
pub(super) async fn document(
    State(state): State<Arc<AppState>>,
    Path(channel): Path<String>,
    request: HeaderMap,
) -> Result<Response, Problem> {
    if !state.config.channels.contains_key(&channel) {
        return Err(Problem::not_found());
    }
    let mut response = state.assets.answer("widget/index.html", &request, Cache::Ask).await;
    policy::govern(
        &mut response,
        &policy::of_frame(state.origins.own(), state.origins.embedders(&channel)),
    );
    policy::for_other_origins(&mut response);
    Ok(response)
}

/// What the page loads.
pub(super) async fn file(State(state): State<Arc<AppState>>, Path(path): Path<String>, request: HeaderMap) -> Response {
    state
        .assets
        .answer(&format!("widget/{path}"), &request, Cache::of(&path))
        .await
}
