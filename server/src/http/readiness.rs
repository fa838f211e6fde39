//! Whether the store takes writes. The check is an fsync and `/readyz` is open to all, so its result is shared.

use super::problem::Problem;
use portico_core::clock::Clock;
use portico_core::store::Store;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_util::task::TaskTracker;

/// How long an answer is good for all who ask, in milliseconds.
const GOOD_FOR_MS: i64 = 1_000;

/// The newest answer of one store. At most one question is under way.
pub struct Readiness {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    tracker: TaskTracker,
    newest: Arc<Mutex<Option<Answer>>>,
}

struct Answer {
    /// In epoch milliseconds.
    at: i64,
    said: Result<(), Problem>,
}

impl Readiness {
    /// For this store; questions are tasks on the tracker.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, tracker: TaskTracker) -> Self {
        Self {
            store,
            clock,
            tracker,
            newest: Arc::default(),
        }
    }

    /// The store's result within the last second. Requests during a check wait for the same result.
    ///
    /// # Errors
    /// What the store refuses a write with.
    pub async fn ask(&self) -> Result<(), Problem> {
        let mut newest = Arc::clone(&self.newest).lock_owned().await;
        let now = self.clock.now_ms();
        // An answer from the future is none: the clock was put back.
        let is_fresh = |answer: &&Answer| (0..GOOD_FOR_MS).contains(&now.saturating_sub(answer.at));
        if let Some(answer) = newest.as_ref().filter(is_fresh) {
            return answer.said.clone();
        }
        let (store, clock) = (Arc::clone(&self.store), Arc::clone(&self.clock));
        // A task of its own: a caller that hangs up must not make the next one ask anew.
        let asked = self.tracker.spawn(async move {
            let said = store.ready().await.map_err(Problem::from);
            *newest = Some(Answer {
                at: clock.now_ms(),
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
    use portico_core::clock::SystemClock;
    use portico_sqlite::{GroupCommit, SqliteStore};
    use std::sync::atomic::{AtomicI64, Ordering};

    /// A clock that stands until it is moved: a slow machine makes no second pass.
    #[derive(Default)]
    struct Moved {
        now: AtomicI64,
        system: SystemClock,
    }

    impl Clock for Moved {
        fn now_ms(&self) -> i64 {
            self.now.load(Ordering::SeqCst)
        }

        fn elapsed_ms(&self) -> u64 {
            u64::try_from(self.now_ms()).unwrap_or_default()
        }

        fn uuid(&self) -> String {
            self.system.uuid()
        }

        fn jitter(&self) -> f64 {
            self.system.jitter()
        }
    }

    #[tokio::test]
    async fn many_who_ask_at_once_cost_one_write() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("p.db");
        let store = Arc::new(SqliteStore::open(&path, GroupCommit::On).expect("opens"));
        let tracker = TaskTracker::new();
        let clock = Arc::new(Moved::default());
        let readiness = Arc::new(Readiness::new(store, clock.clone(), tracker.clone()));
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
        clock.now.fetch_add(1_100, Ordering::SeqCst);
        readiness.ask().await.expect("ready");
        assert!(written() > before, "after a second the store is asked again");
    }
}
