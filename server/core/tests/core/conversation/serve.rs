//! Offers, agents, and what becomes of both when somebody does not answer.

use super::commands::Commands;
use super::world::{Desk, World, code, customer, id, post, post_of, staff, start};
use portico_core::clock::Clock;
use portico_core::identity::Principal;
use portico_core::routing::{self, WaitingRoom};
use portico_core::store::{Change, ConversationRecord, TaskPhase, TimerKind};
use portico_shared::cim::MessageBody;
use portico_shared::cim::agent::AgentStateName;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::task::TaskCloseReason;
use portico_shared::frame::{Draft, RefusalCode, ServerFrame};
use portico_shared::ids::{ConversationId, ParticipantId};
use serde_json::json;

#[tokio::test]
async fn an_accepted_offer_brings_the_agent_in_and_the_bot_back() {
    let world = World::new();
    let (customer, conversation) = world.started("socketed").await;
    let bot = super::world::bot("socket");
    let action = portico_shared::json::from_value::<MessageBody>(
        json!({"type": "ACTION", "name": "FIND_AGENT", "data": {"queue": "Sales"}}),
    );
    let handover = post_of(&conversation, "h", Draft::new(action.expect("an action")));
    world.registry.post(&bot, handover).await.expect("a hand-over");
    let task = world.task(&conversation).await.expect("a request");
    assert_eq!((task.queue.as_str(), task.state), ("sales", TaskPhase::Queued));
    let mut ann = world.desk("ann");
    world
        .says(&Principal::Customer(customer), &conversation, "a person please")
        .await;
    let offer = world.offered(&mut ann, &conversation).await;
    assert_eq!(offer.last_text.as_deref(), Some("a person please"));
    world
        .registry
        .accept(&ann.who, offer.task, id("a"))
        .await
        .expect("accepting");
    let names = world.names(&conversation).await;
    let expected = [
        "AGENT_RESERVED",
        "TASK_STATE_CHANGED",
        "AGENT_SUBSCRIBED",
        "PARTICIPANT_ROLE_CHANGED",
    ];
    assert_eq!(names[names.len() - 4..], expected);
    world.says(&bot, &conversation, "maybe say this").await;
    assert_eq!(
        world.names(&conversation).await.last().map(String::as_str),
        Some("BOT_SUGGESTION")
    );

    world
        .registry
        .leave(&ann.who, &conversation, id("l"))
        .await
        .expect("leaving");
    let names = world.names(&conversation).await;
    assert_eq!(
        names[names.len() - 3..],
        ["AGENT_UNSUBSCRIBED", "TASK_STATE_CHANGED", "PARTICIPANT_ROLE_CHANGED"]
    );
    assert_eq!(world.task(&conversation).await, None);
    world.says(&bot, &conversation, "me again").await;
    assert_eq!(
        world.names(&conversation).await.last().map(String::as_str),
        Some("BOT_MESSAGE")
    );
}

#[tokio::test]
async fn a_repeated_accept_answers_its_first_result() {
    let world = World::new();
    let (_, conversation) = world.started("plain").await;
    let mut ann = world.desk("ann");
    let offer = world.offered(&mut ann, &conversation).await;
    let first = world
        .registry
        .accept(&ann.who, offer.task.clone(), id("a"))
        .await
        .expect("accepting");
    assert_eq!(world.registry.accept(&ann.who, offer.task, id("a")).await, Ok(first));
    let leaving = world
        .registry
        .leave(&ann.who, &conversation, id("l"))
        .await
        .expect("leaving");
    assert_eq!(
        world.registry.leave(&ann.who, &conversation, id("l")).await,
        Ok(leaving)
    );
}

#[tokio::test]
async fn an_offer_is_nobody_elses_and_ends_at_its_deadline() {
    let world = World::new();
    let (_, conversation) = world.started("plain").await;
    let (mut ann, ben) = (world.desk("ann"), world.desk("ben"));
    let offer = world.offered(&mut ann, &conversation).await;
    let by_ben = world.registry.accept(&ben.who, offer.task.clone(), id("b")).await;
    assert_eq!(code(by_ben), RefusalCode::OfferGone);
    world.pass(30);
    let late = world.registry.accept(&ann.who, offer.task, id("a")).await;
    assert_eq!(code(late), RefusalCode::OfferGone);
}

#[tokio::test]
async fn an_unanswered_offer_goes_first_at_somebody_else() {
    let world = World::new();
    let (_, conversation) = world.started("plain").await;
    let mut ann = world.desk("ann");
    world
        .registry
        .set_agent_state(&ann.who, AgentStateName::Ready, None)
        .await
        .expect("ready");
    let offer = world.offered(&mut ann, &conversation).await;
    world.pass(29);
    world.fire_due().await;
    assert_eq!(
        world.task(&conversation).await.map(|task| task.state),
        Some(TaskPhase::Reserved)
    );
    world.pass(1);
    world.fire_due().await;
    world.fire_due().await;
    let task = world.task(&conversation).await.expect("a request");
    assert_eq!(
        (task.state, task.priority, task.assigned_to),
        (TaskPhase::Queued, 11, None)
    );
    assert_eq!(task.missed_by, [ParticipantId::new("ann")]);
    let state = world
        .registry
        .agent_state(&ann.who.id)
        .await
        .expect("a read")
        .expect("a state");
    assert_eq!((state.ready, state.reason.as_deref()), (false, Some("RONA")));
    let revoked = ann
        .socket
        .until(|frame| matches!(frame, ServerFrame::OfferRevoked { .. }))
        .await;
    assert_eq!(
        revoked,
        ServerFrame::OfferRevoked {
            task: offer.task.clone(),
            reason: TaskCloseReason::Rona
        }
    );
    let told = ann
        .socket
        .until(|frame| matches!(frame, ServerFrame::AgentState { .. }))
        .await;
    assert_eq!(
        told,
        ServerFrame::AgentState {
            state: AgentStateName::NotReady,
            reason: Some("RONA".to_owned())
        }
    );
    let mut ben = world.desk("ben");
    let again = world.offered(&mut ben, &conversation).await;
    assert_eq!(again.task, offer.task);
}

#[tokio::test]
async fn the_deadline_of_an_offer_survives_a_restart() {
    let world = World::new();
    let (_, conversation) = world.started("plain").await;
    let mut ann = world.desk("ann");
    world.offered(&mut ann, &conversation).await;
    drop(ann);
    let world = world.restarted().await;
    world.pass(31);
    world.fire_due().await;
    assert_eq!(world.task(&conversation).await.map(|task| task.priority), Some(11));
}

#[tokio::test]
async fn an_agent_that_does_not_come_back_is_replaced() {
    let world = World::new();
    let (_, ann, conversation) = world.served().await;
    world.registry.agent_away(&ann.who.id).await.expect("a deadline");
    world.pass(61);
    world.fire_due().await;
    assert_eq!(
        world.record(&conversation).await.state,
        ConversationState::Active,
        "it is connected"
    );

    let who = ann.who.clone();
    drop(ann);
    world.registry.agent_away(&who.id).await.expect("a deadline");
    world.pass(59);
    world.fire_due().await;
    assert_eq!(
        world.record(&conversation).await.state,
        ConversationState::Active,
        "there is time left"
    );
    world.pass(2);
    world.fire_due().await;
    let record = world.record(&conversation).await;
    assert_eq!(record.state, ConversationState::Inactive);
    let task = world.task(&conversation).await.expect("another request");
    assert_eq!(task.state, TaskPhase::Queued);
    let names = world.names(&conversation).await;
    let expected = [
        "AGENT_UNSUBSCRIBED",
        "TASK_STATE_CHANGED",
        "TASK_STATE_CHANGED",
        "TASK_ENQUEUED",
    ];
    assert_eq!(names[names.len() - 4..], expected);
}

#[tokio::test]
async fn after_the_end_an_agent_notes_and_leaves_but_does_not_chat() {
    let world = World::new();
    let (customer, ann, conversation) = world.served().await;
    world
        .registry
        .end(&Principal::Customer(customer), &conversation, id("e"))
        .await
        .expect("an end");
    assert_eq!(world.record(&conversation).await.state, ConversationState::WrapUp);
    let chat = world
        .registry
        .post(&ann.principal(), post(&conversation, "x", "bye"))
        .await;
    assert_eq!(code(chat), RefusalCode::ConversationEnded);
    let note =
        portico_shared::json::from_value::<MessageBody>(json!({"type": "WRAPUP", "note": "solved", "wrapups": []}))
            .expect("a note");
    world
        .registry
        .post(&ann.principal(), post_of(&conversation, "n", Draft::new(note)))
        .await
        .expect("a wrap-up");
    assert_eq!(
        world.names(&conversation).await.last().map(String::as_str),
        Some("WRAPUP_APPLIED")
    );
    world
        .registry
        .leave(&ann.who, &conversation, id("l"))
        .await
        .expect("leaving");
    assert_eq!(world.record(&conversation).await.state, ConversationState::Closed);
    assert_eq!(world.task(&conversation).await, None);
}

#[tokio::test]
async fn an_offer_ends_with_the_chat() {
    let world = World::new();
    let (customer, conversation) = world.started("plain").await;
    let mut ann = world.desk("ann");
    let offer = world.offered(&mut ann, &conversation).await;
    world
        .registry
        .end(&Principal::Customer(customer), &conversation, id("e"))
        .await
        .expect("an end");
    let revoked = ann
        .socket
        .until(|frame| matches!(frame, ServerFrame::OfferRevoked { .. }))
        .await;
    assert_eq!(
        revoked,
        ServerFrame::OfferRevoked {
            task: offer.task.clone(),
            reason: TaskCloseReason::Cancelled
        }
    );
    assert_eq!(
        code(world.registry.accept(&ann.who, offer.task, id("a")).await),
        RefusalCode::OfferGone
    );
}

#[tokio::test]
async fn routing_offers_to_who_is_ready_and_goes_on_when_it_is_gone() {
    let world = World::new();
    let (_, conversation) = world.started("plain").await;
    world.tracker.spawn(portico_core::routing::run(world.registry.clone()));
    let mut ann = world.desk("ann");
    world
        .registry
        .set_agent_state(&ann.who, AgentStateName::Ready, None)
        .await
        .expect("ready");
    ann.socket.until(|frame| matches!(frame, ServerFrame::Offer(_))).await;
    let mut ben = world.desk("ben");
    world
        .registry
        .set_agent_state(&ben.who, AgentStateName::Ready, None)
        .await
        .expect("ready");
    drop(ann);
    world.pass(6);
    world.registry.services().wake_routing.notify_one();
    let offer = ben.socket.until(|frame| matches!(frame, ServerFrame::Offer(_))).await;
    assert!(matches!(offer, ServerFrame::Offer(offer) if offer.conversation == conversation));
    let task = world.task(&conversation).await.expect("a request");
    assert_eq!(
        (task.priority, task.missed_by),
        (1, Vec::new()),
        "who could not answer has missed nothing"
    );
    world.stopped().await;
}

/// The store took no deadline when the agent left; what is in memory says that it is gone.
#[tokio::test]
async fn an_agent_who_left_unnoticed_loses_its_customer_all_the_same() {
    let world = World::new();
    let (_, ann, conversation) = world.served().await;
    let began = world.clock.now_ms();
    let away = Change::CancelTimer {
        conversation: conversation.clone(),
        kind: TimerKind::AgentAway(ann.who.id.clone()),
    };
    drop(ann);
    world.tracker.close();
    while world.store().next_due().await.expect("a read").is_none() {
        tokio::task::yield_now().await;
    }
    let lost = world.store().apply(vec![away]).await;
    lost.expect("written");
    world.pass(64);
    routing::round(&world.registry, began, &mut WaitingRoom::default())
        .await
        .expect("a round");
    let serves = |record: &ConversationRecord| record.participants.iter().any(|one| one.id.as_str() == "ann");
    assert!(serves(&world.record(&conversation).await));
    world.pass(1);
    routing::round(&world.registry, began, &mut WaitingRoom::default())
        .await
        .expect("a round");
    assert!(!serves(&world.record(&conversation).await));
    let task = world.task(&conversation).await.expect("a new request");
    assert_eq!(task.state, TaskPhase::Queued);
}

/// Lets routing look, and answers at whom the request rings.
async fn is_reserved_for(world: &World, conversation: &ConversationId, began: i64) -> Option<ParticipantId> {
    routing::round(&world.registry, began, &mut WaitingRoom::default())
        .await
        .expect("a round");
    let task = world
        .task(conversation)
        .await
        .filter(|task| task.state == TaskPhase::Reserved);
    task?.assigned_to
}

async fn ready(world: &World, desk: &Desk) {
    let set = world
        .registry
        .set_agent_state(&desk.who, AgentStateName::Ready, None)
        .await;
    set.expect("a state");
    world.pass(1);
}

#[tokio::test]
async fn who_has_served_a_chat_waits_behind_those_who_have_not() {
    let world = World::new();
    let began = world.clock.now_ms() - 3_600_000;
    let (ann, ben) = (world.desk("ann"), world.desk("ben"));
    ready(&world, &ann).await;
    ready(&world, &ben).await;
    let (_, first) = world.started("plain").await;
    assert_eq!(is_reserved_for(&world, &first, began).await, Some(ann.who.id.clone()));
    let task = world.task(&first).await.expect("a request").id;
    world.registry.accept(&ann.who, task, id("a")).await.expect("accepting");
    world.registry.leave(&ann.who, &first, id("l")).await.expect("leaving");
    let second = world.registry.start(&customer("c2", "plain"), start("s")).await;
    let second = second.expect("a start").conversation;
    assert_eq!(is_reserved_for(&world, &second, began).await, Some(ben.who.id.clone()));
}

#[tokio::test]
async fn an_agent_who_loads_its_only_desk_anew_keeps_its_place() {
    let world = World::new();
    let began = world.clock.now_ms() - 3_600_000;
    let (ann, ben) = (world.desk("ann"), world.desk("ben"));
    ready(&world, &ann).await;
    ready(&world, &ben).await;
    let who = ann.who.clone();
    drop(ann);
    world.pass(30);
    let again = world.desk("ann");
    let (_, conversation) = world.started("plain").await;
    assert_eq!(
        is_reserved_for(&world, &conversation, began).await,
        Some(who.id.clone())
    );

    // Away for longer than its conversations would wait for it, it comes back as the last.
    let task = world.task(&conversation).await.expect("a request");
    let withdrawn = world.registry.withdraw(&conversation, task.id, who.id.clone()).await;
    withdrawn.expect("it rings on");
    drop(again);
    world.pass(61);
    let _again = world.desk("ann");
    assert_eq!(
        is_reserved_for(&world, &conversation, began).await,
        Some(ben.who.id.clone())
    );
}

#[tokio::test]
async fn a_restart_takes_nobodys_place() {
    let world = World::new();
    for name in ["ann", "ben"] {
        let desk = world.desk(name);
        ready(&world, &desk).await;
    }
    let (_, conversation) = world.started("plain").await;
    let world = world.restarted().await;
    let began = world.clock.now_ms();
    let _ben = world.desk("ben");
    world.pass(3);
    let ann = world.desk("ann");
    assert_eq!(
        is_reserved_for(&world, &conversation, began).await,
        Some(ann.who.id.clone())
    );
}

#[tokio::test]
async fn a_user_who_is_no_agent_is_never_ready() {
    let world = World::new();
    for role in ["supervisor", "admin"] {
        let who = staff(role, role);
        let set = world.registry.set_agent_state(&who, AgentStateName::Ready, None).await;
        assert_eq!(code(set), RefusalCode::Forbidden, "{role}");
        let away = world
            .registry
            .set_agent_state(&who, AgentStateName::NotReady, None)
            .await;
        assert!(away.is_ok_and(|state| !state.ready), "{role}");
    }
}

#[tokio::test]
async fn a_user_who_was_ready_as_an_agent_and_is_none_any_more_is_offered_nothing() {
    let world = World::new();
    let (_, conversation) = world.started("plain").await;
    let was = staff("boss", "agent");
    let set = world.registry.set_agent_state(&was, AgentStateName::Ready, None).await;
    set.expect("an agent");
    let boss = staff("boss", "supervisor");
    let _socket = world.socket(&Principal::Staff(boss));
    routing::round(&world.registry, 0, &mut WaitingRoom::default())
        .await
        .expect("a look");
    let task = world.task(&conversation).await.expect("it waits");
    assert_eq!((task.state, task.assigned_to), (TaskPhase::Queued, None));
}

#[tokio::test]
async fn a_customer_that_was_answered_does_not_wait_because_its_agent_is_lost() {
    let world = World::new();
    let (_, ann, conversation) = world.served().await;
    assert_eq!(
        world.record(&conversation).await.waiting_since,
        None,
        "nothing was asked"
    );
    world.says(&ann.principal(), &conversation, "Good evening.").await;
    drop(ann);
    world.tracker.close();
    while world.store().next_due().await.expect("a read").is_none() {
        tokio::task::yield_now().await;
    }
    world.pass(65);
    world.fire_due().await;
    let task = world.task(&conversation).await.expect("a new request");
    assert_eq!(task.state, TaskPhase::Queued);
    assert_eq!(world.record(&conversation).await.waiting_since, None);
}

#[tokio::test]
async fn a_customer_whom_its_bot_hands_over_waits_whatever_the_bot_said() {
    let world = World::new();
    let (who, conversation) = world.started("socketed").await;
    let robot = super::world::bot("socket");
    world
        .says(&Principal::Customer(who), &conversation, "A person, please")
        .await;
    world.says(&robot, &conversation, "Of course.").await;
    assert_eq!(world.record(&conversation).await.waiting_since, None);
    world.handed_over(&robot, &conversation).await;
    assert!(world.record(&conversation).await.waiting_since.is_some());
}
