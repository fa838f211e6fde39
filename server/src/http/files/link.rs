//! A link to a file, for those who may read it.

use super::Named;
use crate::http::AppState;
use crate::http::extract::Caller;
use crate::http::problem::{Problem, ProblemBody};
use axum::Json;
use axum::extract::State;
use portico_core::identity::Authenticated;
use portico_shared::http::FileLink;
use std::sync::Arc;

/// An address that opens the file for some minutes, without a token: for who may read the message it was posted in, or for
/// its owner before that.
#[utoipa::path(
    get, path = "/api/files/{id}", tag = "files", security(("bearer" = [])),
    params(("id" = String, Path, description = "The file")),
    responses(
        (status = 200, description = "The link", body = FileLink),
        (status = 404, description = "No such file, or none that the caller may know of", body = ProblemBody),
    )
)]
pub(in crate::http) async fn link(
    State(state): State<Arc<AppState>>,
    Caller(Authenticated { principal: who, .. }): Caller,
    Named(id): Named,
) -> Result<Json<FileLink>, Problem> {
    let (file, signed) = state.files.link(&who, &id).await?;
    Ok(Json(FileLink {
        url: format!("/files/{id}?expires={}&signature={}", signed.expires, signed.signature),
        expires_in_seconds: signed.for_seconds,
        name: file.name,
        mime_type: file.media_type,
        size: file.size,
    }))
}
