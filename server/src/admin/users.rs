//! Looks after contact-centre users that there are.

use super::Administration;
use portico_core::audit::Attribution;
use portico_core::identity::people::{self, PeopleError};
use portico_core::identity::sessions;
use portico_core::store::UserRecord;
use portico_shared::http::UserSession;
use serde::{Deserialize, Serialize};

/// Who gives commands, as the log calls it. No user has a name with a space in it.
pub(super) const OPERATOR: &str = "the operator";

/// What is to be done about a user.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserCommand {
    /// Lists all.
    List,
    /// Gives the right to sign in back.
    Enable {
        /// The sign-in name.
        username: String,
    },
    /// Gives other roles.
    SetRoles {
        /// The sign-in name.
        username: String,
        /// All of them.
        roles: Vec<String>,
    },
    /// Lists where a user is signed in.
    Sessions {
        /// The sign-in name.
        username: String,
    },
    /// Ends sessions.
    Revoke {
        /// The sign-in name.
        username: String,
        /// Which one, by the id in the list; all when absent.
        session: Option<String>,
    },
}

/// What became of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserReply {
    /// All users.
    Users(Vec<UserLine>),
    /// The user may sign in again.
    Enabled,
    /// The user has other roles.
    RolesSet,
    /// Where the user is signed in.
    Sessions(Vec<UserSession>),
    /// The sessions have ended.
    Revoked,
}

/// A user in a list.
#[derive(Serialize, Deserialize)]
pub struct UserLine {
    /// The sign-in name.
    pub username: String,
    /// First and last name.
    pub name: String,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// May not sign in.
    pub disabled: bool,
}

/// Does it.
pub(super) async fn perform(with: &Administration, command: UserCommand) -> Result<UserReply, PeopleError> {
    let (store, by) = (with.store.as_ref(), Attribution::operator(with.clock.as_ref()));
    match command {
        UserCommand::List => {
            let users = store.users().await?;
            Ok(UserReply::Users(users.into_iter().map(UserLine::from).collect()))
        }
        UserCommand::Enable { username } => {
            people::enable(store, &by, &username).await?;
            tracing::info!(user.name = %username, by = OPERATOR, "a user was enabled");
            Ok(UserReply::Enabled)
        }
        UserCommand::SetRoles { username, roles } => {
            people::set_roles(store, &by, &with.roles, &username, roles.clone()).await?;
            tracing::info!(user.name = %username, ?roles, by = OPERATOR, "a user was given other roles");
            Ok(UserReply::RolesSet)
        }
        UserCommand::Sessions { username } => {
            let live = sessions::list(store, &username, with.clock.now_ms()).await?;
            let sessions = live.into_iter().map(|session| UserSession {
                id: session.id,
                began_at: session.began_at,
                ends_at: session.ends_at,
            });
            Ok(UserReply::Sessions(sessions.collect()))
        }
        UserCommand::Revoke { username, session } => {
            match session {
                Some(id) => {
                    sessions::revoke(store, &by, &username, &id).await?;
                    tracing::info!(user.name = %username, by = OPERATOR, "a session of a user was ended");
                }
                None => {
                    sessions::revoke_all(store, &by, &username).await?;
                    tracing::info!(user.name = %username, by = OPERATOR, "all sessions of a user were ended");
                }
            }
            Ok(UserReply::Revoked)
        }
    }
}

impl From<UserRecord> for UserLine {
    fn from(user: UserRecord) -> Self {
        let name = format!("{} {}", user.first_name, user.last_name);
        Self {
            username: user.username,
            name: name.trim_end().to_owned(),
            roles: user.roles,
            disabled: user.disabled,
        }
    }
}
