//! How positions and checksums are kept.

use portico_shared::ids::{ConversationId, Seq};
use sha2::{Digest, Sha256};

/// A position as SQLite counts; positions from outside may be beyond what it can, where no event is either.
pub(super) fn position(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

/// Tells an event from a damaged one and from one of another place or with another session. A session is checked like
/// an event at the start of the log.
pub(super) fn checksum(conversation: &ConversationId, seq: Seq, revision: Option<u32>, json: &str) -> i64 {
    let digest = Sha256::new()
        .chain_update(conversation.as_str())
        .chain_update([0])
        .chain_update(seq.0.to_le_bytes())
        .chain_update(revision.unwrap_or(0).to_le_bytes())
        .chain_update(json)
        .finalize();
    digest.iter().take(8).fold(0, |sum, byte| sum << 8 | i64::from(*byte))
}
