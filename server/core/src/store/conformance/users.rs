//! Contact-centre users: [`UserStore`].
//!
//! [`UserStore`]: crate::store::UserStore

use crate::store::conformance::World;
use crate::store::{ProviderIdentity, UserRecord};
use portico_shared::ids::ParticipantId;

fn user(id: &str, username: &str) -> UserRecord {
    UserRecord {
        id: ParticipantId::new(id),
        username: username.to_owned(),
        password_hash: "$argon2id$...".to_owned(),
        first_name: "Ann".to_owned(),
        last_name: "A".to_owned(),
        roles: vec!["agent".to_owned()],
        queues: Vec::new(),
        max_tasks: 5,
        disabled: false,
        provider: None,
    }
}

pub async fn users_are_found_by_id_and_by_name(world: &impl World) {
    let store = world.open();
    store.put_user(user("u-1", "ann")).await.expect("written");
    assert_eq!(
        store.user(&ParticipantId::new("u-1")).await.expect("readable"),
        Some(user("u-1", "ann"))
    );
    assert_eq!(
        store.user_by_name("ann").await.expect("readable"),
        Some(user("u-1", "ann"))
    );
    let renamed = UserRecord {
        disabled: true,
        provider: Some(ProviderIdentity {
            issuer: "https://id.example".to_owned(),
            subject: "00u1".to_owned(),
        }),
        ..user("u-1", "anna")
    };
    store.put_user(renamed.clone()).await.expect("replaced");
    assert_eq!(store.user_by_name("ann").await.expect("readable"), None);
    assert_eq!(store.user_by_name("anna").await.expect("readable"), Some(renamed));
    assert_eq!(store.user(&ParticipantId::new("u-2")).await.expect("readable"), None);
}

pub async fn users_are_listed_by_name(world: &impl World) {
    let store = world.open();
    assert_eq!(store.users().await.expect("readable"), []);
    for (id, name) in [("u-1", "zoe"), ("u-2", "ann")] {
        store.put_user(user(id, name)).await.expect("written");
    }
    let listed = store.users().await.expect("readable");
    assert_eq!(listed, [user("u-2", "ann"), user("u-1", "zoe")]);
}

pub async fn a_sign_in_name_has_one_user(world: &impl World) {
    let store = world.open();
    store.put_user(user("u-1", "ann")).await.expect("written");
    store.put_user(user("u-2", "ann")).await.expect_err("the name is taken");
    assert_eq!(
        store.user_by_name("ann").await.expect("readable"),
        Some(user("u-1", "ann"))
    );
    store
        .put_user(user("u-2", "bob"))
        .await
        .expect("a refusal harms nobody else");
}
