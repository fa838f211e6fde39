//! A whole relay on a free port, and what is asked of it.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use portico::admin::{self, AdminCommand, AdminReply};
use portico::config;
use portico::{Listeners, RunError};
use portico_core::config::Config;
use reqwest::header::{HeaderMap, HeaderName};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use tempfile::TempDir;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error as SocketError, http::HeaderValue};
use tokio_util::sync::CancellationToken;

pub(crate) const SHOP: &str = "https://shop.example";
const SECRET: &str = "a shared secret of at least 32 bytes";

/// The description of the interface, which a test of its own compares with what is served.
const DOCUMENT: &str = include_str!("snapshots/http__operations__the_interface_is_described.snap");

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

pub(crate) struct Relay {
    pub(crate) address: SocketAddr,
    store: PathBuf,
    stop: CancellationToken,
    running: JoinSet<Result<(), RunError>>,
    client: reqwest::Client,
    _folder: TempDir,
}

impl Relay {
    pub(crate) async fn start() -> Self {
        Self::start_with("").await
    }

    /// With further keys, for example of `[limits]`.
    pub(crate) async fn start_with(more: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = folder.path().join("portico.db");
        let config = config::from_toml(&format!("store.path = {store:?}\n{CONFIG}\n{more}")).expect("good");
        Self::run(config, folder).await
    }

    /// With a name of its own.
    pub(crate) async fn start_as(public_url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = folder.path().join("portico.db");
        let mut config = config::from_toml(&format!("store.path = {store:?}\n{CONFIG}")).expect("good");
        public_url.clone_into(&mut config.server.public_url);
        Self::run(config, folder).await
    }

    /// With the browser files of a folder.
    pub(crate) async fn start_with_assets(assets: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = folder.path().join("portico.db");
        let mut config = config::from_toml(&format!("store.path = {store:?}\n{CONFIG}")).expect("good");
        assets.clone_into(&mut config.server.assets);
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

    pub(crate) fn own_origin(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("http://{}{path}", self.address))
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await.expect("answered")
    }

    pub(crate) async fn post(&self, path: &str, origin: Option<&str>, body: &Value) -> Response {
        let request = self.request(Method::POST, path).json(body);
        let request = origin
            .into_iter()
            .fold(request, |request, origin| request.header("origin", origin));
        request.send().await.expect("answered")
    }

    pub(crate) async fn session(&self, body: &Value) -> Response {
        self.post("/api/session", Some(&self.own_origin()), body).await
    }

    pub(crate) async fn login(&self, password: &str) -> Response {
        let body = json!({ "username": "ann", "password": password });
        self.post("/api/login", Some(&self.own_origin()), &body).await
    }

    pub(crate) async fn login_as(&self, username: &str) -> Response {
        let body = json!({ "username": username, "password": "wrong" });
        self.post("/api/login", Some(&self.own_origin()), &body).await
    }

    pub(crate) async fn me(&self, token: &str) -> u16 {
        self.request(Method::GET, "/api/me")
            .bearer_auth(token)
            .send()
            .await
            .expect("answered")
            .status()
            .as_u16()
    }

    pub(crate) async fn administer(&self, command: AdminCommand) -> Result<AdminReply, String> {
        admin::ask(&self.store, &command)
            .await
            .expect("the relay takes commands")
    }

    /// What an upgrade is answered with: the status, and the code of a refusal.
    pub(crate) async fn upgrade(&self, headers: &[(&'static str, &str)]) -> String {
        let mut request = format!("ws://{}/ws", self.address)
            .into_client_request()
            .expect("a request");
        for (name, value) in headers {
            request
                .headers_mut()
                .append(*name, HeaderValue::from_str(value).expect("a header"));
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((_, response)) => response.status().as_str().to_owned(),
            Err(SocketError::Http(response)) => {
                let status = response.status().as_u16();
                let problem = response.body().as_deref().unwrap_or_default();
                let problem: Value = serde_json::from_slice(problem).expect("JSON");
                is_documented("/ws", status, &problem);
                format!("{status} {}", text(&problem, "/code"))
            }
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn stop(mut self) -> Result<(), RunError> {
        self.stop.cancel();
        self.running
            .join_next()
            .await
            .expect("it ran")
            .expect("it did not panic")
    }
}

pub(crate) async fn body(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let path = response.url().path().to_owned();
    let value = response.json().await.expect("JSON");
    is_documented(&path, status, &value);
    (status, value)
}

/// Whatever these tests are answered, the document names: the status for this path, the code among all codes.
fn is_documented(path: &str, status: u16, value: &Value) {
    let document: Value = DOCUMENT
        .splitn(3, "---\n")
        .last()
        .and_then(|json| serde_json::from_str(json).ok())
        .expect("the document as it was last accepted");
    if status >= 400 {
        let codes = &document["components"]["schemas"]["ProblemCode"]["enum"];
        let code = &value["code"];
        assert!(codes.as_array().expect("codes").contains(code), "{code} is no code");
    }
    let paths = document["paths"].as_object().expect("paths");
    // 405 is about the address, not about what stands there.
    if let Some((_, item)) = paths.iter().find(|(template, _)| fits(template, path))
        && status != 405
    {
        let mut operations = item.as_object().expect("operations").values();
        let named = operations.any(|operation| operation["responses"].get(status.to_string()).is_some());
        assert!(named, "{path} answers {status}, which the document does not say");
    }
}

/// Whether a path is one of a template such as `/api/channels/{id}/widget`.
fn fits(template: &str, path: &str) -> bool {
    let (wanted, given) = (template.split('/'), path.split('/'));
    wanted.clone().count() == given.clone().count()
        && wanted
            .zip(given)
            .all(|(wanted, given)| wanted == given || wanted.starts_with('{'))
}

pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{pointer} in {value}"))
}

pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> &'a str {
    headers
        .get(HeaderName::from_static(name))
        .map_or("", |value| value.to_str().expect("text"))
}

#[expect(clippy::disallowed_methods, reason = "tokens are proven by the relay's own clock")]
pub(crate) fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs()
}

pub(crate) fn identity(subject: &str) -> String {
    identity_until(subject, now() + 300)
}

/// The same, good until a time in epoch seconds.
pub(crate) fn identity_until(subject: &str, end: u64) -> String {
    identity_of(&json!({ "sub": subject, "exp": end, "name": "Mia", "plan": "gold" }))
}

/// A token of the site with these claims.
pub(crate) fn identity_of(more: &Value) -> String {
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("k1".into());
    let mut claims = json!({ "iss": SHOP, "aud": "portico", "iat": now(), "exp": now() + 300 });
    let all = claims.as_object_mut().expect("an object");
    all.extend(more.as_object().cloned().expect("an object"));
    jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(SECRET.as_bytes())).expect("encodes")
}
