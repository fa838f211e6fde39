//! The schema's versions, and what a new file is given.
//!
//! A migration is a numbered file of SQL that runs once, in a transaction with the version that it makes. From the first
//! release on, migrations only add; what an older relay still reads is removed one release later at the earliest, so that
//! a relay can be rolled back.

use crate::fault::Fault;
use crate::file::OpenError;
use portico_shared::ids::Epoch;
use rusqlite::{Connection, OptionalExtension};
use std::path::Path;

/// Every migration, in order; the first makes version 1.
const MIGRATIONS: [&str; 2] = [
    include_str!("../migrations/0001_initial.sql"),
    include_str!("../migrations/0002_chains.sql"),
];

/// What `pragma application_id` says in a store of Portico: "Port".
const APPLICATION: u32 = u32::from_be_bytes(*b"Port");

/// Brings the file up to the newest version, refusing files that this program does not understand.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let known = MIGRATIONS.len();
    let failed = |source| OpenError::Sqlite {
        path: path.to_owned(),
        source,
    };
    let found = version(connection).map_err(failed)?;
    let ours = found > 0 && application(connection).map_err(failed)? == APPLICATION;
    if !ours && !is_empty(connection).map_err(failed)? {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    let done = found as usize;
    if done > known {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            found,
            known: known as u32,
        });
    }
    for (migration, version) in MIGRATIONS.iter().zip(1_u32..).skip(done) {
        run(connection, migration, version).map_err(failed)?;
    }
    Ok(())
}

fn run(connection: &mut Connection, migration: &str, version: u32) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(migration)?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}

fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn application(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "application_id", |row| row.get(0))
}

const COUNT_TABLES: &str = "select count(*) from sqlite_schema";

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection
        .query_row(COUNT_TABLES, [], |row| row.get::<_, i64>(0))
        .map(|tables| tables == 0)
}

const SELECT_EPOCH: &str = "select value from meta where name = 'epoch'";
const INSERT_EPOCH: &str = "insert into meta (name, value) values ('epoch', ?1)";

/// The file's epoch; `fresh` becomes it if there is none. An operator who restores a backup deletes that row, and clients
/// then drop what they cached of the lost future.
pub(super) fn epoch(connection: &Connection, fresh: u128) -> rusqlite::Result<Epoch> {
    let stored: Option<String> = connection.query_row(SELECT_EPOCH, [], |row| row.get(0)).optional()?;
    if let Some(epoch) = stored {
        return Ok(Epoch::new(epoch));
    }
    let epoch = format!("{fresh:032x}");
    connection.execute(INSERT_EPOCH, [&epoch])?;
    Ok(Epoch::new(epoch))
}

const QUICK_CHECK: &str = "pragma quick_check(1)";

/// Reads the whole file and refuses one whose pages do not hold together. Takes about a second per GiB in the
/// operating system's cache.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let finding: rusqlite::Result<String> = connection.query_row(QUICK_CHECK, [], |row| row.get(0));
    match finding {
        Ok(finding) if finding == "ok" => Ok(()),
        Ok(finding) => Err(OpenError::Damaged {
            path: path.to_owned(),
            finding,
        }),
        Err(error) => Err(OpenError::Damaged {
            path: path.to_owned(),
            finding: error.to_string(),
        }),
    }
}

const PROBE: &str = "
    insert into meta (name, value) values ('probe', '1')
    on conflict (name) do update set value = (excluded.value + value) % 2";

/// A write that changes nothing that anybody reads, but must reach the disk like any other.
pub(super) fn probe(connection: &Connection) -> Result<(), Fault> {
    connection.prepare_cached(PROBE)?.execute([])?;
    Ok(())
}
