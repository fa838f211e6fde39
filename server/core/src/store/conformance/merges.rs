//! Customers whom colleagues call one person.

use super::identities::{found, id, identities, known, states, with};
use super::labels::labels;
use crate::store::conformance::World;
use crate::store::{Change, ErasedBy, IdentitySource, NewErasure, NewMerge, Profile, Store, StoreError};
use portico_shared::ids::ParticipantId;

fn merges(customer: &str, into: &str) -> Change {
    Change::MergeCustomers(NewMerge {
        customer: id(customer),
        into: id(into),
        by: ParticipantId::new("sue"),
        at: 5,
    })
}

fn undoes(customer: &str) -> Change {
    Change::UndoMerge {
        customer: id(customer),
        by: ParticipantId::new("bob"),
        at: 9,
    }
}

/// More merges than are told at once.
pub async fn merges_of_one_customer_are_read_in_parts(world: &impl World) {
    const TIMES: i64 = 130;
    let store = world.open();
    three(&*store).await;
    for _ in 0..TIMES {
        let changes = vec![merges("b", "a"), undoes("b")];
        store.apply(changes).await.expect("merged and undone");
    }
    let (mut numbers, mut before) = (Vec::new(), None);
    loop {
        let part = store.merges_of(&id("a"), before).await.expect("readable");
        let Some(last) = part.last() else {
            break;
        };
        assert!(part.len() <= 100);
        before = Some(last.number);
        numbers.extend(part.iter().map(|record| record.number));
    }
    assert_eq!(numbers, (1..=TIMES).rev().collect::<Vec<_>>());
}

async fn shown(store: &dyn Store, of: &str) -> Option<Profile> {
    store.profile(&id(of)).await.expect("readable")
}

/// As whom a customer is shown, and with whom.
async fn tree(store: &dyn Store, of: &str) -> Vec<String> {
    let profile = shown(store, of).await.expect("known");
    profile.parts().map(|part| part.customer.id.clone()).collect()
}

/// Ann Lee with an address and a label, A. Lee with the address and a number, and Berta.
async fn three(store: &dyn Store) {
    for (id, name) in [("a", "Ann Lee"), ("b", "Lee"), ("c", "Berta")] {
        known(store, id, name).await;
    }
    let said = vec![
        states("a", "email", "lee@example.org", IdentitySource::Site),
        states("b", "email", "Lee@example.org", IdentitySource::Customer),
        states("b", "phone", "+1 555 0100", IdentitySource::Customer),
        labels("a", "vip"),
    ];
    store.apply(said).await.expect("written");
}

pub async fn customers_who_are_merged_are_shown_and_found_as_one(world: &impl World) {
    let store = world.open();
    three(&*store).await;
    store.apply(vec![merges("b", "a")]).await.expect("merged");
    drop(store);

    let store = world.open();
    for either in ["a", "b"] {
        assert_eq!(tree(&*store, either).await, ["a", "b"], "{either}");
    }
    let profile = shown(&*store, "a").await.expect("known");
    assert_eq!(profile.identities.len(), 1, "each has its own");
    assert_eq!(profile.said().count(), 3);
    for text in ["ann 0100", "vip 0100", "lee", "lee@example"] {
        assert_eq!(found(&*store, text).await, ["a"], "{text}");
    }
    assert_eq!(with(&*store, "email", "lee@example.org").await, ["a"], "once");
    assert_eq!(with(&*store, "phone", "15550100").await, ["a"]);
    let later = vec![
        states("b", "email", "new@example.org", IdentitySource::Customer),
        labels("b", "late"),
    ];
    store.apply(later).await.expect("written");
    assert_eq!(
        found(&*store, "ann new@example late").await,
        ["a"],
        "what is said later"
    );
    assert_eq!(with(&*store, "email", "new@example.org").await, ["a"]);
    let customer = store.customer(&id("b")).await.expect("readable").expect("known");
    assert_eq!(customer.first_name.as_deref(), Some("Lee"), "nothing of it moves");
    let known_by = store.customer_by_identity("web", "site|b").await.expect("readable");
    assert_eq!(known_by.expect("known").id, "b");
}

pub async fn a_merge_that_is_undone_leaves_customers_as_they_would_be(world: &impl World) {
    let store = world.open();
    three(&*store).await;
    store.apply(vec![merges("b", "a")]).await.expect("merged");
    let meanwhile = states("b", "email", "new@example.org", IdentitySource::Customer);
    store.apply(vec![meanwhile]).await.expect("written");
    store.apply(vec![undoes("b")]).await.expect("undone");
    store.apply(vec![undoes("b")]).await.expect("also a second time");
    assert_eq!(tree(&*store, "a").await, ["a"]);
    assert_eq!(tree(&*store, "b").await, ["b"]);
    assert_eq!(identities(&*store, "b").await.len(), 3);
    for (text, expected) in [
        ("lee", &["a", "b"][..]),
        ("0100", &["b"]),
        ("vip", &["a"]),
        ("new@example", &["b"]),
    ] {
        assert_eq!(found(&*store, text).await, expected, "{text}");
    }
    assert_eq!(with(&*store, "email", "lee@example.org").await, ["a", "b"]);

    store.apply(vec![merges("a", "b")]).await.expect("the other way round");
    assert_eq!(tree(&*store, "a").await, ["b", "a"]);
    let record = store.merges_of(&id("a"), None).await.expect("readable");
    assert_eq!(record, store.merges_of(&id("b"), None).await.expect("readable"));
    let told: Vec<_> = record
        .iter()
        .map(|one| (one.merge.customer.as_str(), one.merge.into.as_str(), one.undone_at))
        .collect();
    assert_eq!(told, [("a", "b", None), ("b", "a", Some(9))]);
    assert_eq!(record[1].undone_by, Some(ParticipantId::new("bob")));
    assert_eq!((record[1].merge.by.as_str(), record[1].merge.at), ("sue", 5));
}

pub async fn only_customers_who_are_shown_as_themselves_are_merged(world: &impl World) {
    let store = world.open();
    three(&*store).await;
    store.apply(vec![merges("b", "a")]).await.expect("merged");
    for (customer, into) in [
        ("b", "c"),
        ("c", "b"),
        ("a", "b"),
        ("a", "a"),
        ("nobody", "a"),
        ("a", "nobody"),
    ] {
        let refused = store.apply(vec![merges(customer, into)]).await;
        assert!(
            matches!(refused, Err(StoreError::CustomerChanged(_))),
            "{customer} {into}"
        );
    }
    store
        .apply(vec![merges("a", "c")])
        .await
        .expect("with what is merged into it");
    assert_eq!(tree(&*store, "b").await, ["c", "a", "b"]);
    assert_eq!(found(&*store, "berta vip 0100").await, ["c"]);
    store.apply(vec![undoes("a")]).await.expect("undone");
    assert_eq!(tree(&*store, "b").await, ["a", "b"], "as before");
    assert_eq!(found(&*store, "0100").await, ["a"]);
    assert_eq!(found(&*store, "berta").await, ["c"]);
    assert_eq!(found(&*store, "berta 0100").await, [""; 0]);
}

pub async fn of_customers_who_are_one_each_is_erased_by_itself(world: &impl World) {
    let store = world.open();
    three(&*store).await;
    store.apply(vec![merges("b", "a")]).await.expect("merged");
    store.apply(vec![merges("a", "c")]).await.expect("merged");
    let erasure = NewErasure {
        customer: id("a"),
        by: ErasedBy::Operator,
        at: 100,
        rule: None,
    };
    store.begin_erasure(erasure).await.expect("begun");
    store.erase_customer(&id("a"), 200).await.expect("erased");
    assert_eq!(shown(&*store, "a").await, None);
    assert_eq!(tree(&*store, "b").await, ["b"]);
    assert_eq!(tree(&*store, "c").await, ["c"]);
    for (text, expected) in [
        ("lee@example", &["b"][..]),
        ("0100", &["b"]),
        ("berta", &["c"]),
        ("ann", &[]),
        ("vip", &[]),
    ] {
        assert_eq!(found(&*store, text).await, expected, "{text}");
    }
    assert_eq!(
        store.merges_of(&id("b"), None).await.expect("readable"),
        [],
        "it would name the other one"
    );
}
