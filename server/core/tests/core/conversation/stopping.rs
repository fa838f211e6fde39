//! The relay stops while people write.

use super::commands::Commands;
use super::world::{World, post};
use portico_core::identity::Principal;
use portico_shared::frame::RefusalCode;

#[tokio::test]
async fn after_a_stop_a_post_is_refused_as_draining_and_may_be_sent_again() {
    let world = World::new();
    let (who, conversation) = world.started("plain").await;
    let who = Principal::Customer(who);
    world.says(&who, &conversation, "in time").await;
    let before = world.names(&conversation).await;
    world.shutdown.cancel();
    let late = world.registry.post(&who, post(&conversation, "late", "too late")).await;
    let refused = late.expect_err("nothing new is taken");
    assert_eq!(refused.code, RefusalCode::Draining);
    assert!(refused.code.retryable() && refused.retry_after_ms.is_some());
    assert_eq!(world.names(&conversation).await, before);
}
