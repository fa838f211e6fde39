//! What survives a reload: one record per unsent post, so that two tabs that share a storage never overwrite each
//! other's.

/// A change of the storage that the host keeps for this identity.
///
/// Keys are short visible ASCII; a host puts its own prefix (channel, login) before them, so that records of one
/// identity are never loaded for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// Write, replacing what the key held.
    Put {
        /// Of the record.
        key: String,
        /// Its content.
        json: String,
    },
    /// Remove.
    Remove {
        /// Of the record.
        key: String,
    },
}

/// Everything that the storage holds when a session begins, in any order. What cannot be read is dropped; records of
/// a newer version are left alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Saved {
    /// Keys as the session gave them, without the host's prefix, and contents.
    pub records: Vec<(String, String)>,
}
