//! Tokens for the session: a visitor's proofs against a token of the relay.

use crate::host;
use crate::visitor::VisitorStore;
use leptos::prelude::*;
use std::rc::Rc;

use portico_client::TokenError;
use portico_shared::http::{SessionAnswer, SessionBody};
use portico_ui::fetch::{self, FetchError};
use portico_ui::lock::Lock;
use portico_ui::net::TokenSource;

/// The signed identity of a visitor, the newest one; absent for an unknown visitor.
pub(crate) type Identity = StoredValue<Option<String>>;

/// Who is asked before anything is said to the relay, and told what it says.
#[derive(Clone, Copy)]
pub(crate) struct Told {
    /// Whether the visitor has agreed to the terms that the channel is known to have. Where it has not, no proof of it is sent: there
    /// is no token.
    pub(crate) has_agreed: Callback<(), bool>,
    /// With each token.
    pub(crate) session: Callback<SessionAnswer>,
    /// That the channel has other terms than those that the visitor has agreed to.
    pub(crate) consent_required: Callback<()>,
    /// That it does not know the visitor any more who was here before: a new one is made. Before that is there.
    pub(crate) forgotten: Callback<()>,
}

/// Gives tokens, and hands over what the relay says with each. A visitor who has left in the meantime is told nothing.
pub(crate) fn source(channel: &str, store: &Rc<VisitorStore>, identity: Identity, told: Told) -> TokenSource {
    let (channel, store) = (channel.to_owned(), Rc::clone(store));
    Box::new(move |_| {
        let (channel, store) = (channel.clone(), Rc::clone(&store));
        Box::pin(async move {
            let mut turn = turn(&store).await;
            if told.has_agreed.try_run(()) != Some(true) {
                return Err(TokenError::Refused);
            }
            let body = SessionBody {
                channel,
                refresh: store.refresh(),
                identity: identity.try_get_value().flatten(),
                consent: store.consent(),
            };
            match session(body, &store, told.forgotten, &mut turn).await {
                Ok(answer) => {
                    let token = answer.token.clone();
                    told.session.try_run(answer);
                    Ok(token)
                }
                Err(error) => {
                    if needs_consent(&error) {
                        told.consent_required.try_run(());
                    } else if !error.is_temporary() {
                        host::event("error", &[("reason", "session")]);
                    }
                    Err(token_error(&error))
                }
            }
        })
    })
}

/// How long a new visitor's tab waits for what another one asks, in milliseconds.
const ASKED_WITHIN_MS: u32 = 10_000;

/// A new visitor is made by one tab at a time, so that those which are opened together find the visitor whom the first one has made:
/// each would have one of its own otherwise, and a chat with it.
async fn turn(store: &VisitorStore) -> Option<Lock> {
    match store.is_new() {
        true => Lock::hold_within(&store.turn_name(), ASKED_WITHIN_MS).await,
        false => None,
    }
}

/// Asks for a session; a visitor whom the relay has forgotten begins as a new one, unless another tab has done so already. Whatever
/// else is answered, the visitor stays.
///
/// Tabs whose visitor was forgotten take turns as those of a new visitor do: `turn` is held until the answer is kept.
async fn session(
    body: SessionBody,
    store: &VisitorStore,
    forgotten: Callback<()>,
    turn: &mut Option<Lock>,
) -> Result<SessionAnswer, FetchError> {
    let answer = request(&body).await;
    match (answer, &body.refresh) {
        (Err(error), Some(refused)) if is_forgotten(&error) => {
            if turn.is_none() {
                *turn = Lock::hold_within(&store.turn_name(), ASKED_WITHIN_MS).await;
            }
            let refresh = store.refresh().filter(|kept| kept != refused);
            if refresh.is_none() && !store.is_signed() {
                forgotten.try_run(());
            }
            request(&SessionBody { refresh, ..body }).await
        }
        // Another tab was first after all, as where browsers have no locks. The visitor made here has said nothing, and is not kept.
        (Ok(_), None) if !store.is_new() && !store.is_signed() => {
            let refresh = store.refresh();
            request(&SessionBody { refresh, ..body }).await
        }
        (answer, _) => answer,
    }
}

async fn request(body: &SessionBody) -> Result<SessionAnswer, FetchError> {
    fetch::post("/api/session", body).await
}

/// Whether the visitor has to agree to the channel's terms first.
fn needs_consent(error: &FetchError) -> bool {
    is_refused(error, 403, "consent_required")
}

/// Whether the proof of who this browser was before is no longer good.
fn is_forgotten(error: &FetchError) -> bool {
    is_refused(error, 401, "refresh_refused")
}

fn is_refused(error: &FetchError, status: u16, code: &str) -> bool {
    matches!(error, FetchError::Refused { status: refused, .. } if *refused == status)
        && error.code().as_deref() == Some(code)
}

fn token_error(error: &FetchError) -> TokenError {
    match error.is_temporary() {
        true => TokenError::Unavailable {
            retry_after_ms: error.retry_after_ms(),
        },
        false => TokenError::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_forgotten, needs_consent, token_error};
    use portico_client::TokenError;
    use portico_ui::fetch::FetchError;

    fn refused(status: u16, body: &str) -> FetchError {
        FetchError::Refused {
            status,
            retry_after_ms: Some(2_000),
            body: body.to_owned(),
        }
    }

    fn problem(status: u16, code: &str) -> FetchError {
        refused(status, &format!(r#"{{"code":"{code}","message":"..."}}"#))
    }

    #[test]
    fn what_may_pass_is_tried_again_when_the_relay_says() {
        let retry_after_ms = Some(2_000);
        for error in [problem(429, "rate_limited"), problem(503, "busy"), refused(502, "")] {
            assert_eq!(token_error(&error), TokenError::Unavailable { retry_after_ms });
        }
        let retry_after_ms = None;
        for error in [FetchError::Unreachable, FetchError::Unreadable] {
            assert_eq!(token_error(&error), TokenError::Unavailable { retry_after_ms });
        }
    }

    #[test]
    fn other_terms_of_the_channel_are_told_from_other_refusals() {
        assert!(needs_consent(&problem(403, "consent_required")));
        assert!(!needs_consent(&problem(403, "origin_refused")));
        assert!(!needs_consent(&problem(503, "consent_required")));
        assert!(!needs_consent(&FetchError::Unreachable));
    }

    #[test]
    fn what_the_relay_refuses_for_good_is_not_tried_again() {
        assert_eq!(token_error(&problem(403, "origin_refused")), TokenError::Refused);
        assert_eq!(token_error(&problem(404, "unknown_channel")), TokenError::Refused);
    }

    #[test]
    fn the_relay_alone_says_that_a_visitor_is_forgotten() {
        assert!(is_forgotten(&problem(401, "refresh_refused")));
        for other in [
            problem(401, "identity_refused"),
            problem(403, "origin_refused"),
            problem(404, "unknown_channel"),
            problem(403, "refresh_refused"),
            refused(401, "refresh_refused"),
            refused(403, "<!doctype html>"),
            refused(404, ""),
            FetchError::Unreadable,
            FetchError::Unreachable,
        ] {
            assert!(!is_forgotten(&other), "{other:?}");
        }
    }
}
