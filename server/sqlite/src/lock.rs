//! One relay per store, whatever path leads to its file.
//!
//! Two locks of the operating system, which end with the process: one on a file beside the store, which holds when the
//! store's file is replaced, and one on the store's file itself, which a hard link cannot go round. Both are `flock`s, which
//! SQLite's own locks know nothing of.

use crate::file::{beside, folder, private};
use crate::open_error::OpenError;
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a file is, whatever it is called: its device and its number there.
type Identity = (u64, u64);

/// The stores that this process has open. Closing any handle of a file takes the process all of SQLite's locks on it, so
/// that a second opening must be refused before it opens anything.
static OPEN_HERE: Mutex<BTreeSet<Identity>> = Mutex::new(BTreeSet::new());

/// The right to be the one process that works on a store. It is given up after all connections are closed.
#[derive(Debug)]
pub(crate) struct Lock {
    file: Option<LockedFile>,
    _beside: Option<File>,
}

impl Lock {
    /// Takes the lock of the store at this canonical path, creating the folder it lies in. The store's file, which may not
    /// be there yet, is locked by [`Lock::hold_file`].
    pub(crate) fn take(path: &Path) -> Result<Self, OpenError> {
        refuse_second_opening(path)?;
        fs::create_dir_all(folder(path)).map_err(OpenError::io(path))?;
        let beside = private().open(beside(path, ".lock")).map_err(OpenError::io(path))?;
        lock(&beside, path)?;
        Ok(Self {
            file: None,
            _beside: Some(beside),
        })
    }

    /// Takes the lock of the file alone, and puts nothing beside it: it may be a copy. It keeps relays out as well, as long
    /// as the file is not replaced.
    pub(crate) fn of_file(path: &Path) -> Result<Self, OpenError> {
        let mut lock = Self {
            file: None,
            _beside: None,
        };
        lock.hold_file(path)?;
        Ok(lock)
    }

    /// Locks the file itself as well.
    pub(crate) fn hold_file(&mut self, path: &Path) -> Result<(), OpenError> {
        refuse_second_opening(path)?;
        let file = File::open(path).map_err(OpenError::io(path))?;
        lock(&file, path)?;
        let identity = identity(&file.metadata().map_err(OpenError::io(path))?);
        open_here().insert(identity);
        self.file = Some(LockedFile { identity, _file: file });
        Ok(())
    }
}

/// The store's own file, with its lock.
#[derive(Debug)]
struct LockedFile {
    identity: Identity,
    _file: File,
}

impl Drop for LockedFile {
    fn drop(&mut self) {
        open_here().remove(&self.identity);
    }
}

/// Refuses a store that this process has open, by whatever name.
pub(crate) fn refuse_second_opening(path: &Path) -> Result<(), OpenError> {
    let is_open = fs::metadata(path).is_ok_and(|file| open_here().contains(&identity(&file)));
    if is_open {
        return Err(OpenError::InUse(path.to_owned()));
    }
    Ok(())
}

fn lock(file: &File, path: &Path) -> Result<(), OpenError> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => OpenError::InUse(path.to_owned()),
        TryLockError::Error(source) => OpenError::io(path)(source),
    })
}

fn identity(file: &fs::Metadata) -> Identity {
    (file.dev(), file.ino())
}

/// Inserting and removing cannot be interrupted half way.
fn open_here() -> MutexGuard<'static, BTreeSet<Identity>> {
    OPEN_HERE.lock().unwrap_or_else(PoisonError::into_inner)
}
