//! Users who sign in at an OpenID provider. Such a user is known by issuer and subject alone, so that one with the name of a user
//! who has a password gets nothing of that user's.

use super::people::{self, is_name, is_username};
use super::staff_session::StaffSessionError;
use crate::audit::Attribution;
use crate::store::{AuditAction, Change, NewAudit, ObjectKind, ProviderIdentity, Store, StoreError, UserRecord};
use portico_shared::ids::ParticipantId;
use sha2::{Digest, Sha256};
use std::fmt;

/// What is put behind a name that other users have: `ann`, `ann-2`, up to this number. After that the id is the name.
const LAST_NAMESAKE: u32 = 99;

/// What a provider says of a user that it has just signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvidedUser {
    /// Who it is.
    pub identity: ProviderIdentity,
    /// What it would like to be called by operators; what is no username is not used.
    pub username: String,
    /// Shown to customers; what is no name is not used.
    pub first_name: String,
    /// Shown to colleagues; what is no name is not used.
    pub last_name: String,
    /// The names of the roles that its claims stand for; without any it may not sign in.
    pub roles: Vec<String>,
    /// How many conversations at once, if it is new.
    pub max_tasks: u8,
}

/// Why a user of a provider was not signed in.
#[derive(Debug, thiserror::Error)]
pub enum ProvidedError {
    /// It may not sign in.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The session could not be opened, or the user not be kept.
    #[error(transparent)]
    Session(#[from] StaffSessionError),
}

impl From<StoreError> for ProvidedError {
    fn from(error: StoreError) -> Self {
        Self::Session(error.into())
    }
}

/// The refusal of a user: the provider has signed the user in, and the relay does not let the user in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("user {id} of the provider {why}")]
pub struct Refused {
    /// Who it is, or would be.
    pub id: ParticipantId,
    /// The provider, by its issuer.
    pub issuer: String,
    /// Why.
    pub why: RefusedFor,
}

/// Why a user of a provider may not sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusedFor {
    /// No claim stands for a role.
    NoRole,
    /// An operator or an administrator has disabled it.
    Disabled,
}

impl RefusedFor {
    /// The name in records.
    const fn name(self) -> &'static str {
        match self {
            Self::NoRole => "no_role",
            Self::Disabled => "disabled",
        }
    }
}

impl fmt::Display for RefusedFor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoRole => "has no role here",
            Self::Disabled => "is disabled",
        })
    }
}

impl Refused {
    fn of(id: ParticipantId, identity: &ProviderIdentity, why: RefusedFor) -> ProvidedError {
        let issuer = identity.issuer.clone();
        Self { id, issuer, why }.into()
    }

    /// The record of it. The user need not be there: the id that its subject would have tells one from another.
    pub(super) fn record(&self, by: &Attribution) -> NewAudit {
        let record = by.record(AuditAction::SignInRefused, ObjectKind::User, &self.id);
        record.with("provider", &*self.issuer).with("why", self.why.name())
    }
}

/// The user as it is kept after what the provider says of it, with a record of what that changes. Called in a user's turn.
pub(super) async fn settle(
    store: &dyn Store,
    by: &Attribution,
    provided: ProvidedUser,
) -> Result<UserRecord, ProvidedError> {
    let id = id_of(&provided.identity);
    let refused = |why| Refused::of(id.clone(), &provided.identity, why);
    match store.user(&id).await? {
        // Another identity with the same id would be a forgery of the hash.
        Some(known) if known.disabled || known.provider.as_ref() != Some(&provided.identity) => {
            Err(refused(RefusedFor::Disabled))
        }
        Some(known) if provided.roles.is_empty() => {
            take_roles(store, by, known).await?;
            Err(refused(RefusedFor::NoRole))
        }
        None if provided.roles.is_empty() => Err(refused(RefusedFor::NoRole)),
        Some(known) => {
            let user = refreshed(known.clone(), provided);
            let changed = (known.roles != user.roles).then(|| people::roles_changed(by, &known, &user.roles));
            if known != user {
                store.apply(changes(&user, changed)).await?;
            }
            Ok(user)
        }
        None => {
            let username = free_username(store, &provided.username, &id).await?;
            let user = refreshed(new_user(id, username, &provided), provided);
            let added = people::audit(by, AuditAction::UserAdded, &user).with("roles", user.roles.join(","));
            store.apply(changes(&user, Some(added))).await?;
            Ok(user)
        }
    }
}

/// What was granted before ends with the claim, and so do sessions of then.
async fn take_roles(store: &dyn Store, by: &Attribution, known: UserRecord) -> Result<(), StoreError> {
    if known.roles.is_empty() {
        return Ok(());
    }
    let taken = people::roles_changed(by, &known, &[]);
    let without = UserRecord {
        roles: Vec::new(),
        ..known
    };
    let mut changes = changes(&without, Some(taken));
    changes.push(Change::EndSessions(without.id));
    store.apply(changes).await
}

fn changes(user: &UserRecord, record: Option<NewAudit>) -> Vec<Change> {
    let user = Change::User(Box::new(user.clone()));
    let record = record.map(|record| Change::Audit(Box::new(record)));
    std::iter::once(user).chain(record).collect()
}

fn new_user(id: ParticipantId, username: String, provided: &ProvidedUser) -> UserRecord {
    UserRecord {
        id,
        first_name: username.clone(),
        username,
        password_hash: String::new(),
        last_name: String::new(),
        roles: Vec::new(),
        queues: Vec::new(),
        max_tasks: provided.max_tasks,
        disabled: false,
        provider: Some(provided.identity.clone()),
    }
}

/// A user with the names and roles of this sign-in. What it is called by operators stays: commands name it so.
fn refreshed(user: UserRecord, provided: ProvidedUser) -> UserRecord {
    let name = |stated: String, before: String| if is_name(&stated) { stated } else { before };
    UserRecord {
        first_name: name(provided.first_name, user.first_name),
        last_name: name(provided.last_name, user.last_name),
        roles: provided.roles,
        ..user
    }
}

/// The wanted username if it is free, otherwise the same with a number.
async fn free_username(store: &dyn Store, wanted: &str, id: &ParticipantId) -> Result<String, StoreError> {
    let wanted = wanted.trim().to_ascii_lowercase();
    if !is_username(&wanted) {
        return Ok(id.to_string());
    }
    if store.user_by_name(&wanted).await?.is_none() {
        return Ok(wanted);
    }
    for number in 2..=LAST_NAMESAKE {
        let numbered = format!("{wanted}-{number}");
        if is_username(&numbered) && store.user_by_name(&numbered).await?.is_none() {
            return Ok(numbered);
        }
    }
    Ok(id.to_string())
}

/// The id of a user of a provider. It follows from who the user is there, so that two sign-ins at once cannot make two users.
fn id_of(identity: &ProviderIdentity) -> ParticipantId {
    let mut hash = Sha256::new();
    // With its length, so that the border between issuer and subject cannot be moved.
    hash.update((identity.issuer.len() as u64).to_be_bytes());
    hash.update(&identity.issuer);
    hash.update(&identity.subject);
    ParticipantId::new(format!("oidc-{}", hex::encode(&hash.finalize()[..16])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(issuer: &str, subject: &str) -> ProviderIdentity {
        ProviderIdentity {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
        }
    }

    #[test]
    fn an_id_is_that_of_one_subject_of_one_issuer() {
        let ann = id_of(&identity("https://id.example", "ann"));
        assert_eq!(ann, id_of(&identity("https://id.example", "ann")));
        for other in [
            identity("https://id.example", "ben"),
            identity("https://other.example", "ann"),
            identity("https://id.examplea", "nn"),
        ] {
            assert_ne!(ann, id_of(&other), "{other:?}");
        }
        assert!(is_username(ann.as_str()));
    }
}
