//! The login, kept in this tab only, and the socket's token taken from it. There is no token without a password: when
//! one is refused or ends soon, the console asks for the password and goes on afterwards.

use leptos::prelude::*;
use portico_client::TokenError;
use portico_shared::http::{LoginAnswer, UserAnswer};
use portico_ui::browser::{now_ms, take_fragment};
use portico_ui::net::TokenSource;
use portico_ui::storage::ScopedStorage;

/// Where the login lies in the tab's storage.
const KEY: &str = "login";

/// Who is signed in here. A cheap handle, and the only one that changes the login and what is stored of it.
#[derive(Clone, Copy)]
pub(crate) struct Login {
    current: RwSignal<Option<LoginAnswer>>,
    /// The token ends or ended: the password is asked for over the console, which stays.
    needed: RwSignal<bool>,
    /// Whether the login of an earlier page of this tab is over.
    has_ended: bool,
    /// Whether the browser has come back from the OpenID provider with a session.
    is_brought: bool,
}

/// What the address of the desk ends with then.
const BROUGHT: &str = "#signed-in";

impl Login {
    /// The login of an earlier page of this tab.
    pub(crate) fn load() -> Self {
        let is_brought = take_fragment(BROUGHT);
        let (current, has_ended) = match stored(storage().get(KEY).as_deref(), now_ms()) {
            // Another session takes its place.
            Stored::Login(_) | Stored::Ended if is_brought => (None, false),
            Stored::Login(login) => (Some(login), false),
            Stored::Ended => (None, true),
            Stored::Nothing => (None, false),
        };
        Self {
            current: RwSignal::new(current),
            needed: RwSignal::new(false),
            has_ended,
            is_brought,
        }
    }

    /// The user who is signed in. Tracks.
    pub(crate) fn user(self) -> Option<UserAnswer> {
        self.current
            .with(|login| login.as_ref().map(|login| login.user.clone()))
    }

    /// Whether the sign-in page has to say that an earlier login is over.
    pub(crate) fn has_ended(self) -> bool {
        self.has_ended
    }

    /// Whether there is a session to ask the relay for.
    pub(crate) fn is_brought(self) -> bool {
        self.is_brought
    }

    /// Whether the password must be asked for again. Tracks.
    pub(crate) fn is_needed(self) -> bool {
        self.needed.get()
    }

    /// A user has signed in, for the first time or again. Reloads of this tab keep it.
    pub(crate) fn begin(self, login: LoginAnswer) {
        if let Ok(json) = serde_json::to_string(&login) {
            storage().put(KEY, &json);
        }
        self.current.set(Some(login));
        self.needed.set(false);
    }

    /// Forgets the login, and gives its token to be ended at the relay.
    pub(super) fn end(self) -> Option<String> {
        storage().remove(KEY);
        let token = self.token();
        self.current.set(None);
        self.needed.set(false);
        token
    }

    /// The token, for requests.
    pub(super) fn token(self) -> Option<String> {
        self.current
            .with_untracked(|login| login.as_ref().map(|login| login.token.clone()))
    }

    /// The tokens of the socket. Asked for a newer one than it gave, it has the password asked for.
    pub(super) fn tokens(self) -> TokenSource {
        let given = StoredValue::new(String::new());
        Box::new(move |refresh| {
            let spent = given.get_value();
            let answer = match fresh_token(self.token().as_deref(), refresh.then_some(spent.as_str())) {
                FreshToken::Token(token) => {
                    given.set_value(token.clone());
                    Ok(token)
                }
                FreshToken::LoginNeeded => {
                    self.needed.set(true);
                    Err(TokenError::Refused)
                }
                FreshToken::SignedOut => Err(TokenError::Refused),
            };
            Box::pin(std::future::ready(answer))
        })
    }
}

/// What the tab's storage says.
#[derive(Debug, PartialEq)]
enum Stored {
    Login(LoginAnswer),
    /// The token is no longer good.
    Ended,
    Nothing,
}

fn stored(json: Option<&str>, now_ms: i64) -> Stored {
    match json.and_then(|json| serde_json::from_str::<LoginAnswer>(json).ok()) {
        Some(login) if login.expires_at > now_ms => Stored::Login(login),
        Some(_) => Stored::Ended,
        None => Stored::Nothing,
    }
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

fn storage() -> ScopedStorage {
    ScopedStorage::session("portico.desk.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_shared::ids::ParticipantId;

    fn login() -> LoginAnswer {
        LoginAnswer {
            token: "t-1".to_owned(),
            expires_at: 1_000,
            user: UserAnswer {
                id: ParticipantId::new("u-1"),
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
        assert_eq!(stored(Some(&json), 999), Stored::Login(login()));
        assert_eq!(stored(Some(&json), 1_000), Stored::Ended);
    }

    #[test]
    fn what_is_no_login_signs_nobody_in() {
        assert_eq!(stored(None, 0), Stored::Nothing);
        assert_eq!(stored(Some("{\"token\":\"t-1\"}"), 0), Stored::Nothing);
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
