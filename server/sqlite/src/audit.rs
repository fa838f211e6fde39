//! The audit log. The one writer reads the last record and adds the next, so that the chain has one end.

use crate::SqliteStore;
use crate::fault::Fault;
use async_trait::async_trait;
use portico_core::audit::{Head, chained};
use portico_core::store::{AuditQuery, AuditRecord, AuditStore, NewAudit, StoreError};
use rusqlite::{Connection, OptionalExtension, Row, Rows, params};

const SELECT_HEAD: &str = "select number, hash from audit order by number desc limit 1";
const INSERT: &str = "
    insert into audit (number, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, detail, hash)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

/// Adds a record behind the last one.
pub(super) fn add(connection: &Connection, new: &NewAudit) -> Result<(), Fault> {
    let mut select = connection.prepare_cached(SELECT_HEAD)?;
    let last = select.query_row([], |row| {
        Ok(Head {
            number: row.get(0)?,
            hash: row.get(1)?,
        })
    });
    let record = chained(&last.optional()?.unwrap_or_default(), new);
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
        actor_kind: row.get(2)?,
        actor_id: row.get(3)?,
        actor_name: row.get(4)?,
        action: row.get(5)?,
        object_kind: row.get(6)?,
        object_id: row.get(7)?,
        detail: row.get(8)?,
        hash: row.get(9)?,
    })
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
}
