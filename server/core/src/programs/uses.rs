//! When keys were used last, and from which network. Each use is noted in memory and written down with all others once a minute,
//! so that a busy key costs no more than an idle one; a process that is killed loses the last minute of it.

use super::ProgramDirectory;
use crate::network::range_of;
use crate::store::{KeyUse, Store};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often what was noted is written down.
pub const FLUSH_EVERY: Duration = Duration::from_secs(60);

/// Uses that are not written down yet, by the SHA-256 of the key. There are as many as live keys at most: only proven ones are
/// noted.
#[derive(Default)]
pub(super) struct KeyUses {
    noted: Mutex<HashMap<[u8; 32], (i64, IpAddr)>>,
}

impl KeyUses {
    pub(super) fn note(&self, hash: [u8; 32], at: i64, address: IpAddr) {
        self.lock().insert(hash, (at, address));
    }

    pub(super) fn noted(&self, hash: &[u8; 32]) -> Option<KeyUse> {
        self.lock().get(hash).copied().map(key_use)
    }

    fn take(&self) -> Vec<([u8; 32], KeyUse)> {
        let noted = std::mem::take(&mut *self.lock());
        noted.into_iter().map(|(hash, used)| (hash, key_use(used))).collect()
    }

    /// A panic while the lock was held leaves a map behind that is as good as any.
    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], (i64, IpAddr)>> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key_use((at, address): (i64, IpAddr)) -> KeyUse {
    KeyUse {
        at,
        from: range_of(address),
    }
}

/// Writes down what was noted, each minute and at last when the relay stops.
pub async fn keep_uses(directory: ProgramDirectory, store: Arc<dyn Store>, stop: CancellationToken) {
    loop {
        let is_over = stop
            .run_until_cancelled(tokio::time::sleep(FLUSH_EVERY))
            .await
            .is_none();
        let uses = directory.uses().take();
        if !uses.is_empty()
            && let Err(error) = store.note_key_uses(uses).await
        {
            tracing::warn!(%error, "when keys were used last is not written down");
        }
        if is_over {
            return;
        }
    }
}
