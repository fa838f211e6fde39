//! The script tag.

use super::assets::{self, Cache};
use super::policy;
use axum::http::HeaderMap;
use axum::response::Response;

/// `embed.js`, for any page: what it may do there, the frame's policy decides.
pub(super) async fn script(request: HeaderMap) -> Response {
    let mut response = assets::answer("embed.js", &request, Cache::Minutes);
    policy::for_other_origins(&mut response);
    response
}
