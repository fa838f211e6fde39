//! What an operator does from the command line: adds and disables users and gives them passwords, registers bots and apps, makes and
//! revokes keys, looks customers up and has them erased, looks what goes by itself and who did what, looks after dead letters.
//!
//! One process at a time has a store. While no relay runs, the command opens the store itself; while one runs, the
//! command asks it, over a socket beside the store file that only the relay's own user may open.

mod attributes;
mod audit;
mod erase;
mod export;
mod labels;
mod listed;
mod merges;
mod programs;
mod retention;
mod socket;
mod users;

pub use audit::{AuditCommand, AuditLine, AuditReply};
pub use listed::{DeadLetter, FoundCustomer};
pub use programs::{ProgramCommand, ProgramReply};
pub use retention::{Held, Retiring};
pub use socket::{ask, control};
pub use users::{UserCommand, UserLine, UserReply};

use crate::exporting::{ArchiveError, Exports};
use portico_core::audit::{Attribution, NoHead};
use portico_core::clock::Clock;
use portico_core::conversation::Refusal;
use portico_core::customers;
use portico_core::identity::Roles;
use portico_core::identity::people::{self, MAX_NAME_CHARS, NewUser, PeopleError, is_name};
use portico_core::identity::staff_session::{self, StaffSessionError};
use portico_core::programs::{ProgramError, Programs};
use portico_core::store::{CredentialKind, Erasure, RetentionRule, Store, StoreError};
use portico_shared::http::CustomerMerge;
use portico_shared::ids::ParticipantId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

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
    /// Looks after users that there are.
    User(UserCommand),
    /// Looks after registered bots and apps.
    Program(ProgramCommand),
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
    /// Looks customers up.
    FindCustomers {
        /// Beginnings of words of names, addresses and numbers, an id, or what a site calls its customer.
        text: String,
    },
    /// Puts a label on a customer, of whom nothing else changes.
    LabelCustomer {
        /// As for [`AdminCommand::Erase`].
        customer: String,
        /// The id of a label of the configuration.
        label: String,
    },
    /// Takes a label away.
    UnlabelCustomer {
        /// As for [`AdminCommand::Erase`].
        customer: String,
        /// The id of the label.
        label: String,
    },
    /// Notes a value of a customer.
    SetAttribute {
        /// As for [`AdminCommand::Erase`].
        customer: String,
        /// The key of an attribute of the configuration.
        key: String,
        /// A value of its type.
        value: String,
    },
    /// Forgets a value of a customer.
    UnsetAttribute {
        /// As for [`AdminCommand::Erase`].
        customer: String,
        /// The key.
        key: String,
    },
    /// Lists what is noted of a customer.
    ListAttributes {
        /// As for [`AdminCommand::Erase`].
        customer: String,
    },
    /// Shows two customers as one.
    MergeCustomers {
        /// As for [`AdminCommand::Erase`].
        customer: String,
        /// As whom both are shown; the same.
        into: String,
    },
    /// Shows a customer by itself again.
    SplitCustomer {
        /// As for [`AdminCommand::Erase`].
        customer: String,
    },
    /// Lists merges of a customer and of those who are shown as one with it.
    ListMerges {
        /// As for [`AdminCommand::Erase`].
        customer: String,
    },
    /// Writes all that is known of a customer into a file.
    ExportCustomer {
        /// As for [`AdminCommand::Erase`].
        customer: String,
        /// The new file, an absolute path: the process that has the store open makes it.
        to: PathBuf,
    },
    /// Has a customer's data erased, which the relay does within a minute.
    Erase {
        /// Its id; or, where nothing is known under such an id, what the site's token calls it: issuer, `|` and subject.
        customer: String,
    },
    /// Lists the newest lines of the record of erasures.
    ListErasures,
    /// Says what goes by the channels' rules.
    ShowRetention {
        /// The rules, as the configuration of the command has them.
        rules: Vec<RetentionRule>,
    },
    /// Looks at the audit log.
    Audit(AuditCommand),
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
    /// What became of a [`UserCommand`].
    User(UserReply),
    /// What became of a [`ProgramCommand`].
    Program(ProgramReply),
    /// A key was made.
    KeyAdded {
        /// The key itself, shown this once.
        secret: String,
        /// What it is revoked by: the SHA-256 of the key, in hexadecimal.
        id: String,
    },
    /// A key was revoked.
    KeyRevoked,
    /// The first customers that were found.
    Customers(Vec<FoundCustomer>),
    /// A customer has the label.
    CustomerLabelled,
    /// A customer is without the label.
    CustomerUnlabelled,
    /// The value is noted.
    AttributeSet,
    /// The value is forgotten.
    AttributeUnset,
    /// What is noted, by its keys.
    Attributes(BTreeMap<String, String>),
    /// Two customers are shown as one.
    CustomersMerged,
    /// A customer is shown by itself.
    CustomerSplit,
    /// Merges, the newest first.
    Merges(Vec<CustomerMerge>),
    /// A customer's data is in the file.
    CustomerExported {
        /// Its id.
        customer: String,
    },
    /// A customer's data is going to be erased.
    Erasing {
        /// Its id.
        customer: String,
    },
    /// The newest erasures.
    Erasures(Vec<Erasure>),
    /// What goes by the channels' rules.
    Retiring(Vec<Retiring>),
    /// What an [`AuditCommand`] found.
    Audit(AuditReply),
    /// The newest dead letters.
    Deliveries(Vec<DeadLetter>),
    /// A delivery is tried again.
    DeliveryRetried,
}

/// A command that is not done by then is given up.
const DONE_WITHIN: Duration = Duration::from_secs(10);

/// The same for one that writes all that is known of a customer.
const EXPORTED_WITHIN: Duration = Duration::from_secs(600);

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
    /// About a bot or an app.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// An id of the command is not one.
    #[error("{0:?} is no id")]
    Id(String),
    /// The label of a key could not be shown on one line.
    #[error("{0:?} is no label: one line of at most {MAX_NAME_CHARS} characters")]
    Label(String),
    /// Nothing is known of the customer of the command.
    #[error("nothing is known of a customer {0:?}")]
    NoCustomer(String),
    /// Nothing can be looked for like this, or merged.
    #[error("{}", .0.message)]
    Customers(#[from] Refusal),
    /// The file of an export cannot be made.
    #[error("cannot make {}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The place of files was not opened.
    #[error("the place of files is not open")]
    NoFiles,
    /// As many exports are being written as there may be at once.
    #[error("other exports are being written: try again later")]
    NoPlace,
    /// An export is not whole.
    #[error("{}", causes(.0))]
    Export(#[from] ArchiveError),
    /// The head of an audit log, by which it is verified, is none.
    #[error(transparent)]
    Head(#[from] NoHead),
    /// No dead letter has the id of the command.
    #[error("there is no dead letter {0}")]
    NoDeadLetter(i64),
    /// The store did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What commands are done with.
#[derive(Clone)]
pub struct Administration {
    /// The store, which this process has open.
    pub store: Arc<dyn Store>,
    /// Now.
    pub clock: Arc<dyn Clock>,
    /// The roles that there are.
    pub roles: Roles,
    /// For commands that export customers.
    pub exports: Option<Exports>,
    /// Bots and apps.
    pub programs: Programs,
}

/// Does it over this store.
pub async fn perform(with: &Administration, command: AdminCommand) -> Result<AdminReply, AdminError> {
    let (store, clock) = (with.store.as_ref(), with.clock.as_ref());
    let by = Attribution::operator(clock);
    match command {
        AdminCommand::AddUser(user) => {
            let (username, roles) = (user.username.clone(), user.roles.clone());
            let id = people::add(store, clock, &by, &with.roles, user).await?;
            tracing::info!(user.name = %username, ?roles, by = users::OPERATOR, "a user was added");
            Ok(AdminReply::UserAdded { id: id.to_string() })
        }
        AdminCommand::DisableUser { username } => {
            people::disable(store, &by, &username).await?;
            tracing::info!(user.name = %username, by = users::OPERATOR, "a user was disabled");
            Ok(AdminReply::UserDisabled)
        }
        AdminCommand::SetPassword { username, password } => {
            people::set_password(store, &by, &username, password).await?;
            tracing::info!(user.name = %username, by = users::OPERATOR, "a user was given another password");
            Ok(AdminReply::PasswordSet)
        }
        AdminCommand::User(command) => Ok(AdminReply::User(users::perform(with, command).await?)),
        AdminCommand::Program(command) => Ok(AdminReply::Program(programs::perform(with, command).await?)),
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
            let programs = &with.programs;
            let issued = programs
                .issue_key_by_hand(kind.into(), subject, label, scopes, &by)
                .await?;
            Ok(AdminReply::KeyAdded {
                secret: issued.secret,
                id: hex::encode(issued.record.secret_hash),
            })
        }
        AdminCommand::RevokeKey { id } => {
            let hash = key_id(&id).ok_or(AdminError::Id(id))?;
            staff_session::revoke(store, &by, &hash).await?;
            Ok(AdminReply::KeyRevoked)
        }
        AdminCommand::FindCustomers { text } => {
            let found = customers::find(store, &text).await?;
            Ok(AdminReply::Customers(
                found.into_iter().map(FoundCustomer::from).collect(),
            ))
        }
        AdminCommand::LabelCustomer { customer, label } => labels::put(store, clock, customer, label).await,
        AdminCommand::UnlabelCustomer { customer, label } => labels::remove(store, clock, customer, label).await,
        AdminCommand::SetAttribute { customer, key, value } => {
            attributes::set(store, clock, customer, key, value).await
        }
        AdminCommand::UnsetAttribute { customer, key } => attributes::unset(store, clock, customer, key).await,
        AdminCommand::ListAttributes { customer } => attributes::list(store, clock, customer).await,
        AdminCommand::MergeCustomers { customer, into } => merges::put(store, clock, customer, into).await,
        AdminCommand::SplitCustomer { customer } => merges::undo(store, clock, customer).await,
        AdminCommand::ListMerges { customer } => merges::list(store, customer).await,
        AdminCommand::ExportCustomer { customer, to } => export::export(with, customer, to).await,
        AdminCommand::Erase { customer } => erase::erase(store, clock, customer).await,
        AdminCommand::ListErasures => Ok(AdminReply::Erasures(store.erasures(MOST_LISTED).await?)),
        AdminCommand::ShowRetention { rules } => retention::show(store, clock, rules).await,
        AdminCommand::Audit(command) => Ok(AdminReply::Audit(audit::perform(store, command).await?)),
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

impl AdminCommand {
    /// How long it may take.
    pub(crate) const fn patience(&self) -> Duration {
        match self {
            Self::ExportCustomer { .. } => EXPORTED_WITHIN,
            _ => DONE_WITHIN,
        }
    }

    /// Whether it is given up when its caller is gone: it takes long, and nobody would know of what it has made.
    pub(crate) const fn ends_with_its_caller(&self) -> bool {
        matches!(self, Self::ExportCustomer { .. })
    }
}

/// An error with what caused it, on one line.
fn causes(error: &ArchiveError) -> String {
    let first: &dyn std::error::Error = error;
    let all = std::iter::successors(Some(first), |error| error.source());
    all.map(ToString::to_string).collect::<Vec<_>>().join(": ")
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
