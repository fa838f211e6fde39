//! What the relay keeps for itself, [`SecretStore`], and whether it may write at all.
//!
//! [`SecretStore`]: crate::store::SecretStore

use crate::store::conformance::World;

pub async fn a_secret_is_made_once(world: &impl World) {
    let store = world.open();
    assert_eq!(store.secret("signing", [1; 32]).await.expect("made"), [1; 32]);
    assert_eq!(store.secret("signing", [2; 32]).await.expect("found"), [1; 32]);
    assert_eq!(store.secret("other", [3; 32]).await.expect("made"), [3; 32]);
    drop(store);
    assert_eq!(world.open().secret("signing", [4; 32]).await.expect("found"), [1; 32]);
}

pub async fn an_open_store_is_ready(world: &impl World) {
    let store = world.open();
    for _ in 0..3 {
        store.ready().await.expect("it takes writes");
    }
}
