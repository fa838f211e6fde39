//! Customers whose data was erased, as the store keeps them: nothing but that it was done.

use super::RetentionRule;
use portico_shared::ids::{ConversationId, CustomerId};
use serde::{Deserialize, Serialize};
use std::ops::Add;

/// Who asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErasedBy {
    /// The customer.
    Customer,
    /// An operator, at the command line.
    Operator,
    /// The relay itself: the time was over for which a channel keeps conversations.
    Retention,
}

impl ErasedBy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Customer, Self::Operator, Self::Retention];

    /// Its name in the record.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Operator => "operator",
            Self::Retention => "retention",
        }
    }
}

/// An erasure that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewErasure {
    /// Whose data goes.
    pub customer: CustomerId,
    /// Who asked.
    pub by: ErasedBy,
    /// When, in epoch milliseconds. What proved the customer until then is good for nothing.
    pub at: i64,
    /// By which rule, where it is the relay that erases.
    pub rule: Option<RetentionRule>,
}

/// A customer whose data was erased, or is being erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedCustomer {
    /// Whose.
    pub customer: CustomerId,
    /// When it was asked for, in epoch milliseconds. What proved the customer until then is good for nothing.
    pub at: i64,
    /// Whether its conversations and records are erased. What the customer says from then on is new, and stays.
    pub is_emptied: bool,
    /// Whether all is done, and stands in the record.
    pub is_finished: bool,
}

impl ErasedCustomer {
    /// Whether a token that was given then, in epoch milliseconds, is good for nothing.
    pub fn refuses(&self, issued_at: i64) -> bool {
        issued_at <= self.at
    }
}

/// What was erased.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasedCounts {
    /// Conversations.
    pub conversations: u64,
    /// Events in them, messages for the most part.
    pub events: u64,
    /// Files, with their bytes.
    pub files: u64,
    /// What apps had reported beside conversations.
    pub activities: u64,
}

impl Add for ErasedCounts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            conversations: self.conversations.saturating_add(other.conversations),
            events: self.events.saturating_add(other.events),
            files: self.files.saturating_add(other.files),
            activities: self.activities.saturating_add(other.activities),
        }
    }
}

/// What has come of erasing what is known of a customer beside conversations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EmptiedCustomer {
    /// What was erased so far, in conversations as well.
    pub counts: ErasedCounts,
    /// Whether anything beside conversations was there to be erased now, whether or not it is counted.
    pub was_known: bool,
    /// Visitors whose chat became this customer's: an erasure of each is under way as well, at the same wish.
    pub visitors: Vec<CustomerId>,
}

/// One line of the record, which is only ever added to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Its number in the record.
    pub number: i64,
    /// Who asked.
    pub by: ErasedBy,
    /// By which rule, where it was the relay that erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<RetentionRule>,
    /// When it was asked for, in epoch milliseconds.
    pub begun_at: i64,
    /// When the last byte was gone, in epoch milliseconds.
    pub ended_at: i64,
    /// What was erased.
    pub counts: ErasedCounts,
}

/// A conversation that loses what was said in it. Its log stays dense: each event keeps position, name and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedConversation {
    /// Which.
    pub conversation: ConversationId,
    /// Whose it was.
    pub customer: CustomerId,
    /// The id in the customer's place from now on; it is no customer's.
    pub stand_in: CustomerId,
    /// Whose erasure it is counted for: the customer's, or that of conversations whose time is over.
    pub erasure: CustomerId,
    /// The position of the event that says so, which stays as it is.
    pub notice: portico_shared::ids::Seq,
    /// When, in epoch milliseconds.
    pub at: i64,
}

impl ErasedConversation {
    /// Whether it goes because its time is over, and not because its customer is erased.
    pub fn is_retired(&self) -> bool {
        self.erasure != self.customer
    }
}
