//! What operators and programmers look at: health, metrics, the description, and how the relay says no.

use crate::relay::{Relay, body, text};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn a_relay_that_runs_is_alive_ready_and_measured() {
    let relay = Relay::start().await;
    assert_eq!(relay.get("/healthz").await.status(), 200);
    assert_eq!(relay.get("/readyz").await.status(), 200);
    let metrics = relay.get("/metrics").await.text().await.expect("text");
    for line in [
        "# TYPE portico_http_requests_total counter",
        "process_resident_memory_bytes ",
        "process_open_fds ",
    ] {
        assert!(metrics.contains(line), "{line} in {metrics}");
    }
    let address = relay.address;
    relay.stop().await.expect("it ends in time");
    assert!(
        tokio::net::TcpStream::connect(address).await.is_err(),
        "nobody listens any more"
    );
}

#[tokio::test]
async fn the_interface_is_described() {
    let relay = Relay::start().await;
    let (_, document) = body(relay.get("/api/openapi.json").await).await;
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).expect("JSON"));
}

#[tokio::test]
async fn what_is_refused_is_refused_in_json() {
    let relay = Relay::start().await;
    for (method, path, status, code) in [
        (Method::GET, "/nowhere", 404, "not_found"),
        (Method::DELETE, "/api/session", 405, "method_not_allowed"),
        (Method::GET, "/api/me", 401, "token_refused"),
        (Method::POST, "/api/session", 415, "not_json"),
        (Method::GET, "/widget/..%2f..%2fCargo.toml", 404, "not_found"),
    ] {
        let (answered, problem) = body(relay.request(method, path).send().await.expect("answered")).await;
        assert_eq!((answered, text(&problem, "/code")), (status, code), "{path}");
    }
    let own = relay.own_origin();
    for (path, members) in [
        ("/api/session", json!(["shop", null, null])),
        ("/api/login", json!(["ann", "a password"])),
    ] {
        let (answered, problem) = body(relay.post(path, Some(&own), &members).await).await;
        assert_eq!(answered, 400, "{path}: {problem}");
        assert!(problem.to_string().contains("expected an object"), "{path}: {problem}");
    }
    let long = json!({ "channel": "x".repeat(70_000) });
    assert_eq!(body(relay.session(&long).await).await.0, 413);
}
