//! One SQLite file: where it lies, and how its connections are set up.

use crate::open_error::OpenError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A connection waits this long for a lock before it answers `Busy`. Only foreign programs ever hold one.
pub(super) const LOCK_WAIT: Duration = Duration::from_secs(5);

/// Statements that a connection keeps compiled; there are fewer than this in all.
const STATEMENTS: usize = 128;

/// Mode of new files: what they hold (conversations, the key that signs visitor tokens) is for the relay's own user.
const PRIVATE: u32 = 0o600;

/// Page cache of the writing connection, in KiB. Past it SQLite writes pages to the WAL before the commit.
const WRITER_CACHE_KIB: i64 = 8 * 1024;

/// Symbolic links that lead to a store's file, one after the other. More are a circle.
const MOST_LINKS: usize = 40;

/// Where the file at `path` really lies, also when it is not there yet. SQLite puts `-wal` and `-shm` beside it, and so do
/// we what belongs to it.
pub(super) fn resolve(path: &Path) -> Result<PathBuf, OpenError> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match path.read_link() {
            Ok(target) => path = folder(&path).join(target),
            // What is no link is the file, or will be.
            Err(_) => break,
        }
    }
    let Some(name) = path.file_name() else {
        return Err(OpenError::NoFile(path));
    };
    match folder(&path).canonicalize() {
        Ok(folder) => Ok(folder.join(name)),
        // The folder is created together with the store.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path),
        Err(error) => Err(OpenError::io(&path)(error)),
    }
}

/// Creates the store's file, so that SQLite finds it with [`PRIVATE`] instead of what the umask leaves; `-wal` and `-shm`
/// get the mode of the file that they belong to. What is there already stays as it is.
pub(super) fn create(path: &Path) -> Result<(), OpenError> {
    private().open(path).map(drop).map_err(OpenError::io(path))
}

/// Removes a file, if there is one.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// How new files are opened: for the relay's own user alone.
pub(super) fn private() -> OpenOptions {
    let mut options = File::options();
    options.create(true).truncate(false).write(true).mode(PRIVATE);
    options
}

/// Makes the names of the store's files durable: a file that was synced can still lose its name.
pub(super) fn sync_folder(path: &Path) -> Result<(), OpenError> {
    let synced = File::open(folder(path)).and_then(|folder| folder.sync_all());
    synced.map_err(OpenError::io(path))
}

/// The one connection that writes, and the only one that checkpoints: SQLite before 3.51.3 could damage a file whose
/// WAL was reset by one connection while another wrote.
pub(super) fn writer(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    // What a rolled back job needs stays in memory, so that a full /tmp cannot fail a write.
    connection.pragma_update(None, "temp_store", "memory")?;
    // What is removed is written over: what was erased is not in the file any more.
    connection.pragma_update(None, "secure_delete", "on")?;
    // Checkpoints are the writer's own: SQLite's automatic one hides its errors, also those of fsync.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(connection)
}

/// A connection to a file that nobody else knows of yet. It keeps no log beside it, and syncs nothing: its owner does, when
/// the file is whole.
pub(super) fn single(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    without_log(&connection)?;
    Ok(connection)
}

/// Ends the log of a file that [`single`] has opened, if it has one.
pub(super) fn without_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "memory")?;
    connection.pragma_update(None, "synchronous", "off")
}

/// A connection that reads beside the writer and never waits for it.
pub(super) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    Ok(connection)
}

/// The file as it is by itself, whatever is in its log. Touches nothing and takes no locks, so nobody may be writing.
pub(super) fn without_wal(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(format!("file:{}?immutable=1", in_uri(path)), flags)?;
    // The file of a relay that ended while it copied its log may be shorter than it says it is.
    connection.pragma_update(None, "writable_schema", true)?;
    Ok(connection)
}

/// A path as it stands in a URI.
fn in_uri(path: &Path) -> String {
    let escaped = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => char::from(*byte).to_string(),
        other => format!("%{other:02X}"),
    };
    path.as_os_str().as_bytes().iter().map(escaped).collect()
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    // Before anything that may fail: a connection to a damaged file would copy the log into it when it is closed, and remove
    // what is most likely the better half.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(LOCK_WAIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "foreign_keys", true)
}

/// The folder that a file lies in.
pub(super) fn folder(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."))
}

/// The name of a file that belongs to another one: `relay.db` and `.lock` make `relay.db.lock`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
