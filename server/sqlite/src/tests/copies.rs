//! Copies, and files that do not belong together.

use crate::tests::Folder;
use crate::{CopyError, GroupCommit, Incomplete, OpenError, Report, SqliteStore, backup, check, restore};
use portico_core::store::conformance::{client_ids, conversation_id, filled, post, step};
use portico_core::store::{ConversationStore, LogStore, Store};
use rusqlite::Connection;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A place for copies of a store's files.
struct Shelf(TempDir);

impl Shelf {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("copy.db")
    }

    /// Puts the files of a store there as they lie on disk: as `kill -9` and `cp` would find them.
    fn take(&self, store: &Path, suffixes: &[&str]) {
        for suffix in suffixes {
            fs::copy(beside(store, suffix), beside(&self.path(), suffix)).expect("copied");
        }
    }

    /// What `sqlite3 portico.db ".backup copy.db"` makes.
    fn backup_by_sqlite(&self, store: &Path) {
        let copied = Connection::open(store).and_then(|store| store.backup(rusqlite::MAIN_DB, self.path(), None));
        copied.expect("copied");
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    crate::file::beside(path, suffix)
}

fn open(path: &Path) -> Result<SqliteStore, OpenError> {
    SqliteStore::open(path, GroupCommit::On)
}

/// Posts until the log has begun anew at least once since the last call.
async fn wear(store: &SqliteStore, round: &str) {
    for number in 0..600 {
        filled(store, &format!("{round}-{number}"), 10).await;
    }
}

/// The scenario: a copy of an earlier state, over which the log of a later one would be played.
#[tokio::test]
async fn a_log_of_another_state_is_refused_and_nothing_is_changed() {
    let (folder, early, late) = (Folder::new(GroupCommit::On), Shelf::new(), Shelf::new());
    let store = folder.store();
    filled(&store, "c", 3).await;
    early.backup_by_sqlite(&folder.path());
    wear(&store, "after").await;
    late.take(&folder.path(), &["", "-wal"]);
    drop(store);

    fs::copy(early.path(), late.path()).expect("put over it");
    let before = fs::read(late.path()).expect("readable");
    let error = open(&late.path()).expect_err("they do not belong together");
    assert!(matches!(error, OpenError::OtherLog(_)), "{error:?}");
    assert!(error.to_string().contains("portico store restore"), "{error}");
    assert!(matches!(
        check(&late.path()),
        Err(CopyError::Open(OpenError::OtherLog(_)))
    ));
    assert_eq!(fs::read(late.path()).expect("readable"), before);

    // What the sentence says: the log goes aside, and all that was in the copy is there.
    let report = restore(&late.path(), &early.path(), Incomplete::Refused, ".before").expect("restored");
    assert_eq!(report.conversations, 1);
    assert!(!beside(&late.path(), "-wal").exists());
    let restored = open(&late.path()).expect("sound");
    assert_eq!(client_ids(&restored, "c").await, ["c-1", "c-2", "c-3"]);
}

/// One checkpoint after the copy was made its number is the one that the log goes on from: the lineage alone tells them apart.
#[tokio::test]
async fn a_copy_beside_the_log_that_began_right_after_it_is_refused() {
    let (folder, early, copy, killed) = (Folder::new(GroupCommit::On), Shelf::new(), Shelf::new(), Shelf::new());
    let store = folder.store();
    filled(&store, "c", 2).await;
    early.take(&folder.path(), &["", "-wal"]);
    backup(&early.path(), &copy.path()).expect("copied");
    let in_file = || crate::file::without_wal(&folder.path()).and_then(|file| crate::generation::newest(&file));
    let before = in_file().expect("readable");
    for round in 0.. {
        filled(&store, &format!("later-{round}"), 10).await;
        if in_file().expect("readable") != before {
            break;
        }
    }
    killed.take(&folder.path(), &["", "-wal"]);
    drop(store);
    fs::copy(copy.path(), killed.path()).expect("put over it");
    let error = open(&killed.path()).expect_err("they do not belong together");
    assert!(matches!(error, OpenError::OtherLog(_)), "{error:?}");
    assert!(error.to_string().contains("portico store restore"), "{error}");
    restore(&killed.path(), &copy.path(), Incomplete::Refused, ".before").expect("restored");
    let restored = open(&killed.path()).expect("sound");
    assert_eq!(client_ids(&restored, "c").await, ["c-1", "c-2"]);
}

#[tokio::test]
async fn the_log_of_another_store_is_refused() {
    let (one, other, mixed) = (Folder::new(GroupCommit::On), Folder::new(GroupCommit::On), Shelf::new());
    let stores = (one.store(), other.store());
    filled(&stores.0, "c", 1).await;
    filled(&stores.1, "c", 1).await;
    mixed.take(&one.path(), &[""]);
    fs::copy(beside(&other.path(), "-wal"), beside(&mixed.path(), "-wal")).expect("copied");
    assert!(matches!(open(&mixed.path()), Err(OpenError::OtherLog(_))));
    fs::write(beside(&mixed.path(), "-wal"), "no log at all".repeat(100)).expect("written");
    assert!(matches!(open(&mixed.path()), Err(OpenError::OtherLog(_))));
}

#[tokio::test]
async fn file_and_log_of_a_killed_relay_are_opened_whole() {
    let (folder, shelf) = (Folder::new(GroupCommit::On), Shelf::new());
    let store = folder.store();
    for round in ["a", "b", "c"] {
        filled(&store, round, 2).await;
        shelf.take(&folder.path(), &["", "-wal"]);
        let copy = open(&shelf.path()).expect("they belong together");
        assert_eq!(client_ids(&copy, round).await.len(), 2);
        // A relay that is killed again and again.
        filled(&copy, "again", 1).await;
        let (nested, again) = (shelf.path(), Shelf::new());
        again.take(&nested, &["", "-wal"]);
        assert_eq!(client_ids(&open(&again.path()).expect("still"), "again").await.len(), 1);
        drop(copy);
        wear(&store, round).await;
    }
}

#[tokio::test]
async fn a_file_without_its_log_is_noticed() {
    let (folder, shelf) = (Folder::new(GroupCommit::On), Shelf::new());
    let store = folder.store();
    filled(&store, "c", 2).await;
    shelf.take(&folder.path(), &[""]);
    let error = open(&shelf.path()).expect_err("its log is missing");
    assert!(matches!(error, OpenError::WithoutWal(_)), "{error:?}");
    assert!(error.to_string().contains("copy.db-wal is missing"), "{error}");

    let place = Shelf::new();
    let refused = restore(&place.path(), &shelf.path(), Incomplete::Refused, ".before");
    assert!(
        matches!(refused, Err(CopyError::Open(OpenError::WithoutWal(_)))),
        "{refused:?}"
    );
    restore(&place.path(), &shelf.path(), Incomplete::Taken, ".before").expect("as far as it goes");
    open(&place.path()).expect("sound");

    drop(store);
    fs::write(folder.path(), "").expect("emptied");
    fs::write(beside(&folder.path(), "-wal"), "what was written last").expect("written");
    assert!(matches!(open(&folder.path()), Err(OpenError::Missing(_))));
}

#[tokio::test]
async fn a_store_that_was_closed_is_one_file() {
    let (folder, shelf) = (Folder::new(GroupCommit::On), Shelf::new());
    let store = folder.store();
    filled(&store, "c", 2).await;
    let epoch = store.epoch().clone();
    drop(store);
    shelf.take(&folder.path(), &[""]);
    let copy = open(&shelf.path()).expect("whole");
    assert_eq!(client_ids(&copy, "c").await, ["c-1", "c-2"]);
    assert_eq!(*copy.epoch(), epoch, "nothing tells it from the store itself");
}

#[tokio::test]
async fn a_copy_by_sqlite_is_taken_and_has_a_new_epoch() {
    let (folder, shelf) = (Folder::new(GroupCommit::On), Shelf::new());
    let store = folder.store();
    filled(&store, "c", 2).await;
    shelf.backup_by_sqlite(&folder.path());
    let copy = open(&shelf.path()).expect("whole");
    assert_eq!(client_ids(&copy, "c").await, ["c-1", "c-2"]);
    assert_ne!(copy.epoch(), store.epoch());
}

#[tokio::test]
async fn a_backup_is_made_while_the_store_is_written_and_restored_while_it_is_not() {
    let (folder, shelf) = (Folder::new(GroupCommit::On), Shelf::new());
    let store = folder.store();
    let epoch = store.epoch().clone();
    filled(&store, "c", 2).await;
    // Of another process' files: what this process has open it refuses.
    let files = Shelf::new();
    files.take(&folder.path(), &["", "-wal"]);
    let report = backup(&files.path(), &shelf.path()).expect("copied");
    let length = fs::metadata(shelf.path()).expect("a file").len();
    let expected = Report {
        conversations: 1,
        files: Vec::new(),
        bytes: length,
        aside: None,
    };
    assert_eq!(report, expected);
    let mode = fs::metadata(shelf.path()).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    assert_eq!(
        fs::read_dir(shelf.0.path()).expect("a folder").count(),
        1,
        "nothing lies beside it"
    );
    assert!(matches!(backup(&files.path(), &shelf.path()), Err(CopyError::There(_))));
    assert_eq!(check(&shelf.path()).expect("sound"), expected);
    assert_eq!(
        fs::read_dir(shelf.0.path()).expect("a folder").count(),
        1,
        "nor after it was read"
    );

    let refused = restore(&folder.path(), &shelf.path(), Incomplete::Refused, ".before");
    assert!(
        matches!(refused, Err(CopyError::Open(OpenError::InUse(_)))),
        "{refused:?}"
    );
    filled(&store, "later", 1).await;
    drop(store);
    let report = restore(&folder.path(), &shelf.path(), Incomplete::Refused, ".before").expect("restored");
    let store = folder.store();
    assert_eq!(client_ids(&store, "c").await, ["c-1", "c-2"]);
    assert_eq!(
        store.conversation(&conversation_id("later")).await.expect("readable"),
        None
    );
    assert_ne!(*store.epoch(), epoch);
    let mode = fs::metadata(folder.path()).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    drop(store);

    let aside = report.aside.expect("what was there is kept");
    assert_eq!(aside, beside(&folder.path(), ".before"));
    let before = open(&aside).expect("whole");
    assert_eq!(client_ids(&before, "later").await, ["later-1"]);
}

#[tokio::test]
async fn what_a_killed_relay_left_goes_aside_with_its_log() {
    let (folder, killed, shelf) = (Folder::new(GroupCommit::On), Shelf::new(), Shelf::new());
    let store = folder.store();
    filled(&store, "c", 1).await;
    killed.take(&folder.path(), &["", "-wal"]);
    drop(store);
    backup(&folder.path(), &shelf.path()).expect("copied");
    let report = restore(&killed.path(), &shelf.path(), Incomplete::Refused, ".before").expect("restored");
    let aside = open(&report.aside.expect("kept")).expect("whole");
    assert_eq!(client_ids(&aside, "c").await, ["c-1"]);
    let refused = restore(&killed.path(), &shelf.path(), Incomplete::Refused, ".before");
    assert!(matches!(refused, Err(CopyError::There(_))), "{refused:?}");
}

#[tokio::test]
async fn damaged_pages_are_found_by_a_check_a_copy_and_a_start_after_a_crash() {
    let (folder, killed) = (Folder::new(GroupCommit::On), Shelf::new());
    let store = folder.store();
    filled(&store, "c", 3).await;
    drop(store);
    let store = folder.store();
    store
        .commit(step("d", 0, vec![post("d", "a", "1")]))
        .await
        .expect("written");
    killed.take(&folder.path(), &["", "-wal"]);
    drop(store);
    for path in [killed.path(), folder.path()] {
        overwrite_root_of(&path, "users");
    }
    let damaged = |error: &OpenError| matches!(error, OpenError::Damaged { .. });
    let error = open(&killed.path()).expect_err("damaged");
    assert!(
        damaged(&error) && error.to_string().contains("portico store restore"),
        "{error}"
    );
    let shelf = Shelf::new();
    for result in [check(&folder.path()), backup(&folder.path(), &shelf.path())] {
        assert!(
            matches!(&result, Err(CopyError::Open(error)) if damaged(error)),
            "{result:?}"
        );
    }
    let result = restore(&shelf.path(), &folder.path(), Incomplete::Refused, ".before");
    assert!(
        matches!(&result, Err(CopyError::Damaged { path, .. }) if *path == folder.path()),
        "the copy is named, and not what was made of it: {result:?}"
    );
    let left = fs::read_dir(shelf.0.path()).expect("a folder").flatten();
    let left: Vec<_> = left.map(|file| file.file_name()).collect();
    assert!(left.iter().all(|name| name == "copy.db.lock"), "{left:?}");
}

/// Writes nonsense over the first page of a table, behind SQLite's back.
fn overwrite_root_of(path: &Path, table: &str) {
    use std::os::unix::fs::FileExt;
    let connection = crate::file::without_wal(path).expect("opened");
    let root = "select rootpage from sqlite_schema where name = ?1";
    let page: u64 = connection.query_row(root, [table], |row| row.get(0)).expect("a table");
    let file = fs::File::options().write(true).open(path).expect("opened");
    file.write_all_at(&[0xee; 4096], (page - 1) * 4096).expect("written");
}

#[test]
fn what_is_no_store_is_neither_copied_nor_restored() {
    let shelf = Shelf::new();
    let place = Shelf::new();
    assert!(matches!(
        backup(&place.path(), &shelf.path()),
        Err(CopyError::NoStore(_))
    ));
    fs::write(shelf.path(), "some text that is no database at all".repeat(100)).expect("written");
    let refused = restore(&place.path(), &shelf.path(), Incomplete::Refused, ".before");
    assert!(
        matches!(refused, Err(CopyError::Open(OpenError::Foreign(_)))),
        "{refused:?}"
    );
    assert_eq!(fs::read_dir(place.0.path()).expect("a folder").count(), 0);
}

/// A file that was cut off and its log are left as they are: the log holds what was written last.
#[tokio::test]
async fn a_start_that_is_refused_leaves_a_torn_file_and_its_log_as_they_are() {
    let (folder, killed) = (Folder::new(GroupCommit::On), Shelf::new());
    filled(&folder.store(), "c", 20).await;
    let store = folder.store();
    filled(&store, "later", 40).await;
    killed.take(&folder.path(), &["", "-wal"]);
    drop(store);
    let whole = fs::read(killed.path()).expect("readable");
    for length in [4_096, 8_192, 40_960, whole.len() / 2] {
        let torn = Shelf::new();
        fs::write(torn.path(), &whole[..length]).expect("written");
        fs::copy(beside(&killed.path(), "-wal"), beside(&torn.path(), "-wal")).expect("copied");
        let files = || ["", "-wal"].map(|suffix| fs::read(beside(&torn.path(), suffix)).expect("there"));
        let before = files();
        let refused = [open(&torn.path()).map(drop).is_err(), check(&torn.path()).is_err()];
        assert_eq!(refused, [true, true], "{length}");
        assert!(files() == before, "{length}: something was written");
    }
}

/// Another process has the store open; this one comes by a hard link, beside which there is no log.
#[tokio::test]
async fn a_running_store_is_not_copied_by_a_path_beside_which_its_log_is_missing() {
    let (folder, running, linked, copy) = (Folder::new(GroupCommit::On), Shelf::new(), Shelf::new(), Shelf::new());
    let store = folder.store();
    filled(&store, "c", 2).await;
    running.take(&folder.path(), &["", "-wal"]);
    let relay = fs::File::open(running.path()).expect("opened");
    relay.lock().expect("locked");
    fs::hard_link(running.path(), linked.path()).expect("linked");
    for refused in [backup(&linked.path(), &copy.path()), check(&linked.path())] {
        let Err(CopyError::Open(error @ OpenError::OtherPath(_))) = &refused else {
            panic!("{refused:?}")
        };
        assert!(error.to_string().contains("name that path instead"), "{error}");
    }
    assert_eq!(fs::read_dir(linked.0.path()).expect("a folder").count(), 1);
    fs::write(beside(&linked.path(), "-wal"), "no log of it".repeat(100)).expect("written");
    let refused = check(&linked.path());
    assert!(
        matches!(refused, Err(CopyError::Open(OpenError::OtherLog(_)))),
        "{refused:?}"
    );
    check(&running.path()).expect("here its log is");
    assert_eq!(backup(&running.path(), &copy.path()).expect("copied").conversations, 1);
}

/// A relay that started without room on the disk has no log, and everything is in the file.
#[tokio::test]
async fn a_running_store_that_could_not_begin_a_log_is_copied() {
    let (folder, running, copy) = (Folder::new(GroupCommit::On), Shelf::new(), Shelf::new());
    let store = folder.store();
    filled(&store, "c", 2).await;
    drop(store);
    running.take(&folder.path(), &[""]);
    let relay = fs::File::open(running.path()).expect("opened");
    relay.lock().expect("locked");
    assert_eq!(backup(&running.path(), &copy.path()).expect("copied").conversations, 1);
    assert_eq!(check(&running.path()).expect("good").conversations, 1);
}

#[test]
fn a_copy_takes_no_other_programs_place() {
    let (folder, place) = (Folder::new(GroupCommit::On), Shelf::new());
    drop(folder.store());
    let others = Connection::open(place.path()).expect("made");
    others
        .execute_batch("pragma journal_mode = wal; create table songs (title text); insert into songs values ('x')")
        .expect("written");
    let before = ["", "-wal"].map(|suffix| fs::read(beside(&place.path(), suffix)).expect("there"));
    let refused = restore(&place.path(), &folder.path(), Incomplete::Refused, ".before");
    assert!(
        matches!(refused, Err(CopyError::Open(OpenError::Foreign(_)))),
        "{refused:?}"
    );
    let after = ["", "-wal"].map(|suffix| fs::read(beside(&place.path(), suffix)).expect("there"));
    assert!(before == after && !beside(&place.path(), ".lock").exists());
    drop(others);

    // What cannot be read is most likely our own store: its place is taken, and it is kept.
    let damaged = Shelf::new();
    fs::write(damaged.path(), b"SQLite format 3\0 and then nonsense".repeat(400)).expect("written");
    let report = restore(&damaged.path(), &folder.path(), Incomplete::Refused, ".before").expect("restored");
    assert!(report.aside.is_some_and(|aside| aside.exists()));
}

#[tokio::test]
async fn a_file_that_lacks_what_every_store_has_does_not_hold_together() {
    for (statement, missing) in [
        ("drop table events", "events"),
        ("drop table timers", "timers"),
        ("drop table generation", "generation"),
        ("drop index deliveries_due", "index deliveries_due"),
        ("alter table deliveries drop column error", "column deliveries.error"),
    ] {
        let (folder, copy) = (Folder::new(GroupCommit::On), Shelf::new());
        filled(&folder.store(), "c", 2).await;
        let changed = Connection::open(folder.path()).and_then(|store| {
            store.pragma_update(None, "journal_mode", "delete")?;
            store.execute_batch(statement)
        });
        changed.expect(statement);
        let said = |result: &dyn std::fmt::Debug, error: Option<String>| {
            let error = error.unwrap_or_else(|| panic!("{statement}: {result:?}"));
            assert!(error.contains(&format!("{missing} is missing")), "{statement}: {error}");
        };
        let checked = check(&folder.path());
        said(&checked, checked.as_ref().err().map(ToString::to_string));
        let restored = restore(&copy.path(), &folder.path(), Incomplete::Refused, ".before");
        said(&restored, restored.as_ref().err().map(ToString::to_string));
        let opened = open(&folder.path());
        said(&opened, opened.as_ref().err().map(ToString::to_string));
    }
}

/// Nothing stays of what was not put in the store's place.
#[tokio::test]
async fn a_restore_that_is_refused_leaves_nothing_half_made() {
    let (folder, place) = (Folder::new(GroupCommit::On), Shelf::new());
    drop(folder.store());
    for _ in 0..2 {
        let restored = restore(&place.path(), &folder.path(), Incomplete::Refused, ".before");
        restored.expect("nothing was there, or its name was free");
    }
    let refused = restore(&place.path(), &folder.path(), Incomplete::Refused, ".before");
    assert!(matches!(refused, Err(CopyError::There(_))), "{refused:?}");
    assert!(!beside(&place.path(), ".restoring").exists());
}
