//! Deliveries to bots.

use crate::store::conformance::{World, conversation_id, deliver, post, step};
use crate::store::{Change, DeliveryRecord, Store, TimerKind};
use portico_shared::ids::ParticipantId;
use std::sync::Arc;

const LEASE: i64 = 100;

async fn claim(store: &dyn Store, now: i64) -> Vec<DeliveryRecord> {
    let targets = store.delivery_targets().await.expect("readable");
    let limits = targets.into_iter().map(|target| (target, 10)).collect();
    store.claim_deliveries(now, now + LEASE, limits).await.expect("claimed")
}

fn limits(target: &str, limit: u32) -> Vec<(ParticipantId, u32)> {
    vec![(ParticipantId::new(target), limit)]
}

/// What was claimed, as `target/conversation/seq`, in a fixed order.
fn names(claimed: &[DeliveryRecord]) -> Vec<String> {
    let name = |record: &DeliveryRecord| format!("{}/{}/{}", record.target, record.conversation, record.seq);
    let mut names: Vec<_> = claimed.iter().map(name).collect();
    names.sort();
    names
}

async fn settle(store: &dyn Store, record: &DeliveryRecord) {
    store.apply(vec![Change::Settle(record.id)]).await.expect("settled");
}

/// Two conversations of two events each for bot `b`, and one event for bot `d`; all due at 10.
async fn lanes(store: &dyn Store) {
    for id in ["c1", "c2"] {
        let mut commit = step(
            id,
            0,
            vec![post(id, "a", &format!("{id}-1")), post(id, "a", &format!("{id}-2"))],
        );
        commit.changes = vec![deliver("b", id, 1, 10), deliver("b", id, 2, 10)];
        store.commit(commit).await.expect("written");
    }
    store.apply(vec![deliver("d", "c1", 1, 10)]).await.expect("written");
}

pub async fn a_lane_is_delivered_in_order(world: &impl World) {
    let store = world.open();
    lanes(&*store).await;
    assert!(claim(&*store, 9).await.is_empty(), "not due yet");
    let first = claim(&*store, 10).await;
    assert_eq!(names(&first), ["b/c1/1", "b/c2/1", "d/c1/1"]);
    assert!(
        first
            .iter()
            .all(|record| record.attempts == 0 && record.error.is_none()),
        "{first:?}"
    );
    assert!(
        claim(&*store, 10).await.is_empty(),
        "all claimed, and nothing overtakes"
    );
    for record in &first {
        settle(&*store, record).await;
    }
    let second = claim(&*store, 10).await;
    assert_eq!(names(&second), ["b/c1/2", "b/c2/2"]);
    for record in &second {
        settle(&*store, record).await;
    }
}

pub async fn an_unsettled_claim_is_due_again_when_its_lease_ends(world: &impl World) {
    let store = world.open();
    lanes(&*store).await;
    claim(&*store, 10).await;
    assert!(claim(&*store, 10 + LEASE - 1).await.is_empty());
    let again = claim(&*store, 10 + LEASE).await;
    assert_eq!(names(&again), ["b/c1/1", "b/c2/1", "d/c1/1"]);
    assert!(again.iter().all(|record| record.attempts == 1), "{again:?}");
}

pub async fn a_failed_delivery_holds_its_lane_until_it_is_tried_again(world: &impl World) {
    let store = world.open();
    lanes(&*store).await;
    let first = claim(&*store, 10).await;
    let failed = first
        .iter()
        .find(|record| record.conversation.as_str() == "c2")
        .expect("claimed");
    let retry = Change::Retry {
        id: failed.id,
        due_at: 50,
        error: "no answer".to_owned(),
    };
    store.apply(vec![retry]).await.expect("written");
    assert!(
        claim(&*store, 49).await.is_empty(),
        "the second of its lane must wait too"
    );
    let again = claim(&*store, 50).await;
    assert_eq!(names(&again), ["b/c2/1"]);
    assert_eq!((again[0].attempts, again[0].error.as_deref()), (1, Some("no answer")));
}

pub async fn a_dead_letter_lets_the_next_one_pass(world: &impl World) {
    let store = world.open();
    lanes(&*store).await;
    let mut buried = Vec::new();
    for record in claim(&*store, 10)
        .await
        .iter()
        .filter(|record| record.target.as_str() == "b")
    {
        let dead = Change::Dead {
            id: record.id,
            error: "gone".to_owned(),
        };
        // Twice: the second time there is nothing left to do.
        store.apply(vec![dead.clone(), dead]).await.expect("written");
        buried.push(record.id);
    }
    assert_eq!(names(&claim(&*store, 10).await), ["b/c1/2", "b/c2/2"]);
    buried.sort_by_key(|id| -id);
    let dead = store.dead_deliveries(10).await.expect("readable");
    assert_eq!(
        dead.iter().map(|record| record.id).collect::<Vec<_>>(),
        buried,
        "newest first"
    );
    assert_eq!((dead[0].attempts, dead[0].error.as_deref()), (1, Some("gone")));
    assert_eq!(store.dead_deliveries(1).await.expect("readable"), dead[..1]);

    // A dead letter neither comes back nor holds anything up.
    let late = vec![
        Change::Retry {
            id: buried[0],
            due_at: 0,
            error: "late".to_owned(),
        },
        deliver("b", "c3", 1, 20),
    ];
    store.apply(late).await.expect("written");
    assert_eq!(names(&claim(&*store, 20).await), ["b/c3/1"]);
}

pub async fn a_dead_letter_can_be_sent_again(world: &impl World) {
    let store = world.open();
    lanes(&*store).await;
    let first = claim(&*store, 10).await;
    let letter = first
        .iter()
        .find(|record| record.conversation.as_str() == "c2")
        .expect("claimed");
    let dead = Change::Dead {
        id: letter.id,
        error: "gone".to_owned(),
    };
    store.apply(vec![dead]).await.expect("written");
    let behind = claim(&*store, 10).await;
    assert_eq!(names(&behind), ["b/c2/2"]);
    assert!(store.revive_delivery(letter.id, 20).await.expect("written"));
    assert!(
        !store.revive_delivery(letter.id, 20).await.expect("nothing to do"),
        "it is no dead letter"
    );
    assert!(claim(&*store, 20).await.is_empty(), "its lane is busy");
    settle(&*store, &behind[0]).await;
    let again = claim(&*store, 20).await;
    assert_eq!(names(&again), ["b/c2/1"]);
    assert_eq!(again[0].attempts, 0);
    assert!(store.dead_deliveries(10).await.expect("readable").is_empty());
}

pub async fn claims_take_the_longest_due_first_and_no_more_than_asked(world: &impl World) {
    let store = world.open();
    let rows = (1..=5)
        .map(|number| deliver("b", &format!("c{number}"), 1, 60 - number * 10))
        .collect();
    store.apply(rows).await.expect("written");
    for expected in [["b/c4/1", "b/c5/1"], ["b/c2/1", "b/c3/1"]] {
        let claimed = store.claim_deliveries(100, 200, limits("b", 2)).await.expect("claimed");
        assert_eq!(names(&claimed), expected);
    }
}

pub async fn what_was_tried_meanwhile_is_overdue_like_the_rest(world: &impl World) {
    let store = world.open();
    let rows = (1..=4)
        .map(|number| deliver("b", &format!("c{number}"), 1, number))
        .collect();
    store.apply(rows).await.expect("written");
    let overdue = async |since, now, limit| {
        let claimed = store
            .claim_overdue_deliveries(since, now, now + LEASE, limits("b", limit))
            .await;
        names(&claimed.expect("claimed"))
    };
    // The first is tried again much later, the second is under way.
    let tried = store
        .claim_deliveries(10, 10 + LEASE, limits("b", 2))
        .await
        .expect("claimed");
    let retry = Change::Retry {
        id: tried[0].id,
        due_at: 5_000,
        error: "no answer".to_owned(),
    };
    store.apply(vec![retry]).await.expect("written");
    assert_eq!(overdue(0, 50, 10).await, [""; 0], "nothing has waited so long");
    assert_eq!(overdue(3, 50, 1).await, ["b/c1/1"], "the longest first");
    assert_eq!(
        overdue(3, 50, 10).await,
        ["b/c3/1"],
        "neither the one under way nor what came later"
    );
    assert_eq!(overdue(3, 10 + LEASE, 10).await, ["b/c2/1"], "its lease is over");
    assert_eq!(names(&claim(&*store, 50).await), ["b/c4/1"]);

    // A dead letter that is sent again waits from then on.
    let dead = Change::Dead {
        id: tried[0].id,
        error: "gone".to_owned(),
    };
    store.apply(vec![dead]).await.expect("written");
    assert!(store.revive_delivery(tried[0].id, 1_000).await.expect("written"));
    assert_eq!(overdue(999, 2_000, 10).await, ["b/c2/1", "b/c3/1", "b/c4/1"]);
    assert_eq!(overdue(1_000, 2_000, 10).await, ["b/c1/1"]);
}

pub async fn how_long_bots_are_left_alone_survives_reopening(world: &impl World) {
    let store = world.open();
    let rest = |bot: &str, until| Change::Rest {
        bot: ParticipantId::new(bot),
        until,
    };
    assert!(store.bot_rests().await.expect("readable").is_empty());
    store
        .apply(vec![rest("b", 50), rest("d", 10), rest("b", 20)])
        .await
        .expect("written");
    drop(store);
    let mut rests = world.open().bot_rests().await.expect("readable");
    rests.sort_by_key(|(_, until)| *until);
    assert_eq!(rests, [(ParticipantId::new("d"), 10), (ParticipantId::new("b"), 50)]);
}

pub async fn what_waits_for_one_target_hides_nothing_of_another(world: &impl World) {
    let store = world.open();
    let mut rows: Vec<_> = (0..20)
        .map(|number| deliver("b", &format!("c{number}"), 1, 0))
        .collect();
    rows.push(deliver("d", "c1", 1, 5));
    store.apply(rows).await.expect("written");
    let targets = store.delivery_targets().await.expect("readable");
    assert_eq!(targets, [ParticipantId::new("b"), ParticipantId::new("d")]);
    let limits = [limits("b", 2), limits("d", 2)].concat();
    let claimed = store.claim_deliveries(10, 20, limits).await.expect("claimed");
    assert_eq!(claimed.len(), 3);
    assert_eq!(names(&claimed).last().map(String::as_str), Some("d/c1/1"));
}

pub async fn two_workers_never_claim_the_same(world: &impl World) {
    let store = world.open();
    let rows = (0..40)
        .map(|number| deliver("b", &format!("c{number}"), 1, 0))
        .collect();
    store.apply(rows).await.expect("written");
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let store = Arc::clone(&store);
        workers.spawn(async move { store.claim_deliveries(1, 1000, limits("b", 5)).await.expect("claimed") });
    }
    let mut claimed: Vec<_> = workers
        .join_all()
        .await
        .into_iter()
        .flatten()
        .map(|record| record.id)
        .collect();
    claimed.sort_unstable();
    claimed.dedup();
    assert_eq!(claimed.len(), 40);
}

pub async fn what_is_not_there_is_settled_without_complaint(world: &impl World) {
    let store = world.open();
    lanes(&*store).await;
    let error = "late".to_owned();
    let late = vec![
        Change::Settle(4711),
        Change::Retry {
            id: 4711,
            due_at: 1,
            error: error.clone(),
        },
        Change::Dead { id: 4711, error },
        Change::CancelTimer {
            conversation: conversation_id("none"),
            kind: TimerKind::BotAnswer,
        },
    ];
    store.apply(late).await.expect("nothing to do");
    assert!(store.dead_deliveries(10).await.expect("readable").is_empty());
    assert_eq!(claim(&*store, 10).await.len(), 3);
}
