//! Opening, closing, and files that are not as they were left.

use crate::tests::Folder;
use crate::{GroupCommit, OpenError, SqliteStore};
use portico_core::store::conformance::{client_ids, deliver, filled, post, step};
use portico_core::store::{ConversationStore, DeliveryStore, LogStore, Store, StoreError};
use portico_shared::frame::Range;
use portico_shared::ids::{ConversationId, ParticipantId, Seq};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

fn open(folder: &Folder) -> Result<SqliteStore, OpenError> {
    SqliteStore::open(&folder.path(), GroupCommit::On)
}

/// Opens the file behind the store's back.
fn tamper(folder: &Folder, statement: &str) {
    std::fs::create_dir_all(folder.path().parent().expect("a folder")).expect("made");
    Connection::open(folder.path())
        .and_then(|connection| connection.execute_batch(statement))
        .expect("done");
}

/// A started program would not do: until it runs, it holds all that this process has open, the locks of the tests beside
/// this one among them.
fn make_pipe(path: &Path) {
    rustix::fs::mkfifoat(rustix::fs::CWD, path, rustix::fs::Mode::RWXU).expect("made");
}

fn make_folder(path: &Path) {
    std::fs::create_dir(path).expect("made");
}

#[tokio::test]
async fn a_store_has_one_relay() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    let error = open(&folder).expect_err("in use");
    assert!(
        matches!(&error, OpenError::InUse(path) if *path == folder.path()),
        "{error:?}"
    );
    assert!(error.to_string().contains("relay.db is in use"), "{error}");
    store.ready().await.expect("the first one is not disturbed");
    drop(store);
    open(&folder).expect("free again");
}

#[tokio::test]
async fn a_store_has_one_relay_whatever_path_leads_to_it() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let [symbolic, chain, hard] = ["symbolic.db", "chain.db", "hard.db"].map(|name| elsewhere.path().join(name));
    std::os::unix::fs::symlink(folder.path(), &symbolic).expect("linked");
    std::os::unix::fs::symlink("symbolic.db", &chain).expect("linked");
    std::fs::hard_link(folder.path(), &hard).expect("linked");
    for path in [symbolic, chain, hard] {
        let error = SqliteStore::open(&path, GroupCommit::On).expect_err("in use");
        assert!(matches!(error, OpenError::InUse(_)), "{}: {error:?}", path.display());
    }
    let left = std::fs::read_dir(elsewhere.path()).expect("a folder").count();
    assert!(left <= 4, "the links, and the lock of the hard one's name");
    filled(&store, "c", 2).await;
    drop(store);
    assert_eq!(client_ids(&folder.store(), "c").await, ["c-1", "c-2"]);
}

#[test]
fn who_only_reads_a_store_is_waited_for() {
    let folder = Folder::new(GroupCommit::On);
    drop(folder.store());
    let reading = std::fs::File::open(folder.path()).expect("opened");
    reading.lock_shared().expect("locked");
    std::thread::scope(|threads| {
        threads.spawn(move || {
            std::thread::sleep(std::time::Duration::from_millis(300));
            drop(reading);
        });
        drop(open(&folder).expect("free in time"));
    });
}

#[test]
fn what_is_no_file_is_named_and_neither_waited_for_nor_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let [inside, pipe, circle] = ["folder", "pipe", "circle"].map(|name| folder.path().join(name));
    std::fs::create_dir(&inside).expect("made");
    make_pipe(&pipe);
    std::os::unix::fs::symlink(&circle, &circle).expect("linked");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&inside, &link).expect("linked");
    for path in [&inside, &pipe, &link, &folder.path().join("..")] {
        let error = SqliteStore::open(path, GroupCommit::On).expect_err("no file");
        assert!(matches!(error, OpenError::NoFile(_)), "{}: {error:?}", path.display());
        assert!(error.to_string().contains("set store.path"), "{error}");
    }
    for path in [Path::new(""), &circle, &pipe.join("relay.db")] {
        SqliteStore::open(path, GroupCommit::On).expect_err("no file");
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 4);
    assert_eq!(std::fs::read_dir(&inside).expect("a folder").count(), 0);
}

#[test]
fn a_pipe_or_a_folder_in_the_place_of_a_file_beside_the_store_is_named() {
    for suffix in [".lock", "-wal", "-shm"] {
        for make in [make_pipe, make_folder] {
            let folder = Folder::new(GroupCommit::On);
            drop(folder.store());
            let path = crate::file::beside(&folder.path(), suffix);
            crate::file::remove(&path).expect("removed");
            make(&path);
            let error = open(&folder).expect_err("no file");
            assert!(
                matches!(&error, OpenError::NoFile(found) if *found == path),
                "{error:?}"
            );
        }
    }
}

#[test]
fn a_store_is_made_where_a_link_leads() {
    let folder = Folder::new(GroupCommit::On);
    let link = tempfile::tempdir().expect("a folder");
    let path = link.path().join("portico.db");
    std::os::unix::fs::symlink(folder.path(), &path).expect("linked");
    drop(SqliteStore::open(&path, GroupCommit::On).expect("made"));
    assert!(folder.path().is_file());
    assert_eq!(std::fs::read_dir(link.path()).expect("a folder").count(), 1);
}

#[test]
fn a_newer_schema_is_refused_by_name() {
    let folder = Folder::new(GroupCommit::On);
    drop(folder.store());
    tamper(&folder, "pragma user_version = 99");
    let error = open(&folder).expect_err("too new");
    assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error:?}");
    assert!(error.to_string().contains("relay.db has schema version 99"), "{error}");
}

#[test]
fn a_file_of_another_program_is_refused_and_not_touched() {
    let theirs = |statement: &str| {
        let folder = Folder::new(GroupCommit::On);
        tamper(&folder, statement);
        folder
    };
    let text = theirs("");
    std::fs::write(text.path(), "some text that is no database at all".repeat(100)).expect("written");
    let short = theirs("");
    std::fs::write(short.path(), "short").expect("written");
    for folder in [
        theirs("create table theirs (id integer)"),
        theirs("pragma user_version = 2; create table theirs (id integer)"),
        theirs("pragma journal_mode = wal; create table theirs (id integer)"),
        text,
        short,
    ] {
        let before = content(&folder);
        let error = open(&folder).expect_err("not ours");
        assert!(matches!(error, OpenError::Foreign(_)), "{error:?}");
        assert_eq!(content(&folder), before);
    }
}

#[test]
fn a_store_of_a_newer_relay_is_not_touched() {
    let folder = Folder::new(GroupCommit::On);
    drop(folder.store());
    tamper(&folder, "pragma user_version = 99");
    let before = content(&folder);
    assert!(matches!(open(&folder), Err(OpenError::Newer { .. })));
    assert_eq!(content(&folder), before);
}

/// What the folder holds, file by file.
fn content(folder: &Folder) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = std::fs::read_dir(folder.path().parent().expect("a folder")).expect("readable");
    let paths = files.map(|file| file.expect("a file").path());
    paths
        .map(|path| (path.clone(), std::fs::read(path).expect("readable")))
        .collect()
}

#[tokio::test]
async fn the_writer_syncs_every_commit() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    let pragmas = store.writer.write(|connection| {
        let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let journal: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        Ok((
            journal,
            pragma("synchronous")?,
            pragma("foreign_keys")?,
            pragma("wal_autocheckpoint")?,
        ))
    });
    const FULL: i64 = 2;
    assert_eq!(pragmas.await.expect("answered"), ("wal".to_owned(), FULL, 1, 0));
}

#[tokio::test]
async fn closing_finishes_what_waits_and_empties_the_wal() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    for number in 0..20 {
        let id = format!("c-{number}");
        let commit = store.commit(step(&id, 0, vec![post(&id, "a", &id)]));
        let _ = tokio::time::timeout(std::time::Duration::ZERO, commit).await;
    }
    drop(store);
    let wal = folder.path().with_extension("db-wal");
    assert_eq!(wal.metadata().map_or(0, |wal| wal.len()), 0);
    assert!(SqliteStore::check(&folder.path()).is_ok());
    let store = folder.store();
    for number in 0..20 {
        let id = format!("c-{number}");
        assert_eq!(client_ids(&store, &id).await, [id]);
    }
}

#[tokio::test]
async fn the_wal_does_not_grow_with_the_log() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    for number in 0..600 {
        filled(&store, &format!("c-{number}"), 20).await;
    }
    let wal = folder.path().with_extension("db-wal").metadata().expect("a WAL").len();
    assert!(
        wal < 24 << 20,
        "{wal} bytes; without checkpoints it would be about 52 MB"
    );
}

#[tokio::test]
async fn a_deleted_epoch_is_made_anew() {
    let folder = Folder::new(GroupCommit::On);
    let first = folder.store().epoch().clone();
    assert_eq!(first.as_str().len(), 32);
    assert_eq!(folder.store().epoch(), &first);
    tamper(&folder, "delete from meta where name = 'epoch'");
    assert_ne!(folder.store().epoch(), &first);
}

#[tokio::test]
async fn what_an_ended_process_had_claimed_is_due_at_once() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    store.apply(vec![deliver("b", "c", 1, 10)]).await.expect("written");
    assert_eq!(
        store
            .claim_deliveries(10, 1_000_000, vec![(ParticipantId::new("b"), 9)])
            .await
            .expect("claimed")
            .len(),
        1
    );
    drop(store);
    let again = folder
        .store()
        .claim_deliveries(10, 1_000_000, vec![(ParticipantId::new("b"), 9)])
        .await
        .expect("claimed");
    assert_eq!((again.len(), again[0].attempts), (1, 1));
}

#[tokio::test]
async fn a_conversation_that_cannot_be_read_is_left_out_of_lists() {
    let folder = Folder::new(GroupCommit::On);
    for id in ["c", "d"] {
        filled(&folder.store(), id, 1).await;
    }
    tamper(&folder, "update conversations set record = '{' where id = 'c'");
    let store = folder.store();
    let customer = store.conversation(&ConversationId::new("d")).await;
    let customer = customer.expect("readable").expect("it is there").customer;
    let listed = store.conversations_of_customer(&customer, 9).await.expect("readable");
    let ids: Vec<_> = listed.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["d"]);
    let lost = store.conversation(&ConversationId::new("c")).await;
    assert!(matches!(lost, Err(StoreError::Damaged(_))), "{lost:?}");
}

#[tokio::test]
async fn a_changed_or_missing_event_is_noticed_and_what_came_after_it_is_served() {
    for damage in [
        "update events set event = replace(event, 'c-3', 'c-4') where seq = 3",
        "update events set checksum = checksum + 1 where seq = 3",
        "delete from events where seq = 3",
        "update events set seq = 9 where seq = 3",
        "update events set previous = 1 where seq = 4",
        "update events set conversation = 2 where seq = 3",
    ] {
        let folder = Folder::new(GroupCommit::On);
        filled(&folder.store(), "c", 5).await;
        filled(&folder.store(), "d", 1).await;
        tamper(&folder, damage);
        let store = folder.store();
        let id = ConversationId::new("c");
        for whole in [Range::After(Seq::START), Range::Before(Seq(6))] {
            let whole = store.page(&id, whole, 100).await;
            assert!(matches!(whole, Err(StoreError::Damaged(_))), "{damage}: {whole:?}");
        }
        let sound = store
            .page(&id, Range::After(Seq(3)), 2)
            .await
            .expect("after the damage");
        assert_eq!(sound.events.len(), 2);
    }
}

#[tokio::test]
async fn a_log_that_ends_elsewhere_than_its_head_says_is_noticed() {
    for damage in ["update heads set head = 9", "update heads set last_event = 3"] {
        let folder = Folder::new(GroupCommit::On);
        filled(&folder.store(), "c", 5).await;
        tamper(&folder, damage);
        let page = folder
            .store()
            .page(&ConversationId::new("c"), Range::After(Seq::START), 100)
            .await;
        assert!(matches!(page, Err(StoreError::Damaged(_))), "{damage}: {page:?}");
    }
}

#[tokio::test]
async fn a_changed_or_missing_session_is_noticed() {
    for damage in [
        "update sessions set session = replace(session, 's-c', 's-d')",
        "update sessions set checksum = checksum + 1",
        "update sessions set revision = 2",
    ] {
        let folder = Folder::new(GroupCommit::On);
        filled(&folder.store(), "c", 1).await;
        tamper(&folder, damage);
        let store = folder.store();
        let id = ConversationId::new("c");
        let page = store.page(&id, Range::After(Seq::START), 1).await;
        assert!(matches!(page, Err(StoreError::Damaged(_))), "{damage}: {page:?}");
        let record = store.conversation(&id).await;
        assert!(matches!(record, Err(StoreError::Damaged(_))), "{damage}: {record:?}");
    }
}

#[tokio::test]
async fn a_damaged_page_stops_the_writer() {
    let folder = Folder::new(GroupCommit::On);
    filled(&folder.store(), "c", 3).await;
    overwrite_root_of(&folder.path(), "events");
    assert!(matches!(
        SqliteStore::check(&folder.path()),
        Err(OpenError::Damaged { .. })
    ));

    let store = folder.store();
    let stopped = store.stopped();
    let refused = store.commit(step("c", 3, vec![post("c", "a", "4")])).await;
    assert!(matches!(refused, Err(StoreError::Stopped(_))), "{refused:?}");
    let reason = stopped.await;
    assert!(reason.contains("malformed"), "{reason}");
    assert!(matches!(store.apply(Vec::new()).await, Err(StoreError::Stopped(_))));
    assert!(matches!(store.ready().await, Err(StoreError::Stopped(_))));
    let whole = store.page(&ConversationId::new("c"), Range::After(Seq::START), 9).await;
    assert!(matches!(whole, Err(StoreError::Damaged(_))), "{whole:?}");
}

/// Writes nonsense over the first page of a table.
fn overwrite_root_of(path: &Path, table: &str) {
    let connection = Connection::open(path).expect("opened");
    let root = "select rootpage from sqlite_schema where name = ?1";
    let page: u64 = connection.query_row(root, [table], |row| row.get(0)).expect("a table");
    let file = std::fs::File::options().write(true).open(path).expect("opened");
    file.write_all_at(&[0xee; 4096], (page - 1) * 4096).expect("written");
}

#[tokio::test]
async fn an_empty_step_and_empty_changes_are_written() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    store.apply(Vec::new()).await.expect("nothing to do");
    assert_eq!(store.commit(step("c", 0, Vec::new())).await.expect("written"), None);
}

#[test]
fn a_new_store_is_for_its_own_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("relay.db");
    let store = SqliteStore::open(&path, GroupCommit::On).expect("opens");
    let files: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").flatten().collect();
    assert!(files.len() >= 4, "the store, its lock, its WAL and the WAL's index");
    for file in files {
        let mode = file.metadata().expect("readable").permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
    }
    drop(store);
}
