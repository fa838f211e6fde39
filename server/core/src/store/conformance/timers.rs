//! Deadlines that survive a restart: [`TimerStore`].
//!
//! [`TimerStore`]: crate::store::TimerStore

use crate::store::conformance::{World, conversation_id, deliver};
use crate::store::{Change, Timer, TimerKind};
use portico_shared::ids::{ParticipantId, TaskId};

fn cancel(key: &str) -> Change {
    let Timer { kind, conversation, .. } = timer(key, 0);
    Change::CancelTimer { conversation, kind }
}

fn timer(key: &str, due_at: i64) -> Timer {
    Timer {
        kind: TimerKind::Unknown(key.to_owned()),
        conversation: conversation_id("c"),
        due_at,
    }
}

pub async fn timers_are_due_in_order_until_they_are_cancelled(world: &impl World) {
    let store = world.open();
    assert_eq!(store.next_due().await.expect("readable"), None);
    let timers = [timer("b", 20), timer("a", 10), timer("c", 30)];
    store
        .apply(timers.iter().cloned().map(Change::SetTimer).collect())
        .await
        .expect("written");
    assert_eq!(store.next_due().await.expect("readable"), Some(10));
    assert!(store.due_timers(9, 10).await.expect("readable").is_empty());
    assert_eq!(
        store.due_timers(20, 10).await.expect("readable"),
        [timer("a", 10), timer("b", 20)]
    );
    assert_eq!(
        store.due_timers(20, 1).await.expect("readable"),
        [timer("a", 10)],
        "they stay until cancelled"
    );
    let changes = vec![cancel("a"), Change::SetTimer(timer("b", 40))];
    store.apply(changes).await.expect("written");
    assert_eq!(
        store.due_timers(99, 10).await.expect("readable"),
        [timer("c", 30), timer("b", 40)]
    );
    assert_eq!(store.next_due().await.expect("readable"), Some(30));
}

pub async fn a_timer_is_postponed_only_as_it_was_read(world: &impl World) {
    let store = world.open();
    store
        .apply(vec![Change::SetTimer(timer("a", 10))])
        .await
        .expect("written");
    let postpone = |read, due_at| {
        let timer = timer("a", read);
        store.apply(vec![Change::PostponeTimer { timer, due_at }])
    };
    postpone(10, 50).await.expect("written");
    assert_eq!(store.next_due().await.expect("readable"), Some(50));
    postpone(10, 99).await.expect("nothing to do");
    assert_eq!(
        store.next_due().await.expect("readable"),
        Some(50),
        "it was moved meanwhile"
    );
    store.apply(vec![cancel("a")]).await.expect("written");
    postpone(50, 99).await.expect("nothing to do");
    assert_eq!(
        store.next_due().await.expect("readable"),
        None,
        "it was cancelled meanwhile"
    );
}

pub async fn no_timer_is_due_for_a_delivery(world: &impl World) {
    let store = world.open();
    store.apply(vec![deliver("b", "c", 1, 10)]).await.expect("written");
    assert_eq!(store.next_due().await.expect("readable"), None);
}

pub async fn timers_survive_reopening(world: &impl World) {
    let store = world.open();
    store
        .apply(vec![Change::SetTimer(timer("a", 10))])
        .await
        .expect("written");
    drop(store);
    assert_eq!(
        world.open().due_timers(10, 10).await.expect("readable"),
        [timer("a", 10)]
    );
}

pub async fn timers_of_every_kind_are_read_back_and_cancelled(world: &impl World) {
    let store = world.open();
    let kinds = [
        TimerKind::Reservation(TaskId::new("t")),
        TimerKind::AgentAway(ParticipantId::new("ann")),
        TimerKind::CustomerInactivity,
        TimerKind::BotAnswer,
        TimerKind::Unknown("later:c".to_owned()),
    ];
    let conversation = conversation_id("c");
    for (kind, due_at) in kinds.into_iter().zip(1..) {
        let timer = Timer {
            kind: kind.clone(),
            conversation: conversation.clone(),
            due_at,
        };
        store
            .apply(vec![Change::SetTimer(timer.clone())])
            .await
            .expect("written");
        assert_eq!(store.due_timers(due_at, 10).await.expect("readable"), [timer]);
        let cancel = Change::CancelTimer {
            conversation: conversation.clone(),
            kind,
        };
        store.apply(vec![cancel]).await.expect("written");
        assert_eq!(store.next_due().await.expect("readable"), None);
    }
}
