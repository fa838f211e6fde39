//! One request at a time writes a file. The newest one wins: a client that comes back after a cut does not wait until the
//! relay notices that the connection before is dead.

use portico_shared::ids::FileId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};
use tokio_util::sync::CancellationToken;

/// Who writes which file now.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<Mutex<HashMap<FileId, Waiting>>>);

/// Those that have a file, or wait for it.
struct Waiting {
    turn: Arc<AsyncMutex<()>>,
    /// Tells the newest of them that there is a newer one.
    superseded: CancellationToken,
    count: usize,
}

/// A place among those that wait for a file; given back when it is dropped.
struct Place {
    turns: Turns,
    file: FileId,
}

/// The right to write a file. The task that writes holds it until the bytes are stored, even if the request that
/// started it is gone.
pub(super) struct Turn {
    superseded: CancellationToken,
    // The turn ends before the place is given back.
    _guard: OwnedMutexGuard<()>,
    _place: Place,
}

impl Turns {
    /// Takes a file over from those that write it now, and waits until they have stopped.
    pub(super) async fn take(&self, file: &FileId) -> Turn {
        let (turn, superseded, place) = self.enter(file);
        Turn {
            superseded,
            _guard: turn.lock_owned().await,
            _place: place,
        }
    }

    fn enter(&self, file: &FileId) -> (Arc<AsyncMutex<()>>, CancellationToken, Place) {
        let mut all = self.0.lock().expect("nothing panics within");
        let waiting = all.entry(file.clone()).or_insert_with(|| Waiting {
            turn: Arc::default(),
            superseded: CancellationToken::new(),
            count: 0,
        });
        waiting.superseded.cancel();
        waiting.superseded = CancellationToken::new();
        waiting.count += 1;
        let place = Place {
            turns: self.clone(),
            file: file.clone(),
        };
        (Arc::clone(&waiting.turn), waiting.superseded.clone(), place)
    }
}

impl Turn {
    /// Waits until another request takes the file over.
    pub(super) async fn superseded(&self) {
        self.superseded.cancelled().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = self.turns.0.lock().expect("nothing panics within");
        if let Some(waiting) = all.get_mut(&self.file) {
            waiting.count -= 1;
            if waiting.count == 0 {
                all.remove(&self.file);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[tokio::test]
    async fn the_newest_takes_over_when_the_one_before_has_stopped() {
        let (turns, file) = (Turns::default(), FileId::new("a"));
        let first = turns.take(&file).await;
        assert!(first.superseded().now_or_never().is_none());
        let mut second = Box::pin(turns.take(&file));
        assert!((&mut second).now_or_never().is_none());
        first.superseded().await;
        assert!(turns.take(&FileId::new("b")).now_or_never().is_some());
        drop(first);
        let second = second.await;
        assert!(second.superseded().now_or_never().is_none());
        drop(second);
        assert!(turns.0.lock().expect("no panic").is_empty());
    }

    #[tokio::test]
    async fn one_that_gives_up_waiting_leaves_nothing_behind() {
        let (turns, file) = (Turns::default(), FileId::new("a"));
        let first = turns.take(&file).await;
        assert!(turns.take(&file).now_or_never().is_none());
        drop(first);
        assert!(turns.0.lock().expect("no panic").is_empty());
        assert!(turns.take(&file).now_or_never().is_some());
    }
}
