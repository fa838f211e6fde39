//! Tokens for the session: a visitor's proofs against a token of the relay.

use crate::host;
use crate::visitor::VisitorStore;
use leptos::prelude::*;
use std::rc::Rc;

use portico_client::TokenError;
use portico_shared::http::{SessionAnswer, SessionBody};
use portico_ui::fetch::{self, FetchError};
use portico_ui::net::TokenSource;

/// The signed identity of a visitor, the newest one; absent for an unknown visitor.
pub(crate) type Identity = StoredValue<Option<String>>;

/// Gives tokens, and hands over what the relay says with each. A visitor who has left in the meantime is told nothing.
pub(crate) fn source(
    channel: &str,
    store: &Rc<VisitorStore>,
    identity: Identity,
    on_session: Callback<SessionAnswer>,
) -> TokenSource {
    let (channel, store) = (channel.to_owned(), Rc::clone(store));
    Box::new(move |_| {
        let body = SessionBody {
            channel: channel.clone(),
            refresh: store.refresh(),
            identity: identity.try_get_value().flatten(),
        };
        Box::pin(async move {
            match session(body).await {
                Ok(answer) => {
                    let token = answer.token.clone();
                    on_session.try_run(answer);
                    Ok(token)
                }
                Err(error) => {
                    if !error.is_temporary() {
                        host::event("error", &[("reason", "session")]);
                    }
                    Err(token_error(&error))
                }
            }
        })
    })
}

/// Asks for a session; a visitor whom the relay has forgotten begins as a new one.
async fn session(body: SessionBody) -> Result<SessionAnswer, FetchError> {
    let answer = request(&body).await;
    match answer {
        Err(error) if body.refresh.is_some() && !error.is_temporary() => {
            request(&SessionBody { refresh: None, ..body }).await
        }
        answer => answer,
    }
}

async fn request(body: &SessionBody) -> Result<SessionAnswer, FetchError> {
    fetch::post("/api/session", body).await
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
    use super::token_error;
    use portico_client::TokenError;
    use portico_ui::fetch::FetchError;

    fn refused(status: u16) -> FetchError {
        FetchError::Refused {
            status,
            retry_after_ms: Some(2_000),
            body: String::new(),
        }
    }

    #[test]
    fn what_may_pass_is_tried_again_when_the_relay_says() {
        let retry_after_ms = Some(2_000);
        assert_eq!(token_error(&refused(429)), TokenError::Unavailable { retry_after_ms });
        assert_eq!(token_error(&refused(503)), TokenError::Unavailable { retry_after_ms });
        let retry_after_ms = None;
        assert_eq!(
            token_error(&FetchError::Unreachable),
            TokenError::Unavailable { retry_after_ms }
        );
    }

    #[test]
    fn what_the_relay_refuses_for_good_is_not_tried_again() {
        assert_eq!(token_error(&refused(403)), TokenError::Refused);
        assert_eq!(token_error(&FetchError::Unreadable), TokenError::Refused);
    }
}
