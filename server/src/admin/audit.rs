//! Looks at the audit log, and whether it is as it was written.

use portico_core::audit::{self, Broken, Head};
use portico_core::store::{AuditQuery, AuditRecord, Store, StoreError};
use portico_core::telemetry::quoted;
use portico_shared::cim::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Records in one answer at most: it must fit into a line of the socket.
const MOST_LISTED: u32 = 500;

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
    /// Reads all of it.
    Verify {
        /// What an earlier [`AuditReply::Whole`] was, as text.
        kept: Option<String>,
    },
}

/// What was found.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditReply {
    /// Records.
    Records(Vec<AuditLine>),
    /// The log is as it was written, as far as can be told: its newest record.
    Whole(String),
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
pub(super) async fn perform(store: &dyn Store, command: AuditCommand) -> Result<AuditReply, StoreError> {
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
            Ok(AuditReply::Records(found.into_iter().map(AuditLine::from).collect()))
        }
        AuditCommand::Verify { kept } => {
            // A head that cannot be read is refused before it is sent.
            let kept: Option<Head> = kept.and_then(|kept| kept.parse().ok());
            Ok(match audit::verify_store(store, kept).await? {
                Ok(head) => AuditReply::Whole(head.to_string()),
                Err(Broken(number)) => AuditReply::Broken(number),
            })
        }
    }
}

impl From<AuditRecord> for AuditLine {
    fn from(record: AuditRecord) -> Self {
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
