//! Conversations that go because their channel keeps them no longer.

use super::commands::Commands;
use super::erasing::eraser;
use super::world::{World, customer, id, start};
use portico_core::clock::Clock;
use portico_core::erasing::{Eraser, MOST_A_ROUND};
use portico_core::identity::Principal;
use portico_core::store::{
    Author, Change, ErasedBy, Erasure, FileQuota, FileReaders, FileRecord, FileState, RetentionRule,
};
use portico_shared::ids::{ConversationId, FileId, ParticipantId};

/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;

/// A world in which a channel keeps conversations for so many days.
fn keeping(channel: &str, days: u32) -> World {
    World::configured(|config| {
        config.channels.get_mut(channel).expect("a channel").retention_days = days;
    })
}

/// The same, of which the rule is trusted already.
async fn trusting(channel: &str, days: u32) -> (World, Eraser) {
    let world = keeping(channel, days);
    let eraser = eraser(&world);
    eraser.expire().await.expect("looked");
    world.pass(DAY);
    eraser.expire().await.expect("looked");
    (world, eraser)
}

/// A chat that has ended.
async fn ended(world: &World, who: &str, channel: &str) -> ConversationId {
    let who = customer(who, channel);
    let started = world.registry.start(&who, start("start")).await;
    let conversation = started.expect("a start").conversation;
    let who = Principal::Customer(who);
    world.says(&who, &conversation, "Hello").await;
    let ended = world.registry.end(&who, &conversation, id("end")).await;
    ended.expect("an end");
    conversation
}

async fn recorded(world: &World) -> Vec<Erasure> {
    world.store().erasures(9).await.expect("readable")
}

#[tokio::test]
async fn conversations_go_when_their_channel_keeps_them_no_longer() {
    let (world, eraser) = trusting("plain", 2).await;
    let old = ended(&world, "c1", "plain").await;
    let kept = ended(&world, "c2", "socketed").await;
    for _ in 0..2 {
        world.pass(DAY);
        eraser.expire().await.expect("nothing to do");
    }
    assert_eq!(recorded(&world).await, []);
    world.pass(1);
    let (who, live) = world.started("plain").await;
    eraser.expire().await.expect("erased");
    let record = world.record(&old).await;
    assert!(record.erased && record.customer != who.id);
    let log = world.log(&old).await;
    assert!(log.iter().all(|stored| stored.event.message().is_none()));
    for kept in [&kept, &live] {
        assert!(!world.record(kept).await.erased);
    }
    assert!(world.store().customer(&who.id).await.expect("readable").is_some());
    eraser.expire().await.expect("nothing to do");
    let recorded = recorded(&world).await;
    let [Erasure { by, counts, rule, .. }] = recorded.as_slice() else {
        panic!("one line: {recorded:?}");
    };
    assert_eq!((*by, counts.conversations), (ErasedBy::Retention, 1));
    assert!(counts.events > 1);
    let expected = RetentionRule {
        channel: "plain".into(),
        days: 2,
    };
    assert_eq!(rule.as_ref(), Some(&expected));
}

#[tokio::test]
async fn files_go_with_the_conversation_that_they_are_in() {
    let (world, eraser) = trusting("plain", 1).await;
    let old = ended(&world, "c1", "plain").await;
    let file = FileRecord {
        id: FileId::new("f"),
        owner: Author("customer:c1".into()),
        channel: "plain".into(),
        name: "tax.pdf".into(),
        media_type: "application/pdf".into(),
        size: 1,
        pieces: vec![1],
        state: FileState::Complete,
        posted: None,
        created_at: 1,
        expires_at: None,
    };
    let (id, owner) = (file.id.clone(), file.owner.clone());
    let quota = FileQuota {
        files: 1,
        bytes: 1,
        since: 0,
    };
    world.store().add_file(file, quota).await.expect("added");
    let post = Change::PostFile {
        file: id.clone(),
        owner,
        conversation: old.clone(),
        readers: FileReaders::Everyone,
        expires_at: None,
    };
    world.store().apply(vec![post]).await.expect("posted");
    world.pass(DAY + 1);
    eraser.expire().await.expect("erased");
    assert_eq!(world.store().file(&id).await.expect("readable"), None);
    assert_eq!(recorded(&world).await[0].counts.files, 1);
}

#[tokio::test]
async fn a_rule_that_is_new_or_shorter_erases_nothing_on_its_first_day() {
    let world = keeping("plain", 10);
    let old = ended(&world, "c1", "plain").await;
    world.pass(11 * DAY);
    let first = eraser(&world);
    first.expire().await.expect("looked");
    world.pass(DAY - 1);
    first.expire().await.expect("looked");
    assert!(!world.record(&old).await.erased);
    world.pass(1);
    first.expire().await.expect("erased");
    assert!(world.record(&old).await.erased);

    let young = ended(&world, "c2", "plain").await;
    world.pass(DAY - 1);
    drop(first);
    let shorter = |config: &mut portico_core::config::Config| {
        config.channels.get_mut("plain").expect("a channel").retention_days = 1;
    };
    let world = world.reconfigured(shorter).await;
    let second = eraser(&world);
    second.expire().await.expect("looked");
    world.pass(DAY - 1);
    second.expire().await.expect("looked");
    assert!(!world.record(&young).await.erased);
    world.pass(1);
    second.expire().await.expect("erased");
    assert!(world.record(&young).await.erased);
}

#[tokio::test]
async fn a_relay_that_is_started_anew_each_half_hour_comes_to_the_second_day() {
    let world = keeping("plain", 10);
    let old = ended(&world, "c1", "plain").await;
    world.pass(11 * DAY);
    for start in 0..80 {
        let eraser = eraser(&world);
        for _ in 0..3 {
            eraser.expire().await.expect("looked");
            world.pass(600);
        }
        assert!(start >= 48 || !world.record(&old).await.erased, "a day is a day");
    }
    assert!(world.record(&old).await.erased);
}

#[tokio::test]
async fn a_clock_that_is_set_ahead_erases_nothing() {
    let (world, eraser) = trusting("plain", 30).await;
    let old = ended(&world, "c1", "plain").await;
    world.set_clock_ahead(365 * DAY);
    for _ in 0..60 {
        eraser.expire().await.expect("looked");
        world.pass(60);
    }
    assert!(!world.record(&old).await.erased);
    assert_eq!(recorded(&world).await, []);
}

#[tokio::test]
async fn a_conversation_that_cannot_be_erased_keeps_no_other() {
    let (world, _) = trusting("plain", 1).await;
    let mut conversations = Vec::new();
    for name in ["c1", "c2"] {
        conversations.push(ended(&world, name, "plain").await);
    }
    // A new process has no conversation in memory.
    let world = world
        .reconfigured(|config| {
            config.channels.get_mut("plain").expect("a channel").retention_days = 1;
        })
        .await;
    world.damage(&conversations[0]);
    let eraser = eraser(&world);
    eraser.expire().await.expect("nothing to do");
    world.pass(DAY + 1);
    for _ in 0..2 {
        eraser.expire().await.expect_err("one is stuck");
    }
    assert!(world.record(&conversations[1]).await.erased);
    assert_eq!(recorded(&world).await.len(), 1, "what erases nothing is no line");
}

#[tokio::test]
async fn a_round_is_bounded_and_a_relay_that_stops_begins_none() {
    let (world, eraser) = trusting("plain", 1).await;
    let mut conversations = Vec::new();
    for number in 0..=MOST_A_ROUND {
        conversations.push(ended(&world, &format!("c{number}"), "plain").await);
    }
    world.pass(DAY);
    eraser.expire().await.expect("nothing to do");
    world.pass(1);
    eraser.expire().await.expect("erased");
    let counts = async || recorded(&world).await.into_iter().map(|line| line.counts.conversations);
    assert_eq!(counts().await.collect::<Vec<_>>(), [u64::from(MOST_A_ROUND)]);
    world.shutdown.cancel();
    eraser.expire().await.expect("nothing is tried");
    assert_eq!(counts().await.len(), 1);
    let last = conversations.last().expect("one");
    assert!(!world.record(last).await.erased);
    drop(eraser);
    let world = world
        .reconfigured(|config| {
            config.channels.get_mut("plain").expect("a channel").retention_days = 1;
        })
        .await;
    super::erasing::eraser(&world).expire().await.expect("erased");
    assert!(world.record(last).await.erased);
}

/// Bots were told that the chat is over when it was. What they still are to be told comes first.
#[tokio::test]
async fn no_bot_is_told_of_a_chat_whose_time_is_over() {
    let (world, eraser) = trusting("hooked", 1).await;
    let old = ended(&world, "c1", "hooked").await;
    world.pass(DAY);
    eraser.expire().await.expect("nothing to do");
    world.pass(1);
    eraser.expire().await.expect("nothing to do");
    assert!(!world.record(&old).await.erased, "the bot is still to be told of it");
    let bot = ParticipantId::new("hook");
    loop {
        let now = world.clock.now_ms();
        let claimed = world.store().claim_deliveries(now, now, vec![(bot.clone(), 10)]).await;
        let claimed = claimed.expect("readable");
        if claimed.is_empty() {
            break;
        }
        let settled = claimed.iter().map(|delivery| Change::Settle(delivery.id)).collect();
        world.store().apply(settled).await.expect("settled");
    }
    eraser.expire().await.expect("erased");
    assert!(world.record(&old).await.erased);
    assert_eq!(world.store().delivery_targets().await.expect("readable"), []);
}

#[tokio::test]
async fn a_chat_stays_while_an_agent_notes_what_it_was_about() {
    let (world, eraser) = trusting("plain", 1).await;
    let (who, ann, conversation) = world.served().await;
    let who = Principal::Customer(who);
    world
        .registry
        .end(&who, &conversation, id("end"))
        .await
        .expect("an end");
    for _ in 0..3 {
        world.pass(DAY);
        eraser.expire().await.expect("nothing to do");
    }
    assert!(!world.record(&conversation).await.erased);
    let left = world.registry.leave(&ann.who, &conversation, id("leave")).await;
    left.expect("the agent leaves");
    eraser.expire().await.expect("erased");
    assert!(world.record(&conversation).await.erased);
}
