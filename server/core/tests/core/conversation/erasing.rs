//! Erasing a customer, as those who ask for it see it.

use super::world::{World, code};
use async_trait::async_trait;
use bytes::Bytes;
use portico_core::clock::Clock;
use portico_core::erasing::Eraser;
use portico_core::files::{BytesError, FileBytes, Files, LinkKey};
use portico_core::identity::visitor::REFRESH_SECONDS;
use portico_core::identity::{Authenticated, Principal};
use portico_core::store::ErasedBy;
use portico_shared::frame::RefusalCode;
use std::ops::Range;
use std::sync::Arc;

/// A place without files.
struct Nowhere;

#[async_trait]
impl FileBytes for Nowhere {
    async fn put(&self, _: &str, _: Bytes) -> Result<(), BytesError> {
        Ok(())
    }

    async fn read(&self, key: &str, _: Range<u64>) -> Result<Bytes, BytesError> {
        Err(BytesError(key.into()))
    }

    async fn remove(&self, _: &str) -> Result<(), BytesError> {
        Ok(())
    }
}

pub(super) fn eraser(world: &World) -> Eraser {
    let files = Files::new(world.registry.clone(), Arc::new(Nowhere), LinkKey::new([7; 32]));
    eraser_over(world, Arc::new(files))
}

pub(super) fn eraser_over(world: &World, files: Arc<Files>) -> Eraser {
    Eraser::new(world.registry.clone(), files)
}

/// Two tabs, or a request and the relay's own look for what is not finished.
#[tokio::test]
async fn two_that_go_on_with_the_same_erasure_both_see_it_done() {
    let world = World::new();
    let (who, conversation) = world.started("plain").await;
    world
        .says(&Principal::Customer(who.clone()), &conversation, "Hello")
        .await;
    let eraser = eraser(&world);
    let (one, other, looked) = tokio::join!(
        eraser.erase(who.id.clone(), ErasedBy::Customer),
        eraser.erase(who.id.clone(), ErasedBy::Customer),
        eraser.resume(),
    );
    let (one, other) = (one.expect("erased"), other.expect("erased"));
    assert_eq!(one.conversations.max(other.conversations), 1);
    looked.expect("nothing is left");
    assert!(world.record(&conversation).await.erased);
}

#[tokio::test]
async fn an_erased_customer_is_forgotten_when_no_token_of_it_can_be_good() {
    let world = World::new();
    let (who, _) = world.started("plain").await;
    let eraser = eraser(&world);
    eraser.erase(who.id.clone(), ErasedBy::Customer).await.expect("erased");
    let is_listed = async || {
        let erased = world.store().erased_customer(&who.id).await;
        erased.expect("readable").is_some()
    };
    world.pass(REFRESH_SECONDS);
    eraser.forget().await.expect("written");
    assert!(is_listed().await);
    world.pass(1);
    eraser.forget().await.expect("written");
    assert!(!is_listed().await);
}

/// Its socket was proven before, and is not among those that were closed.
#[tokio::test]
async fn a_customer_that_was_proven_before_its_erasure_is_not_welcome() {
    let world = World::new();
    let (who, _) = world.started("plain").await;
    let now = world.clock.now_ms();
    let proven = |issued_at| Authenticated {
        principal: Principal::Customer(who.clone()),
        issued_at: Some(issued_at),
        expires_at: None,
        credential: None,
    };
    world.registry.welcome(&proven(now)).await.expect("a welcome");
    eraser(&world)
        .erase(who.id.clone(), ErasedBy::Customer)
        .await
        .expect("erased");
    let refused = world.registry.welcome(&proven(now)).await.map(drop);
    assert_eq!(code(refused), RefusalCode::Forbidden);
    world
        .registry
        .welcome(&proven(now + 1_000))
        .await
        .expect("it came back");
}
