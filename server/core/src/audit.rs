//! The audit log: what is recorded of an act, and whether the log is as it was written.
//!
//! Each record has the SHA-256 of the hash of the record before it and of its own content. Whoever changes, removes, inserts or swaps
//! records would have to write all later hashes anew, and then the newest one differs from a copy of it that was kept elsewhere.
//! Without such a copy, a log that was cut off at its end, or written anew from some record on, looks whole: [`Verifier`] says so by
//! what it takes, a [`Head`].

use crate::clock::Clock;
use crate::identity::{Principal, StaffPrincipal};
use crate::store::{
    Actor, ActorKind, AuditAction, AuditRecord, ErasedBy, Erasure, NewAudit, ObjectKind, Store, StoreError,
};
use portico_shared::ids::{CustomerId, ParticipantId};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// What stands in the place of a hash before the first record.
const BEFORE_FIRST: [u8; 32] = [0; 32];

/// Records that are verified before more are read.
const BATCH: u32 = 1_000;

/// Somebody who does something at some time: what the records of one act have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribution {
    /// Who.
    pub actor: Actor,
    /// When, in epoch milliseconds.
    pub at: i64,
}

impl Attribution {
    /// A principal does it now.
    pub fn of(who: &Principal, clock: &dyn Clock) -> Self {
        let (kind, id, name) = match who {
            Principal::Staff(staff) => return Self::user(staff, clock),
            Principal::App(app) => (ActorKind::App, app.id.to_string(), app.name.clone()),
            Principal::Bot(bot) => (ActorKind::Bot, bot.id.to_string(), bot.name.clone()),
            // It acts on itself, and is the object.
            Principal::Customer(_) => return Self::nameless(ActorKind::Customer, clock.now_ms()),
        };
        Self::new(kind, id, name, clock.now_ms())
    }

    /// A contact-centre user does it now.
    pub fn user(who: &StaffPrincipal, clock: &dyn Clock) -> Self {
        Self::new(
            ActorKind::User,
            who.id.to_string(),
            who.username.clone(),
            clock.now_ms(),
        )
    }

    /// A person whom an OpenID provider has signed in does it now. The person need not be a user of the relay.
    pub fn provided(id: &ParticipantId, clock: &dyn Clock) -> Self {
        Self::new(ActorKind::User, id.to_string(), String::new(), clock.now_ms())
    }

    /// An operator does it now.
    pub fn operator(clock: &dyn Clock) -> Self {
        Self::nameless(ActorKind::Operator, clock.now_ms())
    }

    /// The relay does it now, by its configuration.
    pub fn relay(clock: &dyn Clock) -> Self {
        Self::nameless(ActorKind::Relay, clock.now_ms())
    }

    /// Somebody does it now who proved nothing.
    pub fn unknown(clock: &dyn Clock) -> Self {
        Self::nameless(ActorKind::Unknown, clock.now_ms())
    }

    fn nameless(kind: ActorKind, at: i64) -> Self {
        Self::new(kind, String::new(), String::new(), at)
    }

    fn new(kind: ActorKind, id: String, name: String, at: i64) -> Self {
        Self {
            actor: Actor { kind, id, name },
            at,
        }
    }

    /// The record of an act.
    pub fn record(&self, action: AuditAction, object: ObjectKind, id: impl ToString) -> NewAudit {
        NewAudit {
            at: self.at,
            actor: self.actor.clone(),
            action,
            object,
            object_id: id.to_string(),
            customers: BTreeMap::new(),
            detail: BTreeMap::new(),
        }
    }

    /// The record of an act on a customer.
    pub fn on_customer(&self, action: AuditAction, customer: &CustomerId) -> NewAudit {
        self.record(action, ObjectKind::Customer, customer)
    }
}

/// The record of an erasure that is done. Like the record of erasures, whose line it names, it does not say whose data it was.
pub fn of_erasure(erasure: &Erasure) -> NewAudit {
    let (kind, action) = match erasure.by {
        ErasedBy::Customer => (ActorKind::Customer, AuditAction::Erased),
        ErasedBy::Operator => (ActorKind::Operator, AuditAction::Erased),
        ErasedBy::Retention => (ActorKind::Relay, AuditAction::RetentionErased),
    };
    let by = Attribution::nameless(kind, erasure.ended_at);
    let record = by.record(action, ObjectKind::Erasure, erasure.number);
    let record = record.with("conversations", erasure.counts.conversations.to_string());
    match &erasure.rule {
        Some(rule) => record
            .with("channel", &*rule.channel)
            .with("days", rule.days.to_string()),
        None => record,
    }
}

/// What a record's hash is made of, in this order, as JSON.
#[derive(Serialize)]
struct Canonical<'a> {
    number: i64,
    at: i64,
    actor: [&'a str; 3],
    action: &'a str,
    object: [&'a str; 2],
    detail: &'a str,
}

/// The hash of a record that stands behind one with the hash `previous`. What its own hash is makes no difference.
pub fn hash(previous: &[u8; 32], record: &AuditRecord) -> [u8; 32] {
    let canonical = Canonical {
        number: record.number,
        at: record.at,
        actor: [&record.actor_kind, &record.actor_id, &record.actor_name],
        action: &record.action,
        object: [&record.object_kind, &record.object_id],
        detail: &record.detail,
    };
    let digest = Sha256::new().chain_update(previous);
    digest.chain_update(json(&canonical)).finalize().into()
}

/// Texts and numbers always have a JSON.
fn json(of: &impl Serialize) -> String {
    serde_json::to_string(of).unwrap_or_default()
}

/// The record that is to stand behind the last one, or first.
pub fn chained(last: &Head, new: &NewAudit) -> AuditRecord {
    let mut record = AuditRecord {
        number: last.number.saturating_add(1),
        at: new.at,
        actor_kind: new.actor.kind.name().to_owned(),
        actor_id: new.actor.id.clone(),
        actor_name: new.actor.name.clone(),
        action: new.action.name().to_owned(),
        object_kind: new.object.name().to_owned(),
        object_id: new.object_id.clone(),
        detail: json(&new.detail),
        hash: Vec::new(),
    };
    record.hash = hash(&last.hash, &record).to_vec();
    record
}

/// The newest record of a log: how many there are, and its hash. Kept elsewhere, it shows later whether the log up to there is the
/// same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// Its number; 0 where there is no record.
    pub number: i64,
    /// Its hash.
    pub hash: [u8; 32],
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, hex::encode(self.hash))
    }
}

/// A text is no [`Head`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the number and the hash of a record, with a colon between them")]
pub struct NoHead;

impl FromStr for Head {
    type Err = NoHead;

    fn from_str(text: &str) -> Result<Self, NoHead> {
        let (number, digits) = text.split_once(':').ok_or(NoHead)?;
        let mut hash = BEFORE_FIRST;
        hex::decode_to_slice(digits, &mut hash).map_err(|_| NoHead)?;
        let number = number.parse().map_err(|_| NoHead)?;
        Ok(Self { number, hash })
    }
}

/// A log is not as it was written: the first place that shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("record {0} of the audit log is not as it was written, or not there")]
pub struct Broken(pub i64);

/// Verifies a log, record by record from the first.
#[derive(Debug, Clone, Copy, Default)]
pub struct Verifier {
    last: Head,
    kept: Option<Head>,
}

impl Verifier {
    /// Verifies against a head that was kept elsewhere, if there is one.
    pub fn new(kept: Option<Head>) -> Self {
        Self {
            last: Head::default(),
            kept,
        }
    }

    /// Takes the next record.
    ///
    /// # Errors
    /// It is not the one that was written there.
    pub fn take(&mut self, record: &AuditRecord) -> Result<(), Broken> {
        let number = self.last.number.saturating_add(1);
        let hash = hash(&self.last.hash, record);
        if record.number != number || record.hash != hash {
            return Err(Broken(number));
        }
        self.last = Head { number, hash };
        match self.kept {
            Some(kept) if kept.number == number && kept != self.last => Err(Broken(number)),
            Some(_) | None => Ok(()),
        }
    }

    /// The newest record, when all were taken.
    ///
    /// # Errors
    /// Records are missing up to the head that was kept.
    pub fn end(self) -> Result<Head, Broken> {
        match self.kept {
            Some(kept) if kept.number > self.last.number => Err(Broken(self.last.number.saturating_add(1))),
            Some(_) | None => Ok(self.last),
        }
    }
}

/// How the names begin by which records call customers.
pub const CUSTOMER_NAME: &str = "customer-";

/// Who is meant by the names in records, as far as they were not erased since.
///
/// # Errors
/// The store could not be asked.
pub async fn customers(store: &dyn Store, records: &[AuditRecord]) -> Result<BTreeMap<String, CustomerId>, StoreError> {
    let mut names = BTreeSet::new();
    for record in records {
        let detail: BTreeMap<String, String> = serde_json::from_str(&record.detail).unwrap_or_default();
        names.extend(detail.into_values().chain([record.object_id.clone()]));
    }
    names.retain(|name| name.starts_with(CUSTOMER_NAME));
    store.audited_customers(names.into_iter().collect()).await
}

/// Verifies a log as a whole; see [`Verifier`].
///
/// # Errors
/// The first place at which it is not as it was written.
pub fn verify<'a>(records: impl IntoIterator<Item = &'a AuditRecord>, kept: Option<Head>) -> Result<Head, Broken> {
    let mut verifier = Verifier::new(kept);
    records.into_iter().try_for_each(|record| verifier.take(record))?;
    verifier.end()
}

/// How far a log was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verified {
    /// To its end: the newest record.
    Whole(Head),
    /// To this record; there may be more.
    SoFar(Head),
}

/// Verifies about `most` records of a store's log: from the first one on, or behind those that end `after` and were verified before.
///
/// # Errors
/// It cannot be read. A log that is not as it was written is an answer.
pub async fn verify_part(
    store: &dyn Store,
    kept: Option<Head>,
    after: Option<Head>,
    most: u32,
) -> Result<Result<Verified, Broken>, StoreError> {
    let mut verifier = Verifier {
        last: after.unwrap_or_default(),
        kept,
    };
    // A number that no record has was given to one by somebody else.
    let mut read = after.map_or(i64::MIN, |after| after.number);
    let mut taken = 0;
    while taken < most {
        let records = store.audit_after(read, BATCH).await?;
        if records.is_empty() {
            return Ok(verifier.end().map(Verified::Whole));
        }
        if let Err(broken) = records.iter().try_for_each(|record| verifier.take(record)) {
            return Ok(Err(broken));
        }
        read = verifier.last.number;
        taken = taken.saturating_add(BATCH);
    }
    Ok(Ok(Verified::SoFar(verifier.last)))
}

/// Verifies a store's log; see [`Verifier`].
///
/// # Errors
/// It cannot be read. A log that is not as it was written is an answer.
pub async fn verify_store(store: &dyn Store, kept: Option<Head>) -> Result<Result<Head, Broken>, StoreError> {
    let verified = verify_part(store, kept, None, u32::MAX).await?;
    Ok(verified.map(|(Verified::Whole(head) | Verified::SoFar(head))| head))
}

#[cfg(test)]
mod tests;
