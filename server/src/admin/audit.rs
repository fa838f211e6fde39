//! Looks at the audit log, and whether it is as it was written.

use super::AdminError;
use portico_core::audit::{self, Broken, Head, Verified};
use portico_core::store::{AuditQuery, AuditRecord, Store};
use portico_core::telemetry::quoted;
use portico_shared::cim::Timestamp;
use portico_shared::ids::CustomerId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Records in one answer at most: it must fit into a line of the socket.
const MOST_LISTED: u32 = 500;

/// Records that are verified for one answer, which is there within a second.
const MOST_VERIFIED: u32 = 10_000;

/// What is to be looked at.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditCommand {
    /// Lists records, the newest first.
    List {
        /// Not those before, in epoch milliseconds.
        since: Option<i64>,
        /// Only those of this name.
        action: Option<String>,
        /// Only those with a smaller number.
        before: Option<i64>,
        /// How many at most.
        limit: u32,
    },
    /// Verifies a part of it.
    Verify {
        /// What an earlier [`AuditReply::Whole`] was.
        kept: Option<String>,
        /// Where the part begins: the [`AuditReply::WholeSoFar`] of the part before, if there was one.
        after: Option<String>,
    },
}

/// What was found.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditReply {
    /// Records.
    Records(Vec<AuditLine>),
    /// The log is as it was written, as far as can be told: its newest record, a [`Head`] as text.
    Whole(String),
    /// It is so up to this record, and more are to be verified.
    WholeSoFar(String),
    /// It is not: the first record that is not as it was written, or not there.
    Broken(i64),
}

/// A record on one line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    number: i64,
    at: i64,
    actor: String,
    action: String,
    object: String,
    detail: String,
}

/// Does it.
pub(super) async fn perform(store: &dyn Store, command: AuditCommand) -> Result<AuditReply, AdminError> {
    match command {
        AuditCommand::List {
            since,
            action,
            before,
            limit,
        } => {
            let query = AuditQuery {
                since,
                action,
                before,
                limit: limit.min(MOST_LISTED),
            };
            let found = store.audit(query).await?;
            let customers = audit::customers(store, &found).await?;
            let line = |record| AuditLine::new(record, &customers);
            Ok(AuditReply::Records(found.into_iter().map(line).collect()))
        }
        AuditCommand::Verify { kept, after } => {
            let head = |text: Option<String>| text.map(|text| text.parse::<Head>()).transpose();
            let (kept, after) = (head(kept)?, head(after)?);
            Ok(match audit::verify_part(store, kept, after, MOST_VERIFIED).await? {
                Ok(Verified::Whole(head)) => AuditReply::Whole(head.to_string()),
                Ok(Verified::SoFar(head)) => AuditReply::WholeSoFar(head.to_string()),
                Err(Broken(number)) => AuditReply::Broken(number),
            })
        }
    }
}

impl AuditLine {
    /// A record, with the ids of the customers whom it names, as far as they are known.
    fn new(mut record: AuditRecord, customers: &BTreeMap<String, CustomerId>) -> Self {
        for (name, customer) in customers {
            record.detail = record.detail.replace(name, customer.as_str());
            if record.object_id == *name {
                record.object_id = customer.to_string();
            }
        }
        let named = |parts: &[&str]| {
            let parts: Vec<_> = parts.iter().filter(|part| !part.is_empty()).copied().collect();
            quoted(&parts.join(":"))
        };
        Self {
            number: record.number,
            at: record.at,
            actor: named(&[&record.actor_kind, &record.actor_name, &record.actor_id]),
            action: quoted(&record.action),
            object: named(&[&record.object_kind, &record.object_id]),
            detail: quoted(&record.detail),
        }
    }
}

impl fmt::Display for AuditLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            number,
            at,
            actor,
            action,
            object,
            detail,
        } = self;
        let at = Timestamp::from_ms(*at).iso();
        write!(f, "{number}\t{at}\t{actor}\t{action}\t{object}\t{detail}")
    }
}
