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

#[tokio::test]
async fn acts_go_on_behind_a_record_whose_hash_was_damaged_and_the_log_says_so() {
    for damaged in ["x'00'", "x''", "zeroblob(33)"] {
        let (folder, _) = filled(3).await;
        tamper(&folder, &format!("update audit set hash = {damaged} where number = 3"));
        let store = folder.store();
        let by = Attribution::operator(&SystemClock::default());
        for number in 1..=2 {
            let record = by.record(AuditAction::UserDisabled, ObjectKind::User, number);
            store.apply(vec![Change::Audit(Box::new(record))]).await.expect(damaged);
        }
        let records = store.audit_after(3, 10).await.expect("readable");
        let told: Vec<_> = records
            .iter()
            .map(|record| (record.number, &*record.action, &*record.object_id))
            .collect();
        assert_eq!(
            told,
            [
                (4, "audit.chain_broken", "3"),
                (5, "user.disabled", "1"),
                (6, "user.disabled", "2")
            ]
        );
        assert_eq!(verified(&store, None).await, Err(Broken(3)), "for good");
    }
}

#[tokio::test]
async fn a_text_that_was_damaged_hides_nothing() {
    for column in ["actor_name", "action", "object_id", "detail"] {
        let (folder, _) = filled(3).await;
        tamper(
            &folder,
            &format!("update audit set {column} = cast(x'66ff' as text) where number = 3"),
        );
        let store = folder.store();
        assert_eq!(verified(&store, None).await, Err(Broken(3)), "{column}");
        let all = AuditQuery {
            limit: 10,
            ..AuditQuery::default()
        };
        assert_eq!(store.audit(all).await.expect("readable").len(), 3, "{column}");
        let by = Attribution::operator(&SystemClock::default());
        let record = by.record(AuditAction::UserDisabled, ObjectKind::User, 1);
        store.apply(vec![Change::Audit(Box::new(record))]).await.expect(column);
    }
}
