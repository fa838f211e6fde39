//! Registered bots and apps: [`ProgramStore`].
//!
//! [`ProgramStore`]: crate::store::ProgramStore

use crate::store::conformance::World;
use crate::store::{Change, ProgramRecord, WebhookSecret};
use portico_shared::http::ProgramKind;
use portico_shared::ids::ParticipantId;

fn program(id: &str, kind: ProgramKind) -> ProgramRecord {
    ProgramRecord {
        id: ParticipantId::new(id),
        kind,
        name: "Fern".to_owned(),
        scopes: vec!["activities:write".to_owned()],
        channels: vec!["shop".to_owned()],
        webhook: Some("https://bots.example/x".to_owned()),
        secrets: vec![WebhookSecret {
            id: "s-1".to_owned(),
            secret: "whsec_x".to_owned(),
            made_at: 1_000,
        }],
        timeout_seconds: 10,
        answer_seconds: 60,
        disabled: false,
        registered_at: 1_000,
    }
}

pub async fn programs_are_listed_by_id_and_replaced(world: &impl World) {
    let store = world.open();
    assert_eq!(store.programs().await.expect("readable"), []);
    let (bot, app) = (program("fern", ProgramKind::Bot), program("crm", ProgramKind::App));
    let both = [&bot, &app].map(|record| Change::Program(Box::new(record.clone())));
    store.apply(both.into()).await.expect("written");
    assert_eq!(
        store.programs().await.expect("readable"),
        [app.clone(), bot.clone()],
        "by id"
    );
    let disabled = ProgramRecord {
        disabled: true,
        webhook: None,
        secrets: Vec::new(),
        ..bot
    };
    let replaced = vec![Change::Program(Box::new(disabled.clone()))];
    store.apply(replaced).await.expect("replaced");
    drop(store);
    let store = world.open();
    assert_eq!(store.programs().await.expect("readable"), [app, disabled]);
}
