//! What holds around every request: it is counted and timed, it ends in time, and a panic is an answer and a metric,
//! not a broken connection.

use super::problem::{Problem, ProblemCode};
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics::{counter, histogram};
use portico_core::telemetry::{HTTP_REQUESTS, HTTP_SECONDS};
use std::any::Any;
use std::time::Duration;

/// Longest time from the head of a request to its answer, its body included. Above it: 408.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// Counts and times each request by its route, which holds no ids.
pub(super) async fn measure(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let begun = begin();
    let response = next.run(request).await;
    let status = response.status().as_str().to_owned();
    counter!(HTTP_REQUESTS, "route" => route.clone(), "status" => status).increment(1);
    histogram!(HTTP_SECONDS, "route" => route).record(begun.elapsed());
    response
}

/// Gives up a request that takes too long, for example because its body trickles in. The bytes of a file have
/// limits of their own ([`portico_core::files::Files::append`]).
pub(super) async fn limit_time(request: Request, next: Next) -> Response {
    if request.method() == Method::PATCH {
        return next.run(request).await;
    }
    match tokio::time::timeout(ANSWER_WITHIN, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(ProblemCode::Timeout, "the request took too long").into_response(),
    }
}

/// What a panic is answered with. Where it happened stands in the log, written by the panic hook, which counts it too.
pub(super) fn on_panic(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::internal().into_response()
}

#[expect(
    clippy::disallowed_methods,
    reason = "measures how long an answer took; nothing is decided by it"
)]
fn begin() -> std::time::Instant {
    std::time::Instant::now()
}
