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
#[derive(Debug, PartialEq)]
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
    stored(shelf().get(KEY).as_deref(), now_ms())
}

fn stored(json: Option<&str>, now_ms: i64) -> StoredLogin {
    match json.and_then(|json| serde_json::from_str::<LoginAnswer>(json).ok()) {
        Some(login) if login.expires_at > now_ms => StoredLogin::Login(login),
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
        let spent = given.get_value();
        let answer = match fresh_token(token.as_deref(), refresh.then_some(spent.as_str())) {
            FreshToken::Token(token) => {
                given.set_value(token.clone());
                Ok(token)
            }
            FreshToken::LoginNeeded => {
                login_needed.set(true);
                Err(TokenError::Refused)
            }
            FreshToken::SignedOut => Err(TokenError::Refused),
        };
        Box::pin(std::future::ready(answer))
    })
}

#[derive(Debug, PartialEq)]
enum FreshToken {
    Token(String),
    /// The only token is the one that is no longer good.
    LoginNeeded,
    SignedOut,
}

/// The login's token, if it is not the one that is spent.
fn fresh_token(token: Option<&str>, spent: Option<&str>) -> FreshToken {
    match token {
        None => FreshToken::SignedOut,
        Some(token) if spent == Some(token) => FreshToken::LoginNeeded,
        Some(token) => FreshToken::Token(token.to_owned()),
    }
}

fn shelf() -> Shelf {
    Shelf::session("portico.desk.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_shared::http::UserAnswer;

    fn login() -> LoginAnswer {
        LoginAnswer {
            token: "t-1".to_owned(),
            expires_at: 1_000,
            user: UserAnswer {
                id: "u-1".to_owned(),
                username: "ada".to_owned(),
                first_name: "Ada".to_owned(),
                last_name: String::new(),
                roles: vec!["agent".to_owned()],
                queues: Vec::new(),
                max_tasks: 5,
            },
        }
    }

    #[test]
    fn a_stored_login_is_good_until_its_token_ends() {
        let json = serde_json::to_string(&login()).expect("JSON");
        assert_eq!(stored(Some(&json), 999), StoredLogin::Login(login()));
        assert_eq!(stored(Some(&json), 1_000), StoredLogin::Ended);
    }

    #[test]
    fn what_is_no_login_signs_nobody_in() {
        assert_eq!(stored(None, 0), StoredLogin::Nobody);
        assert_eq!(stored(Some("{\"token\":\"t-1\"}"), 0), StoredLogin::Nobody);
    }

    #[test]
    fn a_token_that_is_no_longer_good_asks_for_the_password() {
        assert_eq!(fresh_token(Some("t-1"), Some("t-1")), FreshToken::LoginNeeded);
        assert_eq!(
            fresh_token(Some("t-2"), Some("t-1")),
            FreshToken::Token("t-2".to_owned())
        );
        assert_eq!(fresh_token(Some("t-1"), None), FreshToken::Token("t-1".to_owned()));
        assert_eq!(fresh_token(None, Some("t-1")), FreshToken::SignedOut);
    }
}
