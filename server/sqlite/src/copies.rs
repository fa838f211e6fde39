//! Copies of a store: makes one while a relay runs or not, puts one in the store's place, and looks whether a store
//! holds together.

use crate::file::{self, beside};
use crate::files;
use crate::generation;
use crate::header::{self, Found};
use crate::lock::{self, Lock};
use crate::open_error::OpenError;
use crate::opening::random;
use crate::schema;
use portico_core::store::FileRecord;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why there is no copy, or why it is not in the store's place. The store is as it was.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// One of the two files cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is none.
    #[error("there is no store at {0}")]
    NoStore(PathBuf),
    /// Copies are not written over anything.
    #[error("{0} is there already")]
    There(PathBuf),
    /// A store is not a copy of itself.
    #[error("{0} is the store itself")]
    Itself(PathBuf),
    /// The copy's pages do not hold together.
    #[error("the copy {path} is damaged ({finding}): take another one")]
    Damaged {
        /// The copy.
        path: PathBuf,
        /// What SQLite found first.
        finding: String,
    },
    /// There is no room for what is being made.
    #[error("the disk that {0} is to lie on is full: make room, or name another place")]
    Full(PathBuf),
    /// The file system's answer.
    #[error("{what} {path}")]
    Io {
        /// What could not be done.
        what: &'static str,
        /// To which file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
}

/// What a store or a copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its conversations.
    pub conversations: u64,
    /// Its length in bytes.
    pub bytes: u64,
    /// The files that it knows and that are whole; their bytes lie elsewhere.
    pub files: Vec<FileRecord>,
    /// Where the file that was there before lies now; only [`restore`] puts one aside.
    pub aside: Option<PathBuf>,
}

/// How often a copy is tried while another program holds the store's locks.
const TRIES: usize = 50;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// How often it is looked whether the files of a running relay belong together.
const LOOKS: usize = 10;

/// Copies the store at `store` to a new file at `copy`, which is whole when it is there. A relay may run.
pub fn backup(store: &Path, copy: &Path) -> Result<Report, CopyError> {
    let store = existing(store)?;
    let copy = file::resolve(copy)?;
    if copy.exists() {
        return Err(CopyError::There(copy));
    }
    let _lock = lock_unless_a_relay_has(&store)?;
    let being_made = beside(&copy, ".partial");
    let source = file::reader(&store).map_err(OpenError::sqlite(&store))?;
    let made = copy_to(&store, &source, &being_made)
        .and_then(|()| seal(&store, &being_made, CopyEpoch::Kept))
        .and_then(|report| {
            fs::rename(&being_made, &copy).map_err(failed("cannot name", &copy))?;
            Ok(report)
        });
    let report = made.inspect_err(|_| {
        let _ = file::remove(&being_made);
    })?;
    file::sync_folder(&copy)?;
    Ok(report)
}

/// Whether a file is restored that goes less far than it could.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incomplete {
    /// A file without its log is refused.
    Refused,
    /// A file without its log is taken, as far as it goes.
    Taken,
}

/// Puts the copy at `copy` in the place of the store at `store`, which no relay may have open. What was there is kept
/// beside it, under a name with `suffix`. The store takes a new epoch, so that clients forget what came after the copy.
pub fn restore(store: &Path, copy: &Path, incomplete: Incomplete, suffix: &str) -> Result<Report, CopyError> {
    let copy = existing(copy)?;
    let store = file::resolve(store)?;
    if store == copy {
        return Err(CopyError::Itself(store));
    }
    lock::refuse_second_opening(&store)?;
    header::refuse_foreign(&store)?;
    let mut lock = Lock::take(&store)?;
    let is_there = store.exists();
    if is_there {
        lock.hold_file(&store)?;
    }
    match generation::look(&copy) {
        Err(OpenError::WithoutWal(_)) if incomplete == Incomplete::Taken => {}
        looked => drop(looked?),
    }
    let aside = (is_there || generation::has_log(&store)).then(|| free_name(&store, suffix));
    let aside = aside.transpose()?;
    let being_made = beside(&store, ".restoring");
    let restored = make(&copy, &being_made).and_then(|report| {
        place(&store, &being_made, aside.as_deref())?;
        Ok(Report { aside, ..report })
    });
    restored.inspect_err(|_| {
        let _ = file::remove(&being_made);
    })
}

/// Makes of a copy what can take the store's place.
fn make(copy: &Path, being_made: &Path) -> Result<Report, CopyError> {
    // By itself it needs nothing beside it, and so may lie where nothing can be written.
    let source = match generation::has_log(copy) {
        true => file::reader(copy),
        false => file::without_wal(copy),
    };
    let made = source
        .map_err(|error| OpenError::sqlite(copy)(error).into())
        .and_then(|source| copy_to(copy, &source, being_made))
        .and_then(|()| seal(copy, being_made, CopyEpoch::Renewed));
    made.map_err(|error| match error {
        CopyError::Open(OpenError::Damaged { path, finding }) => CopyError::Damaged { path, finding },
        other => other,
    })
}

/// Puts what was made in the store's place, and what was there aside.
fn place(store: &Path, being_made: &Path, aside: Option<&Path>) -> Result<(), CopyError> {
    if store.exists() {
        take_after(store, being_made).map_err(failed("cannot give its owner to", being_made))?;
    }
    if let Some(aside) = aside {
        set_aside(store, aside)?;
    }
    let placed = file::remove(&beside(store, "-shm")).and_then(|()| fs::rename(being_made, store));
    if let Err(error) = placed {
        if let Some(aside) = aside {
            // Without its log the old file would lack what was acknowledged last.
            let _ = fs::rename(beside(aside, "-wal"), beside(store, "-wal"));
        }
        return Err(failed("cannot put a copy at", store)(error));
    }
    Ok(file::sync_folder(store)?)
}

/// Reads the whole store at `store`, and answers what it holds if it holds together. A relay may run; whether file and log
/// belong together was then found when it started.
pub fn check(store: &Path) -> Result<Report, CopyError> {
    let store = existing(store)?;
    let lock = lock_unless_a_relay_has(&store)?;
    let connection = match lock.is_some() && !generation::has_log(&store) {
        true => file::without_wal(&store),
        false => file::reader(&store),
    };
    let connection = connection.map_err(OpenError::sqlite(&store))?;
    schema::check_thoroughly(&connection, &store)?;
    report(&connection, &store)
}

/// Where a store that must be there really lies.
fn existing(path: &Path) -> Result<PathBuf, CopyError> {
    let path = file::resolve(path)?;
    lock::refuse_second_opening(&path)?;
    match header::look(&path)? {
        Found::Store => Ok(path),
        Found::Nothing if generation::has_log(&path) => Err(OpenError::Missing(path).into()),
        Found::Nothing => Err(CopyError::NoStore(path)),
    }
}

/// Looks whether the store's files belong together, and keeps relays out unless one has it open already.
fn lock_unless_a_relay_has(store: &Path) -> Result<Option<Lock>, OpenError> {
    match Lock::to_read(store) {
        Ok(lock) => {
            generation::look(store)?;
            Ok(Some(lock))
        }
        Err(OpenError::InUse(_)) => look_beside_a_relay(store).map(|()| None),
        Err(other) => Err(other),
    }
}

/// Looks whether the log that lies here is the one that the relay writes: a hard link has none beside it, or another one. A
/// relay may copy its log into the file between the look at one and the look at the other, so a finding must last.
fn look_beside_a_relay(store: &Path) -> Result<(), OpenError> {
    if !generation::has_log(store) {
        // A relay that started on a full disk could not begin its log: then all that there is stands in the file.
        return match generation::look(store) {
            Err(OpenError::WithoutWal(_)) => Err(OpenError::OtherPath(store.to_owned())),
            found => found.map(drop),
        };
    }
    for _ in 1..LOOKS {
        if generation::look(store).is_ok() {
            return Ok(());
        }
        std::thread::sleep(BETWEEN_TRIES);
    }
    generation::look(store).map(drop)
}

/// Copies one state of a store, file and log, to a file for its own user alone.
fn copy_to(from: &Path, source: &Connection, to: &Path) -> Result<(), CopyError> {
    file::remove(to).map_err(failed("cannot remove", to))?;
    file::private().open(to).map_err(failed("cannot make", to))?;
    let answer = answer(from, to);
    let mut target = file::single(to).map_err(&answer)?;
    copy_pages(source, &mut target).map_err(&answer)
}

/// What SQLite's answer says while one file is copied to another: where there is no room, or what is wrong with the first.
fn answer(from: &Path, to: &Path) -> impl Fn(rusqlite::Error) -> CopyError + use<> {
    let (of_source, to) = (OpenError::sqlite(from), to.to_owned());
    move |error| match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => CopyError::Full(to.clone()),
        _ => of_source(error).into(),
    }
}

/// All pages in one step: between two of them a relay that writes would make SQLite begin anew.
fn copy_pages(source: &Connection, target: &mut Connection) -> rusqlite::Result<()> {
    let copying = Backup::new(source, target)?;
    for _ in 1..TRIES {
        match copying.step(-1)? {
            StepResult::Done => return Ok(()),
            _ => std::thread::sleep(BETWEEN_TRIES),
        }
    }
    match copying.step(-1)? {
        StepResult::Done => Ok(()),
        _ => Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
            None,
        )),
    }
}

/// Which epoch a copy goes on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CopyEpoch {
    /// The one of the store that it was made of.
    Kept,
    /// One of its own: clients forget what came after it.
    Renewed,
}

/// Reads a copy whole that was made of the file at `of`, and leaves it as a relay leaves a store that it closes.
fn seal(of: &Path, copy: &Path, epoch: CopyEpoch) -> Result<Report, CopyError> {
    let answer = answer(of, copy);
    let connection = file::single(copy).map_err(&answer)?;
    schema::check_thoroughly(&connection, of)?;
    match epoch {
        CopyEpoch::Kept => {}
        CopyEpoch::Renewed => {
            schema::renew_epoch(&connection, random()?).map_err(&answer)?;
        }
    }
    // No log that lies anywhere can be the copy's own.
    generation::close(&connection, random()?).map_err(&answer)?;
    let report = report(&connection, copy)?;
    drop(connection);
    File::open(copy)
        .and_then(|file| file.sync_all())
        .map_err(failed("cannot sync", copy))?;
    Ok(report)
}

/// Gives a file the owner and the mode of the store that it replaces: root may restore what another user runs.
fn take_after(store: &Path, file: &Path) -> io::Result<()> {
    let old = fs::metadata(store)?;
    let new = fs::metadata(file)?;
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        chown(file, Some(old.uid()), Some(old.gid()))?;
    }
    fs::set_permissions(file, old.permissions())
}

/// The name for what lies in the store's place.
fn free_name(store: &Path, suffix: &str) -> Result<PathBuf, CopyError> {
    let aside = beside(store, suffix);
    match aside.exists() || generation::has_log(&aside) {
        true => Err(CopyError::There(aside)),
        false => Ok(aside),
    }
}

/// Gives the store's files other names, by which SQLite still finds the log of the file. The store's own name stays until
/// a copy takes it: a relay that starts meanwhile must not find nothing, and begin anew.
fn set_aside(store: &Path, aside: &Path) -> Result<(), CopyError> {
    let keep = failed("cannot keep aside", store);
    if store.exists() {
        // Some file systems know no second names.
        fs::hard_link(store, aside)
            .or_else(|_| fs::copy(store, aside).and_then(|_| File::open(aside)?.sync_all()))
            .map_err(&keep)?;
    }
    match fs::rename(beside(store, "-wal"), beside(aside, "-wal")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(keep(error)),
        Ok(()) | Err(_) => {}
    }
    Ok(file::sync_folder(store)?)
}

const COUNT: &str = "select count(*) from conversations";

fn report(connection: &Connection, path: &Path) -> Result<Report, CopyError> {
    let count = connection.query_row(COUNT, [], |row| row.get(0));
    let length = fs::metadata(path).map_err(failed("cannot look at", path))?.len();
    Ok(Report {
        conversations: count.map_err(OpenError::sqlite(path))?,
        bytes: length,
        files: files::whole(connection).map_err(|error| OpenError::Damaged {
            path: path.to_owned(),
            finding: error.to_string(),
        })?,
        aside: None,
    })
}

fn failed(what: &'static str, path: &Path) -> impl Fn(io::Error) -> CopyError + use<> {
    let path = path.to_owned();
    move |source| CopyError::Io {
        what,
        path: path.clone(),
        source,
    }
}
