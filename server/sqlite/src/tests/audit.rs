//! The audit log in a file that somebody has changed.

use crate::tests::Folder;
use crate::{GroupCommit, SqliteStore};
use portico_core::audit::{Attribution, Broken, Head, verify_store};
use portico_core::clock::SystemClock;
use portico_core::store::{AuditAction, AuditQuery, AuditStore, Change, ObjectKind, Store};

/// A store with so many records, closed.
async fn filled(records: u32) -> (Folder, Head) {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    let by = Attribution::operator(&SystemClock::default());
    let record = |number| by.record(AuditAction::Labelled, ObjectKind::Customer, format!("k-{number}"));
    let changes = (1..=records).map(|number| Change::Audit(Box::new(record(number).with("label", "vip"))));
    store.apply(changes.collect()).await.expect("written");
    let head = verified(&store, None).await.expect("whole");
    drop(store);
    (folder, head)
}

async fn verified(store: &SqliteStore, kept: Option<Head>) -> Result<Head, Broken> {
    verify_store(store, kept).await.expect("readable")
}

/// Does it to the file of a store that is closed, as somebody who may write the file can.
fn tamper(folder: &Folder, statements: &str) {
    let connection = rusqlite::Connection::open(folder.path()).expect("opened");
    let mut select = connection
        .prepare("select name, sql from sqlite_schema where type = 'trigger' and tbl_name = 'audit'")
        .expect("a statement");
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    let guards: Vec<(String, String)> = rows.expect("rows").collect::<Result<_, _>>().expect("readable");
    assert_eq!(guards.len(), 3);
    let run = |statements: &str| connection.execute_batch(statements).expect("run");
    guards.iter().for_each(|(name, _)| run(&format!("drop trigger {name}")));
    run(statements);
    guards.iter().for_each(|(_, guard)| run(guard));
}

#[tokio::test]
async fn the_audit_log_refuses_to_be_changed() {
    let (folder, _) = filled(2).await;
    let connection = crate::file::writer(&folder.path()).expect("a connection");
    for statement in [
        "delete from audit where number = 2",
        "update audit set actor_name = 'bob'",
        "insert or replace into audit select * from audit where number = 1",
    ] {
        let refused = connection.execute(statement, []).expect_err(statement).to_string();
        assert!(refused.contains("only added to"), "{statement}: {refused}");
    }
}

#[tokio::test]
async fn the_first_record_that_was_changed_in_the_file_is_named() {
    // Reading goes on in a second part.
    const RECORDS: u32 = 1_500;
    for (statement, broken) in [
        ("update audit set actor_name = 'bob' where number in (1200, 3)", 3),
        (
            "update audit set detail = '{\"label\": \"vip\"}' where number = 1200",
            1_200,
        ),
        ("update audit set detail = 'no object' where number = 2", 2),
        ("update audit set hash = x'00' where number = 2", 2),
        ("update audit set action = 'customer.x' where number = 1500", 1_500),
        ("delete from audit where number = 1001", 1_001),
        ("delete from audit where number < 3", 1),
        ("update audit set number = 0 where number = 1", 1),
        (
            "insert into audit select -5, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, detail, hash from audit where number = 7",
            1,
        ),
        (
            "insert into audit select 1501, at, actor_kind, actor_id, actor_name, action, object_kind, object_id, detail, hash from audit where number = 7",
            1_501,
        ),
        (
            "update audit set number = -7 where number = 7; update audit set number = 7 where number = 9; update audit set number = 9 where number = -7",
            7,
        ),
    ] {
        let (folder, _) = filled(RECORDS).await;
        tamper(&folder, statement);
        let store = folder.store();
        assert_eq!(verified(&store, None).await, Err(Broken(broken)), "{statement}");
        store
            .audit(AuditQuery {
                limit: 10,
                ..AuditQuery::default()
            })
            .await
            .expect("it is still listed");
    }
}

#[tokio::test]
async fn an_end_that_was_cut_off_in_the_file_is_named_by_a_head_that_was_kept() {
    let (folder, kept) = filled(5).await;
    tamper(&folder, "delete from audit where number > 3");
    let store = folder.store();
    assert!(verified(&store, None).await.is_ok(), "the log alone does not show it");
    assert_eq!(verified(&store, Some(kept)).await, Err(Broken(4)));
}
