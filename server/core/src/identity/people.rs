//! Contact-centre users as an operator adds them, gives them passwords, and disables them.

use super::Roles;
use super::password::{self, PasswordError};
use crate::audit::Attribution;
use crate::clock::Clock;
use crate::config::BootstrapUser;
use crate::store::{AuditAction, Change, NewAudit, ObjectKind, Store, StoreError, UserRecord};
use portico_shared::ids::ParticipantId;
use portico_shared::text::says_nothing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

/// Shortest password of a user, in characters.
pub const MIN_PASSWORD_CHARS: usize = 8;

/// A user is read and written by one at a time, and so is what follows from it, a session: what another has just changed would else
/// be written back. One process has the store, so this is enough.
pub(super) static TURN: Mutex<()> = Mutex::const_new(());

/// Longest name of a person, a bot or anything else that has one, in characters.
pub const MAX_NAME_CHARS: usize = 100;

/// Whether a text may be a sign-in name: what is compared is bytes, so there is one spelling.
pub fn is_username(text: &str) -> bool {
    ParticipantId::parse(text).is_some() && !text.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Whether a text stands on one line wherever it is shown, and is no longer than this many characters: no line breaks, and no
/// codes that a terminal obeys.
pub fn is_one_line(text: &str, most: usize) -> bool {
    const SEPARATORS: [char; 2] = ['\u{2028}', '\u{2029}'];
    text.chars().count() <= most && !text.contains(|letter: char| letter.is_control() || SEPARATORS.contains(&letter))
}

/// Whether a text may be the name of a person, a bot, a channel or a queue.
pub fn is_name(text: &str) -> bool {
    is_one_line(text, MAX_NAME_CHARS) && !says_nothing(text)
}

/// Why a user was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// Names are what users sign in with, so each belongs to one user.
    #[error("there is a user {0:?} already")]
    Exists(String),
    /// There is no user of this name.
    #[error("no user {0:?}")]
    Unknown(String),
    /// It could not be typed to sign in.
    #[error("{0:?} is no username: visible ASCII in lower case")]
    Username(String),
    /// It could not be shown on one line.
    #[error("{0:?} is no name: one line of at most {MAX_NAME_CHARS} characters")]
    Name(String),
    /// The relay knows no such role.
    #[error("{role:?} is no role: one of {known}")]
    Role {
        /// What it was to be.
        role: String,
        /// Those that there are.
        known: String,
    },
    /// At least one role is required.
    #[error("a user has at least one role: {known}")]
    NoRole {
        /// Those that there are.
        known: String,
    },
    /// The user has no session with this id.
    #[error("no such session of this user")]
    NoSession,
    /// The provider alone says who it is.
    #[error("{0:?} signs in at the OpenID provider and has no password here")]
    OfProvider(String),
    /// Too easily guessed.
    #[error("a password has at least {MIN_PASSWORD_CHARS} characters")]
    ShortPassword,
    /// It could not be hashed.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A user to be added.
#[derive(Clone, Serialize, Deserialize)]
pub struct NewUser {
    /// What it signs in with.
    pub username: String,
    /// In clear; only its hash is kept.
    pub password: String,
    /// Shown to customers.
    pub first_name: String,
    /// Shown to colleagues.
    pub last_name: String,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// Queues that it serves; empty means all.
    pub queues: Vec<String>,
    /// How many conversations at once.
    pub max_tasks: u8,
}

impl NewUser {
    fn check(&self, roles: &Roles) -> Result<(), PeopleError> {
        if !is_username(&self.username) {
            return Err(PeopleError::Username(self.username.clone()));
        }
        if !is_name(&self.first_name) {
            return Err(PeopleError::Name(self.first_name.clone()));
        }
        if !self.last_name.is_empty() && !is_name(&self.last_name) {
            return Err(PeopleError::Name(self.last_name.clone()));
        }
        check_roles(&self.roles, roles)?;
        check_password(&self.password)
    }
}

fn check_roles(named: &[String], roles: &Roles) -> Result<(), PeopleError> {
    let known = || roles.names();
    if named.is_empty() {
        return Err(PeopleError::NoRole { known: known() });
    }
    match named.iter().find(|role| !roles.has(role)) {
        Some(role) => Err(PeopleError::Role {
            role: role.clone(),
            known: known(),
        }),
        None => Ok(()),
    }
}

fn check_password(password: &str) -> Result<(), PeopleError> {
    if password.chars().count() < MIN_PASSWORD_CHARS {
        Err(PeopleError::ShortPassword)
    } else {
        Ok(())
    }
}

/// Adds a user and answers its id.
pub async fn add(
    store: &dyn Store,
    clock: &dyn Clock,
    by: &Attribution,
    roles: &Roles,
    user: NewUser,
) -> Result<ParticipantId, PeopleError> {
    user.check(roles)?;
    if store.user_by_name(&user.username).await?.is_some() {
        return Err(PeopleError::Exists(user.username));
    }
    let id = ParticipantId::new(clock.uuid());
    let password_hash = hash_aside(user.password.into()).await?;
    let record = UserRecord {
        id: id.clone(),
        username: user.username,
        password_hash,
        first_name: user.first_name,
        last_name: user.last_name,
        roles: user.roles,
        queues: user.queues,
        max_tasks: user.max_tasks,
        disabled: false,
        provider: None,
    };
    let added = audit(by, AuditAction::UserAdded, &record).with("roles", record.roles.join(","));
    put(store, record, added).await?;
    Ok(id)
}

/// Adds those that are not there yet. Who is there stays as it is, its password included.
pub async fn add_missing(
    store: &dyn Store,
    clock: &dyn Clock,
    roles: &Roles,
    users: &[BootstrapUser],
) -> Result<(), PeopleError> {
    for user in users {
        match add(store, clock, &Attribution::relay(clock), roles, user.into()).await {
            Ok(_) => tracing::info!(user.name = %user.username, "a user of the configuration was added"),
            Err(PeopleError::Exists(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Gives a user another password and ends all sessions that were opened with the one before; open sockets close within
/// seconds.
///
/// # Errors
/// There is no user of this name or it signs in at a provider, the password is too short or too long, or the store did not take it.
pub async fn set_password(
    store: &dyn Store,
    by: &Attribution,
    username: &str,
    password: String,
) -> Result<(), PeopleError> {
    check_password(&password)?;
    let password_hash = hash_aside(password.into()).await?;
    let _turn = TURN.lock().await;
    let user = known(store, username).await?;
    if user.provider.is_some() {
        return Err(PeopleError::OfProvider(user.username));
    }
    let changed = audit(by, AuditAction::UserPassword, &user);
    sign_out(store, UserRecord { password_hash, ..user }, changed).await
}

/// Takes the right to sign in, which may be taken already, and ends all sessions; open sockets close within seconds.
pub async fn disable(store: &dyn Store, by: &Attribution, username: &str) -> Result<(), PeopleError> {
    let _turn = TURN.lock().await;
    let user = known(store, username).await?;
    if user.disabled {
        return Ok(());
    }
    let disabled = audit(by, AuditAction::UserDisabled, &user);
    // Sessions that are not ended would go on when the user is enabled again.
    sign_out(store, UserRecord { disabled: true, ..user }, disabled).await
}

/// Writes a user that has no session from then on.
async fn sign_out(store: &dyn Store, user: UserRecord, audit: NewAudit) -> Result<(), PeopleError> {
    let changes = vec![
        Change::EndSessions(user.id.clone()),
        Change::User(Box::new(user)),
        Change::Audit(Box::new(audit)),
    ];
    Ok(store.apply(changes).await?)
}

/// Gives the right to sign in back.
pub async fn enable(store: &dyn Store, by: &Attribution, username: &str) -> Result<(), PeopleError> {
    let _turn = TURN.lock().await;
    let user = known(store, username).await?;
    if !user.disabled {
        return Ok(());
    }
    let enabled = audit(by, AuditAction::UserEnabled, &user);
    let user = UserRecord {
        disabled: false,
        ..user
    };
    put(store, user, enabled).await
}

/// Gives a user other roles; open sockets close within seconds and come back with other rights.
///
/// # Errors
/// There is no user of this name or no such role, no role is named, or the store did not take it.
pub async fn set_roles(
    store: &dyn Store,
    by: &Attribution,
    roles: &Roles,
    username: &str,
    named: Vec<String>,
) -> Result<(), PeopleError> {
    check_roles(&named, roles)?;
    let _turn = TURN.lock().await;
    let user = known(store, username).await?;
    if user.roles == named {
        return Ok(());
    }
    let changed = roles_changed(by, &user, &named);
    put(store, UserRecord { roles: named, ..user }, changed).await
}

async fn put(store: &dyn Store, user: UserRecord, audit: NewAudit) -> Result<(), PeopleError> {
    let changes = vec![Change::User(Box::new(user)), Change::Audit(Box::new(audit))];
    Ok(store.apply(changes).await?)
}

/// The record of other roles of a user.
pub(super) fn roles_changed(by: &Attribution, user: &UserRecord, after: &[String]) -> NewAudit {
    audit(by, AuditAction::UserRoles, user)
        .with("before", user.roles.join(","))
        .with("after", after.join(","))
}

/// The record of an act on a user.
pub(super) fn audit(by: &Attribution, action: AuditAction, user: &UserRecord) -> NewAudit {
    let record = by.record(action, ObjectKind::User, &user.id);
    let record = record.with("username", &*user.username);
    match &user.provider {
        Some(provider) => record.with("provider", &*provider.issuer),
        None => record,
    }
}

/// The user of this name.
///
/// # Errors
/// There is none, or the store could not be asked.
pub async fn known(store: &dyn Store, username: &str) -> Result<UserRecord, PeopleError> {
    let found = store.user_by_name(username).await?;
    found.ok_or_else(|| PeopleError::Unknown(username.to_owned()))
}

async fn hash_aside(password: SecretString) -> Result<String, PasswordError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "awaited in the same function, so that a stop waits for it"
    )]
    let hashed = tokio::task::spawn_blocking(move || password::hash(password.expose_secret()));
    hashed.await.unwrap_or(Err(PasswordError::Busy))
}

impl From<&BootstrapUser> for NewUser {
    fn from(user: &BootstrapUser) -> Self {
        Self {
            username: user.username.clone(),
            password: user.password.expose_secret().to_owned(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            roles: user.roles.clone(),
            queues: user.queues.clone(),
            max_tasks: user.max_tasks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_some_length() {
        for name in ["Ann", "שרה (נציגה)", "Jean-Luc d’Été", &"x".repeat(MAX_NAME_CHARS)] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "",
            "  ",
            "Ann\nArcher",
            "Ann\r",
            "Ann\u{1b}[2J",
            "Ann\u{85}",
            "Ann\u{2028}",
            "\0",
            &"x".repeat(MAX_NAME_CHARS + 1),
        ] {
            assert!(!is_name(name), "{name:?}");
        }
    }
}
