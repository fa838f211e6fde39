//! One SQLite file: who may open it, and how its connections are set up.

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another relay has it open.
    #[error("the store {0} is in use by another relay")]
    InUse(PathBuf),
    /// A newer relay wrote it.
    #[error("the store {path} has schema version {found}, but this relay knows only {known}: use a newer relay")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The newest version that this program knows.
        known: u32,
    },
    /// It is a database of another program.
    #[error("{0} is not a store of Portico")]
    Foreign(PathBuf),
    /// Its content does not hold together.
    #[error("the store {path} is damaged: {finding}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite found first.
        finding: String,
    },
    /// The operating system gave no random bytes for the epoch.
    #[error("no random bytes: {0}")]
    Random(getrandom::Error),
    /// The file system's answer.
    #[error("cannot open the store {path}")]
    Io {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// SQLite's answer.
    #[error("cannot open the store {path}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: rusqlite::Error,
    },
}

/// A connection waits this long for a lock before it answers `Busy`. Only foreign programs ever hold one.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// Statements that a connection keeps compiled; there are fewer than this in all.
const STATEMENTS: usize = 128;

/// Mode of new files: what they hold (conversations, the key that signs visitor tokens) is for the relay's own user.
const PRIVATE: u32 = 0o600;

/// Page cache of the writing connection, in KiB. Past it SQLite writes pages to the WAL before the commit.
const WRITER_CACHE_KIB: i64 = 8 * 1024;

/// The one relay that has a store open. The lock is the operating system's: it ends with the process.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "held, not used: closing the file gives the lock back")] File);

/// Takes the lock of the store at `path`, creating the folder it lies in.
pub(super) fn lock(path: &Path) -> Result<Lock, OpenError> {
    let failed = |source| OpenError::Io {
        path: path.to_owned(),
        source,
    };
    let folder = folder(path);
    fs::create_dir_all(folder).map_err(failed)?;
    let file = private().open(beside(path, ".lock")).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(path.to_owned())),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// Creates the store's file, so that SQLite finds it with [`PRIVATE`] instead of what the umask leaves; `-wal` and `-shm`
/// get the mode of the file that they belong to. What is there already stays as it is.
pub(super) fn create(path: &Path) -> Result<(), OpenError> {
    private().open(path).map(drop).map_err(|source| OpenError::Io {
        path: path.to_owned(),
        source,
    })
}

fn private() -> OpenOptions {
    let mut options = File::options();
    options.create(true).truncate(false).write(true).mode(PRIVATE);
    options
}

/// Makes the names of the store's files durable: a file that was synced can still lose its name.
pub(super) fn sync_folder(path: &Path) -> Result<(), OpenError> {
    let synced = File::open(folder(path)).and_then(|folder| folder.sync_all());
    synced.map_err(|source| OpenError::Io {
        path: path.to_owned(),
        source,
    })
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
    // Checkpoints are the writer's own: SQLite's automatic one hides its errors, also those of fsync.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

/// A connection that reads beside the writer and never waits for it.
pub(super) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(LOCK_WAIT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "foreign_keys", true)
}

fn folder(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."))
}

/// `relay.db` and `.lock` make `relay.db.lock`.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
