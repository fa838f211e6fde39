//! Users whom an OpenID provider signs in. Issuer and subject are who such a user is; a name that it shares with a user who has
//! a password leads to nothing of that one.

use super::people::{is_name, is_username};
use super::staff_session::StaffSessionError;
use crate::store::{ProviderIdentity, Store, StoreError, UserRecord};
use portico_shared::ids::ParticipantId;
use sha2::{Digest, Sha256};

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
    /// No claim stands for a role.
    #[error("user {0} of the provider has no role here")]
    NoRole(ParticipantId),
    /// An operator has disabled it.
    #[error("user {0} of the provider is disabled")]
    Disabled(ParticipantId),
    /// The session could not be opened, or the user not be kept.
    #[error(transparent)]
    Session(#[from] StaffSessionError),
}

impl From<StoreError> for ProvidedError {
    fn from(error: StoreError) -> Self {
        Self::Session(error.into())
    }
}

/// The user as it is kept after what the provider says of it. Called in a user's turn.
pub(super) async fn settle(store: &dyn Store, provided: ProvidedUser) -> Result<UserRecord, ProvidedError> {
    let id = id_of(&provided.identity);
    let known = store.user(&id).await?;
    match known {
        // Another identity with the same id would be a forgery of the hash.
        Some(known) if known.disabled || known.provider.as_ref() != Some(&provided.identity) => {
            Err(ProvidedError::Disabled(id))
        }
        Some(known) if provided.roles.is_empty() => {
            // What was granted before ends with the claim, and so do sessions of then.
            let without = UserRecord {
                roles: Vec::new(),
                ..known
            };
            store.put_user(without).await?;
            store.end_sessions(&id).await?;
            Err(ProvidedError::NoRole(id))
        }
        None if provided.roles.is_empty() => Err(ProvidedError::NoRole(id)),
        Some(known) => keep(store, refreshed(known, provided)).await,
        None => {
            let username = free_username(store, &provided.username, &id).await?;
            let new = UserRecord {
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
            };
            keep(store, refreshed(new, provided)).await
        }
    }
}

async fn keep(store: &dyn Store, user: UserRecord) -> Result<UserRecord, ProvidedError> {
    store.put_user(user.clone()).await?;
    Ok(user)
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

/// The name that is asked for if nobody has it, or one like it.
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
