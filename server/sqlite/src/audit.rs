//! The audit log. The one writer reads the last record and adds the next, so that the chain has one end.

use crate::SqliteStore;
use crate::fault::Fault;
use async_trait::async_trait;
use portico_core::audit::{CUSTOMER_NAME, Head, chained};
use portico_core::store::{
    Actor, ActorKind, AuditAction, AuditQuery, AuditRecord, AuditStore, NewAudit, ObjectKind, StoreError,
};
use portico_shared::ids::CustomerId;
use rusqlite::{Connection, OptionalExtension, Row, Rows, params};
use std::collections::BTreeMap;

const SELECT_HEAD: &str = "select number, hash from audit order by number desc limit 1";
const INSERT: &str = "
    insert into audit (number, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, detail, hash)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

/// Adds a record behind the last one.
pub(super) fn add(connection: &Connection, new: &NewAudit) -> Result<(), Fault> {
    let last = match newest(connection)? {
        Newest::Sound(head) => head,
        Newest::Damaged(number) => begin_anew(connection, number, new.at)?,
    };
    insert(connection, &chained(&last, &named(connection, new)?))
}

/// The newest record.
enum Newest {
    Sound(Head),
    /// Somebody has made its hash none.
    Damaged(i64),
}

fn newest(connection: &Connection) -> Result<Newest, Fault> {
    let mut select = connection.prepare_cached(SELECT_HEAD)?;
    let mut rows = select.query([])?;
    let Some(row) = rows.next()? else {
        return Ok(Newest::Sound(Head::default()));
    };
    let number = row.get(0)?;
    let hash = row.get_ref(1)?.as_blob().ok().and_then(|hash| hash.try_into().ok());
    Ok(hash.map_or(Newest::Damaged(number), |hash| Newest::Sound(Head { number, hash })))
}

/// Goes on behind a record whose hash cannot be read, which a record says: nobody could sign in else, and nothing be changed that is
/// recorded. Whoever verifies is told of the damage for good.
fn begin_anew(connection: &Connection, damaged: i64, at: i64) -> Result<Head, Fault> {
    tracing::error!(
        audit.record = damaged,
        "the newest record of the audit log was damaged in the file: hashes begin anew behind it. Keep a copy of the store, and look \
         who has written to it; `portico audit verify` names the first record that is not as it was written"
    );
    let relay = Actor {
        kind: ActorKind::Relay,
        id: String::new(),
        name: String::new(),
    };
    let new = NewAudit {
        at,
        actor: relay,
        action: AuditAction::ChainBroken,
        object: ObjectKind::Record,
        object_id: damaged.to_string(),
        customers: BTreeMap::new(),
        detail: BTreeMap::new(),
    };
    let last = Head {
        number: damaged,
        ..Head::default()
    };
    insert(connection, &chained(&last, &new))?;
    match newest(connection)? {
        Newest::Sound(head) => Ok(head),
        Newest::Damaged(number) => Err(StoreError::Damaged(format!("record {number} of the audit log")).into()),
    }
}

fn insert(connection: &Connection, record: &AuditRecord) -> Result<(), Fault> {
    connection.prepare_cached(INSERT)?.execute(params![
        record.number,
        record.at,
        record.actor_kind,
        record.actor_id,
        record.actor_name,
        record.action,
        record.object_kind,
        record.object_id,
        record.detail,
        record.hash,
    ])?;
    Ok(())
}

/// The record with names in the place of the ids of customers.
fn named(connection: &Connection, new: &NewAudit) -> Result<NewAudit, Fault> {
    let mut new = new.clone();
    if new.object == ObjectKind::Customer {
        new.object_id = name_of(connection, &CustomerId::new(new.object_id))?;
    }
    for (key, customer) in std::mem::take(&mut new.customers) {
        let name = name_of(connection, &customer)?;
        new.detail.insert(key, name);
    }
    Ok(new)
}

const INSERT_NAME: &str = "
    insert into audit_customers (customer, name)
    select id, ?2 || lower(hex(randomblob(16))) from customers where id = ?1
    on conflict (customer) do nothing";
const SELECT_NAME: &str = "select name from audit_customers where customer = ?1";
const SELECT_RANDOM: &str = "select ?1 || lower(hex(randomblob(16)))";

/// What the log calls a customer. One of whom nothing is known, as it was just erased, is called something that leads to nobody.
fn name_of(connection: &Connection, customer: &CustomerId) -> Result<String, Fault> {
    let id = customer.as_str();
    connection.prepare_cached(INSERT_NAME)?.execute([id, CUSTOMER_NAME])?;
    let mut select = connection.prepare_cached(SELECT_NAME)?;
    match select.query_row([id], |row| row.get(0)).optional()? {
        Some(name) => Ok(name),
        None => Ok(connection
            .prepare_cached(SELECT_RANDOM)?
            .query_row([CUSTOMER_NAME], |row| row.get(0))?),
    }
}

const SELECT_NAMED: &str = "select customer from audit_customers where name = ?1";

fn named_so(connection: &Connection, names: Vec<String>) -> Result<BTreeMap<String, CustomerId>, Fault> {
    let mut select = connection.prepare_cached(SELECT_NAMED)?;
    let mut found = BTreeMap::new();
    for name in names {
        let customer = select.query_row([&name], |row| row.get::<_, String>(0)).optional()?;
        found.extend(customer.map(|customer| (name, CustomerId::new(customer))));
    }
    Ok(found)
}

/// The plus sign has SQLite look by the time, and not at all records from the first on.
pub(super) const SELECT_FIRST: &str = "select min(+number) from audit where at >= ?1";
pub(super) const SELECT_ALL: &str = "
    select number, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, detail, hash from audit
    where number >= ?1 and number < ?2 order by number desc limit ?3";
pub(super) const SELECT_OF_ACTION: &str = "
    select number, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, detail, hash from audit
    where action = ?4 and number >= ?1 and number < ?2 order by number desc limit ?3";
const SELECT_AFTER: &str = "
    select number, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, detail, hash from audit
    where number > ?1 order by number limit ?2";

/// Records that a query finds: from the first of the time that is asked for on, whatever the clock said later.
fn found(connection: &Connection, query: &AuditQuery) -> Result<Vec<AuditRecord>, Fault> {
    let before = query.before.unwrap_or(i64::MAX);
    let first = match query.since {
        Some(since) => first_since(connection, since)?.unwrap_or(before),
        None => i64::MIN,
    };
    match &query.action {
        None => {
            let mut select = connection.prepare_cached(SELECT_ALL)?;
            read_all(select.query(params![first, before, query.limit])?)
        }
        Some(action) => {
            let mut select = connection.prepare_cached(SELECT_OF_ACTION)?;
            read_all(select.query(params![first, before, query.limit, action])?)
        }
    }
}

fn first_since(connection: &Connection, since: i64) -> Result<Option<i64>, Fault> {
    let mut select = connection.prepare_cached(SELECT_FIRST)?;
    Ok(select.query_row([since], |row| row.get(0))?)
}

fn after(connection: &Connection, number: i64, limit: u32) -> Result<Vec<AuditRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT_AFTER)?;
    read_all(select.query(params![number, limit])?)
}

fn read_all(rows: Rows<'_>) -> Result<Vec<AuditRecord>, Fault> {
    Ok(rows.mapped(read).collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<AuditRecord> {
    Ok(AuditRecord {
        number: row.get(0)?,
        at: row.get(1)?,
        actor_kind: text(row, 2)?,
        actor_id: text(row, 3)?,
        actor_name: text(row, 4)?,
        action: text(row, 5)?,
        object_kind: text(row, 6)?,
        object_id: text(row, 7)?,
        detail: text(row, 8)?,
        hash: row.get(9)?,
    })
}

/// A text as far as it is one: what somebody has damaged must not hide the rest. Its hash does not fit then.
fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    let bytes = row.get_ref(column)?.as_bytes()?;
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

#[async_trait]
impl AuditStore for SqliteStore {
    async fn audit(&self, query: AuditQuery) -> Result<Vec<AuditRecord>, StoreError> {
        self.readers.read(move |connection| found(connection, &query)).await
    }

    async fn audit_after(&self, number: i64, limit: u32) -> Result<Vec<AuditRecord>, StoreError> {
        self.readers
            .read(move |connection| after(connection, number, limit))
            .await
    }

    async fn audited_customers(&self, names: Vec<String>) -> Result<BTreeMap<String, CustomerId>, StoreError> {
        self.readers.read(move |connection| named_so(connection, names)).await
    }
}
