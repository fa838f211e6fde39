//! A visit begins: the widget's frame asks for a token before it opens its socket.

use super::Edge;
use super::extract::{Json, PageOrigin, Remote};
use super::problem::{Problem, ProblemBody};
use crate::identity::session::{Session, SessionRequest};
use crate::telemetry::SESSIONS;
use axum::extract::State;
use metrics::counter;
use portico_shared::ids::ConversationId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a browser asks for.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionBody {
    /// The channel's service identifier, as in the script tag.
    channel: String,
    /// `refresh` of the last answer, kept by this browser.
    refresh: Option<String>,
    /// The site's token for the customer that is signed in there. With it, `refresh` says who the browser was until now: an
    /// anonymous visitor's live chat becomes the customer's.
    identity: Option<String>,
}

/// A visit may begin.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SessionAnswer {
    /// Goes into the socket's first frame, never into a URL.
    token: String,
    /// When the token ends, in epoch milliseconds.
    expires_at: i64,
    /// Gets the next token. Kept by the browser, in the storage of the widget's frame.
    refresh: String,
    /// Whose visit it is.
    customer: SessionCustomer,
    /// The live conversation of the visitor that `refresh` proved, which is the customer's from now on. The visitor's tokens
    /// are good for nothing any more. Absent when nothing was to be linked.
    #[serde(skip_serializing_if = "Option::is_none")]
    linked: Option<String>,
}

/// A customer as it may know itself.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SessionCustomer {
    /// Its id.
    id: String,
    /// What it is called.
    name: String,
    /// Whether the site's back end vouched for it.
    verified: bool,
}

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
        (status = 403, description = "The page is not on the channel's list", body = ProblemBody),
        (status = 404, description = "No such channel", body = ProblemBody),
        (status = 415, description = "The body does not say that it is JSON", body = ProblemBody),
        (status = 429, description = "Too many visits from this address", body = ProblemBody),
        (status = 503, description = "The store cannot be asked, or a chat cannot be linked, now: ask the same again", body = ProblemBody),
    )
)]
pub(super) async fn open(
    State(edge): State<Arc<Edge>>,
    Remote(address): Remote,
    PageOrigin(origin): PageOrigin,
    Json(body): Json<SessionBody>,
) -> Result<axum::Json<SessionAnswer>, Problem> {
    edge.only_visitors(&body.channel, origin.as_deref())?;
    edge.limits.session(address)?;
    let mut session = edge.sessions.open(body.into()).await?;
    counter!(SESSIONS, "kind" => session.kind).increment(1);
    let linked = match session.signed_in.take() {
        Some(signed_in) => edge.registry.link(signed_in).await?,
        None => None,
    };
    Ok(axum::Json(SessionAnswer::of(session, linked)))
}

impl From<SessionBody> for SessionRequest {
    fn from(body: SessionBody) -> Self {
        Self {
            channel: body.channel,
            refresh: body.refresh,
            identity: body.identity,
        }
    }
}

impl SessionAnswer {
    fn of(session: Session, linked: Option<ConversationId>) -> Self {
        let customer = session.customer;
        Self {
            token: session.token,
            expires_at: session.expires_at,
            refresh: session.refresh,
            customer: SessionCustomer {
                id: customer.id.to_string(),
                name: customer.name,
                verified: customer.verified,
            },
            linked: linked.map(|conversation| conversation.to_string()),
        }
    }
}
