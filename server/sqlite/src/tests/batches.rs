//! What happens to jobs that are committed together, and to callers that leave or fail.

use crate::tests::Folder;
use crate::writer::QUEUE;
use crate::{GroupCommit, SqliteStore, file};
use futures_util::future::join_all;
use portico_core::store::conformance::{client_ids, deliver, filled, post, step};
use portico_core::store::{ConversationStore, LogStore, Posted, Store, StoreError, TimerStore};
use portico_shared::frame::Range;
use portico_shared::ids::{ConversationId, Seq};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;
use tokio::sync::mpsc::channel;

/// Keeps the writer busy in a transaction of its own until it is released.
struct Held {
    release: SyncSender<()>,
}

impl Held {
    /// Calls `meanwhile` while the writer is busy. Everything it queues becomes one batch.
    async fn during<T>(store: &SqliteStore, meanwhile: impl AsyncFnOnce(Self) -> T) -> T {
        let (release, released) = sync_channel(1);
        let (enter, mut entered) = channel(1);
        let held = store.writer.write(move |_| {
            let _ = enter.try_send(());
            // Ends too when a failed test drops the other end.
            let _ = released.recv();
            Ok(())
        });
        let meanwhile = async {
            entered.recv().await.expect("the writer works");
            meanwhile(Self { release }).await
        };
        let (held, result) = tokio::join!(held, meanwhile);
        held.expect("released");
        result
    }

    async fn release(self) {
        self.release.send(()).expect("the writer waits");
    }
}

#[tokio::test]
async fn a_refused_job_leaves_its_batch_and_no_trace() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    filled(&store, "old", 1).await;
    let mut stale = step("old", 0, vec![post("old", "b", "stale")]);
    stale.changes = vec![deliver("bot", "old", 1, 1)];
    // Two events of one step with the same client id: refused by the table itself, after the first was written.
    let fails_late = step("torn", 0, vec![post("torn", "a", "t-1"), post("torn", "a", "t-1")]);

    let (first, repeated, stale, torn, last) = Held::during(&store, async |held| {
        let (first, repeated, stale, torn, last, ()) = tokio::join!(
            store.commit(step("new", 0, vec![post("new", "a", "n-1")])),
            store.commit(step("new", 1, vec![post("new", "a", "n-1")])),
            store.commit(stale),
            store.commit(fails_late),
            store.commit(step("new", 1, vec![post("new", "a", "n-2")])),
            held.release(),
        );
        (first, repeated, stale, torn, last)
    })
    .await;

    assert_eq!(first.expect("written"), None);
    assert!(matches!(repeated, Ok(Some(Posted { seq: Seq(1), .. }))), "{repeated:?}");
    assert!(matches!(stale, Err(StoreError::Conflict(_))), "{stale:?}");
    assert!(matches!(torn, Err(StoreError::Failed(_))), "{torn:?}");
    assert_eq!(last.expect("it builds on the first of its batch"), None);
    assert_eq!(client_ids(&store, "new").await, ["n-1", "n-2"]);
    assert_eq!(client_ids(&store, "old").await, ["old-1"]);
    assert_eq!(
        store
            .conversation(&ConversationId::new("torn"))
            .await
            .expect("readable"),
        None
    );
    assert_eq!(store.next_due().await.expect("readable"), None);
}

/// Whether the second of two waiting jobs finds the first one on disk already.
async fn committed_before_its_neighbour(group_commit: GroupCommit) -> bool {
    let folder = Folder::new(group_commit);
    let store = folder.store();
    let path = folder.path();
    let visible = store.writer.write(move |_| Ok(())).await;
    visible.expect("the store works");
    Held::during(&store, async |held| {
        let look = store.writer.write(move |_| {
            let elsewhere = file::reader(&path)?;
            Ok(elsewhere.query_row("select count(*) from events", [], |row| row.get::<_, i64>(0))? == 1)
        });
        let first = store.commit(step("c", 0, vec![post("c", "a", "1")]));
        let (first, visible, ()) = tokio::join!(first, look, held.release());
        first.expect("written");
        visible.expect("looked")
    })
    .await
}

#[tokio::test]
async fn what_waits_together_is_one_transaction() {
    assert!(!committed_before_its_neighbour(GroupCommit::On).await);
}

#[tokio::test]
async fn without_group_commit_every_job_is_its_own_transaction() {
    assert!(committed_before_its_neighbour(GroupCommit::Off).await);
}

#[tokio::test]
async fn a_full_queue_refuses_and_keeps_what_it_took() {
    const TOO_MANY: usize = 10;
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    let results = Held::during(&store, async |held| {
        let posts = (0..QUEUE + TOO_MANY).map(|number| {
            let id = format!("c-{number}");
            let commit = step(&id, 0, vec![post(&id, "a", &id)]);
            store.commit(commit)
        });
        tokio::join!(join_all(posts), held.release()).0
    })
    .await;
    let busy = results
        .iter()
        .filter(|result| matches!(result, Err(StoreError::Busy)))
        .count();
    let new = results.iter().filter(|result| matches!(result, Ok(None))).count();
    assert_eq!((new, busy), (QUEUE, TOO_MANY));
}

#[tokio::test]
async fn reading_does_not_wait_for_the_writer() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    filled(&store, "c", 2).await;
    Held::during(&store, async |held| {
        assert_eq!(client_ids(&store, "c").await, ["c-1", "c-2"]);
        held.release().await;
    })
    .await;
}

#[tokio::test]
async fn a_caller_that_leaves_does_not_undo_its_write() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    Held::during(&store, async |held| {
        let commit = store.commit(step("c", 0, vec![post("c", "a", "1")]));
        tokio::time::timeout(Duration::ZERO, commit)
            .await
            .expect_err("the writer is busy");
        held.release().await;
    })
    .await;
    store.ready().await.expect("it takes writes");
    assert_eq!(client_ids(&store, "c").await, ["1"]);
}

#[tokio::test]
async fn a_writer_that_panics_stops_the_store() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    filled(&store, "c", 1).await;
    let stopped = store.stopped();
    let panicked = store.writer.write(|_| -> Result<(), _> { panic!("on purpose") }).await;
    assert!(matches!(panicked, Err(StoreError::Stopped(_))), "{panicked:?}");
    assert!(stopped.await.contains("panicked"));
    assert!(matches!(store.ready().await, Err(StoreError::Stopped(_))));
    assert_eq!(client_ids(&store, "c").await, ["c-1"]);
}

#[tokio::test]
async fn a_read_that_panics_harms_nobody_else() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    filled(&store, "c", 1).await;
    for _ in 0..8 {
        let panicked = store.readers.read(|_| -> Result<(), _> { panic!("on purpose") }).await;
        assert!(matches!(panicked, Err(StoreError::Failed(_))), "{panicked:?}");
        let page = store
            .page(&ConversationId::new("c"), Range::After(Seq::START), 1)
            .await
            .expect("a page");
        assert_eq!(page.head, Seq(1));
    }
}
