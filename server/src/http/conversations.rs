//! The list of a known customer's earlier conversations.

use super::AppState;
use super::extract::Caller;
use super::problem::{Problem, ProblemBody};
use axum::Json;
use axum::extract::{Query, State};
use portico_core::conversation::EarlierConversations;
use portico_shared::ids::ConversationId;
use serde::Deserialize;
use std::sync::Arc;

/// Which part of the list.
#[derive(Deserialize)]
pub(super) struct Part {
    /// The `next` of the part before it.
    before: Option<String>,
}

/// The customer's conversations on the channel of its token that are over, newest first and at most 20, as `conversation` frames
/// have them; `next` says where to go on. Each is read by `page` frames. It counts as a frame where rates are limited.
#[utoipa::path(
    get, path = "/api/conversations", tag = "customers", security(("bearer" = [])),
    params(("before" = Option<String>, Query, description = "The `next` of the last answer")),
    responses(
        (status = 200, description = "`conversations`, and `next` if there are more", body = serde_json::Value),
        (status = 401, description = "The token proves nobody", body = ProblemBody),
        (status = 403, description = "The token is not that of a customer whom the site vouches for", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn list(
    State(state): State<Arc<AppState>>,
    Caller(proven): Caller,
    Query(part): Query<Part>,
) -> Result<Json<EarlierConversations>, Problem> {
    let who = proven.principal;
    state.take_frame(&who)?;
    let before = part.before.as_deref().and_then(ConversationId::parse);
    Ok(Json(state.registry.earlier(&who, before).await?))
}
