//! The audit log: who did what to which object, one record each. Records are only added, and each has the hash of the one before it,
//! see [`audit`](crate::audit). It is written by [`Change::Audit`](super::Change::Audit), in the transaction of what it tells of.

use super::StoreError;
use async_trait::async_trait;
use portico_shared::ids::CustomerId;
use std::collections::BTreeMap;
use std::fmt;

macro_rules! names {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal, $means:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $(
                #[doc = $means]
                $variant,
            )*
        }

        impl $name {
            /// All that there are.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in records, which stays.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// What it stands for, in words.
            pub const fn means(self) -> &'static str {
                match self {
                    $(Self::$variant => $means,)*
                }
            }
        }
    };
}

names! {
    /// What was done.
    AuditAction {
        SignIn = "user.sign_in", "A user signed in.";
        SignOut = "user.sign_out", "A user signed out.";
        SignInFailed = "user.sign_in_failed", "Somebody did not sign in as a user: the password was wrong, or the user is disabled.";
        SignInRefused = "user.sign_in_refused", "Too many attempts to sign in as a user were made, or a user whom an OpenID provider signed in may not sign in here.";
        UserAdded = "user.added", "A user was added.";
        UserDisabled = "user.disabled", "A user may not sign in any more, and its sessions ended.";
        UserEnabled = "user.enabled", "A user may sign in again.";
        UserRoles = "user.roles_changed", "A user was given other roles.";
        UserPassword = "user.password_changed", "A user was given another password, and its sessions ended.";
        DeskTakenOver = "user.desk_taken_over", "A user's desk was closed because another one of the same user took its place.";
        SessionsRevoked = "user.sessions_revoked", "One session of a user was ended, or all.";
        KeyAdded = "key.added", "A key was made for a bot or an app.";
        KeyRevoked = "key.revoked", "A key was taken back.";
        ProgramRegistered = "program.registered", "A bot or an app was registered.";
        ProgramChanged = "program.changed", "A bot or an app was changed.";
        ProgramDisabled = "program.disabled", "The keys of a bot or an app are refused, and it is not called.";
        ProgramEnabled = "program.enabled", "A bot or an app may go on.";
        SecretAdded = "program.secret_added", "A secret was made that signs calls to a bot.";
        SecretRetired = "program.secret_retired", "A secret signs no call any more.";
        IdentityStated = "customer.identity_stated", "An address or a number of a customer was noted.";
        IdentityRetracted = "customer.identity_retracted", "Such a note was taken back.";
        Labelled = "customer.labelled", "A customer was given a label.";
        Unlabelled = "customer.unlabelled", "A label was taken from a customer.";
        AttributeSet = "customer.attribute_set", "An attribute of a customer was noted.";
        AttributeUnset = "customer.attribute_unset", "An attribute of a customer was forgotten.";
        AttributesRevealed = "customer.attributes_revealed", "Attributes of a customer were looked at that are shown to nobody unasked.";
        Exported = "customer.exported", "All that is known of a customer was exported.";
        Merged = "customer.merged", "A customer is shown as another one.";
        Split = "customer.split", "A merge was undone.";
        Linked = "customer.linked", "A visitor signed in with its site in the middle of a chat, which is the known customer's from then on.";
        Erased = "customer.erased", "A customer's data was erased.";
        RetentionErased = "retention.erased", "Conversations were erased that their channel keeps no longer.";
        ChainBroken = "audit.chain_broken", "The hash of the newest record could not be read: hashes begin anew behind it.";
    }
}

names! {
    /// What kind of somebody did it.
    ActorKind {
        User = "user", "A contact-centre user.";
        App = "app", "A third-party program.";
        Bot = "bot", "A bot.";
        Customer = "customer", "A customer.";
        Operator = "operator", "Whoever may give commands on the relay's machine.";
        Relay = "relay", "The relay itself, by its configuration.";
        Unknown = "unknown", "Somebody who proved nothing.";
    }
}

names! {
    /// What kind of thing it was done to.
    ObjectKind {
        User = "user", "A contact-centre user, by its id.";
        Key = "key", "A key, by the SHA-256 of its secret.";
        Program = "program", "A registered bot or app, by its id.";
        Customer = "customer", "A customer, by a random name that the store keeps until the customer is erased.";
        Erasure = "erasure", "A line of the record of erasures, by its number.";
        Record = "record", "A record of the audit log, by its number.";
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// What kind of somebody.
    pub kind: ActorKind,
    /// Its id; empty where there is none.
    pub id: String,
    /// What a user signs in with, or what operators call a program; empty for customers.
    pub name: String,
}

impl fmt::Display for Actor {
    /// As the log calls it: by its name, or by what it is. No user has a name with a space in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.as_str() {
            "" => write!(f, "the {}", self.kind.name()),
            name => f.write_str(name),
        }
    }
}

/// A record that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAudit {
    /// When, in epoch milliseconds.
    pub at: i64,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: AuditAction,
    /// To what kind of thing.
    pub object: ObjectKind,
    /// Which one. A customer's id is replaced by its name when it is written.
    pub object_id: String,
    /// Other customers whom it names, who are replaced as well.
    pub customers: BTreeMap<String, CustomerId>,
    /// More about it, such as names of roles or the key of an attribute. It never has what an erasure would have to remove: no
    /// value of an attribute, no address, no name of a customer.
    pub detail: BTreeMap<String, String>,
}

impl NewAudit {
    /// The same, with one thing more about it.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.detail.insert(name.to_owned(), value.into());
        self
    }

    /// The same, with one customer more whom it names.
    #[must_use]
    pub fn with_customer(mut self, name: &str, customer: &CustomerId) -> Self {
        self.customers.insert(name.to_owned(), customer.clone());
        self
    }
}

/// A record as it was read: texts as they stand, so that what a newer relay wrote is read and verified as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its number: the first is 1, and none is left out.
    pub number: i64,
    /// When, in epoch milliseconds.
    pub at: i64,
    /// The name of an [`ActorKind`].
    pub actor_kind: String,
    /// As in [`Actor`].
    pub actor_id: String,
    /// As in [`Actor`].
    pub actor_name: String,
    /// The name of an [`AuditAction`].
    pub action: String,
    /// The name of an [`ObjectKind`].
    pub object_kind: String,
    /// Which one.
    pub object_id: String,
    /// As in [`NewAudit`], the JSON as it stands.
    pub detail: String,
    /// [`hash`](crate::audit::hash) of the record before and of this one, 32 bytes if nobody has changed it.
    pub hash: Vec<u8>,
}

/// Which records are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Not those before, in epoch milliseconds.
    pub since: Option<i64>,
    /// Only those of this name.
    pub action: Option<String>,
    /// Only those with a smaller number: where the part before ended.
    pub before: Option<i64>,
    /// How many at most.
    pub limit: u32,
}

/// The audit log, which is only ever added to.
#[async_trait]
pub trait AuditStore: Send + Sync + 'static {
    /// Records that a query finds, the newest first.
    async fn audit(&self, query: AuditQuery) -> Result<Vec<AuditRecord>, StoreError>;

    /// All records with a greater number, in their order; at most so many.
    async fn audit_after(&self, number: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError>;

    /// The customers who have these names in records, by their names. One that was erased has none.
    async fn audited_customers(&self, names: Vec<String>) -> Result<BTreeMap<String, CustomerId>, StoreError>;
}
