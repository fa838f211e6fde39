//! Files: uploaded by the steps of tus 1.0.0, then posted in a message, then read by links. The rules are
//! [`portico_core::files`]'s; here they are spoken over HTTP.

mod link;
mod metadata;
mod problems;
mod served;
mod uploads;

pub(super) use link::{__path_link, link};
pub(super) use served::{__path_serve, serve};
pub(super) use uploads::{__path_append, __path_create, __path_delete, __path_show, append, create, delete, show};

use super::AppState;
use super::problem::{Problem, ProblemCode};
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use portico_core::files::parse_id;
use portico_shared::ids::FileId;
use std::sync::Arc;

/// The file that an address names; one that there cannot be is answered like one that is not there.
pub(super) struct Named(FileId);

impl FromRequestParts<Arc<AppState>> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<AppState>) -> Result<Self, Problem> {
        let Path(id) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| gone())?;
        parse_id(&id).map(Self).ok_or_else(gone)
    }
}

fn gone() -> Problem {
    Problem::new(ProblemCode::FileGone, "no such file")
}
