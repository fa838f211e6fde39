//! JSON over HTTP on the document's own origin. What each request takes and answers is defined in
//! [`portico_shared::http`].

use gloo_net::http::{RequestBuilder, Response};
use portico_shared::http::ProblemBody;
use portico_shared::json::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchError {
    /// Nothing came back: no network, or the relay is down.
    Unreachable,
    /// The relay refused.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Not before this many milliseconds, where the relay said so.
        retry_after_ms: Option<u64>,
        /// The body as it came, a [`ProblemBody`] as a rule. A proxy in between answers what it likes.
        body: String,
    },
    /// Something came back that is not what this version reads.
    Unreadable,
}

impl FetchError {
    /// Whether the same request may succeed later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::Refused { status, .. } => matches!(status, 408 | 425 | 429 | 500..),
            Self::Unreadable => false,
        }
    }

    /// Not before this many milliseconds, where the relay said so.
    pub fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::Refused { retry_after_ms, .. } => *retry_after_ms,
            Self::Unreachable | Self::Unreadable => None,
        }
    }

    /// What the relay says of a refusal.
    pub fn problem(&self) -> Option<ProblemBody> {
        match self {
            Self::Refused { body, .. } => portico_shared::json::from_str(body).ok(),
            Self::Unreachable | Self::Unreadable => None,
        }
    }
}

/// Gets a document.
///
/// # Errors
/// See [`FetchError`].
pub async fn get<T: DeserializeOwned>(path: &str, token: Option<&str>) -> Result<T, FetchError> {
    let request = request(RequestBuilder::new(path), token);
    read(&send(request.build()).await?).await
}

/// Gets a document of which little is read, as a tree.
///
/// # Errors
/// See [`FetchError`].
pub async fn get_value(path: &str, token: Option<&str>) -> Result<Value, FetchError> {
    let request = request(RequestBuilder::new(path), token);
    let text = send(request.build()).await?.text().await;
    let text = text.map_err(|_| FetchError::Unreachable)?;
    portico_shared::json::parse(&text).map_err(|_| FetchError::Unreadable)
}

/// Posts a document, and reads the one that comes back.
///
/// # Errors
/// See [`FetchError`].
pub async fn post<T: DeserializeOwned>(path: &str, body: &impl Serialize) -> Result<T, FetchError> {
    let body = serde_json::to_string(body).map_err(|_| FetchError::Unreadable)?;
    let request = request(gloo_net::http::Request::post(path), None).header("content-type", "application/json");
    read(&send(request.body(body)).await?).await
}

/// Posts nothing, for what is answered with nothing.
///
/// # Errors
/// See [`FetchError`].
pub async fn post_nothing(path: &str, token: Option<&str>) -> Result<(), FetchError> {
    send(request(gloo_net::http::Request::post(path), token).build())
        .await
        .map(|_| ())
}

fn request(request: RequestBuilder, token: Option<&str>) -> RequestBuilder {
    let request = request.header("accept", "application/json");
    match token {
        Some(token) => request.header("authorization", &["Bearer ", token].concat()),
        None => request,
    }
}

async fn send(request: Result<gloo_net::http::Request, gloo_net::Error>) -> Result<Response, FetchError> {
    let request = request.map_err(|_| FetchError::Unreadable)?;
    let response = request.send().await.map_err(|_| FetchError::Unreachable)?;
    if response.ok() {
        return Ok(response);
    }
    Err(FetchError::Refused {
        status: response.status(),
        retry_after_ms: retry_after_ms(&response),
        body: response.text().await.unwrap_or_default(),
    })
}

async fn read<T: DeserializeOwned>(response: &Response) -> Result<T, FetchError> {
    let text = response.text().await.map_err(|_| FetchError::Unreachable)?;
    portico_shared::json::from_str(&text).map_err(|_| FetchError::Unreadable)
}

/// `Retry-After` in seconds; its date form is not used by the relay.
fn retry_after_ms(response: &Response) -> Option<u64> {
    let seconds: u64 = response.headers().get("retry-after")?.parse().ok()?;
    Some(seconds.saturating_mul(1000))
}
