//! The audit log: [`AuditStore`](crate::store::AuditStore).

use super::labels::labels;
use crate::audit::{Head, verify, verify_store};
use crate::store::conformance::World;
use crate::store::{
    Actor, ActorKind, AuditAction, AuditQuery, AuditRecord, Change, CredentialKind, CredentialRecord, NewAudit,
    ObjectKind, Store, StoreError, UserRecord,
};
use portico_shared::ids::ParticipantId;
use std::collections::BTreeMap;

fn act(action: AuditAction, id: &str, at: i64) -> NewAudit {
    NewAudit {
        at,
        actor: Actor {
            kind: ActorKind::User,
            id: "u-1".to_owned(),
            name: "ann".to_owned(),
        },
        action,
        object: ObjectKind::Customer,
        object_id: id.to_owned(),
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
        ("customer.labelled", "customer", "k-1")
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
