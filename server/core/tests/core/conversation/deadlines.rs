//! Deadlines of conversations that cannot be asked.

use super::world::World;
use portico_core::identity::Principal;
use portico_core::store::{Change, Commit, ConversationRecord, Timer, TimerKind};
use portico_core::timers::{self, AFTER_FAILURE, BATCH};
use portico_shared::ids::{ConversationId, Seq};
use std::sync::Arc;

/// A conversation whose record can be read and makes no sense, with a timer that is due before all others.
async fn damage(world: &World, sound: &ConversationRecord, at: u32) {
    let id = ConversationId::new(format!("damaged-{at}"));
    let conversation = ConversationRecord {
        id: id.clone(),
        head: Seq::START,
        channel_session: Arc::default(),
        ..sound.clone()
    };
    let timer = Timer {
        kind: TimerKind::CustomerInactivity,
        conversation: id,
        due_at: i64::from(at),
    };
    let commit = Commit {
        expected_head: Seq::START,
        events: Vec::new(),
        conversation,
        changes: vec![Change::SetTimer(timer)],
    };
    world.store().commit(commit).await.expect("written");
}

#[tokio::test]
async fn timers_that_cannot_be_handled_neither_spin_nor_hide_the_others() {
    let world = World::new();
    let (who, conversation) = world.started("socketed").await;
    let sound = world.record(&conversation).await;
    for at in 0..2 * BATCH {
        damage(&world, &sound, at).await;
    }
    world.says(&Principal::Customer(who), &conversation, "Anybody?").await;
    world.pass(60);
    for _ in 0..2 {
        let pause = timers::round(&world.registry).await.expect("a round");
        assert_eq!(pause, AFTER_FAILURE);
        assert_eq!(world.task(&conversation).await, None, "its turn comes after theirs");
    }
    timers::round(&world.registry).await.expect("a round");
    assert!(world.task(&conversation).await.is_some());
}

#[tokio::test]
async fn a_timer_of_an_unknown_kind_is_kept_and_hides_nothing() {
    let world = World::new();
    let (_, conversation) = world.started("plain").await;
    let timer = Timer {
        kind: TimerKind::Unknown(format!("later:{conversation}")),
        conversation,
        due_at: 1,
    };
    let set = Change::SetTimer(timer.clone());
    world.store().apply(vec![set]).await.expect("written");
    let pause = timers::round(&world.registry).await.expect("a round");
    assert!(pause > AFTER_FAILURE, "it does not come due again at once: {pause:?}");
    let kept = world.store().due_timers(i64::MAX, 10).await.expect("a read");
    assert!(kept.iter().any(|kept| kept.kind == timer.kind), "{kept:?}");
}
