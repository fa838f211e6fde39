//! The audit log: [`AuditStore`](crate::store::AuditStore).

use super::labels::labels;
use crate::audit::{Attribution, Head, customers, verify, verify_store};
use crate::clock::SystemClock;
use crate::store::conformance::World;
use crate::store::{
    Actor, ActorKind, AuditAction, AuditQuery, AuditRecord, Change, CredentialKind, CredentialRecord, Identity,
    IdentitySource, NewAudit, ObjectKind, Store, StoreError, UserRecord,
};
use portico_shared::ids::{CustomerId, ParticipantId};
use std::collections::{BTreeMap, BTreeSet};

fn act(action: AuditAction, id: &str, at: i64) -> NewAudit {
    NewAudit {
        at,
        actor: Actor {
            kind: ActorKind::User,
            id: "u-1".to_owned(),
            name: "ann".to_owned(),
        },
        action,
        object: ObjectKind::User,
        object_id: id.to_owned(),
        customers: BTreeMap::new(),
        detail: BTreeMap::from([("label".to_owned(), "„vip“\n".to_owned())]),
    }
}

fn noted(action: AuditAction, id: &str, at: i64) -> Change {
    Change::Audit(Box::new(act(action, id, at)))
}

async fn all(store: &dyn Store) -> Vec<AuditRecord> {
    store.audit_after(0, u32::MAX).await.expect("readable")
}

/// The numbers of what a query finds.
async fn numbers(store: &dyn Store, query: AuditQuery) -> Vec<i64> {
    let found = store.audit(query).await.expect("readable");
    found.into_iter().map(|record| record.number).collect()
}

pub async fn records_are_read_back_as_they_were_written_and_make_a_chain(world: &impl World) {
    let store = world.open();
    assert_eq!(all(&*store).await, []);
    let two = [
        noted(AuditAction::Labelled, "k-1", 10),
        noted(AuditAction::Merged, "k-2", 20),
    ];
    store.apply(two.to_vec()).await.expect("written");
    drop(store);
    let store = world.open();
    store
        .apply(vec![noted(AuditAction::Split, "k-3", 15)])
        .await
        .expect("written");
    let records = all(&*store).await;
    let [first, second, third] = &*records else {
        panic!("{records:?}");
    };
    let written = act(AuditAction::Labelled, "k-1", 10);
    let detail: BTreeMap<String, String> = serde_json::from_str(&first.detail).expect("an object of texts");
    assert_eq!((first.number, first.at, detail), (1, 10, written.detail));
    assert_eq!(
        (&*first.actor_kind, &*first.actor_id, &*first.actor_name),
        ("user", "u-1", "ann")
    );
    assert_eq!(
        (&*first.action, &*first.object_kind, &*first.object_id),
        ("customer.labelled", "user", "k-1")
    );
    assert_eq!((second.number, third.number, third.at), (2, 3, 15));
    let head = verify(&records, None).expect("a chain");
    assert_eq!((head.number, head.hash.to_vec()), (3, third.hash.clone()));
    assert_eq!(verify_store(&*store, Some(head)).await.expect("readable"), Ok(head));
    let part = store.audit_after(1, 1).await.expect("readable");
    assert_eq!(part, std::slice::from_ref(second));
}

pub async fn records_are_found_by_time_and_name_the_newest_first(world: &impl World) {
    let store = world.open();
    for (number, action) in (1..=6).zip([AuditAction::SignIn, AuditAction::Merged].into_iter().cycle()) {
        let change = noted(action, "k", number * 10);
        store.apply(vec![change]).await.expect("written");
    }
    let query = |since: Option<i64>, action: Option<AuditAction>, before: Option<i64>, limit: u32| AuditQuery {
        since,
        action: action.map(|action| action.name().to_owned()),
        before,
        limit,
    };
    let merged = Some(AuditAction::Merged);
    for (sought, found) in [
        (query(None, None, None, 9), vec![6, 5, 4, 3, 2, 1]),
        (query(None, None, None, 2), vec![6, 5]),
        (query(None, None, Some(5), 2), vec![4, 3]),
        (query(Some(40), None, None, 9), vec![6, 5, 4]),
        (query(Some(41), None, Some(6), 9), vec![5]),
        (query(Some(61), None, None, 9), vec![]),
        (query(None, merged, None, 9), vec![6, 4, 2]),
        (query(Some(21), merged, Some(6), 9), vec![4]),
        (query(None, Some(AuditAction::Split), None, 9), vec![]),
    ] {
        assert_eq!(numbers(&*store, sought.clone()).await, found, "{sought:?}");
    }
}

/// What is refused leaves no record, and no record is without what it tells of.
pub async fn a_record_and_what_it_tells_of_are_written_together(world: &impl World) {
    let store = world.open();
    let user = |id: &str| UserRecord {
        id: ParticipantId::new(id),
        username: "ann".to_owned(),
        password_hash: String::new(),
        first_name: "Ann".to_owned(),
        last_name: String::new(),
        roles: vec!["agent".to_owned()],
        queues: Vec::new(),
        max_tasks: 1,
        disabled: false,
        provider: None,
    };
    let session = CredentialRecord {
        secret_hash: [7; 32],
        kind: CredentialKind::Staff,
        subject: ParticipantId::new("u-1"),
        label: "session".to_owned(),
        scopes: Vec::new(),
        issued_at: Some(1),
        expires_at: None,
        revoked: false,
        prefix: None,
        used: None,
    };
    let changes = vec![
        Change::User(Box::new(user("u-1"))),
        Change::Credential(Box::new(session.clone())),
        noted(AuditAction::UserAdded, "u-1", 1),
    ];
    store.apply(changes).await.expect("written");
    let id = ParticipantId::new("u-1");
    assert_eq!(store.user(&id).await.expect("readable"), Some(user("u-1")));
    assert_eq!(store.sessions(&id).await.expect("readable"), [session]);
    assert_eq!(all(&*store).await.len(), 1);

    let taken = vec![
        noted(AuditAction::UserAdded, "u-2", 2),
        labels("k", "vip"),
        Change::User(Box::new(user("u-2"))),
    ];
    store.apply(taken).await.expect_err("the name is taken");
    let split = Change::MergeCustomers(crate::store::NewMerge {
        customer: super::identities::id("k"),
        into: super::identities::id("l"),
        by: id.clone(),
        at: 3,
    });
    let refused = store.apply(vec![split, noted(AuditAction::Merged, "k", 3)]).await;
    assert!(matches!(refused, Err(StoreError::CustomerChanged(_))), "{refused:?}");
    let ended = vec![
        Change::EndSessions(id.clone()),
        noted(AuditAction::SessionsRevoked, "u-1", 4),
    ];
    store.apply(ended).await.expect("written");
    assert_eq!(store.sessions(&id).await.expect("readable"), []);
    let records = all(&*store).await;
    let actions: Vec<&str> = records.iter().map(|record| &*record.action).collect();
    assert_eq!(actions, ["user.added", "user.sessions_revoked"]);
    assert!(verify(&records, None).is_ok());
}

/// Two who do the same at once have seen that it is not done.
pub async fn a_record_is_left_out_where_nothing_changes(world: &impl World) {
    let store = world.open();
    let id = super::identities::id("ann");
    super::identities::known(&*store, "ann", "Ann").await;
    let identity = |identifier: &str| Identity {
        channel: "email".to_owned(),
        identifier: identifier.to_owned(),
        key: "ann@example.org".to_owned(),
        said_by: IdentitySource::Agent,
        said_at: Some(1),
    };
    let customer = || id.clone();
    let states = |identifier: &str| Change::StateIdentity {
        customer: customer(),
        identity: identity(identifier),
    };
    let set = |value: &str| Change::SetAttribute {
        customer: customer(),
        key: "plan".to_owned(),
        value: value.to_owned(),
    };
    let changes = [
        (labels("ann", "vip"), 1),
        (labels("ann", "vip"), 0),
        (labels("nobody", "vip"), 0),
        (unlabels(&id), 1),
        (unlabels(&id), 0),
        (set("gold"), 1),
        (set("gold"), 0),
        (set("blue"), 1),
        (unsets(&id), 1),
        (unsets(&id), 0),
        (states("ann@example.org"), 1),
        (states("ann@example.org"), 0),
        (states("Ann@example.org"), 1),
        (retracts(&id), 1),
        (retracts(&id), 0),
        (undoes(&id), 0),
        (Change::EndSessions(ParticipantId::new("u-1")), 0),
        (Change::EndSessions(ParticipantId::new("u-2")), 1),
        (Change::EndSessions(ParticipantId::new("u-2")), 0),
    ];
    let open = super::credentials::session(1, "u-2", 1_000);
    store.put_credential(open).await.expect("written");
    let mut expected = 0;
    for (change, records) in changes {
        let told = format!("{change:?}");
        let record = Change::AuditIfChanged(Box::new(act(AuditAction::Labelled, "x", 1)));
        store.apply(vec![change, record]).await.expect("written");
        expected += records;
        assert_eq!(all(&*store).await.len(), expected, "{told}");
    }
}

fn unlabels(customer: &CustomerId) -> Change {
    Change::UnlabelCustomer {
        customer: customer.clone(),
        label: "vip".to_owned(),
    }
}

fn unsets(customer: &CustomerId) -> Change {
    Change::UnsetAttribute {
        customer: customer.clone(),
        key: "plan".to_owned(),
    }
}

fn retracts(customer: &CustomerId) -> Change {
    Change::RetractIdentities {
        customer: customer.clone(),
        channel: "email".to_owned(),
        said_by: IdentitySource::Agent,
        key: None,
    }
}

fn undoes(customer: &CustomerId) -> Change {
    Change::UndoMerge {
        customer: customer.clone(),
        by: ParticipantId::new("bob"),
        at: 9,
    }
}

/// A customer's id can follow from what its site calls it.
pub async fn a_record_names_a_customer_in_a_way_that_leads_nowhere_after_an_erasure(world: &impl World) {
    let store = world.open();
    let [ann, bob] = ["ann", "bob"].map(super::identities::id);
    for name in ["ann", "bob"] {
        super::identities::known(&*store, name, name).await;
    }
    let by = Attribution::operator(&SystemClock::default());
    let merged = || {
        Change::Audit(Box::new(
            by.on_customer(AuditAction::Merged, &ann).with_customer("into", &bob),
        ))
    };
    store.apply(vec![merged()]).await.expect("written");
    let records = all(&*store).await;
    let name = records[0].object_id.clone();
    let told = format!("{records:?}");
    assert!(!told.contains("\"ann\"") && !told.contains("bob"), "{told}");
    let meant = customers(&*store, &records).await.expect("readable");
    assert_eq!(meant.get(&name), Some(&ann));
    assert_eq!(meant.values().collect::<Vec<_>>().len(), 2);
    let again = store.apply(vec![merged()]).await;
    again.expect("written");
    assert_eq!(all(&*store).await[1].object_id, name, "one customer has one name");

    let erasure = crate::erasing::new(ann.clone(), crate::store::ErasedBy::Operator, 100);
    store.begin_erasure(erasure).await.expect("begun");
    store.erase_customer(&ann, 110).await.expect("erased");
    let meant = customers(&*store, &records).await.expect("readable");
    assert_eq!(meant.values().collect::<Vec<_>>(), [&bob]);
    store.apply(vec![merged()]).await.expect("written");
    super::identities::known(&*store, "ann", "Ann").await;
    store.apply(vec![merged()]).await.expect("written");
    let records = all(&*store).await;
    let names: BTreeSet<&String> = records[1..].iter().map(|record| &record.object_id).collect();
    assert_eq!(names.len(), 3, "{records:?}");
    let verified = verify_store(&*store, None).await.expect("readable");
    assert_eq!(verified.map(|head| head.number), Ok(4));
}

pub async fn acts_at_once_make_one_chain(world: &impl World) {
    let store = world.open();
    let acts = (0..50).map(|number| {
        let (store, change) = (
            store.clone(),
            noted(AuditAction::SignIn, &format!("u-{number}"), number),
        );
        async move { store.apply(vec![change]).await.expect("written") }
    });
    futures_util::future::join_all(acts).await;
    let head = verify_store(&*store, None).await.expect("readable");
    assert_eq!(head.map(|head| head.number), Ok(50));
    assert_ne!(head, Ok(Head::default()));
}

pub async fn an_erasure_that_is_done_has_a_record_which_does_not_say_whose_it_was(world: &impl World) {
    let store = world.open();
    let id = super::identities::id("ann");
    super::identities::known(&*store, "ann", "Ann").await;
    let erasure = crate::erasing::new(id.clone(), crate::store::ErasedBy::Operator, 100);
    store.begin_erasure(erasure).await.expect("begun");
    store.erase_customer(&id, 110).await.expect("erased");
    assert_eq!(all(&*store).await, [], "it is not done");
    let done = store.finish_erasure(&id, 120).await.expect("recorded").expect("one");
    store.finish_erasure(&id, 130).await.expect("nothing to do");
    let records = all(&*store).await;
    let [record] = &*records else {
        panic!("{records:?}");
    };
    assert_eq!(
        (&*record.action, &*record.actor_kind, record.at),
        ("customer.erased", "operator", 120)
    );
    assert_eq!(
        (&*record.object_kind, &*record.object_id),
        ("erasure", &*done.number.to_string())
    );
    assert!(!record.detail.contains("ann"), "{}", record.detail);
}
