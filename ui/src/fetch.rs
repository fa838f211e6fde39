//! JSON over HTTP on the document's own origin.

use crate::browser::window;
use portico_shared::json::{self, Value};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use web_sys::{Headers, Request, RequestInit, Response};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchError {
    /// The status; 0 if nothing came back at all.
    pub status: u16,
    /// Not before this many milliseconds, where the relay said so.
    pub retry_after_ms: Option<u64>,
    /// The body, as it came: the relay explains itself in JSON.
    pub body: String,
}

impl FetchError {
    const UNREACHABLE: Self = Self {
        status: 0,
        retry_after_ms: None,
        body: String::new(),
    };

    /// Whether the same request may succeed later.
    pub fn is_temporary(&self) -> bool {
        matches!(self.status, 0 | 408 | 425 | 429 | 500..)
    }
}

/// Gets a document.
pub async fn get(path: &str, bearer: Option<&str>) -> Result<Value, FetchError> {
    send("GET", path, None, bearer).await
}

/// Sends a request, with a body where there is one, and reads the JSON that comes back; nothing is `Null`.
pub async fn send(method: &str, path: &str, body: Option<&Value>, bearer: Option<&str>) -> Result<Value, FetchError> {
    let request = request(method, path, body, bearer).map_err(|_| FetchError::UNREACHABLE)?;
    let answer = JsFuture::from(window().fetch_with_request(&request)).await;
    let response: Response = answer
        .ok()
        .and_then(|it| it.dyn_into().ok())
        .ok_or(FetchError::UNREACHABLE)?;
    let body = text_of(&response).await.ok_or(FetchError::UNREACHABLE)?;
    let parsed = if body.is_empty() {
        Some(Value::Null)
    } else {
        json::parse(&body).ok()
    };
    match parsed {
        Some(value) if response.ok() => Ok(value),
        _ => Err(FetchError {
            status: response.status(),
            retry_after_ms: retry_after(&response),
            body,
        }),
    }
}

fn request(method: &str, path: &str, body: Option<&Value>, bearer: Option<&str>) -> Result<Request, JsValue> {
    let headers = Headers::new()?;
    headers.set("accept", "application/json")?;
    if let Some(token) = bearer {
        headers.set("authorization", &["Bearer ", token].concat())?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    if let Some(body) = body {
        headers.set("content-type", "application/json")?;
        init.set_body(&JsValue::from_str(&json::text_of(body)));
    }
    init.set_headers(&headers);
    Request::new_with_str_and_init(path, &init)
}

async fn text_of(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// `Retry-After` in seconds; its date form is not used by the relay.
fn retry_after(response: &Response) -> Option<u64> {
    let seconds: u64 = response.headers().get("retry-after").ok()??.parse().ok()?;
    Some(seconds.saturating_mul(1000))
}
