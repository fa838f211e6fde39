//! Commands of several callers at once, and of callers that do not wait for an answer.

use super::*;
use crate::exporting::Exports;
use async_trait::async_trait;
use bytes::Bytes;
use portico_core::clock::SystemClock;
use portico_core::config::Config;
use portico_core::customers::export::Source;
use portico_core::files::{BytesError, FileBytes};
use portico_core::identity::Roles;
use portico_core::programs::ProgramDirectory;
use portico_core::store::{Author, Change, FileContent, FilePiece, FileQuota, FileRecord, FileState, FileStore, Store};
use portico_shared::cim::Customer;
use portico_shared::ids::{CustomerId, FileId};
use portico_sqlite::{GroupCommit, SqliteStore};
use std::ops::Range;
use tempfile::TempDir;
use tokio::task::JoinSet;

const LIMIT: Duration = Duration::from_secs(30);

/// A place of files from which nothing comes.
struct Stalled(Arc<Semaphore>);

#[async_trait]
impl FileBytes for Stalled {
    async fn put(&self, _key: &str, _bytes: Bytes) -> Result<(), BytesError> {
        Ok(())
    }

    async fn read(&self, _key: &str, _part: Range<u64>) -> Result<Bytes, BytesError> {
        self.0.add_permits(1);
        std::future::pending().await
    }

    async fn remove(&self, _key: &str) -> Result<(), BytesError> {
        Ok(())
    }
}

/// A relay's side of the socket, over a store with a customer whose file cannot be read to its end.
struct Side {
    folder: TempDir,
    with: Administration,
    /// One for each export that waits for the file.
    waiting: Arc<Semaphore>,
    under_way: TaskTracker,
    stop: CancellationToken,
    answering: JoinSet<()>,
}

impl Side {
    async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = SqliteStore::open(&folder.path().join("p.db"), GroupCommit::On).expect("opens");
        let customer = Customer {
            id: "k-1".to_owned(),
            ..Customer::default()
        };
        let known = Change::Customer {
            before: None,
            after: Box::new(customer),
        };
        store.apply(vec![known]).await.expect("written");
        add_file(&store).await;
        let (store, clock): (Arc<dyn Store>, _) = (Arc::new(store), Arc::new(SystemClock::default()));
        let waiting = Arc::new(Semaphore::new(0));
        let exports = Exports::new(Source {
            store: store.clone(),
            bytes: Arc::new(Stalled(waiting.clone())),
            clock: clock.clone(),
        });
        let config: Arc<Config> = Arc::new(crate::config::from_toml("").expect("good"));
        let (directory, tracker) = (ProgramDirectory::configured(&config), TaskTracker::new());
        let programs = crate::app::programs_over(&config, Arc::clone(&store), clock.clone(), directory, tracker);
        Self {
            folder,
            with: Administration {
                store,
                clock,
                roles: Roles::new(&config.roles),
                exports: Some(exports),
                programs: programs.await.expect("no bot or app yet"),
            },
            waiting,
            under_way: TaskTracker::new(),
            stop: CancellationToken::new(),
            answering: JoinSet::new(),
        }
    }

    fn store_path(&self) -> PathBuf {
        self.folder.path().join("p.db")
    }

    fn listens(&mut self) {
        let listener = listen(&path(&self.store_path())).expect("a socket");
        let (with, under_way, stop) = (self.with.clone(), self.under_way.clone(), self.stop.clone());
        self.answering
            .spawn(async move { answer_all(listener, &with, &under_way, &stop).await });
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn export(&self, name: &str) -> AdminCommand {
        AdminCommand::ExportCustomer {
            customer: "k-1".to_owned(),
            to: self.file(name),
        }
    }

    /// Waits until so many exports are in the middle.
    async fn wait_for_exports(&self, count: u32) {
        let waiting = timeout(LIMIT, self.waiting.acquire_many(count)).await;
        waiting.expect("they have begun").expect("open").forget();
    }

    /// Waits until no command is under way.
    async fn wait_for_all(&self) {
        self.under_way.close();
        timeout(LIMIT, self.under_way.wait()).await.expect("they end");
    }
}

async fn add_file(store: &SqliteStore) {
    let file = FileRecord {
        id: FileId::new("ab12"),
        owner: Author("customer:k-1".to_owned()),
        channel: "shop".to_owned(),
        name: "tent.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        size: 5,
        pieces: Vec::new(),
        state: FileState::Uploading,
        posted: None,
        created_at: 1_000,
        expires_at: None,
    };
    let quota = FileQuota {
        files: 10,
        bytes: 1_000,
        since: 0,
    };
    store.add_file(file, quota).await.expect("added");
    let piece = FilePiece {
        file: FileId::new("ab12"),
        offset: 0,
        length: 5,
        completes: Some(FileContent {
            media_type: "text/plain".to_owned(),
            name: "tent.txt".to_owned(),
        }),
    };
    assert!(store.add_piece(piece).await.expect("added"));
}

#[tokio::test]
async fn an_export_whose_caller_is_gone_leaves_no_file() {
    let mut side = Side::open().await;
    side.listens();
    let (store, command) = (side.store_path(), side.export("zoe.zip"));
    let mut asking = JoinSet::new();
    asking.spawn(async move { ask(&store, &command).await.map(drop) });
    side.wait_for_exports(1).await;
    assert!(side.file("zoe.zip.part").exists() && !side.file("zoe.zip").exists());
    asking.shutdown().await;
    side.wait_for_all().await;
    assert!(!side.file("zoe.zip.part").exists() && !side.file("zoe.zip").exists());
}

#[tokio::test]
async fn an_export_of_a_relay_that_stops_leaves_no_file() {
    let mut side = Side::open().await;
    side.listens();
    let (store, command) = (side.store_path(), side.export("zoe.zip"));
    let mut asking = JoinSet::new();
    asking.spawn(async move { ask(&store, &command).await.map(drop) });
    side.wait_for_exports(1).await;
    side.stop.cancel();
    side.wait_for_all().await;
    assert!(!side.file("zoe.zip.part").exists() && !side.file("zoe.zip").exists());
    let asked = asking.join_next().await.expect("asked").expect("no panic");
    asked.expect_err("it is not done");
}

#[tokio::test]
async fn other_commands_do_not_wait_for_exports_of_which_there_are_few() {
    let mut side = Side::open().await;
    side.listens();
    let mut asking = JoinSet::new();
    for name in ["one.zip", "two.zip"] {
        let (store, command) = (side.store_path(), side.export(name));
        asking.spawn(async move { ask(&store, &command).await.map(drop) });
    }
    side.wait_for_exports(2).await;
    let answered = timeout(LIMIT, ask(&side.store_path(), &AdminCommand::ListErasures)).await;
    let answered = answered.expect("at once").expect("an answer");
    assert!(matches!(answered, Ok(AdminReply::Erasures(_))));
    let refused = ask(&side.store_path(), &side.export("three.zip"))
        .await
        .expect("an answer");
    assert_eq!(
        refused.map(drop),
        Err("other exports are being written: try again later".to_owned())
    );
    assert!(!side.file("three.zip.part").exists());
    let taken = side.with.exports.as_ref().and_then(Exports::place);
    assert!(taken.is_none(), "they are the places of HTTP as well");
}

#[tokio::test]
async fn a_command_whose_caller_has_gone_before_is_not_carried_out() {
    let side = Side::open().await;
    let command = AdminCommand::LabelCustomer {
        customer: "k-1".to_owned(),
        label: "vip".to_owned(),
    };
    let line = serde_json::to_string(&command).expect("JSON") + "\n";
    let labels = async || {
        let profile = side.with.store.profile(&CustomerId::new("k-1")).await;
        profile.expect("readable").expect("it is there").labels
    };

    let (mut caller, answering) = UnixStream::pair().expect("a pair");
    caller.write_all(line.as_bytes()).await.expect("written");
    drop(caller);
    serve(answering, &side.with).await.expect_err("nobody is there");
    assert_eq!(labels().await, [""; 0]);

    let (mut caller, answering) = UnixStream::pair().expect("a pair");
    caller.write_all(line.as_bytes()).await.expect("written");
    serve(answering, &side.with).await.expect("answered");
    assert_eq!(labels().await, ["vip"]);
}
