//! Why a store could not be opened, in sentences that say what to do.

use rusqlite::ErrorCode;
use std::io;
use std::path::{Path, PathBuf};

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
    /// Says which store the operating system's answer is about.
    pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::Io {
            path: path.clone(),
            source,
        }
    }

    /// Says which store SQLite's answer is about, and what to do if its pages are damaged.
    pub(crate) fn sqlite(path: &Path) -> impl Fn(rusqlite::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged {
                path: path.clone(),
                finding: source.to_string(),
            },
            _ => Self::Sqlite {
                path: path.clone(),
                source,
            },
        }
    }
}
