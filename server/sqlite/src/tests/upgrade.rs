//! Stores of earlier versions.

use crate::tests::Folder;
use crate::{GroupCommit, Incomplete, SqliteStore, backup, check, restore};
use portico_core::customers::words::sought;
use portico_core::store::conformance::{client_ids, conversation, filled, post, step};
use portico_core::store::{
    Change, ConversationRecord, ConversationStore, IdentitySource, IdentityStore, LogStore, Profile, RetentionStore,
    Store, WordSearch,
};
use portico_shared::cim::Customer;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::frame::Range;
use portico_shared::ids::{ConversationId, Seq};
use rusqlite::Connection;
use serde_json::json;

/// What version 1 looked like, and the content of a store of today in it.
const FIRST: &str = include_str!("../../migrations/0001_initial.sql");
const FILL_FIRST: &str = "
    insert into meta select * from today.meta;
    insert into customers select * from today.customers;
    insert into conversations (number, id, head, customer, channel_session, revision, started_at, record)
    select number, id, head, customer, channel_session, revision, started_at, json_set(
        record, '$.head', head, '$.last_message', last_message, '$.waiting_since', waiting_since)
    from today.conversations join today.heads on heads.conversation = number;
    insert into sessions select * from today.sessions;
    insert into events (id, conversation, seq, message, timestamp, author, client_id, revision, event, checksum)
    select id, conversation, seq, message, timestamp, author, client_id, revision, event, checksum
    from today.events;
    pragma user_version = 1;";

/// The store as version 1 would have written it.
fn first(today: &Folder) -> Folder {
    let folder = Folder::new(GroupCommit::On);
    std::fs::create_dir_all(folder.path().parent().expect("a folder")).expect("made");
    let connection = Connection::open(folder.path()).expect("a file");
    connection.execute_batch(FIRST).expect("the schema");
    connection
        .execute("attach ?1 as today", [today.path().to_str().expect("a path")])
        .expect("attached");
    connection.execute_batch(FILL_FIRST).expect("copied");
    connection
        .pragma_update(None, "application_id", u32::from_be_bytes(*b"Port"))
        .expect("marked");
    folder
}

async fn everything(store: &SqliteStore) -> String {
    let mut all = String::new();
    for id in ["c", "d"].map(ConversationId::new) {
        let record = store.conversation(&id).await.expect("readable");
        let page = store
            .page(&id, Range::After(Seq::START), 1_000)
            .await
            .expect("readable");
        let middle = store.page(&id, Range::Before(Seq(37)), 3).await.expect("readable");
        all.push_str(&format!("{record:?}\n{page:?}\n{middle:?}\n"));
    }
    all
}

/// What is over, of a store that did not ask for it: by what its records say.
#[tokio::test]
async fn conversations_of_version_1_that_are_over_are_found() {
    let today = Folder::new(GroupCommit::On);
    let store = today.store();
    let closed = |id: &str| ConversationRecord {
        ended_at: Some(7),
        state: ConversationState::Closed,
        ..conversation(id, 0)
    };
    for record in [
        closed("over"),
        conversation("live", 0),
        ConversationRecord {
            state: ConversationState::WrapUp,
            ..closed("noted")
        },
        ConversationRecord {
            erased: true,
            ..closed("gone")
        },
        closed("worded"),
    ] {
        let mut commit = step(record.id.as_str(), 0, Vec::new());
        commit.conversation = record;
        store.commit(commit).await.expect("written");
    }
    drop(store);
    let old = first(&today);
    let damage = Connection::open(old.path()).expect("opened");
    let said = "update conversations set record = json_set(record, '$.ended_at', 'yesterday') where id = 'worded'";
    damage.execute(said, []).expect("damaged");
    drop(damage);
    let store = old.store();
    let over = store.ended_conversations("shop", 8, None, 10).await.expect("readable");
    let over: Vec<&str> = over.iter().map(|ended| ended.id.as_str()).collect();
    assert_eq!(over, ["over"]);
}

#[tokio::test]
async fn a_store_of_version_1_is_carried_over_whole_and_goes_on() {
    let today = Folder::new(GroupCommit::On);
    let store = today.store();
    filled(&store, "c", 70).await;
    filled(&store, "d", 3).await;
    let record = ConversationRecord {
        waiting_since: Some(5),
        last_message: Some(Seq(3)),
        ..conversation("d", 4)
    };
    let mut fourth = step("d", 3, vec![post("d", "a", "d-4")]);
    fourth.conversation = record;
    fourth.changes = vec![Change::Customer {
        before: None,
        after: Box::new(Customer {
            id: "k".to_owned(),
            ..Customer::default()
        }),
    }];
    assert_eq!(store.commit(fourth).await.expect("written"), None);
    let before = everything(&store).await;
    drop(store);

    let folder = first(&today);
    let store = folder.store();
    assert_eq!(everything(&store).await, before);
    let next = step("c", 70, vec![post("c", "a", "c-71")]);
    assert_eq!(store.commit(next).await.expect("written"), None);
    let again = step("c", 71, vec![post("c", "a", "c-70")]);
    assert!(matches!(
        store.commit(again).await.expect("answered"),
        Some(posted) if posted.seq == Seq(70)
    ));
}

/// What a relay of version 1 has left, closed or killed, is checked, copied and restored like a store of today.
#[tokio::test]
async fn a_store_of_version_1_is_copied_and_restored() {
    let today = Folder::new(GroupCommit::On);
    filled(&today.store(), "c", 70).await;
    let old = first(&today);
    let killed = Folder::new(GroupCommit::On);
    std::fs::create_dir_all(killed.path().parent().expect("a folder")).expect("made");
    {
        let running = Connection::open(old.path()).expect("opened");
        running.pragma_update(None, "journal_mode", "wal").expect("set");
        running
            .execute_batch("insert into meta (name, value) values ('probe', '1')")
            .expect("in the log");
        for suffix in ["", "-wal"] {
            let [from, to] = [&old, &killed].map(|store| crate::file::beside(&store.path(), suffix));
            std::fs::copy(from, to).expect("copied");
        }
    }
    for store in [&old, &killed] {
        check(&store.path()).expect("sound");
        let (copied, restored) = (Folder::new(GroupCommit::On), Folder::new(GroupCommit::On));
        for folder in [&copied, &restored] {
            std::fs::create_dir_all(folder.path().parent().expect("a folder")).expect("made");
        }
        backup(&store.path(), &copied.path()).expect("copied");
        for copy in [store, &copied] {
            restore(&restored.path(), &copy.path(), Incomplete::Refused, ".before").expect("restored");
            let opened = restored.store();
            assert_eq!(client_ids(&opened, "c").await.len(), 70);
            drop(opened);
            std::fs::remove_file(restored.path()).expect("there");
        }
    }
}

/// What stood in the records of a store before it had words and identities is found all the same.
#[tokio::test]
async fn customers_of_before_are_found_by_name_and_by_what_their_site_vouches_for() {
    let folder = Folder::new(GroupCommit::On);
    let store = folder.store();
    for (id, is_anonymous) in [("k-1", false), ("k-2", true)] {
        let mut customer = Customer {
            id: id.to_owned(),
            first_name: Some("Zoë".to_owned()),
            is_anonymous: Some(is_anonymous),
            ..Customer::default()
        };
        customer.extra.insert("email".to_owned(), json!("Zoe@Example.org"));
        let change = Change::Customer {
            before: None,
            after: Box::new(customer),
        };
        store.apply(vec![change]).await.expect("written");
    }
    drop(store);
    let folder = first(&folder);
    let connection = Connection::open(folder.path()).expect("opened");
    let unreadable = "insert into customers (id, record) values ('k-0', '[]')";
    connection.execute_batch(unreadable).expect("as it was");
    drop(connection);

    let store = folder.store();
    let search = |text: &str| WordSearch {
        words: sought(text),
        after: None,
        limit: 10,
    };
    let ids = |profiles: Vec<Profile>| {
        profiles
            .into_iter()
            .map(|profile| profile.customer.id)
            .collect::<Vec<_>>()
    };
    let found = store.search_profiles(search("zoe")).await.expect("readable");
    assert_eq!(ids(found.profiles), ["k-1", "k-2"]);
    let with = store.profiles_with("email", "zoe@example.org", None, 10).await;
    let with = with.expect("readable");
    assert_eq!(with[0].identities[0].said_by, IdentitySource::Site);
    assert_eq!(ids(with), ["k-1"], "nobody vouches for a visitor");
}
