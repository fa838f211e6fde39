//! A whole relay on a free port, asked over HTTP as browsers, desks and programs ask it.

use futures_util::{SinkExt, StreamExt};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use portico::admin::{self, Command, Done, KeyKind};
use portico::config::Config;
use portico::{Listeners, RunError};
use portico_shared::close::CloseCode;
use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error as SocketError, Message, http::HeaderValue};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use tokio_util::sync::CancellationToken;

const SHOP: &str = "https://shop.example";
const SECRET: &str = "a shared secret of at least 32 bytes";

const CONFIG: &str = r##"
[[users]]
username = "ann"
password = "correct horse"
first_name = "Ann"
roles = ["agent"]

[server]
listen = "127.0.0.1:0"
drain_seconds = 5

[bots.helper]
name = "Helper"

[channels.shop]
name = "Shop"
origins = ["https://shop.example", "http://localhost:8081"]
queue = "support"
widget = { title = "Shop", greeting = "Hello", expectation = "Soon", accent = "#1f5eff" }

[[channels.shop.keys]]
kid = "k1"
algorithm = "HS256"
key = "a shared secret of at least 32 bytes"
issuer = "https://shop.example"
audience = "portico"

[channels.other]
name = "Other"
origins = ["https://other.example"]
queue = "support"
widget = { title = "Other", greeting = "Hello", expectation = "Soon", accent = "#1f5eff" }
"##;

struct Relay {
    address: SocketAddr,
    store: PathBuf,
    stop: CancellationToken,
    running: JoinSet<Result<(), RunError>>,
    client: reqwest::Client,
    _folder: TempDir,
}

impl Relay {
    async fn start() -> Self {
        Self::start_with("").await
    }

    /// With further keys, for example of `[limits]`.
    async fn start_with(more: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = folder.path().join("portico.db");
        let config = Config::from_toml(&format!("store.path = {store:?}\n{CONFIG}\n{more}")).expect("good");
        Self::run(config, folder).await
    }

    /// With a name of its own.
    async fn start_as(public_url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = folder.path().join("portico.db");
        let mut config = Config::from_toml(&format!("store.path = {store:?}\n{CONFIG}")).expect("good");
        public_url.clone_into(&mut config.server.public_url);
        Self::run(config, folder).await
    }

    async fn run(config: Config, folder: TempDir) -> Self {
        let store = config.store.path.clone();
        let listeners = Listeners::bind(&config).await.expect("a free port");
        let address = listeners.relay_address();
        let stop = CancellationToken::new();
        let mut running = JoinSet::new();
        running.spawn(portico::run(config, listeners, stop.clone()));
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self {
            address,
            store,
            stop,
            running,
            client,
            _folder: folder,
        }
    }

    fn own_origin(&self) -> String {
        format!("http://{}", self.address)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.expect("answered")
    }

    async fn post(&self, path: &str, origin: Option<&str>, body: &Value) -> Response {
        let request = self.request(Method::POST, path).json(body);
        let request = origin
            .into_iter()
            .fold(request, |request, origin| request.header("origin", origin));
        request.send().await.expect("answered")
    }

    async fn session(&self, body: &Value) -> Response {
        self.post("/api/session", Some(&self.own_origin()), body).await
    }

    async fn login(&self, password: &str) -> Response {
        let body = json!({ "username": "ann", "password": password });
        self.post("/api/login", Some(&self.own_origin()), &body).await
    }

    async fn login_as(&self, username: &str) -> Response {
        let body = json!({ "username": username, "password": "wrong" });
        self.post("/api/login", Some(&self.own_origin()), &body).await
    }

    async fn me(&self, token: &str) -> u16 {
        self.request(Method::GET, "/api/me")
            .bearer_auth(token)
            .send()
            .await
            .expect("answered")
            .status()
            .as_u16()
    }

    async fn administer(&self, command: Command) -> Result<Done, String> {
        admin::ask(&self.store, &command)
            .await
            .expect("the relay takes commands")
    }

    /// The status that an upgrade is answered with.
    async fn upgrade(&self, headers: &[(&'static str, &str)]) -> u16 {
        let mut request = format!("ws://{}/ws", self.address)
            .into_client_request()
            .expect("a request");
        for (name, value) in headers {
            request
                .headers_mut()
                .append(*name, HeaderValue::from_str(value).expect("a header"));
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((_, response)) => response.status().as_u16(),
            Err(SocketError::Http(response)) => response.status().as_u16(),
            Err(error) => panic!("{error}"),
        }
    }

    async fn stop(mut self) -> Result<(), RunError> {
        self.stop.cancel();
        self.running
            .join_next()
            .await
            .expect("it ran")
            .expect("it did not panic")
    }
}

async fn body(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    (status, response.json().await.expect("JSON"))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{pointer} in {value}"))
}

fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> &'a str {
    headers
        .get(HeaderName::from_static(name))
        .map_or("", |value| value.to_str().expect("text"))
}

#[expect(clippy::disallowed_methods, reason = "tokens are proven by the relay's own clock")]
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs()
}

fn identity(subject: &str) -> String {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("k1".into());
    let claims = json!({
        "iss": SHOP, "aud": "portico", "sub": subject, "iat": now(), "exp": now() + 300, "name": "Mia", "plan": "gold",
    });
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(SECRET.as_bytes())).expect("encodes")
}

#[tokio::test]
async fn a_socket_opens_for_listed_pages_and_for_programs_only() {
    let relay = Relay::start().await;
    let own = relay.own_origin();
    for origin in [own.as_str(), SHOP, "https://other.example", "http://localhost:8081"] {
        let status = relay
            .upgrade(&[("origin", origin), ("sec-websocket-protocol", "portico.v1")])
            .await;
        assert_eq!(status, 101, "{origin}");
    }
    assert_eq!(relay.upgrade(&[("sec-websocket-protocol", "portico.v1")]).await, 101);
    for origin in [
        "null",
        "",
        "https://www.shop.example",
        "https://evil.shop.example",
        "https://evilshop.example",
        "https://shop.example.evil.example",
        "https://shop.exampl",
        "https://shop.example:8443",
        "http://shop.example",
        "https://SHOP.example",
        "https://shop.example.",
        "https://shop.example/",
        "https://user@shop.example",
        "https://shop.example@evil.example",
        "https://xn--shp-rla.example",
        "file://",
    ] {
        let status = relay
            .upgrade(&[("origin", origin), ("sec-websocket-protocol", "portico.v1")])
            .await;
        assert_eq!(status, 403, "{origin:?}");
    }
    let twice = [
        ("origin", SHOP),
        ("origin", SHOP),
        ("sec-websocket-protocol", "portico.v1"),
    ];
    assert_eq!(relay.upgrade(&twice).await, 403);
    relay.stop().await.expect("it ends in time");
}

#[tokio::test]
async fn a_socket_speaks_the_subprotocol_that_both_know() {
    let relay = Relay::start().await;
    assert_eq!(relay.upgrade(&[]).await, 400);
    assert_eq!(relay.upgrade(&[("sec-websocket-protocol", "portico.v2")]).await, 400);
    assert_eq!(relay.get("/ws").await.status(), 426);
}

#[tokio::test]
async fn a_visit_begins_on_listed_pages_of_its_own_channel_only() {
    let relay = Relay::start().await;
    let own = relay.own_origin();
    for (channel, origin, status) in [
        ("shop", Some(own.as_str()), 200),
        ("shop", Some(SHOP), 200),
        ("shop", Some("https://other.example"), 403),
        ("other", Some(SHOP), 403),
        ("shop", Some("null"), 403),
        ("shop", Some("https://evil.example"), 403),
        ("shop", None, 403),
        ("none", Some(own.as_str()), 404),
        ("none", Some(SHOP), 403),
    ] {
        let response = relay.post("/api/session", origin, &json!({ "channel": channel })).await;
        assert_eq!(response.status(), status, "{channel} from {origin:?}");
        let shared = header(response.headers(), "access-control-allow-origin");
        assert_eq!(
            shared,
            if status == 403 { "" } else { origin.unwrap_or_default() },
            "{channel} from {origin:?}"
        );
        assert_eq!(header(response.headers(), "vary"), "origin");
        assert_eq!(header(response.headers(), "cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_browser_is_asked_for_leave_only_where_another_origin_may_ask() {
    let relay = Relay::start().await;
    let ask = async |path: &str, origin: &str| {
        let request = relay.request(Method::OPTIONS, path).header("origin", origin);
        let response = request
            .header("access-control-request-method", "POST")
            .send()
            .await
            .expect("answered");
        header(response.headers(), "access-control-allow-origin").to_owned()
    };
    assert_eq!(ask("/api/session", SHOP).await, SHOP);
    assert_eq!(ask("/api/session", "https://evil.example").await, "");
    assert_eq!(ask("/api/channels/shop/widget", SHOP).await, SHOP);
    assert_eq!(ask("/api/login", SHOP).await, "");
}

#[tokio::test]
async fn a_browser_is_the_same_visitor_on_its_next_visit() {
    let relay = Relay::start().await;
    let (_, first) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    assert_eq!(first["customer"]["verified"], json!(false));
    let again = json!({ "channel": "shop", "refresh": text(&first, "/refresh") });
    let (_, second) = body(relay.session(&again).await).await;
    assert_eq!(second["customer"], first["customer"]);
    let (_, stranger) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    assert_ne!(stranger["customer"]["id"], first["customer"]["id"]);
    for refused in [
        json!({ "channel": "other", "refresh": text(&first, "/refresh") }),
        json!({ "channel": "shop", "refresh": text(&first, "/token") }),
        json!({ "channel": "shop", "refresh": "" }),
    ] {
        let (status, problem) = body(relay.session(&refused).await).await;
        assert_eq!((status, text(&problem, "/code")), (401, "refresh_refused"), "{refused}");
    }
}

#[tokio::test]
async fn a_proven_customer_is_the_same_in_every_browser() {
    let relay = Relay::start().await;
    let signed = async |subject: &str| {
        body(
            relay
                .session(&json!({ "channel": "shop", "identity": identity(subject) }))
                .await,
        )
        .await
        .1
    };
    let (first, second, other) = (signed("42").await, signed("42").await, signed("43").await);
    assert_eq!(first["customer"], second["customer"]);
    assert_eq!(
        (text(&first, "/customer/name"), &first["customer"]["verified"]),
        ("Mia", &json!(true))
    );
    assert_ne!(first["customer"]["id"], other["customer"]["id"]);
    // The proof goes before what the browser was; the proof of one site is none on another's channel.
    let (_, visitor) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    let both = json!({ "channel": "shop", "refresh": text(&visitor, "/refresh"), "identity": identity("42") });
    assert_eq!(body(relay.session(&both).await).await.1["customer"], first["customer"]);
    let elsewhere = json!({ "channel": "other", "identity": identity("42") });
    let (status, problem) = body(relay.session(&elsewhere).await).await;
    assert_eq!((status, text(&problem, "/code")), (401, "identity_refused"));
}

#[tokio::test]
async fn nothing_about_a_sender_is_taken_from_the_body() {
    let relay = Relay::start().await;
    for claim in ["customer", "id", "email", "sub", "verified"] {
        let (status, problem) = body(relay.session(&json!({ "channel": "shop", claim: "c-1" })).await).await;
        assert_eq!((status, text(&problem, "/code")), (422, "malformed"), "{claim}");
    }
    for channel in [
        json!(0),
        json!(true),
        json!(null),
        json!(["shop"]),
        json!({ "$ne": "" }),
    ] {
        let (status, _) = body(relay.session(&json!({ "channel": channel })).await).await;
        assert_eq!(status, 422, "{channel}");
    }
}

#[tokio::test]
async fn visits_from_one_address_are_limited() {
    let relay = Relay::start_with("[limits]\nsessions_per_minute = 3").await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(relay.session(&json!({ "channel": "shop" })).await.status().as_u16());
    }
    assert_eq!(statuses, [200, 200, 200, 429]);
}

#[tokio::test]
async fn a_user_signs_in_and_out() {
    let relay = Relay::start().await;
    let (status, answer) = body(relay.login("correct horse").await).await;
    assert_eq!((status, text(&answer, "/user/username")), (200, "ann"));
    let token = text(&answer, "/token");
    assert!(token.starts_with("pst_"), "the token tells its kind");
    assert_eq!(relay.me(token).await, 200);
    let wrapups = relay
        .request(Method::GET, "/api/wrapups")
        .bearer_auth(token)
        .send()
        .await
        .expect("answered");
    assert_eq!(text(&body(wrapups).await.1, "/0/category"), "Outcome");
    let signed_out = relay
        .request(Method::POST, "/api/logout")
        .bearer_auth(token)
        .send()
        .await
        .expect("answered");
    assert_eq!(signed_out.status(), 204);
    assert_eq!(relay.me(token).await, 401);
}

#[tokio::test]
async fn signing_in_says_nothing_about_who_exists() {
    let relay = Relay::start().await;
    let wrong = body(relay.login("wrong horse").await).await;
    let nobody = json!({ "username": "nobody", "password": "wrong horse" });
    assert_eq!(body(relay.post("/api/login", None, &nobody).await).await, wrong);
    assert_eq!((wrong.0, text(&wrong.1, "/code")), (401, "wrong_credentials"));
    let from_shop = relay.post("/api/login", Some(SHOP), &nobody).await;
    assert_eq!(from_shop.status(), 403);
}

#[tokio::test]
async fn guessing_a_password_is_slowed_down() {
    let relay = Relay::start_with("[limits]\nsign_ins_per_minute = 2").await;
    for _ in 0..2 {
        assert_eq!(relay.login("wrong horse").await.status(), 401);
    }
    let limited = relay.login("correct horse").await;
    assert!(
        header(limited.headers(), "retry-after")
            .parse::<u64>()
            .is_ok_and(|seconds| (1..=60).contains(&seconds))
    );
    let (status, problem) = body(limited).await;
    assert_eq!((status, text(&problem, "/code")), (429, "rate_limited"));
    assert!(problem["retry_after_ms"].as_u64().is_some_and(|wait| wait > 0));
}

#[tokio::test]
async fn a_token_of_one_kind_is_none_of_another() {
    let relay = Relay::start().await;
    let (_, session) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    assert_eq!(relay.me(text(&session, "/token")).await, 403);
    assert_eq!(relay.me(text(&session, "/refresh")).await, 401);
    for nonsense in ["", "pst_", "pst_AAAA", "pk_AAAA", "a.b.c", &identity("42")] {
        assert_eq!(relay.me(nonsense).await, 401, "{nonsense:?}");
    }
    let basic = relay
        .request(Method::GET, "/api/me")
        .basic_auth("ann", Some("correct horse"));
    assert_eq!(basic.send().await.expect("answered").status(), 401);
}

#[tokio::test]
async fn an_operator_adds_disables_makes_and_revokes_while_the_relay_runs() {
    let relay = Relay::start().await;
    let (_, answer) = body(relay.login("correct horse").await).await;
    let token = text(&answer, "/token");
    relay
        .administer(Command::DisableUser { username: "ann".into() })
        .await
        .map(|_| ())
        .expect("disabled");
    assert_eq!(relay.me(token).await, 401);
    assert_eq!(relay.login("correct horse").await.status(), 401);
    let unknown = relay
        .administer(Command::DisableUser {
            username: "nobody".into(),
        })
        .await;
    assert_eq!(unknown.err().as_deref(), Some("no user \"nobody\""));

    let command = Command::AddKey {
        kind: KeyKind::Bot,
        subject: "helper".into(),
        label: "test".into(),
        scopes: Vec::new(),
    };
    let Ok(Done::KeyAdded { secret, id }) = relay.administer(command).await else {
        panic!("a key was made")
    };
    assert_eq!(relay.me(&secret).await, 403, "a bot is proven, but no user");
    relay
        .administer(Command::RevokeKey { id })
        .await
        .map(|_| ())
        .expect("revoked");
    assert_eq!(relay.me(&secret).await, 401);
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_it_may_not() {
    let relay = Relay::start().await;
    for path in [
        "/healthz",
        "/nowhere",
        "/api/me",
        "/widget/frame/shop",
        "/desk/",
        "/embed.js",
        "/ws",
        "/metrics",
    ] {
        let answer = relay.get(path).await;
        assert_eq!(header(answer.headers(), "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(answer.headers(), "referrer-policy"), "no-referrer", "{path}");
        assert!(
            header(answer.headers(), "permissions-policy").contains("camera=()"),
            "{path}"
        );
        assert!(
            header(answer.headers(), "content-security-policy").starts_with("default-src 'none'; "),
            "{path}"
        );
        assert_eq!(header(answer.headers(), "access-control-allow-origin"), "", "{path}");
    }
}

#[tokio::test]
async fn the_frame_is_framed_by_the_origins_of_its_channel() {
    let relay = Relay::start().await;
    let policy = async |path: &str| header(relay.get(path).await.headers(), "content-security-policy").to_owned();
    let shop = policy("/widget/frame/shop").await;
    assert!(
        shop.ends_with("; frame-ancestors https://shop.example http://localhost:8081"),
        "{shop}"
    );
    assert!(
        shop.contains(&format!("; connect-src 'self' ws://{};", relay.address)),
        "{shop}"
    );
    assert!(
        policy("/widget/frame/other")
            .await
            .ends_with("; frame-ancestors https://other.example")
    );
    assert!(policy("/desk/").await.ends_with("; frame-ancestors 'none'"));
    assert_eq!(relay.get("/widget/frame/none").await.status(), 404);
    assert_eq!(relay.get("/widget/frame/..%2f..%2fshop").await.status(), 404);
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
    let long = json!({ "channel": "x".repeat(70_000) });
    assert_eq!(body(relay.session(&long).await).await.0, 413);
}

#[tokio::test]
async fn the_widgets_look_is_public() {
    let relay = Relay::start().await;
    let (status, look) = body(relay.get("/api/channels/shop/widget").await).await;
    assert_eq!((status, text(&look, "/title")), (200, "Shop"));
    assert_eq!(relay.get("/api/channels/none/widget").await.status(), 404);
    let from_other = relay
        .request(Method::GET, "/api/channels/shop/widget")
        .header("origin", "https://other.example");
    assert_eq!(from_other.send().await.expect("answered").status(), 403);
}

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
    insta::assert_json_snapshot!(document);
}

#[tokio::test]
async fn a_name_that_nobody_can_have_is_wrong_and_counts_for_nothing() {
    let relay = Relay::start_with("[limits]\nsign_ins_per_minute = 1").await;
    for name in ["a name", "", &"x".repeat(10_000)] {
        for _ in 0..20 {
            assert_eq!(relay.login_as(name).await.status(), 401, "{}", name.len());
        }
    }
    assert_eq!(relay.login("correct horse").await.status(), 200);
    assert_eq!(relay.login_as("ann").await.status(), 429);
}

/// Opens a socket and keeps it, or says how it was refused.
async fn socket(relay: &Relay) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, u16> {
    let mut request = format!("ws://{}/ws", relay.address)
        .into_client_request()
        .expect("a request");
    let headers = request.headers_mut();
    headers.append("sec-websocket-protocol", HeaderValue::from_static("portico.v1"));
    let origin = HeaderValue::from_str(&relay.own_origin()).expect("a header");
    headers.append("origin", origin);
    match tokio_tungstenite::connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(SocketError::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_no_more() {
    let relay = Relay::start_with("[limits]\nconnections_per_address = 2").await;
    let (first, second) = (socket(&relay).await, socket(&relay).await);
    assert!(first.is_ok() && second.is_ok());
    assert_eq!(socket(&relay).await.err(), Some(429));
    assert_eq!(relay.get("/healthz").await.status(), 429);
    drop(first);
    while socket(&relay).await.is_err() {
        tokio::task::yield_now().await;
    }
    relay.stop().await.expect("it ends in time");
}

#[tokio::test]
async fn the_relay_has_so_many_connections_and_no_more() {
    let relay = Relay::start_with("[limits]\nconnections = 1").await;
    let held = socket(&relay).await;
    assert!(held.is_ok());
    assert_eq!(socket(&relay).await.err(), Some(503));
    let (status, problem) = body(relay.get("/healthz").await).await;
    assert_eq!((status, text(&problem, "/code")), (503, "full"));
}

#[tokio::test]
async fn a_visit_ends_with_what_proved_the_customer() {
    let relay = Relay::start().await;
    let ends = (now() + 300) * 1_000;
    let proven = json!({ "channel": "shop", "identity": identity("42") });
    let (_, first) = body(relay.session(&proven).await).await;
    let again = json!({ "channel": "shop", "refresh": text(&first, "/refresh") });
    let (_, second) = body(relay.session(&again).await).await;
    for visit in [&first, &second] {
        let end = visit["expires_at"].as_u64().expect("a time");
        assert!((ends..ends + 60_000).contains(&end), "{end}");
    }
    let (_, anonymous) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    assert!(anonymous["expires_at"].as_u64().expect("a time") > ends);
}

#[tokio::test]
async fn pings_of_a_socket_count_like_frames() {
    let relay = Relay::start_with("[limits]\nframes_burst = 5\nframes_per_minute = 1").await;
    let (_, visit) = body(relay.session(&json!({ "channel": "shop" })).await).await;
    let hello = json!({ "type": "hello", "token": text(&visit, "/token") });
    let mut socket = socket(&relay).await.expect("a socket");
    socket.send(Message::text(hello.to_string())).await.expect("sent");
    for _ in 0..20 {
        // The relay may have hung up by then.
        let _ = socket.send(Message::Ping("".into())).await;
    }
    let mut closed = None;
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Close(frame) = message {
            closed = frame.map(|frame| u16::from(frame.code));
        }
    }
    assert_eq!(closed, Some(CloseCode::Flooding.code()));
}

#[tokio::test]
async fn browsers_are_held_to_https_where_the_relay_has_it() {
    let hsts = async |relay: Relay| {
        let response = relay.get("/healthz").await;
        header(response.headers(), "strict-transport-security").to_owned()
    };
    assert_eq!(hsts(Relay::start().await).await, "");
    let secure = Relay::start_as("https://chat.example").await;
    assert_eq!(hsts(secure).await, "max-age=31536000");
}
