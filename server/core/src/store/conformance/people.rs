//! Users, credentials and secrets.

use crate::store::conformance::World;
use crate::store::{CredentialKind, CredentialRecord, UserRecord};
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
        ..user("u-1", "anna")
    };
    store.put_user(renamed.clone()).await.expect("replaced");
    assert_eq!(store.user_by_name("ann").await.expect("readable"), None);
    assert_eq!(store.user_by_name("anna").await.expect("readable"), Some(renamed));
    assert_eq!(store.user(&ParticipantId::new("u-2")).await.expect("readable"), None);
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

pub async fn credentials_are_kept_and_taken_back(world: &impl World) {
    let store = world.open();
    let kinds = [CredentialKind::Staff, CredentialKind::Bot, CredentialKind::App];
    for (number, kind) in (1..).zip(kinds) {
        let mut credential = CredentialRecord {
            secret_hash: [number; 32],
            kind,
            subject: ParticipantId::new("s"),
            label: "a key".to_owned(),
            scopes: vec!["activities:write".to_owned()],
            expires_at: (number == 1).then_some(1_000),
            revoked: false,
        };
        store.put_credential(credential.clone()).await.expect("written");
        assert_eq!(
            store.credential(&[number; 32]).await.expect("readable"),
            Some(credential.clone())
        );
        credential.revoked = true;
        store.put_credential(credential.clone()).await.expect("replaced");
        assert_eq!(
            store.credential(&[number; 32]).await.expect("readable"),
            Some(credential)
        );
    }
    assert_eq!(store.credential(&[9; 32]).await.expect("readable"), None);
}

fn session(number: u8, subject: &str, expires_at: i64) -> CredentialRecord {
    CredentialRecord {
        secret_hash: [number; 32],
        kind: CredentialKind::Staff,
        subject: ParticipantId::new(subject),
        label: "session".to_owned(),
        scopes: Vec::new(),
        expires_at: Some(expires_at),
        revoked: false,
    }
}

pub async fn all_sessions_of_a_user_end_and_nothing_else(world: &impl World) {
    let store = world.open();
    let key = CredentialRecord {
        kind: CredentialKind::Bot,
        ..session(4, "ann", 1_000)
    };
    for credential in [
        session(1, "ann", 1_000),
        session(2, "ann", 2_000),
        session(3, "ben", 1_000),
        key,
    ] {
        store.put_credential(credential).await.expect("written");
    }
    store.end_sessions(&ParticipantId::new("ann")).await.expect("ended");
    for (number, ended) in [(1, true), (2, true), (3, false), (4, false)] {
        let found = store.credential(&[number; 32]).await.expect("readable");
        assert_eq!(found.map(|found| found.revoked), Some(ended), "{number}");
    }
}

pub async fn sessions_that_are_over_are_forgotten(world: &impl World) {
    let store = world.open();
    let key = CredentialRecord {
        kind: CredentialKind::App,
        ..session(3, "crm", 1_000)
    };
    for credential in [session(1, "ann", 1_000), session(2, "ann", 2_000), key] {
        store.put_credential(credential).await.expect("written");
    }
    store.forget_sessions(2_000).await.expect("forgotten");
    for (number, known) in [(1, false), (2, true), (3, true)] {
        let found = store.credential(&[number; 32]).await.expect("readable");
        assert_eq!(found.is_some(), known, "{number}");
    }
}

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
