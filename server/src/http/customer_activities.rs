//! What programs reported of a customer while there was no conversation to put it into, for the agent of a later one.

use super::AppState;
use super::extract::Staff;
use super::problem::{Problem, ProblemBody};
use axum::Json;
use axum::extract::{Path, State};
use portico_shared::cim::CimEvent;
use portico_shared::ids::ConversationId;
use std::sync::Arc;

/// Activities of the conversation's customer that stand in no conversation, as CIM events, newest first: the latest 50,
/// or as many of them as 256 KiB hold. Those that came after the end of the conversation are left out.
#[utoipa::path(
    get, path = "/api/v1/conversations/{id}/customer-activities", tag = "staff", security(("bearer" = [])),
    params(("id" = String, Path, description = "The conversation, which the agent must be one to read")),
    responses(
        (status = 200, description = "CIM events", body = Vec<serde_json::Value>),
        (status = 401, description = "Nobody is signed in with this token", body = ProblemBody),
        (status = 403, description = "The token is not a contact-centre user's", body = ProblemBody),
        (status = 404, description = "No conversation that this agent may read", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn list(
    State(state): State<Arc<AppState>>,
    Staff(staff): Staff,
    Path(id): Path<String>,
) -> Result<Json<Vec<CimEvent>>, Problem> {
    let conversation = ConversationId::parse(&id).ok_or_else(Problem::not_found)?;
    Ok(Json(state.registry.beside(&staff, &conversation).await?))
}
