//! What customers are known by besides that by which the relay finds them, and how people look customers up.
//!
//! A customer is found by the identities that stand in its record, and each of those has one customer. What is kept here
//! is said of a customer: an e-mail address, a telephone number, what an app calls it. The same may be said of several
//! customers, and none of it proves anybody.

use super::StoreError;
use async_trait::async_trait;
use portico_shared::cim::Customer;
pub use portico_shared::http::IdentitySource;
use portico_shared::ids::{CustomerId, ParticipantId};
use std::collections::BTreeMap;

/// Identities that are said of a customer on one type of channel at most, as CIM has it.
pub const MOST_IDENTITIES: u32 = 10;

/// The same on all types of channel together, as often as they are said.
pub const MOST_IDENTITIES_IN_ALL: u32 = 50;

/// Something that is said of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The type of channel: `email`, `phone`, or what an app calls it.
    pub channel: String,
    /// As it was written.
    pub identifier: String,
    /// As it is compared: spellings of one address have one key.
    pub key: String,
    /// Who says so.
    pub said_by: IdentitySource,
    /// When, in epoch milliseconds; absent where that was not noted.
    pub said_at: Option<i64>,
}

/// A customer as it is shown, with what is said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The customer; of several that are merged, the one into which the others are.
    pub customer: Customer,
    /// What is said of it, by channel type, key and source.
    pub identities: Vec<Identity>,
    /// The ids of its labels, in order.
    pub labels: Vec<String>,
    /// What is noted of it, by keys of the configuration.
    pub attributes: BTreeMap<String, String>,
    /// The customers that are merged into it, by their ids; none of them has others in turn.
    pub merged: Vec<Profile>,
}

impl Profile {
    /// The customer, and those that are merged into it.
    pub fn parts(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.merged)
    }

    /// What is said of any of them.
    pub fn said(&self) -> impl Iterator<Item = &Identity> {
        self.parts().flat_map(|part| &part.identities)
    }
}

/// The word of a contact-centre user that two customers are one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMerge {
    /// The customer that is shown as the other one.
    pub customer: CustomerId,
    /// The other one.
    pub into: CustomerId,
    /// Who says so.
    pub by: ParticipantId,
    /// When, in epoch milliseconds.
    pub at: i64,
}

/// The same as it was noted, and whether it was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeRecord {
    /// Later ones have greater numbers.
    pub number: i64,
    /// What was said.
    pub merge: NewMerge,
    /// Who has undone it; absent while it stands.
    pub undone_by: Option<ParticipantId>,
    /// When, in epoch milliseconds.
    pub undone_at: Option<i64>,
}

/// Customers of whom each of some words begins a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordSearch {
    /// At least one, as [`sought`](crate::customers::words::sought) makes them: none of them begins another one.
    pub words: Vec<String>,
    /// The [`FoundProfiles::next`] of the part before. One that the store has not made for these words finds nothing.
    pub after: Option<String>,
    /// How many at most.
    pub limit: u32,
}

/// A part of what a search finds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FoundProfiles {
    /// Each customer once.
    pub profiles: Vec<Profile>,
    /// Where to go on, in the store's own way; clients are told, so it says nothing of any customer. There may be more also
    /// after a part that is short or empty: the store looks at no more than so many customers for one part.
    pub next: Option<String>,
}

/// What customers are known by. It is written by [`Change::StateIdentity`](super::Change::StateIdentity) and its
/// neighbours, and goes with its customer.
#[async_trait]
pub trait IdentityStore: Send + Sync + 'static {
    /// A customer as it is shown: if it is merged into another one, that one.
    async fn profile(&self, customer: &CustomerId) -> Result<Option<Profile>, StoreError>;

    /// Customers of whom an identity is said, as they are shown and each once, by their ids; those after `after`.
    async fn profiles_with(
        &self,
        channel: &str,
        key: &str,
        after: Option<&CustomerId>,
        limit: u32,
    ) -> Result<Vec<Profile>, StoreError>;

    /// Merges of which a customer is one end, the newest first, a hundred at most: the last ones, or those with numbers smaller than
    /// `before`.
    async fn merges_of(&self, customer: &CustomerId, before: Option<i64>) -> Result<Vec<MergeRecord>, StoreError>;

    /// Customers, as they are shown, by beginnings of [their words](crate::customers::words::of_profile), in the order of those that one of the
    /// beginnings has led to. Where customers are written between two parts, one may be missing or come twice.
    async fn search_profiles(&self, search: WordSearch) -> Result<FoundProfiles, StoreError>;
}
