//! A bot that connects by itself and is not there.

use super::commands::Commands;
use super::world::{World, bot, post_of};
use portico_core::identity::Principal;
use portico_shared::cim::MessageBody;
use portico_shared::frame::Draft;
use portico_shared::ids::ConversationId;
use serde_json::json;

/// Customers of channel `socketed` wait for the default of `answer_seconds`.
const PATIENCE: i64 = 60;

async fn asked_for_an_agent(world: &World, conversation: &ConversationId) -> bool {
    world.fire_due().await;
    let names = world.names(conversation).await;
    let gave_up = names.iter().any(|name| name == "BOT_NOT_AVAILABLE");
    assert_eq!(gave_up, world.task(conversation).await.is_some());
    gave_up
}

#[tokio::test]
async fn a_customer_whose_bot_does_not_answer_gets_an_agent() {
    let world = World::new();
    let (who, conversation) = world.started("socketed").await;
    world.pass(PATIENCE);
    assert!(
        !asked_for_an_agent(&world, &conversation).await,
        "nothing was asked yet"
    );
    world.says(&Principal::Customer(who), &conversation, "Anybody?").await;
    world.pass(PATIENCE - 1);
    assert!(!asked_for_an_agent(&world, &conversation).await);
    let world = world.restarted().await;
    world.pass(1);
    assert!(asked_for_an_agent(&world, &conversation).await);
}

#[tokio::test]
async fn an_answer_or_an_action_takes_the_deadline_back() {
    let noted = portico_shared::json::from_value::<MessageBody>(json!({"type": "ACTION", "name": "NOTED", "data": {}}))
        .expect("an action");
    for body in [MessageBody::plain("Here I am."), noted] {
        let world = World::new();
        let (who, conversation) = world.started("socketed").await;
        let customer = Principal::Customer(who);
        world.says(&customer, &conversation, "Anybody?").await;
        let answer = post_of(&conversation, "answer", Draft::new(body));
        world.registry.post(&bot("socket"), answer).await.expect("an answer");
        world.pass(PATIENCE);
        assert!(!asked_for_an_agent(&world, &conversation).await);
        world.says(&customer, &conversation, "And now?").await;
        world.pass(PATIENCE);
        assert!(asked_for_an_agent(&world, &conversation).await);
    }
}

#[tokio::test]
async fn a_bot_that_is_called_has_no_such_deadline() {
    let world = World::new();
    let (who, conversation) = world.started("hooked").await;
    world.says(&Principal::Customer(who), &conversation, "Anybody?").await;
    world.pass(PATIENCE);
    assert!(!asked_for_an_agent(&world, &conversation).await);
}

#[tokio::test]
async fn a_bot_that_is_no_longer_configured_is_not_waited_for() {
    let world = World::new();
    let (who, conversation) = world.started("socketed").await;
    let world = world.reconfigured(|config| {
        config.bots.remove("socket");
    });
    let world = world.await;
    world.says(&Principal::Customer(who), &conversation, "Anybody?").await;
    assert!(asked_for_an_agent(&world, &conversation).await);
}
