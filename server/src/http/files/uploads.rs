//! The steps of an upload: begin, ask how far it is, add bytes, give up.

use super::Named;
use super::metadata::{announced, number, text};
use crate::http::AppState;
use crate::http::extract::{Caller, Remote};
use crate::http::problem::{Problem, ProblemBody, ProblemCode};
use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use portico_core::files::Appended;
use portico_core::identity::{Authenticated, Principal};
use portico_core::store::FileRecord;
use portico_shared::http::{StoredFile, upload};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A request that speaks the version of the protocol that the relay speaks.
pub(in crate::http) struct Tus;

impl FromRequestParts<Arc<AppState>> for Tus {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<AppState>) -> Result<Self, Problem> {
        match text(&parts.headers, upload::TUS_RESUMABLE) {
            upload::TUS_VERSION => Ok(Self),
            _ => Err(Problem::new(
                ProblemCode::UploadVersion,
                "tus-resumable: 1.0.0 is spoken here",
            )),
        }
    }
}

/// Who writes or deletes a file, and from which address: so often and no oftener, because each time is a write to the store.
pub(in crate::http) struct Step(Principal, IpAddr);

impl FromRequestParts<Arc<AppState>> for Step {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Problem> {
        let Remote(address) = Remote::from_request_parts(parts, state).await?;
        let Caller(proven) = Caller::from_request_parts(parts, state).await?;
        state.limits.upload_step(address, &proven.principal.key())?;
        Ok(Self(proven.principal, address))
    }
}

/// Begins the upload of a file, as tus 1.0.0 does ("creation"). `Upload-Metadata` has `filename`, `filetype`, and of
/// contact-centre users the `conversation`.
#[utoipa::path(
    post, path = "/api/files", tag = "files", security(("bearer" = [])),
    params(
        ("tus-resumable" = String, Header, description = "`1.0.0`"),
        ("upload-length" = u64, Header, description = "All bytes of the file"),
        ("upload-metadata" = Option<String>, Header, description = "Keys with values in base64, separated by commas"),
    ),
    responses(
        (status = 201, description = "Begun; `Location` is where the bytes go"),
        (status = 400, description = "No length, no bytes, metadata that cannot be read, or no conversation", body = ProblemBody),
        (status = 412, description = "Another version of tus", body = ProblemBody),
        (status = 413, description = "`file_too_large`: more bytes than the channel takes", body = ProblemBody),
        (status = 429, description = "`too_many_files` wait to be posted, or too many uploads or bytes", body = ProblemBody),
    )
)]
pub(in crate::http) async fn create(
    State(state): State<Arc<AppState>>,
    Remote(address): Remote,
    Caller(Authenticated { principal: who, .. }): Caller,
    _: Tus,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    state.limits.upload(address)?;
    let file = state.files.create(&who, announced(&headers)?).await?;
    let location = format!("/api/files/{}", file.id);
    let location = HeaderValue::from_str(&location).expect("an id is visible ASCII");
    let mut response = (StatusCode::CREATED, progress(&file)).into_response();
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// How far an upload is: `Upload-Offset` of `Upload-Length`.
#[utoipa::path(
    head, path = "/api/files/{id}", tag = "files", security(("bearer" = [])),
    params(("id" = String, Path, description = "The file")),
    responses((status = 200, description = "How far it is"), (status = 404, description = "No such upload of this owner"))
)]
pub(in crate::http) async fn show(
    State(state): State<Arc<AppState>>,
    Caller(Authenticated { principal: who, .. }): Caller,
    Named(id): Named,
    _: Tus,
) -> Result<Response, Problem> {
    let file = state.files.upload(&who, &id).await?;
    Ok((StatusCode::OK, progress(&file)).into_response())
}

/// Adds bytes where the upload stops. The answer to the last one says what the file is.
#[utoipa::path(
    patch, path = "/api/files/{id}", tag = "files", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "The file"),
        ("upload-offset" = u64, Header, description = "Where the bytes go: how many there are"),
    ),
    request_body(content_type = "application/offset+octet-stream", description = "Bytes, no more than are missing"),
    responses(
        (status = 200, description = "The file is there as a whole", body = StoredFile),
        (status = 204, description = "Kept; `Upload-Offset` says how far it is"),
        (status = 400, description = "No offset, or too many small requests", body = ProblemBody),
        (status = 404, description = "No such upload of this owner", body = ProblemBody),
        (status = 409, description = "`offset`: it goes on elsewhere", body = ProblemBody),
        (status = 413, description = "More bytes than were announced, or `picture_too_large`: more pixels than the relay takes, and the upload is gone", body = ProblemBody),
        (status = 415, description = "`upload_type`: another type of body, or `file_type_refused`: the channel does not take what the content is", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(in crate::http) async fn append(
    State(state): State<Arc<AppState>>,
    Step(who, address): Step,
    Named(id): Named,
    _: Tus,
    AtOffset(offset): AtOffset,
    body: Body,
) -> Result<Response, Problem> {
    let bytes = body.into_data_stream();
    match state.files.append(&who, address, &id, offset, bytes).await? {
        Appended::Partly { offset } => Ok((StatusCode::NO_CONTENT, at(offset)).into_response()),
        Appended::Whole(file) => {
            let stored = StoredFile {
                media_url: state.files.media_url(&file.id),
                mime_type: file.media_type.clone(),
                size: file.size,
                media_name: file.name.clone(),
            };
            Ok((progress(&file), axum::Json(stored)).into_response())
        }
    }
}

/// Where the bytes of a request go, which says that it has some.
pub(in crate::http) struct AtOffset(u64);

impl FromRequestParts<Arc<AppState>> for AtOffset {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<AppState>) -> Result<Self, Problem> {
        if !text(&parts.headers, header::CONTENT_TYPE.as_str()).eq_ignore_ascii_case(upload::CONTENT_TYPE) {
            let message = format!("content-type: {} is taken here", upload::CONTENT_TYPE);
            return Err(Problem::new(ProblemCode::UploadType, message));
        }
        number(&parts.headers, upload::UPLOAD_OFFSET).map(Self)
    }
}

/// Gives up an upload, or deletes a file that was not posted.
#[utoipa::path(
    delete, path = "/api/files/{id}", tag = "files", security(("bearer" = [])),
    params(("id" = String, Path, description = "The file")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "No such upload of this owner", body = ProblemBody),
        (status = 409, description = "`conflict`: it is in a message", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(in crate::http) async fn delete(
    State(state): State<Arc<AppState>>,
    Step(who, _): Step,
    Named(id): Named,
    _: Tus,
) -> Result<Response, Problem> {
    state.files.delete(&who, &id).await?;
    Ok((StatusCode::NO_CONTENT, spoken()).into_response())
}

/// What each answer about an upload says.
fn spoken() -> HeaderMap {
    HeaderMap::from_iter([(
        HeaderName::from_static(upload::TUS_RESUMABLE),
        HeaderValue::from_static(upload::TUS_VERSION),
    )])
}

fn at(offset: u64) -> HeaderMap {
    let mut headers = spoken();
    headers.insert(upload::UPLOAD_OFFSET, HeaderValue::from(offset));
    headers
}

fn progress(file: &FileRecord) -> HeaderMap {
    let mut headers = at(file.offset());
    headers.insert(upload::UPLOAD_LENGTH, HeaderValue::from(file.size));
    let end = file.expires_at.and_then(|end| u64::try_from(end).ok());
    if let Some(end) = end {
        let end = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_millis(end));
        let end = HeaderValue::from_str(&end).expect("a date is visible ASCII");
        headers.insert(upload::UPLOAD_EXPIRES, end);
    }
    headers
}
