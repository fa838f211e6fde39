//! Customers, their identities and their activities.

use crate::store::conformance::{World, author, message};
use crate::store::{Change, Store, StoreError};
use portico_shared::cim::Customer;
use portico_shared::ids::{ClientId, CustomerId};
use serde_json::{Value, json};

fn customer(id: &str, more: Value) -> Customer {
    let mut record = json!({ "_id": id, "firstName": "Sample", "phoneNumber": [], "isAnonymous": true, "__v": 0 });
    let (Value::Object(record_fields), Value::Object(more)) = (&mut record, more) else {
        panic!("objects")
    };
    record_fields.extend(more);
    serde_json::from_value(record).expect("a customer")
}

/// Writes a customer over what the store has of it.
async fn put(store: &dyn Store, customer: Customer) -> Result<(), StoreError> {
    let before = store.customer(&CustomerId::new(customer.id.as_str())).await?;
    store.apply(vec![written(before, customer)]).await
}

fn written(before: Option<Customer>, after: Customer) -> Change {
    Change::Customer {
        before: before.map(Box::new),
        after: Box::new(after),
    }
}

async fn owner(store: &dyn Store, channel: &str, identifier: &str) -> Option<String> {
    store
        .customer_by_identity(channel, identifier)
        .await
        .expect("readable")
        .map(|customer| customer.id)
}

pub async fn a_customer_is_found_by_every_identity(world: &impl World) {
    let store = world.open();
    let ann = customer(
        "ann",
        json!({ "web": ["1", "2"], "email": ["ann@example.org"], "vip": { "since": 2020 } }),
    );
    put(&*store, ann.clone()).await.expect("written");
    assert_eq!(
        store.customer(&CustomerId::new("ann")).await.expect("readable"),
        Some(ann.clone())
    );
    assert_eq!(
        store.customer_by_identity("web", "2").await.expect("readable"),
        Some(ann)
    );
    assert_eq!(owner(&*store, "email", "ann@example.org").await.as_deref(), Some("ann"));
    assert_eq!(owner(&*store, "whatsapp", "1").await, None);
    assert_eq!(store.customer(&CustomerId::new("bob")).await.expect("readable"), None);

    put(&*store, customer("ann", json!({ "web": ["2", "3"] })))
        .await
        .expect("replaced");
    assert_eq!(owner(&*store, "web", "1").await, None);
    assert_eq!(owner(&*store, "web", "3").await.as_deref(), Some("ann"));
}

pub async fn an_identity_belongs_to_one_customer(world: &impl World) {
    let store = world.open();
    put(&*store, customer("ann", json!({ "web": ["1"] })))
        .await
        .expect("written");
    let error = put(&*store, customer("bob", json!({ "web": ["2", "1"] })))
        .await
        .expect_err("taken");
    assert!(
        matches!(&error, StoreError::Taken(owner) if owner.as_str() == "ann"),
        "{error:?}"
    );
    assert_eq!(owner(&*store, "web", "1").await.as_deref(), Some("ann"));
    assert_eq!(owner(&*store, "web", "2").await, None);
    assert_eq!(store.customer(&CustomerId::new("bob")).await.expect("readable"), None);
}

pub async fn an_identity_moves_in_one_step(world: &impl World) {
    let store = world.open();
    let ann = customer("ann", json!({ "web": ["1"] }));
    put(&*store, ann.clone()).await.expect("written");
    let moved = vec![
        written(Some(ann), customer("ann", json!({ "web": [] }))),
        written(None, customer("bob", json!({ "web": ["1"] }))),
    ];
    store.apply(moved).await.expect("written");
    assert_eq!(owner(&*store, "web", "1").await.as_deref(), Some("bob"));
}

pub async fn a_customer_that_was_written_meanwhile_is_not_written_over(world: &impl World) {
    let store = world.open();
    let id = CustomerId::new("ann");
    let read = customer("ann", json!({ "web": ["1"], "score": 1.10 }));
    store.apply(vec![written(None, read.clone())]).await.expect("created");
    let merged = customer("ann", json!({ "web": ["1", "visitor"], "score": 1.10 }));
    let merge = written(Some(read.clone()), merged.clone());
    store.apply(vec![merge.clone()]).await.expect("as it was read");
    for stale in [
        merge,
        written(None, read.clone()),
        written(Some(customer("ann", json!({}))), read),
    ] {
        let result = store.apply(vec![stale]).await;
        assert!(
            matches!(&result, Err(StoreError::CustomerChanged(which)) if *which == id),
            "{result:?}"
        );
    }
    let gone = written(
        Some(customer("bob", json!({}))),
        customer("bob", json!({ "web": ["2"] })),
    );
    assert!(matches!(
        store.apply(vec![gone]).await,
        Err(StoreError::CustomerChanged(_))
    ));
    assert_eq!(store.customer(&id).await.expect("readable"), Some(merged));
    assert_eq!(owner(&*store, "web", "visitor").await.as_deref(), Some("ann"));
    assert_eq!(owner(&*store, "web", "2").await, None);
}

pub async fn labels_are_no_identities(world: &impl World) {
    let store = world.open();
    for id in ["ann", "bob"] {
        let shared = json!({ "labels": ["vip"], "phoneNumber": ["+100"], "web": [""], "voice": [""] });
        put(&*store, customer(id, shared))
            .await
            .expect("nothing that must be unique");
    }
    assert_eq!(owner(&*store, "web", "").await, None);
}

pub async fn activities_of_one_customer_become_anothers(world: &impl World) {
    let store = world.open();
    let activity = |of: &str, id: &str| Change::CustomerActivity {
        customer: CustomerId::new(of),
        event: Box::new(message("none", id, id)),
        author: author("app"),
        client_id: Some(ClientId::new(id)),
    };
    let changes = vec![activity("visitor", "1"), activity("ann", "2"), activity("bob", "3")];
    store.apply(changes).await.expect("written");
    let moved = Change::MoveActivities {
        from: CustomerId::new("visitor"),
        to: CustomerId::new("ann"),
    };
    store.apply(vec![moved]).await.expect("written");
    for (of, expected) in [("visitor", &[][..]), ("ann", &["e-2", "e-1"]), ("bob", &["e-3"])] {
        let found = store.activities_of_customer(&CustomerId::new(of), i64::MAX, 10).await;
        let found = found.expect("readable");
        assert_eq!(
            found.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(),
            expected,
            "{of}"
        );
    }
    let first = store
        .activity(&author("app"), &ClientId::new("1"))
        .await
        .expect("readable");
    assert_eq!(first.map(|(of, _)| of), Some(CustomerId::new("ann")));
}

pub async fn an_activity_is_kept_once(world: &impl World) {
    let store = world.open();
    let activity = |id: &str, client_id: Option<&str>| Change::CustomerActivity {
        customer: CustomerId::new("ann"),
        event: Box::new(message("none", id, id)),
        author: author("app"),
        client_id: client_id.map(ClientId::new),
    };
    let changes = vec![
        activity("1", Some("x")),
        activity("2", Some("x")),
        activity("3", None),
        activity("4", None),
    ];
    store.apply(changes).await.expect("written");
    store
        .apply(vec![activity("5", Some("x")), activity("6", Some("y"))])
        .await
        .expect("written");
    let kept = store
        .activities_of_customer(&CustomerId::new("ann"), i64::MAX, 10)
        .await
        .expect("readable");
    assert_eq!(
        kept.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(),
        ["e-6", "e-4", "e-3", "e-1"]
    );
    assert_eq!(
        store
            .activities_of_customer(&CustomerId::new("ann"), i64::MAX, 2)
            .await
            .expect("readable"),
        kept[..2]
    );
    let (mut paged, mut before) = (Vec::new(), None);
    loop {
        let part = store.earlier_activities(&CustomerId::new("ann"), before, 3).await;
        let part = part.expect("readable");
        let Some((last, _)) = part.last() else {
            break;
        };
        before = Some(*last);
        paged.extend(part.into_iter().map(|(_, event)| event));
    }
    assert_eq!(paged, kept, "of one time, and each once");
    let at = kept[0].timestamp.ms();
    for (until, expected) in [(at, &kept[..]), (at - 1, &[])] {
        let found = store.activities_of_customer(&CustomerId::new("ann"), until, 10).await;
        assert_eq!(found.expect("readable"), expected);
    }
    assert!(
        store
            .activities_of_customer(&CustomerId::new("bob"), i64::MAX, 2)
            .await
            .expect("readable")
            .is_empty()
    );
}
