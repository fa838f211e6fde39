//! A visit begins: the widget's frame asks for a token before it opens its socket.

use super::AppState;
use super::extract::{Json, PageOrigin, Remote};
use super::problem::{Problem, ProblemBody};
use axum::extract::State;
use metrics::counter;
use portico_core::identity::visitor_session::{VisitorSession, VisitorSessionRequest};
use portico_core::telemetry::SESSIONS;
use portico_shared::http::{SessionAnswer, SessionBody, SessionCustomer};
use portico_shared::ids::ConversationId;
use std::sync::Arc;

/// Begins a visit, as somebody new, as who this browser was before, or as whom the site proves.
///
/// Answered to pages of the relay and of the channel's origins. A mere visit is not stored. Asked with both proofs, the
/// site's and an anonymous visitor's, the visitor's live conversation becomes the customer's, unless that one has a live
/// conversation on the channel already; asked again with the same two, it answers the same.
#[utoipa::path(
    post, path = "/api/session", tag = "customers", request_body = SessionBody,
    responses(
        (status = 200, description = "The visit may begin", body = SessionAnswer),
        (status = 401, description = "`refresh_refused`: forget it and ask without; `identity_refused`: the site's token is not good", body = ProblemBody),
        (status = 403, description = "The page is not on the channel's list; `consent_required`: the visitor has to agree to the channel's terms first", body = ProblemBody),
        (status = 404, description = "No such channel", body = ProblemBody),
        (status = 415, description = "The body does not say that it is JSON", body = ProblemBody),
        (status = 429, description = "Too many visits from this address", body = ProblemBody),
        (status = 503, description = "The store cannot be asked, or a chat cannot be linked, now: ask the same again", body = ProblemBody),
    )
)]
pub(super) async fn open(
    State(state): State<Arc<AppState>>,
    Remote(address): Remote,
    PageOrigin(origin): PageOrigin,
    Json(body): Json<SessionBody>,
) -> Result<axum::Json<SessionAnswer>, Problem> {
    state.only_visitors(&body.channel, origin.as_deref())?;
    state.limits.session(address)?;
    let mut session = state.visitor_sessions.open(request(body)).await?;
    counter!(SESSIONS, "kind" => session.kind).increment(1);
    let linked = match session.proof.take() {
        Some(proof) => state.registry.link(proof).await?,
        None => None,
    };
    Ok(axum::Json(answer(session, linked)))
}

fn request(body: SessionBody) -> VisitorSessionRequest {
    VisitorSessionRequest {
        channel: body.channel,
        refresh: body.refresh,
        identity: body.identity,
        consent: body.consent,
    }
}

fn answer(session: VisitorSession, linked: Option<ConversationId>) -> SessionAnswer {
    let customer = session.customer;
    SessionAnswer {
        token: session.token,
        expires_at: session.expires_at,
        refresh: session.refresh,
        customer: SessionCustomer {
            id: customer.id,
            name: customer.name,
            verified: customer.verified,
        },
        linked,
    }
}
