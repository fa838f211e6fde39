//! Contact-centre users, and what they, bots and apps are known by.

use portico_shared::ids::ParticipantId;
use serde::{Deserialize, Serialize};

/// A contact-centre user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserRecord {
    /// Its id.
    pub id: ParticipantId,
    /// What it signs in with; lower case.
    pub username: String,
    /// Argon2id in PHC form; empty for a user of a provider, who has no password here.
    pub password_hash: String,
    /// First name, shown to customers.
    pub first_name: String,
    /// Last name, shown to colleagues.
    pub last_name: String,
    /// `agent`, `supervisor`, `admin`.
    pub roles: Vec<String>,
    /// Queues that it serves; empty means all.
    pub queues: Vec<String>,
    /// How many conversations at once.
    pub max_tasks: u8,
    /// May no longer sign in.
    pub disabled: bool,
    /// Who it is at an OpenID provider; absent for a user with a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderIdentity>,
}

/// Who a user is at an OpenID provider. A subject is another person at another issuer, and an e-mail address is no identity:
/// providers give it to others later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderIdentity {
    /// The provider, by its `iss`.
    pub issuer: String,
    /// The user there, by its `sub`.
    pub subject: String,
}

/// A staff session or an API key; only the SHA-256 of the secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialRecord {
    /// SHA-256 of the secret.
    pub secret_hash: [u8; 32],
    /// What it stands for.
    pub kind: CredentialKind,
    /// The user, bot or app.
    pub subject: ParticipantId,
    /// What operators call it.
    pub label: String,
    /// What an app's key may do, for example `activities:write`.
    pub scopes: Vec<String>,
    /// When a session began or a key was made, in epoch milliseconds; absent where that was before this was kept.
    pub issued_at: Option<i64>,
    /// When it ends, in epoch milliseconds; never if absent.
    pub expires_at: Option<i64>,
    /// It was taken back.
    pub revoked: bool,
    /// What a key begins with, by which people tell it from others; absent for sessions, and for keys that are older than this.
    pub prefix: Option<String>,
    /// When a key was used last; not kept of sessions.
    pub used: Option<KeyUse>,
}

/// The last use of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyUse {
    /// When, in epoch milliseconds.
    pub at: i64,
    /// The network that it came from, in CIDR notation.
    pub from: String,
}

/// What a credential stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CredentialKind {
    /// A signed-in user.
    Staff,
    /// A bot.
    Bot,
    /// A third-party app.
    App,
}
