//! Where a contact-centre user is signed in, and the end of that.

use super::people::{PeopleError, TURN, audit, known};
use crate::audit::Attribution;
use crate::store::{AuditAction, Change, CredentialKind, CredentialRecord, Store};

/// A session of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserSession {
    /// What it is revoked by: the SHA-256 of its secret, in hexadecimal.
    pub id: String,
    /// When it began, in epoch milliseconds; unknown for sessions of relays before this was kept.
    pub began_at: Option<i64>,
    /// When it ends by itself, in epoch milliseconds.
    pub ends_at: Option<i64>,
}

/// The sessions of a user that are not over at `now`, in epoch milliseconds, the newest first.
///
/// # Errors
/// There is no user of this name, or the store could not be asked.
pub async fn list(store: &dyn Store, username: &str, now: i64) -> Result<Vec<UserSession>, PeopleError> {
    let user = known(store, username).await?;
    let all = store.sessions(&user.id).await?.into_iter();
    let live = all.filter(|session| session.expires_at.is_none_or(|end| end > now));
    Ok(live.map(UserSession::from).collect())
}

/// Ends all sessions of a user; sockets that were opened with them close within seconds.
///
/// # Errors
/// There is no user of this name, or the store did not take it.
pub async fn revoke_all(store: &dyn Store, by: &Attribution, username: &str) -> Result<(), PeopleError> {
    let user = known(store, username).await?;
    let revoked = audit(by, AuditAction::SessionsRevoked, &user);
    let changes = vec![Change::EndSessions(user.id), Change::AuditIfChanged(Box::new(revoked))];
    Ok(store.apply(changes).await?)
}

/// Ends one of them. One that has ended before stays so.
///
/// # Errors
/// There is no user of this name or it has no such session, or the store did not take it.
pub async fn revoke(store: &dyn Store, by: &Attribution, username: &str, id: &str) -> Result<(), PeopleError> {
    let _turn = TURN.lock().await;
    let user = known(store, username).await?;
    let mut hash = [0; 32];
    let found = match hex::decode_to_slice(id, &mut hash) {
        Ok(()) => store.credential(&hash).await?,
        Err(_) => None,
    };
    let of_user = |session: &CredentialRecord| session.kind == CredentialKind::Staff && session.subject == user.id;
    let session = found.filter(of_user).ok_or(PeopleError::NoSession)?;
    if session.revoked {
        return Ok(());
    }
    let record = audit(by, AuditAction::SessionsRevoked, &user).with("session", id);
    let revoked = CredentialRecord {
        revoked: true,
        ..session
    };
    let changes = vec![Change::Credential(Box::new(revoked)), Change::Audit(Box::new(record))];
    Ok(store.apply(changes).await?)
}

impl From<CredentialRecord> for UserSession {
    fn from(session: CredentialRecord) -> Self {
        Self {
            id: hex::encode(session.secret_hash),
            began_at: session.issued_at,
            ends_at: session.expires_at,
        }
    }
}
