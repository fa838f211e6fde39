//! Whether the store takes writes, found out for everybody at once. The question is an fsync, and whoever may ask for
//! `/readyz` is nobody in particular.

use super::problem::Problem;
use crate::store::Store;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

/// How long an answer is good for all who ask.
const GOOD_FOR: Duration = Duration::from_secs(1);

/// The newest answer of one store. At most one question is under way.
pub struct Readiness {
    store: Arc<dyn Store>,
    tracker: TaskTracker,
    newest: Arc<Mutex<Option<Answer>>>,
}

struct Answer {
    at: Instant,
    said: Result<(), Problem>,
}

impl Readiness {
    /// For this store; questions are tasks on the tracker.
    pub fn new(store: Arc<dyn Store>, tracker: TaskTracker) -> Self {
        Self {
            store,
            tracker,
            newest: Arc::default(),
        }
    }

    /// What the store said within the last second. Whoever asks meanwhile waits for the same answer.
    ///
    /// # Errors
    /// What the store refuses a write with.
    pub async fn ask(&self) -> Result<(), Problem> {
        let mut newest = Arc::clone(&self.newest).lock_owned().await;
        if let Some(answer) = newest.as_ref().filter(|answer| answer.at.elapsed() < GOOD_FOR) {
            return answer.said.clone();
        }
        let store = Arc::clone(&self.store);
        // A task of its own: a caller that hangs up must not make the next one ask anew.
        let asked = self.tracker.spawn(async move {
            let said = store.ready().await.map_err(Problem::from);
            *newest = Some(Answer {
                at: Instant::now(),
                said: said.clone(),
            });
            said
        });
        asked.await.unwrap_or_else(|_| Err(Problem::internal()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::{GroupCommit, SqliteStore};

    #[tokio::test]
    async fn many_who_ask_at_once_cost_one_write() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("p.db");
        let store = Arc::new(SqliteStore::open(&path, GroupCommit::On).expect("opens"));
        let tracker = TaskTracker::new();
        let readiness = Arc::new(Readiness::new(store, tracker.clone()));
        let written = || std::fs::metadata(path.with_extension("db-wal")).map_or(0, |wal| wal.len());
        readiness.ask().await.expect("ready");
        let before = written();
        let asks = (0..1_000).map(|_| {
            let readiness = Arc::clone(&readiness);
            tracker.spawn(async move { readiness.ask().await })
        });
        for ask in asks.collect::<Vec<_>>() {
            ask.await.expect("it ends").expect("ready");
        }
        assert!(before > 0 && written() == before, "{before} bytes became {}", written());
        tokio::time::sleep(GOOD_FOR).await;
        readiness.ask().await.expect("ready");
        assert!(written() > before, "after a second the store is asked again");
    }
}
