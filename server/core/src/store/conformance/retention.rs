//! Conversations that are over, and the rules by which they go.

use crate::store::conformance::{World, conversation, conversation_id, deliver, filled, step};
use crate::store::{
    Change, ConversationRecord, EndedCounts, EndedPlace, ErasedBy, ErasedConversation, NewErasure, NewPush,
    PushSubscription, RetentionMark, RetentionRule, SessionVersion, Store,
};
use portico_shared::cim::ChannelSession;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::ids::{CustomerId, ParticipantId, Seq};

async fn put(store: &dyn Store, record: ConversationRecord) {
    let mut commit = step(record.id.as_str(), 0, Vec::new());
    commit.conversation = record;
    assert_eq!(store.commit(commit).await.expect("written"), None);
}

fn closed(id: &str, ended_at: i64) -> ConversationRecord {
    ConversationRecord {
        ended_at: Some(ended_at),
        state: ConversationState::Closed,
        ..conversation(id, 0)
    }
}

fn rule(days: u32) -> RetentionRule {
    RetentionRule {
        channel: "shop".into(),
        days,
    }
}

async fn over(store: &dyn Store, after: Option<EndedPlace>, limit: u32) -> Vec<String> {
    let over = store.ended_conversations("shop", 100, after, limit).await;
    let over = over.expect("readable").into_iter();
    over.map(|ended| format!("{} of {}", ended.id, ended.customer))
        .collect()
}

pub async fn conversations_that_are_over_are_found_the_longest_ended_first(world: &impl World) {
    let store = world.open();
    for record in [
        closed("late", 100),
        closed("b", 99),
        closed("a", 7),
        closed("c", 99),
        conversation("live", 0),
        ConversationRecord {
            channel: "desk".into(),
            ..closed("elsewhere", 7)
        },
        ConversationRecord {
            erased: true,
            ..closed("gone", 7)
        },
    ] {
        put(&*store, record).await;
    }
    assert_eq!(over(&*store, None, 10).await, ["a of k-a", "b of k-b", "c of k-c"]);
    let first = store.ended_conversations("shop", 100, None, 2).await.expect("readable");
    let places: Vec<EndedPlace> = first.iter().map(|ended| ended.place).collect();
    let [first, second] = places.as_slice() else {
        panic!("two of them: {places:?}");
    };
    assert_eq!(over(&*store, Some(*first), 10).await, ["b of k-b", "c of k-c"]);
    assert_eq!(over(&*store, Some(*second), 10).await, ["c of k-c"]);
    let counts = store.count_ended("shop", 100).await.expect("readable");
    let expected = EndedCounts {
        conversations: 3,
        undelivered: 0,
        first_ended_at: Some(7),
        last_ended_at: Some(99),
    };
    assert_eq!(counts, expected);
    let none = store.count_ended("shop", 7).await.expect("readable");
    assert_eq!(none, EndedCounts::default());
}

pub async fn conversations_in_which_agents_still_work_are_not_over(world: &impl World) {
    let store = world.open();
    let wrap_up = ConversationRecord {
        state: ConversationState::WrapUp,
        ..closed("c", 7)
    };
    put(&*store, wrap_up).await;
    assert_eq!(over(&*store, None, 10).await, [] as [&str; 0]);
    put(&*store, closed("c", 7)).await;
    assert_eq!(over(&*store, None, 10).await, ["c of k-c"]);
}

pub async fn what_is_still_to_be_delivered_holds_its_conversation(world: &impl World) {
    let store = world.open();
    for id in ["told", "dead", "pushed"] {
        put(&*store, closed(id, 7)).await;
    }
    let browser = PushSubscription {
        customer: CustomerId::new("k-pushed"),
        channel: "shop".into(),
        endpoint: "https://push.example/a".into(),
        p256dh: vec![4],
        auth: vec![7; 16],
        page: "https://shop.example/".into(),
        note: "New message".into(),
        updated_at: 1,
    };
    store.subscribe(browser, 1, 5).await.expect("written");
    let push = Change::Push(NewPush {
        customer: CustomerId::new("k-pushed"),
        channel: "shop".into(),
        conversation: conversation_id("pushed"),
        seq: Seq(1),
        due_at: 10,
        expires_at: 1_000,
    });
    let deliveries = vec![deliver("bot", "told", 1, 10), deliver("bot", "dead", 1, 10), push];
    store.apply(deliveries).await.expect("written");
    assert_eq!(over(&*store, None, 10).await, [] as [&str; 0]);
    let counts = store.count_ended("shop", 100).await.expect("readable");
    assert_eq!((counts.conversations, counts.undelivered), (3, 3));
    let due = store
        .claim_deliveries(10, 20, vec![(ParticipantId::new("bot"), 10)])
        .await
        .expect("readable");
    for delivery in due {
        let settled = match delivery.conversation.as_str() {
            "told" => Change::Settle(delivery.id),
            _ => Change::Dead {
                id: delivery.id,
                error: "gone".into(),
            },
        };
        store.apply(vec![settled]).await.expect("written");
    }
    for push in store.claim_pushes(10, 20, 10).await.expect("readable") {
        store.apply(vec![Change::SettlePush(push.key)]).await.expect("written");
    }
    // A dead letter waits for an operator, and is no reason to keep what was said.
    assert_eq!(
        over(&*store, None, 10).await,
        ["told of k-told", "dead of k-dead", "pushed of k-pushed"]
    );
}

pub async fn an_erasure_by_a_rule_is_recorded_with_it_if_anything_went(world: &impl World) {
    let store = world.open();
    filled(&*store, "c", 2).await;
    let name = CustomerId::new("portico:retention:shop");
    let erasure = |at| NewErasure {
        customer: name.clone(),
        by: ErasedBy::Retention,
        at,
        rule: Some(rule(30)),
    };
    store.begin_erasure(erasure(400)).await.expect("begun");
    store.erase_customer(&name, 401).await.expect("emptied");
    assert_eq!(store.finish_erasure(&name, 402).await.expect("written"), None);
    assert_eq!(store.erasures_under_way().await.expect("readable"), []);

    store.begin_erasure(erasure(500)).await.expect("begun");
    let stand_in = CustomerId::new("stand-in");
    let mut commit = step("c", 2, Vec::new());
    commit.conversation.customer = stand_in.clone();
    let session = SessionVersion::first(ChannelSession::default()).next(ChannelSession::default());
    commit.conversation.channel_session = session.into();
    commit.changes.push(Change::EraseConversation(ErasedConversation {
        conversation: conversation_id("c"),
        customer: CustomerId::new("k-c"),
        erasure: name.clone(),
        stand_in,
        notice: Seq(3),
        at: 500,
    }));
    assert_eq!(store.commit(commit).await.expect("erased"), None);
    drop(store);
    let store = world.open();
    assert_eq!(store.erasures_under_way().await.expect("readable").len(), 1);
    store.erase_customer(&name, 501).await.expect("emptied");
    let erasure = store.finish_erasure(&name, 502).await.expect("written");
    let erasure = erasure.expect("something went");
    assert_eq!(
        (erasure.by, erasure.rule.clone()),
        (ErasedBy::Retention, Some(rule(30)))
    );
    assert_eq!((erasure.counts.conversations, erasure.counts.events), (1, 2));
    assert_eq!(store.erasures(9).await.expect("readable"), [erasure]);
}

pub async fn how_far_a_rule_is_trusted_survives_reopening(world: &impl World) {
    let store = world.open();
    assert_eq!(store.retention_mark("shop").await.expect("readable"), None);
    for (trusted_at, waited_ms) in [(None, 7), (Some(1_700_000_000_000), 0)] {
        let mark = RetentionMark {
            rule: rule(30),
            trusted_at,
            waited_ms,
        };
        store.put_retention_mark(mark.clone()).await.expect("written");
        assert_eq!(store.retention_mark("shop").await.expect("readable"), Some(mark));
    }
    drop(store);
    let store = world.open();
    let mark = store.retention_mark("shop").await.expect("readable").expect("one");
    assert_eq!((mark.trusted_at, mark.waited_ms), (Some(1_700_000_000_000), 0));
    assert_eq!(store.retention_mark("desk").await.expect("readable"), None);
}
