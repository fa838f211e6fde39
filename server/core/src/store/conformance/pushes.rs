//! Browsers that want notifications, and what they are still to be told: [`PushStore`].
//!
//! [`PushStore`]: crate::store::PushStore

use crate::store::conformance::{World, conversation_id, filled, post, step};
use crate::store::{Change, NewPush, PushKey, PushRecord, PushSubscription, Store};
use portico_shared::ids::{CustomerId, Seq};

const MOST: u32 = 3;

fn browser(customer: &str, name: &str, updated_at: i64) -> PushSubscription {
    PushSubscription {
        customer: CustomerId::new(customer),
        channel: "shop".to_owned(),
        endpoint: format!("https://push.example/{name}"),
        p256dh: vec![4, 1, 2],
        auth: vec![7; 16],
        page: "https://shop.example/tents".to_owned(),
        note: "New message".to_owned(),
        updated_at,
    }
}

fn told(customer: &str, conversation: &str, seq: u64, due_at: i64) -> Change {
    Change::Push(NewPush {
        customer: CustomerId::new(customer),
        channel: "shop".to_owned(),
        conversation: conversation_id(conversation),
        seq: Seq(seq),
        due_at,
        expires_at: due_at + 1_000,
    })
}

async fn subscribe(store: &dyn Store, browser: PushSubscription) {
    let proven_at = browser.updated_at;
    store.subscribe(browser, proven_at, MOST).await.expect("written");
}

async fn apply(store: &dyn Store, change: Change) {
    store.apply(vec![change]).await.expect("written");
}

async fn claim(store: &dyn Store, now: i64, lease_until: i64) -> Vec<PushRecord> {
    let claimed = store.claim_pushes(now, lease_until, 10).await.expect("claimed");
    let mut claimed: Vec<_> = claimed.into_iter().collect();
    claimed.sort_by(|a, b| a.to.endpoint.cmp(&b.to.endpoint));
    claimed
}

/// Whom an event of customer `customer` would reach.
async fn reached(store: &dyn Store, customer: &str) -> Vec<String> {
    apply(store, told(customer, "reached", 1, 0)).await;
    let claimed = claim(store, 0, 1).await;
    for push in &claimed {
        apply(store, Change::SettlePush(push.key.clone())).await;
    }
    claimed.into_iter().map(|push| push.to.endpoint).collect()
}

pub async fn an_event_is_told_to_each_browser_of_its_customer_on_the_channel(world: &impl World) {
    let store = world.open();
    let elsewhere = PushSubscription {
        channel: "other".to_owned(),
        ..browser("k", "c", 1)
    };
    for one in [
        browser("k", "a", 1),
        browser("k", "b", 1),
        elsewhere,
        browser("l", "d", 1),
    ] {
        subscribe(&*store, one).await;
    }
    assert_eq!(store.next_push().await.expect("readable"), None);
    let mut commit = step("c", 0, vec![post("c", "a", "1")]);
    commit.changes = vec![told("k", "c", 1, 50)];
    store.commit(commit).await.expect("written");
    drop(store);
    let store = world.open();
    assert_eq!(store.next_push().await.expect("readable"), Some(50));
    assert!(claim(&*store, 49, 100).await.is_empty());
    let claimed = claim(&*store, 50, 100).await;
    let [first, second] = claimed.as_slice() else {
        panic!("{claimed:?}");
    };
    assert_eq!(first.to, browser("k", "a", 1));
    assert_eq!(second.to, browser("k", "b", 1));
    assert_eq!((first.key.seq, first.attempts, first.expires_at), (Seq(1), 0, 1_050));
    assert_eq!(store.next_push().await.expect("readable"), Some(100), "it is leased");
}

pub async fn the_newest_event_takes_the_place_of_those_before(world: &impl World) {
    let store = world.open();
    subscribe(&*store, browser("k", "a", 1)).await;
    apply(&*store, told("k", "c", 1, 50)).await;
    apply(&*store, told("k", "c", 2, 60)).await;
    let key = |seq| PushKey {
        subscription: 1,
        conversation: conversation_id("c"),
        seq: Seq(seq),
    };
    let claimed = claim(&*store, 50, 100).await;
    assert_eq!(claimed.len(), 1, "due as soon as the first one");
    assert_eq!(claimed[0].key, key(2));
    apply(&*store, told("k", "c", 3, 70)).await;
    apply(&*store, Change::SettlePush(key(2))).await;
    let (push, due_at) = (key(2), 5_000);
    apply(&*store, Change::RetryPush { push, due_at }).await;
    assert_eq!(store.next_push().await.expect("readable"), Some(70));
    let claimed = claim(&*store, 70, 100).await;
    assert_eq!((claimed[0].key.clone(), claimed[0].attempts), (key(3), 0));
    apply(&*store, Change::SettlePush(key(3))).await;
    assert_eq!(store.next_push().await.expect("readable"), None);
}

pub async fn an_unsettled_push_is_due_again_when_its_lease_ends(world: &impl World) {
    let store = world.open();
    subscribe(&*store, browser("k", "a", 1)).await;
    apply(&*store, told("k", "c", 1, 50)).await;
    assert_eq!(claim(&*store, 50, 100).await.len(), 1);
    assert!(claim(&*store, 99, 200).await.is_empty());
    let again = claim(&*store, 100, 200).await;
    assert_eq!(again[0].attempts, 1);
    let push = again[0].key.clone();
    apply(&*store, Change::RetryPush { push, due_at: 150 }).await;
    assert!(claim(&*store, 149, 300).await.is_empty());
    assert_eq!(claim(&*store, 150, 300).await[0].attempts, 2);
}

pub async fn a_push_that_waits_for_a_place_was_not_tried(world: &impl World) {
    let store = world.open();
    subscribe(&*store, browser("k", "a", 1)).await;
    apply(&*store, told("k", "c", 1, 50)).await;
    for due_at in [60, 70] {
        let claimed = claim(&*store, due_at - 10, 100).await;
        assert_eq!(claimed[0].attempts, 0);
        let push = claimed[0].key.clone();
        apply(&*store, Change::DeferPush { push, due_at }).await;
    }
    let tried = claim(&*store, 70, 100).await;
    let push = tried[0].key.clone();
    apply(&*store, Change::RetryPush { push, due_at: 80 }).await;
    let push = claim(&*store, 80, 100).await[0].key.clone();
    apply(&*store, Change::DeferPush { push, due_at: 90 }).await;
    assert_eq!(claim(&*store, 90, 100).await[0].attempts, 1, "the try before counts");
}

pub async fn a_browser_belongs_to_its_last_customer(world: &impl World) {
    let store = world.open();
    subscribe(&*store, browser("k", "a", 1)).await;
    apply(&*store, told("k", "c", 1, 50)).await;
    subscribe(&*store, browser("l", "a", 2)).await;
    assert_eq!(
        store.next_push().await.expect("readable"),
        None,
        "it was for the one before"
    );
    assert!(reached(&*store, "k").await.is_empty());
    assert_eq!(reached(&*store, "l").await, ["https://push.example/a"]);
    store
        .unsubscribe(&CustomerId::new("k"), "https://push.example/a")
        .await
        .expect("written");
    assert_eq!(reached(&*store, "l").await.len(), 1, "it is not k's to end");
    store
        .unsubscribe(&CustomerId::new("l"), "https://push.example/a")
        .await
        .expect("written");
    assert!(reached(&*store, "l").await.is_empty());
}

pub async fn a_customer_has_so_many_browsers_and_no_more(world: &impl World) {
    let store = world.open();
    for (at, name) in (1..).zip(["a", "b", "c"]) {
        subscribe(&*store, browser("k", name, at)).await;
    }
    subscribe(&*store, browser("l", "z", 1)).await;
    // One that says it again is not the oldest any more.
    subscribe(&*store, browser("k", "a", 4)).await;
    subscribe(&*store, browser("k", "d", 5)).await;
    let expected = ["a", "c", "d"].map(|name| format!("https://push.example/{name}"));
    assert_eq!(reached(&*store, "k").await, expected);
    assert_eq!(reached(&*store, "l").await.len(), 1);
}

pub async fn a_browser_that_is_gone_takes_along_what_it_was_to_be_told(world: &impl World) {
    let store = world.open();
    subscribe(&*store, browser("k", "a", 1)).await;
    apply(&*store, told("k", "c", 1, 50)).await;
    let claimed = claim(&*store, 50, 100).await;
    let subscription = claimed[0].key.subscription;
    apply(&*store, Change::Unsubscribe { subscription }).await;
    assert_eq!(store.next_push().await.expect("readable"), None);
    apply(&*store, Change::SettlePush(claimed[0].key.clone())).await;
    subscribe(&*store, browser("k", "b", 1)).await;
    apply(&*store, told("k", "c", 1, 50)).await;
    let claimed = claim(&*store, 50, 100).await;
    assert_ne!(
        claimed[0].key.subscription, subscription,
        "a row is not taken for another"
    );
}

pub async fn browsers_that_are_silent_for_long_are_forgotten(world: &impl World) {
    let store = world.open();
    subscribe(&*store, browser("k", "a", 10)).await;
    subscribe(&*store, browser("k", "b", 11)).await;
    store.forget_subscriptions(11, 0..0).await.expect("written");
    assert_eq!(reached(&*store, "k").await, ["https://push.example/b"]);
}

pub async fn browsers_of_customers_without_a_conversation_are_forgotten_sooner(world: &impl World) {
    let store = world.open();
    filled(&*store, "c", 1).await;
    for (customer, name, at) in [("k-c", "a", 10), ("k", "b", 10), ("l", "c", 11), ("m", "d", 4)] {
        subscribe(&*store, browser(customer, name, at)).await;
    }
    store.forget_subscriptions(0, 5..11).await.expect("written");
    assert_eq!(reached(&*store, "k-c").await.len(), 1);
    assert!(reached(&*store, "k").await.is_empty());
    for not_in_time in ["l", "m"] {
        assert_eq!(reached(&*store, not_in_time).await.len(), 1);
    }
}
