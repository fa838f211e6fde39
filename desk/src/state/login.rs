//! The login, kept in this tab only, and the socket's token taken from it. There is no token without a password: when
//! one is refused or ends soon, the console asks for the password and goes on afterwards.

use leptos::prelude::*;
use portico_client::TokenError;
use portico_shared::http::LoginAnswer;
use portico_ui::browser::{Shelf, now_ms};
use portico_ui::net::TokenSource;

/// Where the login lies in the tab's storage.
const KEY: &str = "login";

/// What the tab's storage says.
pub(crate) enum StoredLogin {
    /// Somebody is signed in.
    Login(LoginAnswer),
    /// Somebody was, and the time is over.
    Ended,
    /// Nobody.
    Nobody,
}

/// The login of an earlier page of this tab.
pub(crate) fn stored_login() -> StoredLogin {
    match shelf()
        .get(KEY)
        .and_then(|json| serde_json::from_str::<LoginAnswer>(&json).ok())
    {
        Some(login) if login.expires_at > now_ms() => StoredLogin::Login(login),
        Some(_) => StoredLogin::Ended,
        None => StoredLogin::Nobody,
    }
}

/// Keeps a login for reloads of this tab.
pub(crate) fn store_login(login: &LoginAnswer) {
    if let Ok(json) = serde_json::to_string(login) {
        shelf().put(KEY, &json);
    }
}

/// Forgets the login.
pub(crate) fn forget() {
    shelf().remove(KEY);
}

/// Gives the login's token. Asked for a newer one than it gave, it has the person sign in again.
pub(super) fn source(login: RwSignal<Option<LoginAnswer>>, login_needed: RwSignal<bool>) -> TokenSource {
    let given = StoredValue::new(String::new());
    Box::new(move |refresh| {
        let token = login.with_untracked(|login| login.as_ref().map(|login| login.token.clone()));
        let answer = match token {
            Some(token) if !refresh || given.with_value(|given| *given != token) => {
                given.set_value(token.clone());
                Ok(token)
            }
            Some(_) => {
                login_needed.set(true);
                Err(TokenError::Refused)
            }
            None => Err(TokenError::Refused),
        };
        Box::pin(std::future::ready(answer))
    })
}

fn shelf() -> Shelf {
    Shelf::session("portico.desk.")
}
