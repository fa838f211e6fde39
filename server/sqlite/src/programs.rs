//! Registered bots and apps. Their keys are credentials.

use crate::SqliteStore;
use crate::fault::{Fault, decode, encode};
use async_trait::async_trait;
use portico_core::store::{ProgramRecord, ProgramStore, StoreError};
use rusqlite::Connection;

const SELECT: &str = "select id, record from programs order by id";

fn all(connection: &Connection) -> Result<Vec<ProgramRecord>, Fault> {
    let mut select = connection.prepare_cached(SELECT)?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, record): (String, String) = (row.get(0)?, row.get(1)?);
        found.push(decode(&record, || format!("program {id}"))?);
    }
    Ok(found)
}

const UPSERT: &str = "
    insert into programs (id, record) values (?1, ?2) on conflict (id) do update set record = excluded.record";

/// Creates or replaces one.
pub(super) fn put(connection: &Connection, program: &ProgramRecord) -> Result<(), Fault> {
    connection
        .prepare_cached(UPSERT)?
        .execute([program.id.as_str(), &encode(program)?])?;
    Ok(())
}

#[async_trait]
impl ProgramStore for SqliteStore {
    async fn programs(&self) -> Result<Vec<ProgramRecord>, StoreError> {
        self.readers.read(all).await
    }
}
