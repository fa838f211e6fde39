//! The script tag, the second script, which it fetches once a visitor shows intent, and the shims, which load it.

use super::AppState;
use super::assets::Cache;
use super::policy;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use std::sync::Arc;

/// `embed.js`, for any page, as a script or as a module: what it may do there, the frame's policy decides.
pub(super) async fn script(state: State<Arc<AppState>>, request: HeaderMap) -> Response {
    answer("embed.js", state, &request, Cache::Minutes).await
}

/// `embed/chat.js?VERSION`, a module.
pub(super) async fn chat(state: State<Arc<AppState>>, query: RawQuery, request: HeaderMap) -> Response {
    answer_version("embed/chat.js", state, &query, &request).await
}

/// `embed/alerts.js?VERSION`, a module that the second script fetches.
pub(super) async fn alerts(state: State<Arc<AppState>>, query: RawQuery, request: HeaderMap) -> Response {
    answer_version("embed/alerts.js", state, &query, &request).await
}

/// `embed/subscribe.js?VERSION`, a module that the third script fetches where the site has a worker for notifications.
pub(super) async fn subscribe(state: State<Arc<AppState>>, query: RawQuery, request: HeaderMap) -> Response {
    answer_version("embed/subscribe.js", state, &query, &request).await
}

/// `embed/proactive.js?VERSION`, a module that the second script fetches where the page asks for it.
pub(super) async fn proactive(state: State<Arc<AppState>>, query: RawQuery, request: HeaderMap) -> Response {
    answer_version("embed/proactive.js", state, &query, &request).await
}

/// `embed/worker.js`, which the site's worker takes in: it shows notifications while no page is open.
pub(super) async fn worker(state: State<Arc<AppState>>, request: HeaderMap) -> Response {
    answer("embed/worker.js", state, &request, Cache::Minutes).await
}

/// `shims/NAME`: what lets a page work that was written for another chat.
pub(super) async fn shim(state: State<Arc<AppState>>, Path(name): Path<String>, request: HeaderMap) -> Response {
    answer(&format!("shims/{name}"), state, &request, Cache::Minutes).await
}

/// A page that was open during an upgrade asks for the version of before. It gets this one, which knows such pages, but no cache
/// keeps it under that name.
async fn answer_version(
    path: &str,
    state: State<Arc<AppState>>,
    RawQuery(query): &RawQuery,
    request: &HeaderMap,
) -> Response {
    let asked = query.as_deref().and_then(|query| query.split('&').next());
    let cache = match (asked, state.assets.version(path).await) {
        (None, _) => Cache::Minutes,
        (Some(asked), Some(version)) if asked == version => Cache::Forever,
        (Some(_), _) => Cache::Never,
    };
    answer(path, state, request, cache).await
}

async fn answer(path: &str, State(state): State<Arc<AppState>>, request: &HeaderMap, cache: Cache) -> Response {
    let mut response = state.assets.answer(path, request, cache).await;
    policy::for_other_origins(&mut response);
    // A module of another origin is asked for with CORS. Nothing in the file is a secret.
    let any = HeaderValue::from_static("*");
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, any);
    response
}
