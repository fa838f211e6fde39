//! A third-party program pushes an activity in: a recording link, the trail of a phone menu, a survey, anything.

use super::AppState;
use super::extract::{Bearer, Text};
use super::problem::{Problem, ProblemBody, ProblemCode};
use axum::extract::State;
use axum::http::StatusCode;
use portico_core::conversation::Recorded;
use portico_core::identity::Principal;
use portico_shared::cim::CimMessage;
use portico_shared::http::ActivityAnswer;
use std::sync::Arc;

/// Takes a CIM message of any body type. `header` needs `sender` and one of `conversationId`, `channelSessionId` and
/// `customer._id`, which means the customer's live conversation if there is one;
/// `header.additionalData.audience = "CUSTOMER"` shows it to the customer too.
#[utoipa::path(
    post, path = "/api/v1/activities", tag = "apps", security(("bearer" = [])),
    request_body(content = serde_json::Value, description = "A CIM message", content_type = "application/json"),
    responses(
        (status = 202, description = "The activity is on disk", body = ActivityAnswer),
        (status = 400, description = "Not a CIM message, or one that breaks a rule; the message names the field", body = ProblemBody),
        (status = 401, description = "No key, or none of an app", body = ProblemBody),
        (status = 403, description = "The key lacks the scope activities:write", body = ProblemBody),
        (status = 404, description = "No such conversation, session or customer", body = ProblemBody),
        (status = 413, description = "Longer than 64 KiB", body = ProblemBody),
        (status = 415, description = "Not said to be JSON", body = ProblemBody),
        (status = 503, description = "Try again later", body = ProblemBody),
    )
)]
pub(super) async fn push(
    State(state): State<Arc<AppState>>,
    Bearer(proven): Bearer,
    Text(body): Text,
) -> Result<(StatusCode, axum::Json<ActivityAnswer>), Problem> {
    let Principal::App(app) = proven.principal else {
        return Err(Problem::token());
    };
    let recorded = state.registry.activity(&app, read(&body)?).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(answer(recorded))))
}

fn read(body: &str) -> Result<CimMessage, Problem> {
    portico_shared::json::from_str(body).map_err(|error| Problem::new(ProblemCode::Malformed, error.to_string()))
}

fn answer(recorded: Recorded) -> ActivityAnswer {
    match recorded {
        Recorded::InConversation(accepted) => ActivityAnswer {
            id: accepted.message_id,
            conversation: Some(accepted.conversation),
            seq: Some(accepted.seq),
            timestamp: accepted.timestamp,
        },
        Recorded::OfCustomer {
            message_id, timestamp, ..
        } => ActivityAnswer {
            id: message_id,
            conversation: None,
            seq: None,
            timestamp,
        },
    }
}
