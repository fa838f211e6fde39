//! A push service and the browsers that it serves: it takes messages as RFC 8030 says, checks who signed them (RFC 8292) and
//! decrypts them as the browser would (RFC 8291).

use crate::within;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;
use web_push_native::p256::SecretKey;
use web_push_native::p256::elliptic_curve::sec1::ToEncodedPoint as _;
use web_push_native::{Auth, decrypt};

/// What browser and relay share in these tests.
const AUTH: [u8; 16] = *b"sixteen bytes...";

/// The longest message that a service has to take, in bytes.
const MAX_BYTES: usize = 4_096;

/// The longest time that a signature may be good, in seconds.
const MAX_SIGNED_SECONDS: u64 = 24 * 60 * 60;

/// A message that was taken.
#[derive(Debug, Clone)]
pub struct Pushed {
    /// For which browser.
    pub browser: String,
    /// What it says, once decrypted.
    pub said: Value,
    /// What it replaces.
    pub topic: String,
    /// How long it is to be kept, in seconds.
    pub ttl: u64,
    /// Who answers for it.
    pub contact: Option<String>,
}

#[derive(Default)]
struct Inner {
    origin: Mutex<String>,
    /// Browsers, by name.
    browsers: Mutex<HashMap<String, SecretKey>>,
    taken: Mutex<Vec<Pushed>>,
    /// Requests of whatever kind.
    asked: Mutex<Vec<String>>,
    /// Statuses for the next messages; then 201.
    answers: Mutex<VecDeque<u16>>,
    news: Notify,
}

/// The service.
#[derive(Clone)]
pub struct PushService {
    inner: Arc<Inner>,
}

#[derive(Deserialize)]
struct Claims {
    exp: u64,
    sub: Option<String>,
}

impl PushService {
    /// Starts listening.
    pub async fn start() -> Self {
        let inner = Arc::new(Inner::default());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        *lock(&inner.origin) = format!("http://{address}");
        let app = Router::new()
            .route("/push/{browser}", post(take))
            .with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { inner }
    }

    /// A browser subscribes; answers the subscription as the relay takes it.
    pub fn subscribe(&self, browser: &str) -> Value {
        let secret = SecretKey::from_slice(&Sha256::digest(browser)).expect("nearly every number is a key");
        let public = secret.public_key().to_encoded_point(false);
        lock(&self.inner.browsers).insert(browser.to_owned(), secret);
        json!({
            "endpoint": format!("{}/push/{browser}", lock(&self.inner.origin)),
            "p256dh": URL_SAFE_NO_PAD.encode(public.as_bytes()),
            "auth": URL_SAFE_NO_PAD.encode(AUTH),
        })
    }

    /// A browser wants no more.
    pub fn unsubscribe(&self, browser: &str) {
        lock(&self.inner.browsers).remove(browser);
    }

    /// Queues the status of the answer to the next message.
    pub fn will_answer(&self, status: u16) {
        lock(&self.inner.answers).push_back(status);
    }

    /// The messages that were taken so far.
    pub fn taken(&self) -> Vec<Pushed> {
        lock(&self.inner.taken).clone()
    }

    /// For which browsers it was asked so far, taken or not.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.inner.asked).clone()
    }

    /// Waits until so many messages were taken.
    pub async fn takes(&self, count: usize) -> Vec<Pushed> {
        within("a push", async {
            loop {
                let news = self.inner.news.notified();
                let taken = self.taken();
                if taken.len() >= count {
                    return taken;
                }
                news.await;
            }
        })
        .await
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn take(
    State(inner): State<Arc<Inner>>,
    Path(browser): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    lock(&inner.asked).push(browser.clone());
    let answer = lock(&inner.answers).pop_front();
    if let Some(status) = answer {
        return StatusCode::from_u16(status).expect("a status").into_response();
    }
    let Some(secret) = lock(&inner.browsers).get(&browser).cloned() else {
        return StatusCode::GONE.into_response();
    };
    match read(&inner, browser, &secret, &headers, &body) {
        Ok(pushed) => {
            lock(&inner.taken).push(pushed);
            inner.news.notify_waiters();
            StatusCode::CREATED.into_response()
        }
        Err(problem) => (StatusCode::BAD_REQUEST, problem).into_response(),
    }
}

fn read(
    inner: &Inner,
    browser: String,
    secret: &SecretKey,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Pushed, String> {
    let header = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.ok_or(format!("no {name}"))
    };
    if header("content-encoding")? != "aes128gcm" || body.len() > MAX_BYTES {
        return Err("it is not encrypted, or too long".to_owned());
    }
    let ttl = header("ttl")?.parse().map_err(|_| "ttl")?;
    let topic = header("topic")?.to_owned();
    if topic.is_empty() || topic.len() > 32 {
        return Err("topic".to_owned());
    }
    let contact = signed(&lock(&inner.origin), header("authorization")?)?;
    let said = decrypt(body.to_vec(), secret, &Auth::from(AUTH)).map_err(|error| error.to_string())?;
    Ok(Pushed {
        browser,
        said: serde_json::from_slice(&said).map_err(|error| error.to_string())?,
        topic,
        ttl,
        contact,
    })
}

/// Who answers for a message, if it is signed with the key that it names.
fn signed(origin: &str, authorization: &str) -> Result<Option<String>, String> {
    let parts = authorization
        .strip_prefix("vapid t=")
        .and_then(|rest| rest.split_once(", k="));
    let (token, key) = parts.ok_or("no vapid")?;
    let point = URL_SAFE_NO_PAD.decode(key).map_err(|error| error.to_string())?;
    let [4, coordinates @ ..] = point.as_slice() else {
        return Err("no uncompressed point".to_owned());
    };
    let (x, y) = coordinates.split_at(coordinates.len() / 2);
    let coordinate = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let key = DecodingKey::from_ec_components(&coordinate(x), &coordinate(y)).map_err(|error| error.to_string())?;
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[origin]);
    // Numbers are kept as text here, so that "exp" is looked at below.
    validation.validate_exp = false;
    validation.set_required_spec_claims(&["aud", "exp"]);
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation)
        .map_err(|error| error.to_string())?
        .claims;
    let now = crate::api::now();
    if claims.exp <= now || claims.exp > now + MAX_SIGNED_SECONDS {
        return Err("exp".to_owned());
    }
    Ok(claims.sub)
}
