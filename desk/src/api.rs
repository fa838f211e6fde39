//! The relay's HTTP interface, as far as the console needs it: signing in and out, the wrap-up codes, and what was
//! reported of a customer before a chat. Everything else goes over the socket.

use gloo_net::http::{Method, RequestBuilder, Response};
use portico_shared::cim::CimEvent;
use portico_shared::ids::ConversationId;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Somebody who may use the console.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct User {
    /// The contact-centre user's id.
    pub(crate) id: String,
    /// What they sign in with.
    pub(crate) username: String,
    /// Given name; may be empty.
    #[serde(default)]
    pub(crate) first_name: String,
    /// Family name; may be empty.
    #[serde(default)]
    pub(crate) last_name: String,
    /// `agent`, `supervisor`, `admin`.
    #[serde(default)]
    pub(crate) roles: Vec<String>,
}

impl User {
    /// What colleagues call this person.
    pub(crate) fn display_name(&self) -> String {
        let full = format!("{} {}", self.first_name, self.last_name);
        match full.trim() {
            "" => self.username.clone(),
            full => full.to_owned(),
        }
    }
}

/// The proof that somebody signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Login {
    /// Goes into the socket's first frame and the `Authorization` header, never into a URL.
    pub(crate) token: String,
    /// When the token ends, in epoch milliseconds.
    pub(crate) expires_at: i64,
    /// Whose it is.
    pub(crate) user: User,
}

/// One category of wrap-up codes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct WrapupCategory {
    /// What the operator called it.
    pub(crate) category: String,
    /// The codes in it.
    pub(crate) values: Vec<String>,
}

/// Why a request did not bring what was asked for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ApiError {
    /// Nothing came back: no network, or the relay is down.
    Unreachable,
    /// The relay said no.
    Refused {
        /// The HTTP status.
        status: u16,
        /// Not before this many milliseconds, if the relay says so.
        retry_after_ms: Option<u64>,
    },
    /// Something came back that is not what this version understands.
    Unreadable,
}

#[derive(Serialize)]
struct Credentials<'a> {
    username: &'a str,
    password: &'a str,
}

#[derive(Deserialize, Default)]
struct Problem {
    #[serde(default)]
    retry_after_ms: Option<u64>,
}

/// Signs in.
pub(crate) async fn login(username: &str, password: &str) -> Result<Login, ApiError> {
    let body = serde_json::to_string(&Credentials { username, password }).map_err(|_| ApiError::Unreadable)?;
    let response = send(Method::POST, "/api/login", None, Some(&body)).await?;
    read(&response).await
}

/// Ends the token at the relay. The console forgets it whether this succeeds or not.
pub(crate) async fn logout(token: &str) -> Result<(), ApiError> {
    send(Method::POST, "/api/logout", Some(token), None).await.map(|_| ())
}

/// The codes that a conversation can be wrapped up with.
pub(crate) async fn wrapups(token: &str) -> Result<Vec<WrapupCategory>, ApiError> {
    let response = send(Method::GET, "/api/wrapups", Some(token), None).await?;
    read(&response).await
}

/// What was reported of a conversation's customer while there was no conversation, newest first.
pub(crate) async fn customer_activities(token: &str, id: &ConversationId) -> Result<Vec<CimEvent>, ApiError> {
    let path = format!("/api/v1/conversations/{id}/customer-activities");
    let response = send(Method::GET, &path, Some(token), None).await?;
    read(&response).await
}

async fn send(method: Method, path: &str, token: Option<&str>, body: Option<&str>) -> Result<Response, ApiError> {
    let mut request = RequestBuilder::new(path).method(method);
    if let Some(token) = token {
        request = request.header("authorization", &format!("Bearer {token}"));
    }
    let request = match body {
        Some(body) => request.header("content-type", "application/json").body(body),
        None => request.build(),
    };
    let request = request.map_err(|_| ApiError::Unreadable)?;
    let response = request.send().await.map_err(|_| ApiError::Unreachable)?;
    if response.ok() {
        return Ok(response);
    }
    let problem: Problem = read(&response).await.unwrap_or_default();
    Err(ApiError::Refused {
        status: response.status(),
        retry_after_ms: problem.retry_after_ms,
    })
}

async fn read<T: DeserializeOwned>(response: &Response) -> Result<T, ApiError> {
    let text = response.text().await.map_err(|_| ApiError::Unreachable)?;
    serde_json::from_str(&text).map_err(|_| ApiError::Unreadable)
}
