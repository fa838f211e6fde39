//! What commands list, a line each.

use portico_core::store::DeliveryRecord;
use portico_core::telemetry::quoted;
use portico_shared::http::CustomerAnswer;
use serde::{Deserialize, Serialize};

/// A customer that was found.
#[derive(Serialize, Deserialize)]
pub struct FoundCustomer {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether its site vouches for it.
    pub verified: bool,
    /// The ids of its labels, with commas between them.
    pub labels: String,
    /// What it is known by, claims with a question mark; cut to a line: the list must fit into one answer.
    pub known_by: String,
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

impl From<CustomerAnswer> for FoundCustomer {
    fn from(customer: CustomerAnswer) -> Self {
        let known = customer.identities.iter().map(|identity| {
            let mark = if identity.verified { "" } else { "?" };
            format!("{}:{}{mark}", identity.channel, identity.identifier)
        });
        Self {
            id: customer.id.to_string(),
            name: quoted(&customer.name),
            verified: customer.verified,
            labels: customer.labels.join(","),
            known_by: quoted(&known.collect::<Vec<_>>().join(" ")),
        }
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
