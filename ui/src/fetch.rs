//! JSON over HTTP on the document's own origin. What each request takes and answers is defined in
//! [`portico_shared::http`].

use gloo_net::http::{Method, RequestBuilder, Response};
use portico_shared::http::ProblemBody;
use portico_shared::json::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;
use web_sys::RequestCache;

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
    /// Whether the same request may succeed later. What is not of the relay, as the answer of a proxy or of a network that
    /// wants a login first, says nothing of what the relay would answer.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable | Self::Unreadable => true,
            Self::Refused { status, .. } => matches!(status, 408 | 425 | 429 | 500..) || self.code().is_none(),
        }
    }

    /// Whether the relay does not take a proof of who this is. What a proxy answers in its place is no reason to throw the proof away.
    pub fn is_of_proof(&self) -> bool {
        matches!(self, Self::Refused { status: 401, .. }) && self.code().is_some()
    }

    /// The code of a refusal of the relay, as text: what reads all codes is in no program that goes by one.
    pub fn code(&self) -> Option<String> {
        let Self::Refused { body, .. } = self else { return None };
        let problem = portico_shared::json::parse(body).ok()?;
        problem.get("message")?.as_str()?;
        Some(problem.get("code")?.as_str()?.to_owned())
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

/// Gets a document, and what time it was at the relay then, in epoch milliseconds, where the answer says so.
///
/// # Errors
/// See [`FetchError`].
pub async fn get_dated<T: DeserializeOwned>(path: &str) -> Result<(T, Option<i64>), FetchError> {
    let request = request(RequestBuilder::new(path), None);
    let response = send(request.build()).await?;
    let at = response.headers().get("date").map(|date| js_sys::Date::parse(&date));
    let at = at.filter(|at| at.is_finite()).map(|at| at as i64);
    Ok((read(&response).await?, at))
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

/// Puts a document, for what is answered with nothing.
///
/// # Errors
/// See [`FetchError`].
pub async fn put(path: &str, token: Option<&str>, body: &impl Serialize) -> Result<(), FetchError> {
    send_document(gloo_net::http::Request::put(path), token, body).await
}

/// Deletes what a document names, for what is answered with nothing.
///
/// # Errors
/// See [`FetchError`].
pub async fn delete(path: &str, token: Option<&str>, body: &impl Serialize) -> Result<(), FetchError> {
    send_document(gloo_net::http::Request::delete(path), token, body).await
}

async fn send_document(builder: RequestBuilder, token: Option<&str>, body: &impl Serialize) -> Result<(), FetchError> {
    let body = serde_json::to_string(body).map_err(|_| FetchError::Unreadable)?;
    let request = request(builder, token).header("content-type", "application/json");
    send(request.body(body)).await.map(|_| ())
}

/// Deletes what an address names. The status says how far that is; what says nothing of what is kept is not the relay's answer, but that
/// of a proxy or of a network that wants a login first.
///
/// # Errors
/// See [`FetchError`].
pub async fn erase(path: &str, token: &str) -> Result<u16, FetchError> {
    let response = send(request(gloo_net::http::Request::delete(path), Some(token)).build()).await?;
    let text = response.text().await.map_err(|_| FetchError::Unreachable)?;
    if is_erasure(&text) {
        Ok(response.status())
    } else {
        Err(FetchError::Unreadable)
    }
}

/// Whether a text is the relay's answer to an erasure, which always names what is kept.
fn is_erasure(text: &str) -> bool {
    portico_shared::json::parse(text).is_ok_and(|answer| answer.get("kept").is_some())
}

/// Whether the relay no longer has a file. The browser's cache is not asked.
pub(crate) async fn is_gone(address: &str) -> bool {
    let request = RequestBuilder::new(address)
        .method(Method::HEAD)
        .cache(RequestCache::NoStore);
    matches!(
        send(request.build()).await,
        Err(FetchError::Refused { status: 404, .. })
    )
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

#[cfg(test)]
mod tests {
    use super::{FetchError, is_erasure};

    fn refused(status: u16, body: &str) -> FetchError {
        FetchError::Refused {
            status,
            retry_after_ms: None,
            body: body.to_owned(),
        }
    }

    #[test]
    fn the_relay_alone_erases() {
        let answer = portico_shared::http::ErasureAnswer {
            erased: None,
            kept: Vec::new(),
        };
        assert!(is_erasure(&serde_json::to_string(&answer).expect("an answer is JSON")));
        for foreign in ["", "<!doctype html><title>Sign in</title>", "null", "{}", "[\"kept\"]"] {
            assert!(!is_erasure(foreign), "{foreign}");
        }
    }

    #[test]
    fn the_relay_alone_refuses_for_good() {
        let problem = r#"{"code":"origin_refused","message":"..."}"#;
        assert!(!refused(403, problem).is_temporary());
        assert!(refused(401, problem).is_of_proof());
        assert!(!refused(403, problem).is_of_proof());
        assert!(refused(503, problem).is_temporary());
        for foreign in [
            "",
            "<!doctype html><title>Sign in</title>",
            "null",
            r#"{"code":403}"#,
            r#"{"message":"Forbidden"}"#,
        ] {
            assert!(!refused(401, foreign).is_of_proof(), "{foreign}");
            for status in [401, 403, 404, 407] {
                assert!(refused(status, foreign).is_temporary(), "{status} {foreign}");
            }
        }
        assert!(FetchError::Unreadable.is_temporary());
        assert!(FetchError::Unreachable.is_temporary());
    }
}
