//! Deadlines of conversations that cannot be asked.

use super::world::World;
use portico_core::identity::Principal;
use portico_core::store::{Change, Commit, ConversationRecord, Timer};
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
        key: format!("inactivity:{id}"),
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
