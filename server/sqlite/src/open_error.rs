//! Why a store could not be opened, in sentences that say what to do.

use rusqlite::ErrorCode;
use std::io;
use std::path::{Path, PathBuf};

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another relay has it open, or a copy is being put in its place.
    #[error("the store {0} is in use by another relay, or `portico store restore` is at work on it")]
    InUse(PathBuf),
    /// A relay has it open by another path, and what it wrote last lies there.
    #[error(
        "the store {0} is in use by a relay that has opened it by another path, where its -wal lies: name that path instead"
    )]
    OtherPath(PathBuf),
    /// It is being copied or looked at, and that did not end in time.
    #[error(
        "the store {0} is still being read by `portico store backup` or `portico store check`: start again when that has ended"
    )]
    BeingRead(PathBuf),
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
    /// Something else than a file is where the store's file, or one that belongs to it, is to be.
    #[error(
        "{0:?} is a folder, a pipe or a device where a file is to be: move it away, or set store.path to another file"
    )]
    NoFile(PathBuf),
    /// The relay's user may not read or write it, or what lies beside it.
    #[error(
        "this user may not read and write {0}, what lies beside it and their folder: give them to the user that the relay runs as, \
         by chown, or start it as the user that they belong to"
    )]
    Denied(PathBuf),
    /// The files that belong to it cannot be made or opened.
    #[error(
        "{0}, or {0}-wal and {0}-shm, cannot be opened: look whether this user may write to the folder and whether the disk has \
         room, and start again"
    )]
    Beside(PathBuf),
    /// It may be read but not written.
    #[error(
        "{0} cannot be written: give this user the right to write it and its folder, or mount its file system for writing"
    )]
    ReadOnly(PathBuf),
    /// There is no room for a new store, or for a new version of an old one.
    #[error("the disk that {0} lies on is full: make room, and start again")]
    Full(PathBuf),
    /// It is a file of another program. Nothing was written to it.
    #[error("{0} is not a store of Portico, and was left as it is")]
    Foreign(PathBuf),
    /// Its file is gone, but not its log.
    #[error(
        "{0} is missing or empty, but {0}-wal is there, with what was written last: put the file back that it belongs to, or restore a \
         copy by `portico store restore`, which keeps what is there aside"
    )]
    Missing(PathBuf),
    /// The log beside it is of another state of the store, or of another store.
    #[error(
        "{0} and {0}-wal do not belong together, and together they would be damaged: if {0} is a copy, restore it by `portico store \
         restore` from where the copy is, which keeps both aside; if not, put back the file that {0}-wal belongs to"
    )]
    OtherLog(PathBuf),
    /// It was copied without its log.
    #[error(
        "{0} was written by a relay that has not ended, and its {0}-wal is missing: what was written last is not there. Put the -wal \
         back, or restore a copy by `portico store restore`; with --incomplete it takes a file like this one, as far as it goes"
    )]
    WithoutWal(PathBuf),
    /// Its content does not hold together.
    #[error("the store {path} is damaged ({finding}): restore a copy by `portico store restore`, which keeps it aside")]
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

impl OpenError {
    /// Says which store the operating system's answer is about, and what to do if that is known.
    pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| {
            let path = path.clone();
            match source.kind() {
                io::ErrorKind::PermissionDenied => Self::Denied(path),
                io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly(path),
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full(path),
                _ => Self::Io { path, source },
            }
        }
    }

    /// Says which store SQLite's answer is about, and what to do if that is known.
    pub(crate) fn sqlite(path: &Path) -> impl Fn(rusqlite::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                path: path.clone(),
                finding: source.to_string(),
            },
            Some(ErrorCode::ReadOnly) => Self::ReadOnly(path.clone()),
            Some(ErrorCode::DiskFull) => Self::Full(path.clone()),
            // There is not even room for the index of the log.
            Some(ErrorCode::SystemIoFailure) if is_no_room_for_shm(&source) => Self::Full(path.clone()),
            Some(ErrorCode::PermissionDenied) => Self::Denied(path.clone()),
            Some(ErrorCode::CannotOpen) => Self::Beside(path.clone()),
            _ => Self::Sqlite {
                path: path.clone(),
                source,
            },
        }
    }
}

fn is_no_room_for_shm(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    code == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_answers_becomes_a_sentence_that_says_what_to_do() {
        let path = Path::new("/srv/portico.db");
        for (kind, advice) in [
            (io::ErrorKind::PermissionDenied, "chown"),
            (io::ErrorKind::ReadOnlyFilesystem, "mount its file system for writing"),
            (io::ErrorKind::StorageFull, "make room"),
        ] {
            let said = OpenError::io(path)(kind.into()).to_string();
            assert!(said.contains("/srv/portico.db") && said.contains(advice), "{said}");
        }
        for (code, advice) in [
            (rusqlite::ffi::SQLITE_READONLY, "mount its file system for writing"),
            (rusqlite::ffi::SQLITE_FULL, "make room"),
            (rusqlite::ffi::SQLITE_IOERR_SHMSIZE, "make room"),
            (
                rusqlite::ffi::SQLITE_CANTOPEN,
                "whether this user may write to the folder",
            ),
        ] {
            let error = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None);
            let said = OpenError::sqlite(path)(error).to_string();
            assert!(said.contains("/srv/portico.db") && said.contains(advice), "{said}");
        }
    }
}
