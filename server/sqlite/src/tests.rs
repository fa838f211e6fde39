//! The promises of every store, kept by this one on a real file, and those that are its own.

mod audit;
mod batches;
mod copies;
mod erasures;
mod faults;
mod opening;
mod plans;
mod upgrade;

use crate::{GroupCommit, SqliteStore};
use portico_core::store::Store;
use portico_core::store::conformance::World;
use portico_core::store_conformance;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// A store in a folder of its own, which goes with it.
pub(super) struct Folder {
    folder: TempDir,
    group_commit: GroupCommit,
}

impl Folder {
    pub(super) fn new(group_commit: GroupCommit) -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            group_commit,
        }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("data").join("relay.db")
    }

    pub(super) fn store(&self) -> SqliteStore {
        SqliteStore::open(&self.path(), self.group_commit).expect("a store")
    }
}

impl World for Folder {
    fn open(&self) -> Arc<dyn Store> {
        Arc::new(self.store())
    }
}

mod grouped {
    use super::*;
    store_conformance!(Folder::new(GroupCommit::On));
}

mod one_by_one {
    use super::*;
    store_conformance!(Folder::new(GroupCommit::Off));
}
