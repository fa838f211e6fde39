//! Signing in at the OpenID provider: the way there, and what the browser brings back.

use super::problem_words;
use crate::api;
use crate::i18n::t;
use crate::state::Login;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use portico_ui::fetch::FetchError;

/// The way to the provider, where there is one. The browser leaves the page; what was typed is kept in the tab.
pub(super) fn link() -> AnyView {
    let provider = RwSignal::new(None::<String>);
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the answer; a page that is gone is not told"
    )]
    spawn_local(async move {
        // Without an answer there is the password.
        let ways = api::login_ways().await.unwrap_or_default();
        let _ = provider.try_set(ways.provider);
    });
    let way = |name: String| {
        html::a()
            .class("button button--big button--wide")
            .attr("href", api::PROVIDER)
            .child(t().sign_in_with(&name))
    };
    (move || provider.get().map(way)).into_any()
}

/// Takes the session that the browser has brought back, and says how far that is.
pub(super) fn collect(login: Login) -> AnyView {
    let problem = RwSignal::new(None::<String>);
    #[expect(
        clippy::disallowed_methods,
        reason = "ends with the answer; a page that is gone is not told"
    )]
    spawn_local(async move {
        match api::collect_login().await {
            Ok(answer) => login.begin(answer),
            Err(error) => drop(problem.try_set(Some(words(&error)))),
        }
    });
    let says = move || problem.get().unwrap_or_else(|| t().signing_in().to_owned());
    html::p().attr("role", "status").child(says).into_any()
}

/// What the person is told if there is no session.
fn words(error: &FetchError) -> String {
    match error {
        FetchError::Refused { status: 401 | 403, .. } => t().sign_in_not_brought().to_owned(),
        FetchError::Refused { .. } | FetchError::Unreachable | FetchError::Unreadable => problem_words(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_was_not_brought_is_no_wrong_password() {
        let refused = |status| {
            words(&FetchError::Refused {
                status,
                retry_after_ms: None,
                body: String::new(),
            })
        };
        assert_eq!(refused(401), t().sign_in_not_brought());
        assert_eq!(refused(503), t().sign_in_unreachable());
    }
}
