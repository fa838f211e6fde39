//! The client id by which a repeated activity is recognised.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use portico_shared::ids::ClientId;
use sha2::{Digest, Sha256};

/// The client id of an activity: its message's id, or where that is no client id (too long, with blanks or letters beyond
/// ASCII) a digest of it.
pub(super) fn client_id(message_id: &str) -> ClientId {
    let digest = || ClientId::new(format!("sha256:{}", URL_SAFE_NO_PAD.encode(Sha256::digest(message_id))));
    ClientId::parse(message_id).unwrap_or_else(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_makes_one_client_id() {
        assert_eq!(client_id("survey-1"), ClientId::new("survey-1"));
        let odd = ["survey 2026 #1", "survey 2026 #2", "umfrage-ü-1", " ", &"x".repeat(129)];
        let ids: std::collections::BTreeSet<_> = odd.iter().map(|id| client_id(id)).collect();
        assert_eq!(ids.len(), odd.len());
        for id in ids {
            assert!(ClientId::parse(id.as_str()).is_some(), "{id}");
        }
    }
}
