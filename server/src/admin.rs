//! What an operator does from the command line: adds and disables users and gives them passwords, makes and revokes keys, looks after dead letters.
//!
//! One process at a time has a store. While no relay runs, the command opens the store itself; while one runs, the
//! command asks it, over a socket beside the store file that only the relay's own user may open.

mod socket;

pub use socket::{ask, control};

use portico_core::clock::Clock;
use portico_core::identity::people::{self, MAX_NAME_CHARS, NewUser, PeopleError, is_name};
use portico_core::identity::staff_session::{self, StaffSessionError};
use portico_core::store::{CredentialKind, DeliveryRecord, Store, StoreError};
use portico_core::telemetry::quoted;
use portico_shared::ids::ParticipantId;
use serde::{Deserialize, Serialize};

/// A command of an operator.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminCommand {
    /// Adds a contact-centre user.
    AddUser(NewUser),
    /// Takes the right to sign in.
    DisableUser {
        /// The sign-in name.
        username: String,
    },
    /// Gives a user another password and ends its sessions.
    SetPassword {
        /// The sign-in name.
        username: String,
        /// In clear; only its hash is kept.
        password: String,
    },
    /// Makes a key.
    AddKey {
        /// Whether `subject` is a bot of the configuration or a third-party program.
        kind: KeyKind,
        /// The bot's or program's id.
        subject: String,
        /// What operators call the key.
        label: String,
        /// What a program's key may do.
        scopes: Vec<String>,
    },
    /// Takes a key back; sockets that were opened with it close within seconds.
    RevokeKey {
        /// The id that [`AdminReply::KeyAdded`] gave.
        id: String,
    },
    /// Lists deliveries to bots that failed for good.
    ListDeliveries,
    /// Lets one of them be tried again.
    RetryDelivery {
        /// The id in [`AdminReply::Deliveries`].
        id: i64,
    },
}

/// Whom a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyKind {
    /// A bot of the configuration.
    Bot,
    /// A third-party program.
    App,
}

/// The result of a command.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminReply {
    /// A user was added.
    UserAdded {
        /// Its id.
        id: String,
    },
    /// A user was disabled.
    UserDisabled,
    /// A user has another password and no session.
    PasswordSet,
    /// A key was made.
    KeyAdded {
        /// The key itself, shown this once.
        secret: String,
        /// What it is revoked by: the SHA-256 of the key, in hexadecimal.
        id: String,
    },
    /// A key was revoked.
    KeyRevoked,
    /// The newest dead letters.
    Deliveries(Vec<DeadLetter>),
    /// A delivery is tried again.
    DeliveryRetried,
}

/// A delivery to a bot that failed for good.
#[derive(Serialize, Deserialize)]
pub struct DeadLetter {
    /// What it is tried again by.
    pub id: i64,
    /// The bot.
    pub bot: String,
    /// The conversation.
    pub conversation: String,
    /// The event's position in it.
    pub seq: u64,
    /// What went wrong, cut to a line: the list must fit into one answer.
    pub error: String,
}

/// Dead letters that are listed.
const MOST_LISTED: u32 = 100;

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// About a user.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// About a key.
    #[error(transparent)]
    Key(#[from] StaffSessionError),
    /// An id of the command is not one.
    #[error("{0:?} is no id")]
    Id(String),
    /// The label of a key could not be shown on one line.
    #[error("{0:?} is no label: one line of at most {MAX_NAME_CHARS} characters")]
    Label(String),
    /// No dead letter has the id of the command.
    #[error("there is no dead letter {0}")]
    NoDeadLetter(i64),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Does it over this store.
pub async fn perform(store: &dyn Store, clock: &dyn Clock, command: AdminCommand) -> Result<AdminReply, AdminError> {
    match command {
        AdminCommand::AddUser(user) => {
            let id = people::add(store, clock, user).await?;
            Ok(AdminReply::UserAdded { id: id.to_string() })
        }
        AdminCommand::DisableUser { username } => {
            people::disable(store, &username).await?;
            Ok(AdminReply::UserDisabled)
        }
        AdminCommand::SetPassword { username, password } => {
            people::set_password(store, &username, password).await?;
            Ok(AdminReply::PasswordSet)
        }
        AdminCommand::AddKey {
            kind,
            subject,
            label,
            scopes,
        } => {
            if !is_name(&label) {
                return Err(AdminError::Label(label));
            }
            let subject = ParticipantId::parse(&subject).ok_or(AdminError::Id(subject))?;
            let issued = staff_session::issue_key(store, kind.into(), subject, label, scopes).await?;
            Ok(AdminReply::KeyAdded {
                secret: issued.secret,
                id: hex::encode(issued.record.secret_hash),
            })
        }
        AdminCommand::RevokeKey { id } => {
            let hash = key_id(&id).ok_or(AdminError::Id(id))?;
            staff_session::revoke(store, &hash).await?;
            Ok(AdminReply::KeyRevoked)
        }
        AdminCommand::ListDeliveries => {
            let dead = store.dead_deliveries(MOST_LISTED).await?;
            Ok(AdminReply::Deliveries(dead.into_iter().map(DeadLetter::from).collect()))
        }
        AdminCommand::RetryDelivery { id } => match store.revive_delivery(id, clock.now_ms()).await? {
            true => Ok(AdminReply::DeliveryRetried),
            false => Err(AdminError::NoDeadLetter(id)),
        },
    }
}

impl From<DeliveryRecord> for DeadLetter {
    fn from(record: DeliveryRecord) -> Self {
        let error = record.error.unwrap_or_default();
        Self {
            id: record.id,
            bot: record.target.to_string(),
            conversation: record.conversation.to_string(),
            seq: record.seq.0,
            error: quoted(&error),
        }
    }
}

impl From<KeyKind> for CredentialKind {
    fn from(kind: KeyKind) -> Self {
        match kind {
            KeyKind::Bot => Self::Bot,
            KeyKind::App => Self::App,
        }
    }
}

fn key_id(text: &str) -> Option<[u8; 32]> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash).ok()?;
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keys_id_reads_back() {
        let hash: [u8; 32] = std::array::from_fn(|at| u8::try_from(at * 8).unwrap_or_default());
        assert_eq!(key_id(&hex::encode(hash)), Some(hash));
        for bad in ["", "0", &"g".repeat(64), &"+1".repeat(32), &"é".repeat(32)] {
            assert_eq!(key_id(bad), None, "{bad}");
        }
    }
}
