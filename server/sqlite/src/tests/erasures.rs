//! What was erased is not in the files any more.

use super::Folder;
use crate::GroupCommit;
use crate::file::beside;
use portico_core::store::conformance::{conversation_id, message, step};
use portico_core::store::{
    Author, Change, ErasedBy, ErasedConversation, ErasureStore, LogStore, NewErasure, NewEvent, NewMerge,
    SessionVersion, Store,
};
use portico_shared::cim::{ChannelSession, CimEvent, Customer, EventName};
use portico_shared::ids::{ClientId, CustomerId, ParticipantId, Seq};
use serde_json::{Value, json};
use std::path::Path;

/// Whether a text stands anywhere in a store's files.
fn holds(path: &Path, text: &str) -> bool {
    let files = [path.to_owned(), beside(path, "-wal")];
    let has = |bytes: Vec<u8>| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    files.iter().any(|file| std::fs::read(file).is_ok_and(has))
}

/// Short, and longer than a page.
fn text(number: u64) -> String {
    format!(
        "CANARY-{number} {}",
        "and more ".repeat(if number.is_multiple_of(10) { 900 } else { 3 })
    )
}

#[tokio::test]
async fn what_was_erased_stands_in_neither_the_file_nor_its_log() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    for number in 1..=60 {
        let session = ChannelSession {
            id: "s-c".into(),
            extra: serde_json::Map::from_iter([("name".to_owned(), Value::from(text(number)))]),
            ..ChannelSession::default()
        };
        let session = match number {
            1 => SessionVersion::first(session),
            _ => SessionVersion::read(
                u32::try_from(number).expect("small"),
                json!({"id": "s-c", "name": text(number)}).to_string(),
            )
            .expect("a session"),
        };
        let new = NewEvent {
            event: message("c", &format!("m-{number}"), &text(number)),
            session: Some(session.clone().into()),
            author: Author("customer:k-c".into()),
            client_id: Some(ClientId::new(format!("CANARY-id-{number}"))),
        };
        let mut commit = step("c", number - 1, vec![new]);
        commit.conversation.channel_session = session.into();
        commit
            .conversation
            .data
            .insert("said".into(), Value::from(text(number)));
        store.commit(commit).await.expect("written");
    }
    assert!(holds(&folder.path(), "CANARY"));
    let (customer, stand_in) = (CustomerId::new("k-c"), CustomerId::new("stand-in"));
    let erasure = NewErasure {
        customer: customer.clone(),
        by: ErasedBy::Operator,
        at: 1,
        rule: None,
    };
    store.begin_erasure(erasure).await.expect("begun");
    let notice = CimEvent {
        name: EventName::CustomerDataErased,
        ..CimEvent::default()
    };
    let new = NewEvent {
        event: notice,
        session: None,
        author: Author("system".into()),
        client_id: None,
    };
    let mut commit = step("c", 60, vec![new]);
    let blank = SessionVersion::read(61, json!({"id": "s-c"}).to_string()).expect("a session");
    commit.conversation.channel_session = blank.into();
    commit.changes.push(Change::EraseConversation(ErasedConversation {
        conversation: conversation_id("c"),
        customer: customer.clone(),
        erasure: customer.clone(),
        stand_in,
        notice: Seq(61),
        at: 2,
    }));
    store.commit(commit).await.expect("erased");
    assert!(store.scrub().await.expect("no reader"));
    assert!(!holds(&folder.path(), "CANARY"), "while it is open");
    store.erase_customer(&customer, 3).await.expect("erased");
    store.finish_erasure(&customer, 3).await.expect("recorded");
    store.apply(Vec::new()).await.expect("it goes on");
    drop(store);
    assert!(!holds(&folder.path(), "CANARY"), "when it is closed");
    let store = folder.store();
    assert_eq!(store.erasures(10).await.expect("readable").len(), 1);
}

#[tokio::test]
async fn a_damaged_record_of_another_who_was_merged_keeps_no_erasure_from_ending() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    for (id, name) in [("k-a", "Canary"), ("k-b", "Bob"), ("k-c", "Cat")] {
        let customer = Customer {
            id: id.to_owned(),
            first_name: Some(name.to_owned()),
            ..Customer::default()
        };
        let known = Change::Customer {
            before: None,
            after: Box::new(customer),
        };
        store.apply(vec![known]).await.expect("written");
    }
    for merged in ["k-a", "k-c"] {
        let merge = NewMerge {
            customer: CustomerId::new(merged),
            into: CustomerId::new("k-b"),
            by: ParticipantId::new("ann"),
            at: 1,
        };
        store.apply(vec![Change::MergeCustomers(merge)]).await.expect("merged");
    }
    drop(store);
    let words = |customer: &str| -> i64 {
        let count = "select count(*) from customer_words where customer = ?1";
        let connection = rusqlite::Connection::open(folder.path()).expect("a connection");
        connection
            .query_row(count, [customer], |row| row.get(0))
            .expect("a count")
    };
    let damage = "update customers set record = '5' where id = 'k-c'";
    let connection = rusqlite::Connection::open(folder.path()).expect("a connection");
    connection.execute(damage, []).expect("damaged");
    drop(connection);
    let store = folder.store();
    assert!(words("k-b") > 0, "those of all three");
    let erased = CustomerId::new("k-a");
    let erasure = NewErasure {
        customer: erased.clone(),
        by: ErasedBy::Operator,
        at: 1,
        rule: None,
    };
    store.begin_erasure(erasure).await.expect("begun");
    store.erase_customer(&erased, 2).await.expect("erased");
    store.finish_erasure(&erased, 3).await.expect("recorded");
    assert_eq!(store.erasures(10).await.expect("readable").len(), 1);
    assert_eq!(words("k-b"), 0, "none of the erased one");
}

#[tokio::test]
async fn a_reader_of_an_older_state_delays_the_end_of_an_erasure_and_loses_nothing() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    portico_core::store::conformance::filled(&store, "c", 3).await;
    let mut reader = crate::file::reader(&folder.path()).expect("a reader");
    let snapshot = reader.transaction().expect("a snapshot");
    let count = |snapshot: &rusqlite::Transaction<'_>| -> i64 {
        snapshot
            .query_row("select count(*) from events", [], |row| row.get(0))
            .expect("a count")
    };
    assert_eq!(count(&snapshot), 3);
    portico_core::store::conformance::filled(&store, "d", 2).await;
    assert!(!store.scrub().await.expect("a try"), "it is still read");
    assert_eq!(count(&snapshot), 3);
    drop(snapshot);
    assert!(store.scrub().await.expect("no reader any more"));
}

#[tokio::test]
async fn the_record_is_only_added_to() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    let customer = CustomerId::new("k");
    let erasure = NewErasure {
        customer: customer.clone(),
        by: ErasedBy::Customer,
        at: 1,
        rule: None,
    };
    store.begin_erasure(erasure).await.expect("begun");
    store.erase_customer(&customer, 1).await.expect("erased");
    store.finish_erasure(&customer, 2).await.expect("recorded");
    drop(store);
    let connection = crate::file::writer(&folder.path()).expect("a connection");
    for statement in ["delete from erasures", "update erasures set events = 0"] {
        let refused = connection.execute(statement, []).expect_err(statement).to_string();
        assert!(refused.contains("only added to"), "{refused}");
    }
}

/// What docs/operations.md has an operator do once with a store of an earlier version.
#[tokio::test]
async fn a_store_that_was_compacted_by_hand_is_opened_as_before() {
    let folder = Folder::new(GroupCommit::On);
    portico_core::store::conformance::filled(&folder.store(), "c", 40).await;
    let connection = rusqlite::Connection::open(folder.path()).expect("a connection");
    connection.execute_batch("vacuum").expect("compacted");
    drop(connection);
    let store = folder.store();
    let ids = portico_core::store::conformance::client_ids(&store, "c").await;
    assert_eq!(ids.len(), 40);
}
