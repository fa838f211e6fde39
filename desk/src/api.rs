//! The relay's HTTP interface, as far as the console needs it: signing in and out, the wrap-up codes, what a
//! channel takes, and what was reported of a customer before a chat. Everything else goes over the socket.

use portico_client::full_name;
use portico_shared::cim::CimEvent;
use portico_shared::http::{LoginAnswer, LoginBody, LoginWays, UserAnswer, WidgetConfig, WrapupCategory};
use portico_shared::ids::ConversationId;
use portico_ui::fetch::{self, FetchError};

/// Signs in.
pub(crate) async fn login(credentials: &LoginBody) -> Result<LoginAnswer, FetchError> {
    fetch::post("/api/login", credentials).await
}

/// How users sign in beside a password.
pub(crate) async fn login_ways() -> Result<LoginWays, FetchError> {
    fetch::get("/api/login", None).await
}

/// Where the browser goes to sign in at the OpenID provider, and what gives the session that it brings back.
pub(crate) const PROVIDER: &str = "/api/login/oidc";

/// Takes that session.
pub(crate) async fn collect_login() -> Result<LoginAnswer, FetchError> {
    fetch::post(PROVIDER, &()).await
}

/// Ends the token at the relay. The console forgets it whether this succeeds or not.
pub(crate) async fn logout(token: &str) -> Result<(), FetchError> {
    fetch::post_nothing("/api/logout", Some(token)).await
}

/// How a channel is set for its visitors, and what files it takes.
pub(crate) async fn channel(id: &str) -> Result<WidgetConfig, FetchError> {
    fetch::get(&format!("/api/channels/{id}/widget"), None).await
}

/// The codes that a conversation can be wrapped up with.
pub(crate) async fn wrapups(token: &str) -> Result<Vec<WrapupCategory>, FetchError> {
    fetch::get("/api/wrapups", Some(token)).await
}

/// What was reported of a conversation's customer while there was no conversation, newest first.
pub(crate) async fn customer_activities(token: &str, id: &ConversationId) -> Result<Vec<CimEvent>, FetchError> {
    let path = format!("/api/v1/conversations/{id}/customer-activities");
    fetch::get(&path, Some(token)).await
}

/// What colleagues call a contact-centre user.
pub(crate) fn display_name(user: &UserAnswer) -> String {
    full_name(Some(&user.first_name), Some(&user.last_name)).unwrap_or_else(|| user.username.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_shared::ids::ParticipantId;

    fn user(first: &str, last: &str) -> UserAnswer {
        UserAnswer {
            id: ParticipantId::new("u-1"),
            username: "ada".to_owned(),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            roles: Vec::new(),
            queues: Vec::new(),
            max_tasks: 5,
        }
    }

    #[test]
    fn a_user_is_called_by_name_or_by_what_it_signs_in_with() {
        assert_eq!(display_name(&user("Ada", "Lovelace")), "Ada Lovelace");
        assert_eq!(display_name(&user("", "Lovelace")), "Lovelace");
        assert_eq!(display_name(&user(" ", "")), "ada");
    }
}
