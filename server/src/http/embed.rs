//! The script tag, the second script, which it fetches once a visitor shows intent, and the shims, which load it.

use super::AppState;
use super::assets::Cache;
use super::policy;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use std::sync::Arc;

/// `embed.js`, for any page, as a script or as a module: what it may do there, the frame's policy decides.
pub(super) async fn script(state: State<Arc<AppState>>, request: HeaderMap) -> Response {
    answer("embed.js", state, &request).await
}

/// `embed/chat.js`, which is a module.
pub(super) async fn chat(state: State<Arc<AppState>>, request: HeaderMap) -> Response {
    answer("embed/chat.js", state, &request).await
}

/// `shims/NAME`: what lets a page work that was written for another chat.
pub(super) async fn shim(state: State<Arc<AppState>>, Path(name): Path<String>, request: HeaderMap) -> Response {
    answer(&format!("shims/{name}"), state, &request).await
}

/// `embed/alerts.js`, a module that the second script fetches.
pub(super) async fn alerts(state: State<Arc<AppState>>, request: HeaderMap) -> Response {
    answer("embed/alerts.js", state, &request).await
}

async fn answer(path: &str, State(state): State<Arc<AppState>>, request: &HeaderMap) -> Response {
    let mut response = state.assets.answer(path, request, Cache::Minutes).await;
    policy::for_other_origins(&mut response);
    // A module of another origin is asked for with CORS. Nothing in the file is a secret.
    let any = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    response
}
