//! The page, under a policy as strict as the demo shop's, and the switch of its line.

use crate::fault::Fault;
use crate::line::Line;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use std::sync::Arc;

const PAGE: &str = include_str!("../page/index.html");
const STYLE: &str = include_str!("../page/playground.css");
const SCRIPT: &str = include_str!("../page/playground.js");
const TOKENS: &str = include_str!("../../public/tokens.css");

/// Serves the page of a line.
pub(crate) fn router(line: Arc<Line>, channel: &str) -> Router {
    let [own, relay] = [line.address, line.relay].map(|address| format!("http://{address}"));
    let html = PAGE
        .replace("{{line}}", &own)
        .replace("{{relay}}", &relay)
        .replace("{{channel}}", channel);
    // All that a site needs for notifications with no page open.
    let worker = format!("importScripts(\"{own}/embed/worker.js\");\n");
    let policy = format!(
        "default-src 'none'; script-src 'self' {own}; style-src 'self'; img-src 'self' data:; frame-src {own}; \
         connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'"
    );
    let policy = HeaderValue::from_str(&policy).expect("addresses are ASCII");
    Router::new()
        .route("/", get(async move || page(html.clone(), policy.clone())))
        .route("/playground.css", get(async || style(STYLE)))
        .route("/tokens.css", get(async || style(TOKENS)))
        .route("/playground.js", get(async || script(SCRIPT)))
        .route("/portico-worker.js", get(async move || script(worker.clone())))
        .route("/line", get(current_fault).put(set))
        .with_state(line)
}

fn page(html: String, policy: HeaderValue) -> Response {
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response()
}

fn style(text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css")], text)
}

fn script(text: impl IntoResponse) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript")], text)
}

/// What is wrong with the line.
async fn current_fault(State(line): State<Arc<Line>>) -> Json<Fault> {
    Json(line.fault())
}

/// Makes this wrong with it. A page of another origin may not ask for JSON to be put.
async fn set(State(line): State<Arc<Line>>, Json(fault): Json<Fault>) {
    line.set(fault);
}
