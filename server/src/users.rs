//! What is printed of users.

use portico::admin::{UserLine, UserReply};
use portico_shared::cim::Timestamp;
use portico_shared::http::UserSession;

/// What is printed, line by line.
pub(crate) fn lines(reply: &UserReply) -> Vec<String> {
    match reply {
        UserReply::Users(users) => users.iter().map(user).collect(),
        UserReply::Enabled => vec!["enabled".to_owned()],
        UserReply::RolesSet => vec!["the roles are set".to_owned()],
        UserReply::Sessions(sessions) => sessions.iter().map(session).collect(),
        UserReply::Revoked => vec!["revoked".to_owned()],
    }
}

fn user(user: &UserLine) -> String {
    let state = if user.disabled { "disabled" } else { "enabled" };
    format!("{}\t{}\t{}\t{state}", user.username, user.name, user.roles.join(","))
}

fn session(session: &UserSession) -> String {
    let time = |ms: Option<i64>| ms.map_or_else(|| "unknown".to_owned(), |ms| Timestamp::from_ms(ms).iso());
    format!("{}\t{}\t{}", session.id, time(session.began_at), time(session.ends_at))
}
