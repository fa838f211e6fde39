//! One relay per store, whatever path leads to its file.
//!
//! Two locks of the operating system, which end with the process: one on a file beside the store, which holds when the
//! store's file is replaced, and one on the store's file itself, which a hard link cannot go round. Both are `flock`s, which
//! SQLite's own locks know nothing of. Commands that only read a store share the one on its file, and put nothing beside it.

use crate::file::{beside, folder, private};
use crate::open_error::OpenError;
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a file is, whatever it is called: its device and its number there.
type Identity = (u64, u64);

/// The stores that this process has open. Closing any handle of a file takes the process all of SQLite's locks on it, so
/// that a second opening must be refused before it opens anything.
static OPEN_HERE: Mutex<BTreeSet<Identity>> = Mutex::new(BTreeSet::new());

/// How often it is looked whether those who read a store have ended, and the time in between: ten seconds in all.
const LOOKS: u32 = 100;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

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

    /// Takes the lock of the file alone, for who only reads it, and puts nothing beside it: it may be a copy. It keeps relays
    /// out, as long as the file is not replaced; other readers may hold it too.
    pub(crate) fn to_read(path: &Path) -> Result<Self, OpenError> {
        let file = LockedFile::open(path, |file| file.try_lock_shared().map_err(|error| in_use(error, path)))?;
        Ok(Self {
            file: Some(file),
            _beside: None,
        })
    }

    /// Locks the file itself as well. Those who only read it are waited for.
    pub(crate) fn hold_file(&mut self, path: &Path) -> Result<(), OpenError> {
        self.file = Some(LockedFile::open(path, |file| lock_after_readers(file, path, LOOKS))?);
        Ok(())
    }
}

/// The store's own file, with its lock.
#[derive(Debug)]
struct LockedFile {
    identity: Identity,
    _file: File,
}

impl LockedFile {
    fn open(path: &Path, lock: impl FnOnce(&File) -> Result<(), OpenError>) -> Result<Self, OpenError> {
        refuse_second_opening(path)?;
        let file = File::open(path).map_err(OpenError::io(path))?;
        lock(&file)?;
        let identity = identity(&file.metadata().map_err(OpenError::io(path))?);
        open_here().insert(identity);
        Ok(Self { identity, _file: file })
    }
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
    file.try_lock().map_err(|error| in_use(error, path))
}

/// Locks a file, after `looks` looks whether those who share it have ended. A relay does not share it, and is not waited for.
fn lock_after_readers(file: &File, path: &Path, looks: u32) -> Result<(), OpenError> {
    for look in 0..looks {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => {}
            Err(error) => return Err(in_use(error, path)),
        }
        file.try_lock_shared().map_err(|error| in_use(error, path))?;
        file.unlock().map_err(OpenError::io(path))?;
        if look == 0 {
            tracing::info!("the store is being copied or checked, which is waited for");
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
    Err(OpenError::BeingRead(path.to_owned()))
}

fn in_use(error: TryLockError, path: &Path) -> OpenError {
    match error {
        TryLockError::WouldBlock => OpenError::InUse(path.to_owned()),
        TryLockError::Error(source) => OpenError::io(path)(source),
    }
}

fn identity(file: &fs::Metadata) -> Identity {
    (file.dev(), file.ino())
}

/// Inserting and removing cannot be interrupted half way.
fn open_here() -> MutexGuard<'static, BTreeSet<Identity>> {
    OPEN_HERE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_reads_a_store_is_waited_for_and_named_and_a_relay_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("relay.db");
        fs::write(&path, "a store").expect("written");
        let [relay, other] = [(); 2].map(|()| File::open(&path).expect("opened"));
        let first = Lock::to_read(&path).expect("free");
        other.try_lock_shared().expect("who reads keeps nobody from reading");
        let error = lock_after_readers(&relay, &path, 2).expect_err("read");
        assert!(matches!(error, OpenError::BeingRead(_)), "{error:?}");
        assert!(error.to_string().contains("portico store check"), "{error}");
        drop((first, other));
        lock_after_readers(&relay, &path, 1).expect("free again");
        let second = File::open(&path).expect("opened");
        let error = lock_after_readers(&second, &path, 2).expect_err("in use");
        assert!(matches!(error, OpenError::InUse(_)), "{error:?}");
        assert!(matches!(Lock::to_read(&path), Err(OpenError::InUse(_))));
    }
}
