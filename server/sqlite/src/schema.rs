//! The schema's versions, and what a new file is given.
//!
//! A migration is a numbered file of SQL that runs once, in a transaction with the version that it makes. From the first
//! release on, migrations only add; what an older relay still reads is removed one release later at the earliest, so that
//! a relay can be rolled back.

use crate::fault::Fault;
use crate::identities;
use crate::open_error::OpenError;
use portico_shared::ids::Epoch;
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeSet;
use std::path::Path;

/// Every migration, in order; the first makes version 1.
const MIGRATIONS: [&str; 19] = [
    include_str!("../migrations/0001_initial.sql"),
    include_str!("../migrations/0002_chains.sql"),
    include_str!("../migrations/0003_generation.sql"),
    include_str!("../migrations/0004_activities_by_time.sql"),
    include_str!("../migrations/0005_waits_since.sql"),
    include_str!("../migrations/0006_rests.sql"),
    include_str!("../migrations/0007_files.sql"),
    include_str!("../migrations/0008_files_waiting.sql"),
    include_str!("../migrations/0009_push.sql"),
    include_str!("../migrations/0010_erasures.sql"),
    include_str!("../migrations/0011_identities.sql"),
    include_str!("../migrations/0012_labels.sql"),
    include_str!("../migrations/0013_merges.sql"),
    include_str!("../migrations/0014_attributes.sql"),
    include_str!("../migrations/0015_retention.sql"),
    include_str!("../migrations/0016_sessions.sql"),
    include_str!("../migrations/0017_audit.sql"),
    include_str!("../migrations/0018_programs.sql"),
    include_str!("../migrations/0019_audit_customers.sql"),
];

/// The version whose tables are filled from the customers of before, which SQL alone cannot do.
const WITH_IDENTITIES: u32 = 11;

/// What `pragma application_id` says in a store of Portico: "Port".
pub(super) const APPLICATION: u32 = u32::from_be_bytes(*b"Port");

/// The newest version.
pub(super) const fn known() -> u32 {
    MIGRATIONS.len() as u32
}

/// Refuses a file that only a newer relay understands. Another program's was refused before SQLite opened it.
pub(super) fn refuse_newer(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let found = version(connection).map_err(OpenError::sqlite(path))?;
    if found > known() {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            found,
            known: known(),
        });
    }
    Ok(())
}

/// Refuses a file that lacks tables, indices or columns of its version: SQLite finds nothing wrong with it, and the relay
/// would fail at the first use of what is missing.
pub(super) fn refuse_incomplete(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let sqlite = OpenError::sqlite(path);
    let version = version(connection).map_err(&sqlite)?;
    let mut whole = Connection::open_in_memory().map_err(&sqlite)?;
    for (migration, version) in MIGRATIONS.iter().zip(1_u32..).take(version as usize) {
        run(&mut whole, migration, version).map_err(&sqlite)?;
    }
    let is_there = parts(connection).map_err(&sqlite)?;
    match parts(&whole).map_err(&sqlite)?.difference(&is_there).max() {
        None => Ok(()),
        Some(missing) => Err(OpenError::Damaged {
            path: path.to_owned(),
            finding: format!("{missing} is missing"),
        }),
    }
}

const SELECT_PARTS: &str = "
    select type || ' ' || name from sqlite_schema where name not like 'sqlite_%'
    union all
    select 'column ' || parts.name || '.' || columns.name
    from sqlite_schema as parts join pragma_table_info(parts.name) as columns where parts.type = 'table'";

/// What a file is made of, by name.
fn parts(connection: &Connection) -> rusqlite::Result<BTreeSet<String>> {
    let mut select = connection.prepare(SELECT_PARTS)?;
    select.query_map([], |row| row.get(0))?.collect()
}

/// Brings the file up to the newest version.
pub(super) fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let done = version(connection)? as usize;
    for (migration, version) in MIGRATIONS.iter().zip(1_u32..).skip(done) {
        run(connection, migration, version)?;
    }
    Ok(())
}

fn run(connection: &mut Connection, migration: &str, version: u32) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(migration)?;
    if version == WITH_IDENTITIES {
        identities::fill(&transaction)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.commit()
}

fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

const SELECT_EPOCH: &str = "select value from meta where name = 'epoch'";
const INSERT_EPOCH: &str = "insert into meta (name, value) values ('epoch', ?1)";

/// The file's epoch; `fresh` becomes it if there is none.
pub(super) fn epoch(connection: &Connection, fresh: u128) -> rusqlite::Result<Epoch> {
    let stored: Option<String> = connection.query_row(SELECT_EPOCH, [], |row| row.get(0)).optional()?;
    if let Some(epoch) = stored {
        return Ok(Epoch::new(epoch));
    }
    let epoch = format!("{fresh:032x}");
    connection.execute(INSERT_EPOCH, [&epoch])?;
    Ok(Epoch::new(epoch))
}

const DELETE_EPOCH: &str = "delete from meta where name = 'epoch'";

/// Makes `fresh` the file's epoch, so that clients drop what they know of a future that was lost with the file before.
pub(super) fn renew_epoch(connection: &Connection, fresh: u128) -> rusqlite::Result<Epoch> {
    connection.execute(DELETE_EPOCH, [])?;
    epoch(connection, fresh)
}

const QUICK_CHECK: &str = "pragma quick_check(1)";

/// Reads the whole file and refuses one whose pages do not hold together. Takes about a second per GiB in the
/// operating system's cache.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    refuse_damage(connection, QUICK_CHECK, path)
}

const INTEGRITY_CHECK: &str = "pragma integrity_check(1)";

/// As [`check`], and looks whether the indices go with their tables, which takes several times as long.
pub(super) fn check_thoroughly(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    refuse_damage(connection, INTEGRITY_CHECK, path)?;
    refuse_incomplete(connection, path)
}

fn refuse_damage(connection: &Connection, check: &str, path: &Path) -> Result<(), OpenError> {
    let finding: rusqlite::Result<String> = connection.query_row(check, [], |row| row.get(0));
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

/// Half of what [`take_room`] writes, in bytes: more than the largest post with all that is written beside it.
const ROOM: u32 = 128 * 1024;

const TAKE_ROOM: &str = "insert or replace into meta (name, value) values ('room', hex(zeroblob(?1)))";
const GIVE_ROOM_BACK: &str = "delete from meta where name = 'room'";

/// Writes as much as any post would.
pub(super) fn take_room(connection: &Connection) -> Result<(), Fault> {
    connection.prepare_cached(TAKE_ROOM)?.execute([ROOM])?;
    Ok(())
}

/// Removes what [`take_room`] wrote.
pub(super) fn give_room_back(connection: &Connection) -> Result<(), Fault> {
    connection.prepare_cached(GIVE_ROOM_BACK)?.execute([])?;
    Ok(())
}
