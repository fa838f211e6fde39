//! Sessions and keys: [`CredentialStore`].
//!
//! [`CredentialStore`]: crate::store::CredentialStore

use crate::store::conformance::World;
use crate::store::{CredentialKind, CredentialRecord, KeyUse};
use portico_shared::ids::ParticipantId;

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
            issued_at: (number == 1).then_some(500),
            expires_at: (number == 1).then_some(1_000),
            revoked: false,
            prefix: (number > 1).then(|| format!("pk_{number}")),
            used: None,
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

pub(super) fn session(number: u8, subject: &str, expires_at: i64) -> CredentialRecord {
    CredentialRecord {
        secret_hash: [number; 32],
        kind: CredentialKind::Staff,
        subject: ParticipantId::new(subject),
        label: "session".to_owned(),
        scopes: Vec::new(),
        issued_at: Some(expires_at - 500),
        expires_at: Some(expires_at),
        revoked: false,
        prefix: None,
        used: None,
    }
}

pub async fn the_sessions_of_a_user_are_listed(world: &impl World) {
    let store = world.open();
    let key = CredentialRecord {
        kind: CredentialKind::Bot,
        ..session(4, "ann", 4_000)
    };
    let revoked = CredentialRecord {
        revoked: true,
        ..session(5, "ann", 5_000)
    };
    let (older, newer) = (session(1, "ann", 1_000), session(2, "ann", 2_000));
    for credential in [older.clone(), newer.clone(), session(3, "ben", 3_000), key, revoked] {
        store.put_credential(credential).await.expect("written");
    }
    let listed = store.sessions(&ParticipantId::new("ann")).await.expect("readable");
    assert_eq!(listed, [newer, older]);
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

pub async fn keys_are_listed_with_their_last_use(world: &impl World) {
    let store = world.open();
    let key = |number: u8, kind, subject: &str| CredentialRecord {
        kind,
        expires_at: None,
        prefix: Some(format!("pk_{number}")),
        ..session(number, subject, i64::from(number) * 1_000)
    };
    let (older, newer) = (key(1, CredentialKind::Bot, "fern"), key(2, CredentialKind::Bot, "fern"));
    let revoked = CredentialRecord {
        revoked: true,
        ..key(3, CredentialKind::Bot, "fern")
    };
    let others = [
        key(4, CredentialKind::App, "fern"),
        key(5, CredentialKind::Bot, "robot"),
    ];
    for credential in [newer.clone(), older.clone(), revoked].into_iter().chain(others) {
        store.put_credential(credential).await.expect("written");
    }
    let used = KeyUse {
        at: 7_000,
        from: "192.0.2.0/24".to_owned(),
    };
    let uses = vec![([2; 32], used.clone()), ([9; 32], used.clone())];
    store.note_key_uses(uses).await.expect("written");
    let listed = store.keys(CredentialKind::Bot, &ParticipantId::new("fern")).await;
    let newer = CredentialRecord {
        used: Some(used),
        ..newer
    };
    assert_eq!(listed.expect("readable"), [older, newer]);
    assert_eq!(store.credential(&[9; 32]).await.expect("readable"), None);
}
