//! One request of an upload. `XMLHttpRequest` says how much of a body has gone out, which `fetch` does not.

use super::upload::{Answer, Step};
use js_sys::{Date, Promise};
use portico_shared::http::upload;
use portico_shared::ids::ConversationId;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

/// Where uploads begin.
const UPLOADS: &str = "/api/files";

/// A request that takes longer is broken off, in milliseconds: its next try asks how much has arrived.
const LIMIT_MS: u32 = 120_000;

/// What a request is about.
pub(super) struct About<'a> {
    pub(super) token: &'a str,
    pub(super) file: &'a Blob,
    pub(super) name: &'a str,
    pub(super) mime_type: &'a str,
    pub(super) conversation: Option<&'a ConversationId>,
}

/// Does a step and answers what came back. `begun` is given the request, to break it off; `gone` hears how much of the body
/// has gone out.
pub(super) async fn perform(
    step: &Step,
    about: &About<'_>,
    begun: impl FnOnce(&XmlHttpRequest),
    gone: impl Fn(u64) + 'static,
) -> Answer {
    let Ok(request) = XmlHttpRequest::new() else {
        return Answer::default();
    };
    let gone = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| gone(event.loaded() as u64));
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(gone.as_ref().unchecked_ref()));
    }
    let ended = Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    begun(&request);
    match send(&request, step, about) {
        Ok(()) => drop(JsFuture::from(ended).await),
        // What cannot be sent has not arrived.
        Err(_) => return Answer::default(),
    }
    answer_of(&request)
}

/// Has the relay forget an upload. If it does not hear of it, it forgets by itself after a day.
pub(super) fn forget(path: &str, token: &str) {
    let sent = || -> Result<(), JsValue> {
        let request = opened(XmlHttpRequest::new()?, "DELETE", path, token)?;
        request.send()
    };
    let _ = sent();
}

fn send(request: &XmlHttpRequest, step: &Step, about: &About<'_>) -> Result<(), JsValue> {
    let request = request.clone();
    match step {
        Step::Create => {
            let request = opened(request, "POST", UPLOADS, about.token)?;
            request.set_request_header(upload::UPLOAD_LENGTH, &(about.file.size() as u64).to_string())?;
            request.set_request_header(upload::UPLOAD_METADATA, &metadata(about)?)?;
            request.send()
        }
        Step::Ask(path) => opened(request, "HEAD", path, about.token)?.send(),
        Step::Look(path) => opened(request, "GET", path, about.token)?.send(),
        Step::Send { path, from, to } => {
            let request = opened(request, "PATCH", path, about.token)?;
            request.set_request_header(upload::UPLOAD_OFFSET, &from.to_string())?;
            request.set_request_header("content-type", upload::CONTENT_TYPE)?;
            let bytes = about.file.slice_with_f64_and_f64(*from as f64, *to as f64)?;
            request.send_with_opt_blob(Some(&bytes))
        }
    }
}

fn opened(request: XmlHttpRequest, method: &str, path: &str, token: &str) -> Result<XmlHttpRequest, JsValue> {
    request.open(method, path)?;
    request.set_timeout(LIMIT_MS);
    request.set_request_header("authorization", &["Bearer ", token].concat())?;
    request.set_request_header(upload::TUS_RESUMABLE, upload::TUS_VERSION)?;
    Ok(request)
}

/// What the relay is told of the file, each value in base64.
fn metadata(about: &About<'_>) -> Result<String, JsValue> {
    let mut pairs = [upload::FILENAME, " ", &base64(about.name)?].concat();
    let others = [
        (upload::FILETYPE, about.mime_type),
        (
            upload::CONVERSATION,
            about.conversation.map_or("", ConversationId::as_str),
        ),
    ];
    for (key, value) in others.into_iter().filter(|(_, value)| !value.is_empty()) {
        pairs.push_str(&[",", key, " ", &base64(value)?].concat());
    }
    Ok(pairs)
}

/// The browser's own encoder takes bytes as characters.
fn base64(text: &str) -> Result<String, JsValue> {
    let bytes: String = text.bytes().map(char::from).collect();
    crate::browser::window().btoa(&bytes)
}

fn answer_of(request: &XmlHttpRequest) -> Answer {
    let header = |name: &str| request.get_response_header(name).ok().flatten();
    Answer {
        status: request.status().unwrap_or(0),
        location: header("location").map(|address| path_of(&address)),
        offset: header(upload::UPLOAD_OFFSET).and_then(|offset| offset.parse().ok()),
        retry_after_ms: header("retry-after")
            .and_then(|seconds| seconds.parse::<u64>().ok())
            .map(|seconds| seconds.saturating_mul(1_000)),
        lasts_ms: header(upload::UPLOAD_EXPIRES)
            .zip(header("date"))
            .and_then(|(end, now)| span_ms(&end, &now)),
        body: request.response_text().ok().flatten().unwrap_or_default(),
    }
}

/// The time between two dates of the relay, which need not agree with the browser's clock.
fn span_ms(end: &str, start: &str) -> Option<i64> {
    let span = Date::parse(end) - Date::parse(start);
    span.is_finite().then_some(span as i64)
}

/// The relay is this document's own origin, whatever a proxy makes of its name.
fn path_of(address: &str) -> String {
    let behind_host = address
        .split_once("://")
        .and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..]));
    behind_host.unwrap_or(address).to_owned()
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn an_upload_stays_on_the_documents_own_origin() {
        assert_eq!(path_of("/api/files/f1"), "/api/files/f1");
        assert_eq!(path_of("http://127.0.0.1:8080/api/files/f1"), "/api/files/f1");
    }
}
