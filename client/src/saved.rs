//! What survives a reload: one record per unsent post, so that two tabs that share a storage never overwrite each
//! other's.

use portico_shared::ids::ClientId;
use portico_shared::json::{self, Value};

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

impl Record {
    /// The key of the record of an unsent post.
    pub fn key_of(client_id: &ClientId) -> String {
        ["outbox.", client_id.as_str()].concat()
    }

    /// Whether a record is that of a post that was never sent, and may go to another identity: a post is bound to a
    /// conversation, in its record too, before it is sent.
    pub fn is_bound_nowhere(json: &str) -> bool {
        let has = |record: &Value, key: &str| record.get(key).is_some();
        json::parse(json).is_ok_and(|record| has(&record, "post") && !has(&record, "conversation"))
    }
}

/// Everything that the storage holds when a session begins, in any order. What cannot be read is dropped; records of
/// a newer version are left alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Saved {
    /// Keys as the session gave them, without the host's prefix, and contents.
    pub records: Vec<(String, String)>,
}
