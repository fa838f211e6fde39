//! A file's bytes. They are served as what they are and never as something that runs: nothing that a browser draws as a page
//! is shown in one, and no page but the relay's own may use them.

use super::{Named, gone};
use crate::http::AppState;
use crate::http::extract::{Bearer, Remote};
use crate::http::problem::{Problem, ProblemBody};
use axum::body::Body;
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use http_range_header::parse_range_header;
use portico_core::files::{ByteStream, FileError};
use portico_core::store::FileRecord;
use serde::Deserialize;
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

/// Types that browsers show without running anything. All others are for saving.
const SHOWN: [&str; 12] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
    "audio/mp4",
    "video/mp4",
    "video/webm",
];

/// Even what a browser would take for a page may load nothing, run nothing and is of no origin.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The longest that a browser keeps what a link led to, in seconds. Links are the same for as long.
const MOST_CACHED_SECONDS: i64 = 5 * 60;

/// What was answered to a token: an address without a signature has something for other identities, or nothing.
const NOT_CACHED: &str = "no-store";

/// What a link has.
#[derive(Deserialize)]
pub(in crate::http) struct Signature {
    expires: i64,
    signature: String,
}

/// A file, by a link or with a token. One range of it is answered with 206.
#[utoipa::path(
    get, path = "/files/{id}", tag = "files",
    params(
        ("id" = String, Path, description = "The file"),
        ("expires" = Option<i64>, Query, description = "Until when the link is good, in epoch seconds"),
        ("signature" = Option<String>, Query, description = "The link's signature; without one, an `Authorization` is needed"),
    ),
    responses(
        (status = 200, description = "Its bytes", content_type = "application/octet-stream"),
        (status = 206, description = "A part of them", content_type = "application/octet-stream"),
        (status = 304, description = "As the caller has it"),
        (status = 401, description = "The token is not good", body = ProblemBody),
        (status = 404, description = "No such file, or none that the caller may know of, or a link that is over", body = ProblemBody),
        (status = 416, description = "There is no such part"),
    )
)]
pub(in crate::http) async fn serve(
    State(state): State<Arc<AppState>>,
    Remote(address): Remote,
    Named(id): Named,
    request: Request,
) -> Result<Response, Problem> {
    let (mut parts, _) = request.into_parts();
    let (file, cached) = match Query::<Signature>::try_from_uri(&parts.uri) {
        Ok(Query(link)) => {
            let file = state.files.by_link(&id, link.expires, &link.signature).await?;
            (
                file,
                cached(link.expires - state.registry.services().clock.now_ms() / 1_000),
            )
        }
        Err(_) if !parts.headers.contains_key(header::AUTHORIZATION) => return Err(gone()),
        Err(_) => {
            let Bearer(proven) = Bearer::from_request_parts(&mut parts, &state).await?;
            let file = state.files.readable(&proven.principal, &id).await?;
            (file, HeaderValue::from_static(NOT_CACHED))
        }
    };
    let tag = format!("\"{id}\"");
    let mut headers = described(&file, &tag);
    headers.insert(header::CACHE_CONTROL, cached);
    if is(&parts.headers, header::IF_NONE_MATCH, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let wanted = match wanted(&parts.headers, &tag, file.size) {
        Ok(wanted) => wanted,
        Err(Unsatisfiable) => return Ok(unsatisfiable(&file)),
    };
    let range = wanted.clone().unwrap_or(0..file.size);
    let bytes = state.files.download(address, &file, range)?;
    let (status, part) = extent(&file, wanted);
    headers.extend(part);
    respond(status, headers, bytes).await
}

/// How long a browser keeps what a link led to: no longer than the link would lead there.
fn cached(good_for_seconds: i64) -> HeaderValue {
    let seconds = good_for_seconds.clamp(0, MOST_CACHED_SECONDS);
    ascii(&format!("private, max-age={seconds}, immutable"))
}

/// How much of a file is answered.
fn extent(file: &FileRecord, wanted: Option<Range<u64>>) -> (StatusCode, HeaderMap) {
    let length = |bytes: u64| (header::CONTENT_LENGTH, HeaderValue::from(bytes));
    match wanted {
        None => (StatusCode::OK, HeaderMap::from_iter([length(file.size)])),
        Some(Range { start, end }) => {
            let part = format!("bytes {start}-{}/{}", end - 1, file.size);
            let headers = [length(end - start), (header::CONTENT_RANGE, ascii(&part))];
            (StatusCode::PARTIAL_CONTENT, HeaderMap::from_iter(headers))
        }
    }
}

/// Begins the answer once the first bytes are read: what is missing is no file that is cut short.
async fn respond(status: StatusCode, headers: HeaderMap, mut bytes: ByteStream) -> Result<Response, Problem> {
    let first = match bytes.next().await {
        Some(Ok(first)) => first,
        Some(Err(error)) => return Err(FileError::from(error).into()),
        None => return Err(Problem::draining()),
    };
    let all = futures_util::stream::iter([Ok(first)]).chain(bytes);
    Ok((status, headers, Body::from_stream(all)).into_response())
}

/// No byte of the file is in the range that is asked for.
struct Unsatisfiable;

/// The one range that is asked for; nothing if the whole file is. Several, and what cannot be read, are answered with all
/// of it.
fn wanted(headers: &HeaderMap, tag: &str, size: u64) -> Result<Option<Range<u64>>, Unsatisfiable> {
    let Some(range) = headers.get(header::RANGE).and_then(|range| range.to_str().ok()) else {
        return Ok(None);
    };
    if headers.contains_key(header::IF_RANGE) && !is(headers, header::IF_RANGE, tag) {
        return Ok(None);
    }
    let Ok(parsed) = parse_range_header(range) else {
        return Ok(None);
    };
    match parsed.validate(size).as_deref() {
        Ok([range]) => Ok(Some(*range.start()..*range.end() + 1)),
        Ok(_) => Ok(None),
        Err(_) => Err(Unsatisfiable),
    }
}

fn is(headers: &HeaderMap, name: header::HeaderName, tag: &str) -> bool {
    headers
        .get(name)
        .is_some_and(|value| value.as_bytes() == tag.as_bytes())
}

fn unsatisfiable(file: &FileRecord) -> Response {
    let all = ascii(&format!("bytes */{}", file.size));
    (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, all)]).into_response()
}

/// What is said of a file, whatever part of it is answered.
fn described(file: &FileRecord, tag: &str) -> HeaderMap {
    let manner = match SHOWN.contains(&file.media_type.as_str()) {
        true => "inline",
        false => "attachment",
    };
    HeaderMap::from_iter([
        (header::CONTENT_TYPE, ascii(&file.media_type)),
        (
            header::CONTENT_DISPOSITION,
            ascii(&format!("{manner}; filename*=UTF-8''{}", encoded(&file.name))),
        ),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (header::ETAG, ascii(tag)),
    ])
}

/// A text that the relay has made of visible ASCII.
fn ascii(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// A name as RFC 8187 writes it.
fn encoded(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_keeps_nothing_longer_than_its_link_is_good() {
        for (good, seconds) in [(600, 300), (300, 300), (1, 1), (0, 0), (-1, 0)] {
            assert_eq!(cached(good), format!("private, max-age={seconds}, immutable").as_str());
        }
    }

    #[test]
    fn a_name_is_said_in_ascii() {
        assert_eq!(encoded("Größe 1.png"), "Gr%C3%B6%C3%9Fe%201.png");
        assert_eq!(encoded("a\"b;c'd"), "a%22b%3Bc%27d");
    }

    #[test]
    fn one_range_is_answered_and_several_are_all() {
        let of = |range: &'static str| {
            let headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(range))]);
            wanted(&headers, "\"a\"", 100).ok()
        };
        assert_eq!(of("bytes=0-9"), Some(Some(0..10)));
        assert_eq!(of("bytes=90-"), Some(Some(90..100)));
        assert_eq!(of("bytes=-5"), Some(Some(95..100)));
        assert_eq!(of("bytes=50-999"), Some(Some(50..100)));
        assert_eq!(of("bytes=100-"), None);
        assert_eq!(of("bytes=0-1,5-6"), Some(None));
        assert_eq!(of("lines=0-1"), Some(None));
        assert_eq!(of("bytes=9-2"), None);
        let other = HeaderMap::from_iter([
            (header::RANGE, HeaderValue::from_static("bytes=0-9")),
            (header::IF_RANGE, HeaderValue::from_static("\"b\"")),
        ]);
        assert_eq!(wanted(&other, "\"a\"", 100).ok(), Some(None));
    }
}
