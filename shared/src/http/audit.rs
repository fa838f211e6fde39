//! The audit log, for those who may read it.

use crate::ids::CustomerId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A part of the audit log, the newest record first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditPart {
    /// The records.
    pub records: Vec<AuditEntry>,
    /// The `before` of the next part; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

/// A record of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditEntry {
    /// Its number; none is left out.
    pub number: i64,
    /// When, in epoch milliseconds.
    pub at: i64,
    /// Who did it.
    pub actor: AuditActor,
    /// What was done, such as `user.disabled`.
    pub action: String,
    /// To what.
    pub object: AuditObject,
    /// More about it, by names: never a value of an attribute, an address or a customer's name.
    pub detail: BTreeMap<String, String>,
    /// The customers who have a random name in this record, by these names: as long as they were not erased.
    #[schema(value_type = BTreeMap<String, String>)]
    pub customers: BTreeMap<String, CustomerId>,
    /// SHA-256 of the hash of the record before and of this record, in hexadecimal.
    pub hash: String,
}

/// Who did what a record tells of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditActor {
    /// `user`, `app`, `bot`, `customer`, `operator`, `relay` or `unknown`.
    pub kind: String,
    /// Its id; empty where there is none.
    pub id: String,
    /// What a user signs in with, or what operators call a program.
    pub name: String,
}

/// What something was done to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct AuditObject {
    /// `user`, `key`, `customer`, `erasure` or `record`.
    pub kind: String,
    /// Its id; of a customer a random name, see `customers`.
    pub id: String,
}
