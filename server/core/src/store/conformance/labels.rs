//! Labels and attributes of customers.

use super::identities::{found, id, known, states, with};
use crate::store::conformance::World;
use crate::store::{Change, ErasedBy, IdentitySource, NewErasure, Store};

pub(super) fn labels(of: &str, label: &str) -> Change {
    Change::LabelCustomer {
        customer: id(of),
        label: label.to_owned(),
    }
}

async fn labels_of(store: &dyn Store, of: &str) -> Vec<String> {
    let profile = store.profile(&id(of)).await.expect("readable");
    profile.map(|profile| profile.labels).unwrap_or_default()
}

pub async fn a_customer_has_each_of_its_labels_once_and_is_found_by_them(world: &impl World) {
    let store = world.open();
    known(&*store, "ann", "Ann").await;
    known(&*store, "bob", "Bob").await;
    let changes = vec![
        labels("ann", "vip"),
        labels("ann", "no-calls"),
        labels("ann", "vip"),
        labels("bob", "vip"),
        labels("nobody", "vip"),
    ];
    store.apply(changes).await.expect("written");
    drop(store);
    let store = world.open();
    assert_eq!(labels_of(&*store, "ann").await, ["no-calls", "vip"]);
    assert_eq!(found(&*store, "vip").await, ["ann", "bob"]);
    let takes = Change::UnlabelCustomer {
        customer: id("ann"),
        label: "vip".to_owned(),
    };
    store
        .apply(vec![takes.clone(), takes])
        .await
        .expect("also a second time");
    assert_eq!(labels_of(&*store, "ann").await, ["no-calls"]);
    assert_eq!(found(&*store, "vip").await, ["bob"]);
    assert_eq!(labels_of(&*store, "bob").await, ["vip"]);
}

pub async fn labels_of_one_customer_become_anothers(world: &impl World) {
    let store = world.open();
    known(&*store, "visitor", "Visitor").await;
    known(&*store, "ann", "Ann").await;
    let changes = vec![
        labels("visitor", "vip"),
        labels("visitor", "no-calls"),
        labels("ann", "vip"),
        Change::MoveIdentities {
            from: id("visitor"),
            to: id("ann"),
        },
    ];
    store.apply(changes).await.expect("written");
    assert_eq!(labels_of(&*store, "visitor").await, [""; 0]);
    assert_eq!(labels_of(&*store, "ann").await, ["no-calls", "vip"]);
    assert_eq!(found(&*store, "no-calls").await, ["ann"]);
}

fn notes(of: &str, key: &str, value: &str) -> Change {
    Change::SetAttribute {
        customer: id(of),
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

/// What is noted of a customer, as `key=value`.
async fn noted(store: &dyn Store, of: &str) -> Vec<String> {
    let profile = store.profile(&id(of)).await.expect("readable");
    let noted = profile
        .map(|profile| profile.attributes)
        .unwrap_or_default()
        .into_iter();
    noted.map(|(key, value)| format!("{key}={value}")).collect()
}

pub async fn what_is_noted_of_a_customer_is_kept_until_it_is_noted_anew(world: &impl World) {
    let store = world.open();
    for name in ["visitor", "ann"] {
        known(&*store, name, name).await;
    }
    let changes = vec![
        notes("ann", "tea", "black"),
        notes("ann", "tea", "green"),
        notes("ann", "birthday", "1990-02-03"),
        notes("visitor", "tea", "none"),
        notes("visitor", "size", "L"),
        notes("nobody", "tea", "black"),
    ];
    store.apply(changes).await.expect("written");
    drop(store);
    let store = world.open();
    assert_eq!(noted(&*store, "ann").await, ["birthday=1990-02-03", "tea=green"]);
    let forgets = Change::UnsetAttribute {
        customer: id("ann"),
        key: "birthday".to_owned(),
    };
    let moves = Change::MoveIdentities {
        from: id("visitor"),
        to: id("ann"),
    };
    store
        .apply(vec![forgets.clone(), forgets, moves])
        .await
        .expect("written");
    assert_eq!(
        noted(&*store, "ann").await,
        ["size=L", "tea=green"],
        "its own goes before"
    );
    assert_eq!(noted(&*store, "visitor").await, [""; 0]);
    let erasure = NewErasure {
        customer: id("ann"),
        by: ErasedBy::Operator,
        at: 100,
        rule: None,
    };
    store.begin_erasure(erasure).await.expect("begun");
    store.erase_customer(&id("ann"), 200).await.expect("erased");
    store.apply(vec![notes("ann", "tea", "late")]).await.expect("of nobody");
    known(&*store, "ann", "Ann").await;
    assert_eq!(noted(&*store, "ann").await, [""; 0]);
}

pub async fn what_is_said_of_a_customer_goes_with_it(world: &impl World) {
    let store = world.open();
    known(&*store, "ann", "Ann").await;
    let address = states("ann", "email", "ann@example.org", IdentitySource::Agent);
    store
        .apply(vec![address.clone(), labels("ann", "vip")])
        .await
        .expect("written");
    let erasure = NewErasure {
        customer: id("ann"),
        by: ErasedBy::Operator,
        at: 100,
        rule: None,
    };
    store.begin_erasure(erasure).await.expect("begun");
    store.erase_customer(&id("ann"), 200).await.expect("erased");
    store
        .apply(vec![address, labels("ann", "late")])
        .await
        .expect("of nobody");
    assert_eq!(store.profile(&id("ann")).await.expect("readable"), None);
    assert_eq!(with(&*store, "email", "ann@example.org").await, [""; 0]);
    for text in ["ann", "vip", "late"] {
        assert_eq!(found(&*store, text).await, [""; 0], "{text}");
    }
    known(&*store, "ann", "Ann").await;
    assert_eq!(labels_of(&*store, "ann").await, [""; 0], "those of another one");
}
