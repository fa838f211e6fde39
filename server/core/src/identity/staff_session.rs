//! Sessions of contact-centre users and keys of bots and apps: everything that puts credentials into the store.

use super::password::{PasswordError, Passwords};
use super::provided::{self, ProvidedError, ProvidedUser, Refused};
use super::scope::{self, ScopeError};
use super::secret::{self, SecretKind};
use super::{Roles, StaffPrincipal, people};
use crate::audit::Attribution;
use crate::clock::Clock;
use crate::store::{
    AuditAction, Change, CredentialKind, CredentialRecord, NewAudit, ObjectKind, Store, StoreError, UserRecord,
};
use portico_shared::ids::ParticipantId;
use std::sync::Arc;

/// How long a user stays signed in, in milliseconds: a shift.
pub const SESSION_MS: i64 = 12 * 60 * 60 * 1_000;

/// How long a session that is over is remembered, in milliseconds: a desk that comes back is told why it is refused.
const REMEMBERED_MS: i64 = 24 * 60 * 60 * 1_000;

/// Why a sign-in, a sign-out or the making of a key failed.
#[derive(Debug, thiserror::Error)]
pub enum StaffSessionError {
    /// No such user, another password, or disabled: it is not said which.
    #[error("username or password is wrong")]
    Wrong,
    /// No such session or key.
    #[error("no such session or key")]
    Unknown,
    /// A key is to have a scope that it cannot have.
    #[error(transparent)]
    Scope(#[from] ScopeError),
    /// The password could not be checked.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The store could not be asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system has no randomness.
    #[error("no randomness: {0}")]
    Random(#[from] getrandom::Error),
}

/// A secret that was just made, which is shown once, and what it stands for.
pub struct Issued {
    /// The secret itself.
    pub secret: String,
    /// What is kept of it.
    pub record: CredentialRecord,
}

/// A staff session that was just opened.
pub struct StaffLogin {
    /// Its secret.
    pub token: String,
    /// When it ends, in epoch milliseconds.
    pub expires_at: i64,
    /// Whose it is.
    pub user: StaffPrincipal,
}

/// Opens and ends the sessions of contact-centre users.
pub struct StaffSessions {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    roles: Roles,
    passwords: Passwords,
}

impl StaffSessions {
    /// Over this store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, roles: Roles) -> Self {
        Self {
            store,
            clock,
            roles,
            passwords: Passwords::new(),
        }
    }

    /// Opens a session. The work is the same whether or not the user exists.
    pub async fn sign_in(&self, username: &str, password: String) -> Result<StaffLogin, StaffSessionError> {
        let user = self.store.user_by_name(username).await?;
        let kept = user.as_ref().filter(|user| user.provider.is_none());
        let kept = kept.map(|user| user.password_hash.clone());
        let fits = self.passwords.fits(password, kept).await?;
        let user = user
            .filter(|user| fits && !user.disabled)
            .ok_or(StaffSessionError::Wrong)?;
        // A check takes its time. A session is opened for the user as it is now, and a change ends it from here on.
        let _turn = people::TURN.lock().await;
        let user = self.unchanged(user).await?;
        self.open(user).await
    }

    /// Takes over name and roles of a user from an OpenID provider that has signed the user in, and adds a new user.
    /// [`Self::open_provided`] opens the session later, when the desk asks for it.
    pub async fn let_in(&self, provided: ProvidedUser) -> Result<StaffPrincipal, ProvidedError> {
        let _turn = people::TURN.lock().await;
        // What the provider says, the relay makes roles of by its configuration.
        let by = Attribution::relay(self.clock.as_ref());
        let user = provided::settle(self.store.as_ref(), &by, provided).await?;
        Ok(StaffPrincipal::new(user, &self.roles))
    }

    /// Opens a session for a user who was let in a moment ago.
    pub async fn open_provided(&self, user: &ParticipantId) -> Result<StaffLogin, StaffSessionError> {
        let _turn = people::TURN.lock().await;
        let user = self.store.user(user).await?;
        let user = user.filter(|user| !user.disabled && user.provider.is_some() && !user.roles.is_empty());
        self.open(user.ok_or(StaffSessionError::Unknown)?).await
    }

    async fn open(&self, user: UserRecord) -> Result<StaffLogin, StaffSessionError> {
        let now = self.clock.now_ms();
        let expires_at = now + SESSION_MS;
        let session = CredentialRecord {
            secret_hash: [0; 32],
            kind: CredentialKind::Staff,
            subject: user.id.clone(),
            label: "session".to_owned(),
            scopes: Vec::new(),
            issued_at: Some(now),
            expires_at: Some(expires_at),
            revoked: false,
            prefix: None,
            used: None,
        };
        let principal = StaffPrincipal::new(user.clone(), &self.roles);
        let by = Attribution::user(&principal, self.clock.as_ref());
        let record = |session: &CredentialRecord| {
            let signed_in = people::audit(&by, AuditAction::SignIn, &user);
            signed_in.with("session", hex::encode(session.secret_hash))
        };
        let (issued, changes) = mint(SecretKind::StaffSession, session, record)?;
        self.store.apply(changes).await?;
        self.forget_old_sessions().await;
        Ok(StaffLogin {
            token: issued.secret,
            expires_at,
            user: principal,
        })
    }

    /// Records that somebody tried too often to sign in as a user. Where there is no such user, there is nothing to record.
    pub async fn note_refusal(&self, username: &str) -> Result<(), StoreError> {
        self.note(AuditAction::SignInRefused, username).await
    }

    /// Records that somebody tried to sign in as a user and did not, as [`StaffSessions::note_refusal`] does. Whoever tries must
    /// not wait for it: how long it takes tells whether there is such a user.
    pub async fn note_failure(&self, username: &str) -> Result<(), StoreError> {
        self.note(AuditAction::SignInFailed, username).await
    }

    async fn note(&self, action: AuditAction, username: &str) -> Result<(), StoreError> {
        let Some(user) = self.store.user_by_name(username).await? else {
            return Ok(());
        };
        let by = Attribution::unknown(self.clock.as_ref());
        let noted = people::audit(&by, action, &user);
        self.record(noted).await
    }

    /// Records that a user whom a provider has signed in was not let in.
    pub async fn note_provided_refusal(&self, refused: &Refused) -> Result<(), StoreError> {
        let by = Attribution::provided(&refused.id, self.clock.as_ref());
        self.record(refused.record(&by)).await
    }

    async fn record(&self, record: NewAudit) -> Result<(), StoreError> {
        self.store.apply(vec![Change::Audit(Box::new(record))]).await
    }

    /// The user as it is now, if the password that was checked is still its own and it may sign in.
    async fn unchanged(&self, checked: UserRecord) -> Result<UserRecord, StaffSessionError> {
        let now = self.store.user(&checked.id).await?;
        now.filter(|now| !now.disabled && now.password_hash == checked.password_hash)
            .ok_or(StaffSessionError::Wrong)
    }

    /// Runs at each sign-in, so that ended sessions do not pile up.
    async fn forget_old_sessions(&self) {
        let before = self.clock.now_ms() - REMEMBERED_MS;
        if let Err(error) = self.store.forget_sessions(before).await {
            tracing::warn!(%error, "sessions that are over were not forgotten");
        }
    }

    /// Ends a session in the name of whose it is; sockets that were opened with it close within seconds.
    pub async fn sign_out(&self, token: &str) -> Result<(), StaffSessionError> {
        let _turn = people::TURN.lock().await;
        let store = self.store.as_ref();
        let Some(session) = to_revoke(store, &secret::hash(token)).await? else {
            return Ok(());
        };
        let user = store.user(&session.subject).await?.ok_or(StaffSessionError::Unknown)?;
        let principal = StaffPrincipal::new(user.clone(), &self.roles);
        let by = Attribution::user(&principal, self.clock.as_ref());
        let record = people::audit(&by, AuditAction::SignOut, &user);
        let record = record.with("session", hex::encode(session.secret_hash));
        Ok(store.apply(revoking(session, record)).await?)
    }
}

/// A key for a bot or an app, which is good once these changes are written.
pub fn new_key(
    by: &Attribution,
    kind: CredentialKind,
    subject: ParticipantId,
    label: String,
    scopes: Vec<String>,
) -> Result<(Issued, Vec<Change>), StaffSessionError> {
    scope::check(kind, &scopes)?;
    let key = CredentialRecord {
        secret_hash: [0; 32],
        kind,
        subject,
        label,
        scopes,
        issued_at: Some(by.at),
        expires_at: None,
        revoked: false,
        prefix: None,
        used: None,
    };
    let record = |key: &CredentialRecord| {
        let added = audit(by, AuditAction::KeyAdded, key);
        added.with("scopes", key.scopes.join(","))
    };
    mint(SecretKind::ApiKey, key, record)
}

/// Takes back the session or key with this SHA-256. It may be taken back already.
pub async fn revoke(store: &dyn Store, by: &Attribution, secret_hash: &[u8; 32]) -> Result<(), StaffSessionError> {
    let _turn = people::TURN.lock().await;
    let Some(credential) = to_revoke(store, secret_hash).await? else {
        return Ok(());
    };
    let record = match credential.kind {
        CredentialKind::Bot | CredentialKind::App => audit(by, AuditAction::KeyRevoked, &credential),
        CredentialKind::Staff => {
            let record = by.record(AuditAction::SessionsRevoked, ObjectKind::User, &credential.subject);
            let user = store.user(&credential.subject).await?;
            let record = record.with("username", user.map(|user| user.username).unwrap_or_default());
            record.with("session", hex::encode(secret_hash))
        }
    };
    Ok(store.apply(revoking(credential, record)).await?)
}

/// What takes a live key back.
pub(crate) fn revocation(by: &Attribution, key: CredentialRecord) -> Vec<Change> {
    let record = audit(by, AuditAction::KeyRevoked, &key);
    revoking(key, record)
}

/// A session or key that is to be taken back; nothing if it was before.
async fn to_revoke(store: &dyn Store, secret_hash: &[u8; 32]) -> Result<Option<CredentialRecord>, StaffSessionError> {
    let credential = store.credential(secret_hash).await?.ok_or(StaffSessionError::Unknown)?;
    Ok((!credential.revoked).then_some(credential))
}

fn revoking(credential: CredentialRecord, record: NewAudit) -> Vec<Change> {
    let revoked = CredentialRecord {
        revoked: true,
        ..credential
    };
    vec![Change::Credential(Box::new(revoked)), Change::Audit(Box::new(record))]
}

/// The record of an act on a key.
fn audit(by: &Attribution, action: AuditAction, key: &CredentialRecord) -> NewAudit {
    let record = by.record(action, ObjectKind::Key, hex::encode(key.secret_hash));
    record.with("subject", key.subject.as_str()).with("label", &*key.label)
}

/// Makes a secret. What is kept of it is in the changes, with the record of that.
fn mint(
    kind: SecretKind,
    record: CredentialRecord,
    audit: impl Fn(&CredentialRecord) -> NewAudit,
) -> Result<(Issued, Vec<Change>), StaffSessionError> {
    let secret = secret::mint(kind)?;
    let record = CredentialRecord {
        secret_hash: secret::hash(&secret),
        prefix: (kind == SecretKind::ApiKey).then(|| secret::prefix(&secret)),
        ..record
    };
    let changes = vec![
        Change::Credential(Box::new(record.clone())),
        Change::Audit(Box::new(audit(&record))),
    ];
    Ok((Issued { secret, record }, changes))
}
