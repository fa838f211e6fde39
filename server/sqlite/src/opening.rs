//! Opens a store: refuses what is not one, what another process has open, and files that do not belong together, and
//! leaves a connection whose log begins with a mark.

use crate::file::{self, beside};
use crate::generation::{self, Left, Mark, WriterPhase};
use crate::header::{self, Found};
use crate::lock::{self, Lock};
use crate::open_error::OpenError;
use crate::{deliveries, schema};
use portico_shared::ids::Epoch;
use rusqlite::Connection;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// A store that no relay has closed is read whole before it is opened, unless it is larger than this: nobody should wait
/// for a relay that ended a second ago. Reading takes about a second per GiB.
const MOST_READ_AT_START: u64 = 1 << 30;

/// A store that is ready for its threads.
pub(crate) struct Opened {
    /// Where it really lies.
    pub(crate) path: PathBuf,
    pub(crate) lock: Lock,
    /// The one that writes.
    pub(crate) connection: Connection,
    /// Whether the next transaction must begin with a mark.
    pub(crate) mark_due: bool,
    pub(crate) epoch: Epoch,
}

/// Opens the store at `path`, making or migrating it as needed.
pub(crate) fn open(path: &Path) -> Result<Opened, OpenError> {
    let path = file::resolve(path)?;
    let sqlite = OpenError::sqlite(&path);
    let lock = make_and_lock(&path)?;
    let left = generation::look(&path)?;
    let mut connection = file::writer(&path).map_err(&sqlite)?;
    if left != Left::Closed {
        check_if_small(&connection, &path)?;
    }
    schema::refuse_newer(&connection, &path)?;
    schema::refuse_incomplete(&connection, &path)?;
    let has_room = mark(&connection, WriterPhase::Checkpointing).map_err(&sqlite)?;
    schema::migrate(&mut connection).map_err(&sqlite)?;
    if generation::newest(&connection).map_err(&sqlite)?.is_none() {
        let first = Mark::first(random()?);
        generation::put(&connection, &first).map_err(&sqlite)?;
    }
    let fresh = random()?;
    let epoch = if left == Left::Copied {
        tracing::warn!("the store is a copy: clients are told to forget what came after it");
        schema::renew_epoch(&connection, fresh)
    } else {
        schema::epoch(&connection, fresh)
    };
    let epoch = epoch.map_err(&sqlite)?;
    if let Err(error) = deliveries::release(&connection) {
        // Without room for it their leases end by themselves.
        without_room(error).map_err(&sqlite)?;
    }
    let mark_due = !has_room || !begin_log(&connection).map_err(&sqlite)?;
    file::sync_folder(&path)?;
    Ok(Opened {
        path,
        lock,
        connection,
        mark_due,
        epoch,
    })
}

/// Takes the store's locks, and makes its file if there is none.
fn make_and_lock(path: &Path) -> Result<Lock, OpenError> {
    lock::refuse_second_opening(path)?;
    // Before anything is put beside a file that is not ours.
    header::look(path)?;
    header::refuse_no_files_beside(path)?;
    let mut lock = Lock::take(path)?;
    if header::look(path)? == Found::Nothing {
        if generation::has_log(path) {
            return Err(OpenError::Missing(path.to_owned()));
        }
        create(path)?;
    }
    lock.hold_file(path)?;
    Ok(lock)
}

/// Makes a store, whole or not at all.
fn create(path: &Path) -> Result<(), OpenError> {
    let (sqlite, io) = (OpenError::sqlite(path), OpenError::io(path));
    let being_made = beside(path, ".new");
    file::remove(&being_made).map_err(&io)?;
    file::create(&being_made)?;
    if let Ok(empty) = fs::metadata(path) {
        fs::set_permissions(&being_made, empty.permissions()).map_err(&io)?;
    }
    let mut connection = file::single(&being_made).map_err(&sqlite)?;
    schema::migrate(&mut connection).map_err(&sqlite)?;
    schema::epoch(&connection, random()?).map_err(&sqlite)?;
    generation::put(&connection, &Mark::first(random()?)).map_err(&sqlite)?;
    drop(connection);
    File::open(&being_made).and_then(|file| file.sync_all()).map_err(&io)?;
    fs::rename(&being_made, path).map_err(&io)?;
    file::sync_folder(path)
}

fn check_if_small(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let length = fs::metadata(path).map_err(OpenError::io(path))?.len();
    if length > MOST_READ_AT_START {
        tracing::warn!(
            store.bytes = length,
            "the store was not closed, and is too large to be read whole now: `portico store check` does that"
        );
        return Ok(());
    }
    schema::check(connection, path)
}

/// Copies the log that the process before has left into the file, so that a new one begins, with a mark.
fn begin_log(connection: &Connection) -> rusqlite::Result<bool> {
    if !mark(connection, WriterPhase::Checkpointing)? {
        return Ok(false);
    }
    match connection.query_row(crate::writer::COPY, [], |_| Ok(())) {
        Ok(()) => mark(connection, WriterPhase::Writing),
        Err(error) => without_room(error),
    }
}

/// Whether there was room for a mark: a relay starts on a full disk as well, to be read.
fn mark(connection: &Connection, phase: WriterPhase) -> rusqlite::Result<bool> {
    match generation::advance(connection, phase) {
        Ok(()) => Ok(true),
        Err(error) => without_room(error),
    }
}

/// False for a full disk, and every other error as it is.
fn without_room(error: rusqlite::Error) -> rusqlite::Result<bool> {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => Ok(false),
        _ => Err(error),
    }
}

/// What tells one store, or one life of it, from every other.
#[expect(
    clippy::disallowed_methods,
    reason = "a new store differs from every other one, and has no clock yet"
)]
pub(crate) fn random() -> Result<u128, OpenError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(OpenError::Random)?;
    Ok(u128::from_le_bytes(bytes))
}
