//! What customers who wait are told of their queue.

use super::commands::Commands;
use super::world::{Socket, World, customer, id, start};
use portico_core::identity::Principal;
use portico_core::routing;
use portico_shared::cim::agent::AgentStateName;
use portico_shared::frame::{QueuePosition, ServerFrame};
use portico_shared::ids::ConversationId;

async fn told(socket: &mut Socket) -> QueuePosition {
    match socket.until(is_position).await {
        ServerFrame::QueuePosition(position) => position,
        other => panic!("{other:?}"),
    }
}

/// A customer who waits for an agent, and reads the conversation.
async fn waiting(world: &World, name: &str) -> (Principal, ConversationId, Socket) {
    let who = customer(name, "plain");
    let started = world.registry.start(&who, start(name)).await.expect("a start");
    let who = Principal::Customer(who);
    let socket = world.joined(&who, &started.conversation).await;
    (who, started.conversation, socket)
}

fn is_position(frame: &ServerFrame) -> bool {
    matches!(frame, ServerFrame::QueuePosition(_))
}

#[tokio::test]
async fn those_who_wait_are_told_their_place_and_told_again_when_it_changes() {
    let world = World::new();
    let (ada, first, mut ada_reads) = waiting(&world, "ada").await;
    world.pass(1);
    let (_, second, mut bob_reads) = waiting(&world, "bob").await;
    world.tracker.spawn(routing::run(world.registry.clone()));
    let place = |conversation: &ConversationId, position| QueuePosition {
        conversation: conversation.clone(),
        position,
        wait_minutes: None,
    };
    assert_eq!(told(&mut ada_reads).await, place(&first, 1));
    assert_eq!(told(&mut bob_reads).await, place(&second, 2));
    world.pass(6);
    world.registry.end(&ada, &first, id("e")).await.expect("an end");
    assert_eq!(told(&mut bob_reads).await, place(&second, 1));
    world.stopped().await;
}

#[tokio::test]
async fn who_comes_back_is_told_at_once_and_agents_who_look_on_are_not() {
    let world = World::new();
    let (ada, conversation, mut ada_reads) = waiting(&world, "ada").await;
    world.tracker.spawn(routing::run(world.registry.clone()));
    told(&mut ada_reads).await;
    let mut another_tab = world.joined(&ada, &conversation).await;
    assert_eq!(told(&mut another_tab).await.position, 1);
    let mut ann = world.desk("ann");
    world.join(&ann.principal(), &conversation, &ann.socket);
    let frames = ann.socket.queued().await;
    assert!(!frames.iter().any(is_position), "{frames:?}");
    world.stopped().await;
}

#[tokio::test]
async fn who_is_served_stands_in_no_queue() {
    let world = World::new();
    let (ada, conversation, mut ada_reads) = waiting(&world, "ada").await;
    world.tracker.spawn(routing::run(world.registry.clone()));
    told(&mut ada_reads).await;
    let mut ann = world.desk("ann");
    let ready = world.registry.set_agent_state(&ann.who, AgentStateName::Ready, None);
    ready.await.expect("ready");
    let ServerFrame::Offer(offer) = ann.socket.until(|frame| matches!(frame, ServerFrame::Offer(_))).await else {
        panic!("what is waited for is an offer");
    };
    let accepted = world.registry.accept(&ann.who, offer.task, id("a")).await;
    accepted.expect("accepting");
    let mut another_tab = world.joined(&ada, &conversation).await;
    let frames = another_tab.queued().await;
    assert!(!frames.iter().any(is_position), "{frames:?}");
    world.stopped().await;
}
