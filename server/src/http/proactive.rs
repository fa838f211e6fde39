//! The rules by which a channel's chat offers messages by itself, as a module: pages load scripts of the relay, and read nothing
//! else of it.

use super::AppState;
use super::policy;
use super::problem::Problem;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use portico_core::config::Proactive;
use portico_shared::availability::OpenWindow;
use serde::Serialize;
use std::sync::Arc;

/// How long browsers keep them: a minute, as the script tag.
const CACHED: &str = "public, max-age=60";

#[derive(Serialize)]
struct Rules<'a> {
    rules: &'a [Proactive],
    /// When the team answers; absent for a team without hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<Vec<OpenWindow>>,
}

/// `embed/proactive/CHANNEL`. All of it is public. JSON is JavaScript, too.
pub(super) async fn rules(State(state): State<Arc<AppState>>, Path(id): Path<String>) -> Result<Response, Problem> {
    let channel = state
        .config
        .channels
        .get(&id)
        .filter(|channel| !channel.proactive.is_empty());
    let channel = channel.ok_or_else(Problem::not_found)?;
    let now = state.registry.services().clock.now_ms();
    let rules = Rules {
        rules: &channel.proactive,
        hours: channel.business_hours().map(|hours| hours.windows(now)),
    };
    let json = serde_json::to_string(&rules).map_err(|_| Problem::internal())?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/javascript; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static(CACHED)),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    ];
    let mut response = (headers, format!("export default {json};")).into_response();
    policy::for_other_origins(&mut response);
    Ok(response)
}
