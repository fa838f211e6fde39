//! Faults of the disk, made by the operating system and not by a pretence in the store.
//!
//! Some need a process of their own: the test runs itself again, with [`child`] as the only test, under a limit or a
//! fault injector, and afterwards opens what the child has left.

use crate::tests::Folder;
use crate::{GroupCommit, SqliteStore};
use portico_core::store::conformance::{client_ids, conversation_id, post, step};
use portico_core::store::{Commit, ConversationStore, LogStore, NewEvent, Store, StoreError};
use portico_shared::ids::Seq;
use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// Names the store that a child works on.
const STORE: &str = "PORTICO_TEST_STORE";

/// Names the fault that a child under `fiu-run` asks for, in the words of `fiu-ctrl`.
const FAULTS: &str = "PORTICO_TEST_FAULTS";

/// How a killed process has ended.
const SIGKILL: i32 = 9;

/// Conversations that a child writes to at once, so that its transactions hold several jobs.
const LANES: u64 = 8;

/// Posts of each lane.
const POSTS: u64 = 60;

/// A disk that is full this often is never going to have room.
const PATIENCE: usize = 500;

/// A post of about two pages.
fn large(id: &str, seq: u64) -> Commit {
    let NewEvent { author, client_id, .. } = post(id, "a", &format!("{id}-{seq}"));
    let event = portico_core::store::conformance::message(id, &format!("m-{seq}"), &"text ".repeat(1600));
    step(
        id,
        seq - 1,
        vec![NewEvent {
            event,
            session: None,
            author,
            client_id,
        }],
    )
}

#[tokio::test]
async fn a_full_disk_refuses_writes_until_there_is_room() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    store.commit(large("c", 1)).await.expect("there is room");
    limit_pages(&store, 1).await;
    let mut seq = 2;
    let refused = loop {
        match store.commit(large("c", seq)).await {
            Ok(None) if seq < 20 => seq += 1,
            Ok(other) => panic!("{other:?}"),
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, StoreError::Full), "{refused:?}");

    // All of a batch are refused, nothing of it is there, and reading goes on.
    let (one, other) = tokio::join!(store.commit(large("c", seq)), store.commit(large("d", 1)));
    assert!(
        matches!((&one, &other), (Err(StoreError::Full), Err(StoreError::Full))),
        "{one:?} {other:?}"
    );
    assert_eq!(client_ids(&store, "c").await.len() as u64, seq - 1);
    assert_eq!(store.conversation(&conversation_id("d")).await.expect("readable"), None);

    limit_pages(&store, 100_000).await;
    assert_eq!(store.commit(large("c", seq)).await.expect("there is room again"), None);
    assert_eq!(store.commit(large("d", 1)).await.expect("there is room again"), None);
    drop(store);
    assert!(SqliteStore::check(&folder.path()).is_ok());
    assert_eq!(client_ids(&folder.store(), "c").await.len() as u64, seq);
}

#[tokio::test]
async fn a_store_that_was_full_is_ready_when_a_post_would_be_taken_and_no_earlier() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    store.commit(large("c", 1)).await.expect("there is room");
    store.ready().await.expect("there is room");
    limit_pages(&store, 1).await;
    let mut seq = 2;
    while store.commit(large("c", seq)).await.is_ok() {
        assert!(seq < 50, "pages that were free are used up");
        seq += 1;
    }
    for _ in 0..3 {
        let ready = store.ready().await;
        assert!(
            matches!(ready, Err(StoreError::Full)),
            "a small write finds room: {ready:?}"
        );
    }
    limit_pages(&store, 100_000).await;
    store.ready().await.expect("there is room again");
    store.ready().await.expect("and it stays so");
    store.commit(large("c", seq)).await.expect("as it said");
}

/// Lets the file grow to so many pages, or not at all beyond what it has.
async fn limit_pages(store: &SqliteStore, pages: i64) {
    let limited = store
        .writer
        .write(move |connection| Ok(connection.pragma_update(None, "max_page_count", pages)?));
    limited
        .await
        .expect("a smaller limit than the file's size means its size");
}

#[tokio::test]
async fn a_failed_write_stops_the_store_and_loses_nothing_acknowledged() {
    let folder = Folder::new(GroupCommit::On);
    // A limit of 1 MiB for each file, past which a write fails with EFBIG instead of a signal.
    let limited = "trap '' XFSZ; ulimit -f 2048; exec \"$@\"";
    let run = Run::under(Command::new("sh").args(["-c", limited, "sh"]), &folder.path());
    assert_ne!(run.acknowledged.len(), 0, "{run:?}");
    assert!(
        run.stopped
            .as_deref()
            .is_some_and(|reason| reason.contains("disk I/O error")),
        "{run:?}"
    );
    run.compare(&folder).await;
}

#[tokio::test]
async fn a_killed_relay_loses_nothing_acknowledged() {
    for seconds in ["0.05", "0.1", "0.2", "0.4"] {
        let folder = Folder::new(GroupCommit::On);
        let run = Run::under(Command::new("timeout").args(["-s", "KILL", seconds]), &folder.path());
        run.compare(&folder).await;
    }
}

#[tokio::test]
#[ignore = "needs fiu-run (Debian: apt-get install fiu-utils)"]
async fn a_failed_fsync_stops_the_store_and_loses_nothing_acknowledged() {
    let mut acknowledged = 0;
    for _ in 0..20 {
        let folder = Folder::new(GroupCommit::On);
        // A child makes 60 batches or more, so that none of them gets through all of its fsyncs.
        let run = Run::with_faults(&folder, "name=posix/io/sync/*,probability=0.3,failinfo=5");
        assert!(
            run.stopped
                .as_deref()
                .is_some_and(|reason| reason.contains("disk I/O error")),
            "{run:?}"
        );
        run.compare(&folder).await;
        acknowledged += run.acknowledged.len();
    }
    assert_ne!(acknowledged, 0, "some of them had come past their first batch");
}

#[tokio::test]
#[ignore = "needs fiu-run (Debian: apt-get install fiu-utils)"]
async fn a_disk_that_is_full_now_and_then_loses_nothing_acknowledged() {
    let folder = Folder::new(GroupCommit::On);
    let run = Run::with_faults(&folder, "name=posix/io/rw/pwrite,probability=0.02,failinfo=28");
    assert!(run.full > 0 && run.stopped.is_none(), "{run:?}");
    assert_eq!(run.acknowledged.len() as u64, LANES * POSTS);
    run.compare(&folder).await;
}

#[tokio::test]
#[ignore = "needs to mount a file system"]
async fn a_full_file_system_refuses_writes_until_there_is_room() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("relay.db");
    // The file system is the child's alone and goes with it, so the child compares as well.
    let mount = "mount -t tmpfs -o size=4m tmpfs \"$(dirname \"$PORTICO_TEST_STORE\")\" && \
        head -c 3m /dev/zero > \"$PORTICO_TEST_STORE.ballast\" && exec \"$@\"";
    let run = Run::under(Command::new("unshare").args(["-rm", "sh", "-c", mount, "sh"]), &path);
    assert!(run.full > 0 && run.stopped.is_none(), "{run:?}");
    assert_eq!(run.acknowledged.len() as u64, LANES * 10, "{run:?}");
}

/// What a child has told.
#[derive(Debug, Default)]
struct Run {
    /// Client ids by conversation and position.
    acknowledged: BTreeMap<(String, u64), String>,
    /// How often the disk was full.
    full: usize,
    stopped: Option<String>,
}

impl Run {
    /// Runs [`child`] on a store whose disk begins to fail, in the way named, once the store is open.
    fn with_faults(folder: &Folder, faults: &str) -> Self {
        let pipes = tempfile::tempdir().expect("a folder");
        let mut injector = Command::new("fiu-run");
        injector.args(["-x", "-f"]).arg(pipes.path().join("fiu"));
        Self::under(injector.env(FAULTS, faults), &folder.path())
    }

    /// Runs [`child`] on a store by way of a program that takes a command line as its last arguments.
    fn under(program: &mut Command, path: &Path) -> Self {
        let (_, module) = module_path!().split_once("::").expect("a module of a crate");
        let itself = std::env::current_exe().expect("this program");
        let child = program.arg(itself).arg(format!("{module}::child"));
        let output = child
            .args(["--exact", "--ignored", "--nocapture"])
            .env(STORE, path)
            .output()
            .expect("it runs");
        let told = String::from_utf8_lossy(&output.stdout);
        let mut run = Self::default();
        for line in told.lines() {
            match line.split(' ').collect::<Vec<_>>()[..] {
                ["acknowledged", id, seq] => {
                    assert_eq!(run.stopped, None, "acknowledged after the store has stopped");
                    let seq = seq.parse().expect("a position");
                    run.acknowledged.insert((id.to_owned(), seq), format!("{id}-{seq}"));
                }
                ["full"] => run.full += 1,
                ["stopped", ..] => run.stopped = Some(line.to_owned()),
                _ => {}
            }
        }
        // `timeout` kills itself as well.
        let ended_well = output.status.success() || output.status.signal() == Some(SIGKILL);
        assert!(ended_well, "{told}\n{}", String::from_utf8_lossy(&output.stderr));
        run
    }

    /// Opens what the child left: all that it acknowledged is there, and of each lane at most the one post beyond it
    /// that it was writing.
    async fn compare(&self, folder: &Folder) {
        let store = folder.store();
        assert!(SqliteStore::check(&folder.path()).is_ok());
        for lane in 0..LANES {
            let id = format!("c{lane}");
            let log = client_ids(&store, &id).await;
            let acknowledged = self.acknowledged.keys().filter(|(at, _)| *at == id).count();
            assert!(
                log.len() == acknowledged || log.len() == acknowledged + 1,
                "{id}: {log:?}, {self:?}"
            );
            assert!(
                (1..).zip(&log).all(|(seq, found)| *found == format!("{id}-{seq}")),
                "{id}: {log:?}"
            );
        }
        // A relay that starts again goes on where this one ended.
        store.ready().await.expect("it takes writes");
    }
}

/// Writes to the store that the environment names until it is done or the store has stopped, and says what it was
/// answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the other tests, as a process of its own"]
async fn child() {
    let Some(path) = std::env::var_os(STORE).map(PathBuf::from) else {
        return;
    };
    let store = Arc::new(SqliteStore::open(&path, GroupCommit::On).expect("a store"));
    ask_for_faults();
    let ballast = path.with_extension("db.ballast");
    let posts = if ballast.exists() { 10 } else { POSTS };
    let mut lanes = tokio::task::JoinSet::new();
    for lane in 0..LANES {
        let (store, ballast) = (Arc::clone(&store), ballast.clone());
        lanes.spawn(async move { write_lane(&store, &format!("c{lane}"), posts, &ballast).await });
    }
    let went_through = lanes.join_all().await.into_iter().all(|done| done);
    if went_through {
        return;
    }
    let reason = store.stopped().await;
    println!("\nstopped {reason}");
    for _ in 0..3 {
        let after = store.commit(large("c0", 1)).await;
        assert!(matches!(after, Err(StoreError::Stopped(_))), "{after:?}");
        assert!(matches!(store.ready().await, Err(StoreError::Stopped(_))));
    }
}

/// Tells the fault injector that this process runs under, if it does, to begin with what the environment names.
fn ask_for_faults() {
    let Some(faults) = std::env::var_os(FAULTS) else {
        return;
    };
    let pipes = std::env::var_os("FIU_CTRL_FIFO").expect("fiu-run names the pipes that it listens on");
    let faults = format!("enable_random {}", faults.to_str().expect("a fault in plain text"));
    let told = Command::new("fiu-ctrl")
        .args(["-c", &faults, "-f"])
        .arg(pipes)
        .arg(std::process::id().to_string())
        // It is no part of what fails.
        .env_remove("LD_PRELOAD")
        .output()
        .expect("fiu-ctrl comes with fiu-run");
    // It answers to no one with its exit status.
    assert!(told.stdout.is_empty() && told.stderr.is_empty(), "{told:?}");
}

/// Whether all posts of a lane were taken. A full disk gives the ballast away and tries again.
async fn write_lane(store: &SqliteStore, id: &str, posts: u64, ballast: &Path) -> bool {
    let mut full = 0;
    for seq in 1..=posts {
        loop {
            match store.commit(large(id, seq)).await {
                Ok(None) => break println!("\nacknowledged {id} {seq}"),
                Err(StoreError::Full) => {
                    full += 1;
                    assert!(full < PATIENCE, "the disk stays full");
                    println!("\nfull");
                    let head = store.conversation(&conversation_id(id)).await.expect("readable");
                    assert_eq!(
                        head.map_or(Seq::START, |record| record.head),
                        Seq(seq - 1),
                        "reading goes on"
                    );
                    let _ = std::fs::remove_file(ballast);
                }
                Err(StoreError::Stopped(_)) => return false,
                other => panic!("{other:?}"),
            }
        }
    }
    true
}
