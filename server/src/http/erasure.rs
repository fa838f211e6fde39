//! A customer has its data erased.

use super::extract::{BearerToken, PageOrigin, Remote};
use super::problem::{Problem, ProblemBody};
use super::{AppState, access};
use crate::permissions::Verb;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use portico_core::identity::{Principal, secret};
use portico_core::store::{self, ErasedBy};
use portico_shared::http::{ErasedCounts, ErasureAnswer, KeptData};
use serde::Deserialize;
use std::error::Error;
use std::sync::Arc;

/// What is kept, and why.
const KEPT: [(&str, &str); 4] = [
    (
        "log",
        "Of each event of a conversation its place, its kind and its time are kept, and who of the team or which bot caused it, \
         so that logs have no gaps and reports still add up.",
    ),
    (
        "record",
        "That data was erased, when, at whose wish and how much is recorded, so that it can be shown. The record does not say \
         whose it was. What proves the erased customer is kept on a list of what is refused, until it ends by itself.",
    ),
    (
        "audit",
        "That users changed, looked at or exported what was known of the customer, and when, is in the audit log, under the customer's id \
         and without what it was, so that they answer for it.",
    ),
    (
        "copies",
        "Backups that were made before, and what bots and other programs were told, are not within this relay's reach. \
         Bots that took part are told to forget it.",
    ),
];

/// Where a customer is proven by the site's word.
#[derive(Deserialize)]
pub(super) struct Proof {
    /// The channel whose keys prove the site's token; absent for a token of the relay.
    channel: Option<String>,
}

/// Erases all that is known of the customer whose token this is: of a visitor, what it said; of a customer whom the site
/// vouches for, on all channels and devices. A live chat ends first.
///
/// The token is one of the relay's, of a visit or what gets the next one, or with `channel` the one that the site has signed for its
/// customer. Nothing has to be agreed to for that. The customer's tokens prove nothing from then on. It cannot be undone, and is not stopped by who hangs up: should the relay
/// end before it is done, it goes on when it starts again.
#[utoipa::path(
    delete, path = "/api/customer", tag = "customers", security(("bearer" = [])),
    params(("channel" = Option<String>, Query, description = "The channel, where the token is the site's")),
    responses(
        (status = 200, description = "It is erased", body = ErasureAnswer),
        (status = 202, description = "It is being erased; `erased` is absent", body = ErasureAnswer),
        (status = 401, description = "The token proves nobody", body = ProblemBody),
        (status = 403, description = "The token is not a customer's", body = ProblemBody),
        (status = 404, description = "No such channel", body = ProblemBody),
        (status = 429, description = "Too many requests", body = ProblemBody),
    )
)]
pub(super) async fn erase(
    State(state): State<Arc<AppState>>,
    Remote(address): Remote,
    PageOrigin(origin): PageOrigin,
    BearerToken(token): BearerToken,
    Query(proof): Query<Proof>,
    Extension(verb): Extension<&'static Verb>,
) -> Result<(StatusCode, Json<ErasureAnswer>), Problem> {
    state.only_own(origin.as_deref())?;
    if secret::is_secret(&token) {
        return Err(Problem::forbidden("this is for customers"));
    }
    // A new visitor costs a request, and with it an erasure that its own rate does not know yet.
    state.limits.session(address)?;
    let customer = match proof.channel {
        Some(channel) => state.visitor_sessions.prove_to_erase(&channel, &token).await?,
        None => state.authenticator.prove_to_erase(&token).await?,
    };
    let id = customer.id.clone();
    let who = Principal::Customer(customer);
    access::permit(verb, &who)?;
    state.take_frame(&who)?;
    let erased = state.eraser.erase(id, ErasedBy::Customer).await;
    let erased = erased
        .inspect_err(|error| {
            let error = error as &dyn Error;
            tracing::error!(error, "what was to be erased is not all gone; tried again");
        })
        .ok();
    let status = if erased.is_some() {
        StatusCode::OK
    } else {
        StatusCode::ACCEPTED
    };
    Ok((status, Json(answer(erased))))
}

fn answer(erased: Option<store::ErasedCounts>) -> ErasureAnswer {
    let kept = |(what, why): (&str, &str)| KeptData {
        what: what.to_owned(),
        why: why.to_owned(),
    };
    ErasureAnswer {
        erased: erased.map(|counts| ErasedCounts {
            conversations: counts.conversations,
            events: counts.events,
            files: counts.files,
            activities: counts.activities,
        }),
        kept: KEPT.map(kept).to_vec(),
    }
}
