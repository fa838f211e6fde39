//! The console of contact-centre users.

use super::AppState;
use super::assets::Cache;
use super::policy;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;

/// The console's page.
pub(super) async fn document(State(state): State<Arc<AppState>>, request: HeaderMap) -> Response {
    let mut response = state.assets.answer("desk/index.html", &request, Cache::Ask).await;
    policy::govern(
        &mut response,
        &policy::of_desk(state.origins.own(), &state.origins.sites()),
    );
    policy::isolate(&mut response);
    response
}

/// What the page loads. A path that names no file is one of the console's own places.
pub(super) async fn file(state: State<Arc<AppState>>, Path(path): Path<String>, request: HeaderMap) -> Response {
    if path.contains('.') {
        return state
            .assets
            .answer(&format!("desk/{path}"), &request, Cache::of(&path))
            .await;
    }
    document(state, request).await
}
