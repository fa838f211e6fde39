//! Bots and apps that are registered while the relay runs.

use crate::conversation::commands::Commands;
use crate::conversation::samples::{customer, start};
use crate::conversation::world::World;
use futures_util::FutureExt;
use portico_core::audit::Attribution;
use portico_core::clock::Clock;
use portico_core::customers::Customers;
use portico_core::identity::visitor::VisitorTokens;
use portico_core::identity::{
    AppPrincipal, Authenticated, BotPrincipal, Origins, Principal, Roles, TokenAuthenticator, secret,
};
use portico_core::programs::{ProgramError, Programs, WebhookRules, keep_uses};
use portico_core::store::{CredentialKind, KeyUse};
use portico_shared::cim::CimMessage;
use portico_shared::frame::RefusalCode;
use portico_shared::http::{IdentityBody, NewProgram, ProgramChange, ProgramKind};
use portico_shared::ids::{ConversationId, CustomerId, ParticipantId};
use serde_json::json;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

struct Anywhere;

impl WebhookRules for Anywhere {
    fn check(&self, _: &str) -> Result<(), String> {
        Ok(())
    }
}

impl World {
    async fn programs(&self) -> Programs {
        let services = self.registry.services().clone();
        let loaded = Programs::load(
            services.store,
            services.clock,
            services.config,
            services.programs,
            Arc::new(Anywhere),
            services.tracker,
        );
        loaded.await.expect("loaded")
    }

    /// Whether a key opens anything.
    async fn lets_in(&self, key: &str) -> bool {
        let services = self.registry.services().clone();
        let own = "https://chat.example".parse().expect("an origin");
        let authenticator = TokenAuthenticator {
            origins: Arc::new(Origins::new(&services.config, own)),
            visitors: Arc::new(VisitorTokens::new(&[7; 32])),
            roles: Roles::new(&services.config.roles),
            config: services.config,
            store: services.store,
            clock: services.clock,
            programs: services.programs,
        };
        authenticator.prove(key).await.is_ok()
    }

    /// Who changes programs.
    fn by(&self) -> Attribution {
        Attribution::operator(self.clock.as_ref())
    }

    async fn starts_on(&self, channel: &str, id: &str) -> ConversationId {
        let started = self.registry.start(&customer(id, channel), start("start")).await;
        started.expect("a start").conversation
    }

    async fn bot_of(&self, conversation: &ConversationId) -> Option<String> {
        let record = self.record(conversation).await;
        let mut bots = record.participants.iter().filter(|one| one.kind.as_str() == "BOT");
        bots.next().map(|bot| bot.id.to_string())
    }
}

fn bot(id: &str, channels: &[&str], webhook: Option<&str>) -> NewProgram {
    NewProgram {
        id: id.to_owned(),
        kind: ProgramKind::Bot,
        name: "Fern".to_owned(),
        scopes: Vec::new(),
        channels: channels.iter().map(|channel| (*channel).to_owned()).collect(),
        webhook: webhook.map(str::to_owned),
        timeout_seconds: None,
        answer_seconds: Some(30),
    }
}

fn disabled(disabled: bool) -> ProgramChange {
    ProgramChange {
        disabled: Some(disabled),
        ..ProgramChange::default()
    }
}

#[tokio::test]
async fn a_registered_bot_is_given_the_new_conversations_of_its_channels() {
    let world = World::new();
    let programs = world.programs().await;
    let before = world.starts_on("plain", "c1").await;
    programs
        .register(bot("fern", &["plain"], None), &world.by())
        .await
        .expect("registered");
    let with = world.starts_on("plain", "c2").await;
    assert_eq!(world.bot_of(&before).await, None);
    assert_eq!(world.bot_of(&with).await.as_deref(), Some("fern"));
    let second = programs.register(bot("moss", &["plain"], None), &world.by()).await;
    assert!(
        matches!(second, Err(ProgramError::Channel { .. })),
        "a channel has one bot"
    );
    let configured = programs.register(bot("moss", &["hooked"], None), &world.by()).await;
    assert!(matches!(configured, Err(ProgramError::Channel { .. })));

    programs
        .change("fern", disabled(true), &world.by())
        .await
        .expect("disabled");
    let without = world.starts_on("plain", "c3").await;
    assert_eq!(
        world.bot_of(&without).await,
        None,
        "nobody waits for one that is disabled"
    );
    programs
        .change("fern", disabled(false), &world.by())
        .await
        .expect("enabled");
    drop(programs);
    let world = world.restarted().await;
    world.programs().await;
    let again = world.starts_on("plain", "c4").await;
    assert_eq!(
        world.bot_of(&again).await.as_deref(),
        Some("fern"),
        "a restart keeps it"
    );
}

#[tokio::test]
async fn a_customer_who_waits_for_a_disabled_bot_is_given_an_agent_and_the_bot_misses_nothing() {
    let world = World::new();
    let programs = world.programs().await;
    let called = bot("fern", &["plain"], Some("https://bots.example/"));
    programs.register(called, &world.by()).await.expect("registered");
    let who = Principal::Customer(customer("c1", "plain"));
    let conversation = world.starts_on("plain", "c1").await;
    world.says(&who, &conversation, "hello").await;
    programs
        .change("fern", disabled(true), &world.by())
        .await
        .expect("disabled");
    world.pass(29);
    world.fire_due().await;
    assert!(
        world.task(&conversation).await.is_none(),
        "it may be enabled until then"
    );
    world.pass(1);
    world.fire_due().await;
    assert!(world.task(&conversation).await.is_some());
    let waiting = world.store().delivery_targets().await.expect("a read");
    assert_eq!(waiting, [ParticipantId::new("fern")], "what it was to be told is kept");

    // One that begins to wait while it is disabled, as well.
    programs
        .change("fern", disabled(false), &world.by())
        .await
        .expect("enabled");
    let later = world.starts_on("plain", "c2").await;
    programs
        .change("fern", disabled(true), &world.by())
        .await
        .expect("disabled");
    let other = Principal::Customer(customer("c2", "plain"));
    world.says(&other, &later, "hello").await;
    world.pass(30);
    world.fire_due().await;
    assert!(world.task(&later).await.is_some());
}

#[tokio::test]
async fn nobody_is_asked_for_when_the_bot_is_enabled_in_time() {
    let world = World::new();
    let programs = world.programs().await;
    let called = bot("fern", &["plain"], Some("https://bots.example/"));
    programs.register(called, &world.by()).await.expect("registered");
    let who = Principal::Customer(customer("c1", "plain"));
    let conversation = world.starts_on("plain", "c1").await;
    world.says(&who, &conversation, "hello").await;
    for is_disabled in [true, false] {
        programs
            .change("fern", disabled(is_disabled), &world.by())
            .await
            .expect("changed");
    }
    world.pass(60);
    world.fire_due().await;
    assert!(world.task(&conversation).await.is_none());
}

#[tokio::test]
async fn an_app_acts_on_its_channels_alone() {
    let world = World::new();
    let conversation = world.starts_on("plain", "c1").await;
    let app = |channels: &[&str]| AppPrincipal {
        id: ParticipantId::new("crm"),
        name: "CRM".to_owned(),
        scopes: [
            "activities:write",
            "attributes:write",
            "labels:write",
            "identities:write",
        ]
        .map(str::to_owned)
        .to_vec(),
        channels: channels.iter().map(|channel| (*channel).to_owned()).collect(),
    };
    let activity = |id: &str, header: serde_json::Value| {
        let mut message = json!({"id": id, "header": header, "body": {"type": "PLAIN", "markdownText": "x"}});
        message["header"]["sender"] = json!({"id": "crm", "type": "APP"});
        portico_shared::json::from_value::<CimMessage>(message).expect("a message")
    };
    let services = world.registry.services().clone();
    let customers = Customers::new(services.store, services.clock, services.config);
    let who = CustomerId::new("c1");
    let (own, foreign) = (app(&["plain"]), app(&["hooked", "rated"]));
    for (number, header) in [
        json!({"conversationId": conversation}),
        json!({"channelSessionId": world.record(&conversation).await.channel_session_id}),
        json!({"customer": {"_id": "c1"}}),
    ]
    .into_iter()
    .enumerate()
    {
        let message = activity(&format!("a-{number}"), header);
        let refused = world
            .registry
            .activity(&foreign, message.clone())
            .await
            .expect_err("foreign");
        assert_eq!(refused.code, RefusalCode::NotFound, "{number}");
        world.registry.activity(&own, message).await.expect("its own");
    }
    let note = async |app: &AppPrincipal| {
        let app = Principal::App(app.clone());
        customers.set_attribute(&app, &who, "birthday", "1990-02-03").await
    };
    assert_eq!(note(&foreign).await.expect_err("foreign").code, RefusalCode::NotFound);
    note(&own).await.expect("its own");
    note(&app(&[])).await.expect("bound to none");
    let label = async |app: &AppPrincipal| customers.label(&Principal::App(app.clone()), &who, "vip").await;
    assert_eq!(label(&foreign).await.expect_err("foreign").code, RefusalCode::NotFound);
    let said: IdentityBody =
        serde_json::from_value(json!({"channel": "email", "identifier": "ann@example.org"})).expect("a body");
    let state = async |app: &AppPrincipal| customers.state(&Principal::App(app.clone()), &who, &said).await;
    assert_eq!(state(&foreign).await.expect_err("foreign").code, RefusalCode::NotFound);
    state(&own).await.expect("its own");
}

#[tokio::test]
async fn two_keys_live_and_the_store_knows_none_of_them() {
    let world = World::new();
    let programs = world.programs().await;
    let registered = programs
        .register(bot("fern", &[], None), &world.by())
        .await
        .expect("registered");
    let second = programs.rotate_key("fern", &world.by()).await.expect("a second one");
    assert!(matches!(
        programs.rotate_key("fern", &world.by()).await,
        Err(ProgramError::Full(_))
    ));
    let listed = programs.list().await.expect("a list");
    let fern = listed
        .iter()
        .find(|program| program.id.as_str() == "fern")
        .expect("listed");
    let made: Vec<_> = fern.keys.iter().map(|key| key.made_at).collect();
    assert_eq!(made, [Some(world.clock.now_ms()); 2]);
    for key in [&registered.key, &second.key] {
        let known = fern
            .keys
            .iter()
            .any(|shown| key.starts_with(shown.prefix.as_deref().unwrap_or("-")));
        assert!(known && !world.is_stored(key));
    }
    assert!(
        fern.keys
            .iter()
            .all(|key| world.is_stored(key.prefix.as_deref().unwrap_or("-")))
    );
}

#[tokio::test]
async fn a_bot_of_the_configuration_takes_the_place_of_a_registered_one_of_its_id() {
    let world = World::new();
    let programs = world.programs().await;
    let called = bot("fern", &["plain"], Some("https://bots.example/"));
    let registered = programs.register(called, &world.by()).await.expect("registered");
    drop(programs);
    let world = world
        .reconfigured(|config| {
            let socket = config.bots["socket"].clone();
            config.bots.insert("fern".to_owned(), socket);
        })
        .await;
    let programs = world.programs().await;
    let listed = programs.list().await.expect("a list");
    let ferns: Vec<_> = listed.iter().filter(|program| program.id.as_str() == "fern").collect();
    assert_eq!(ferns.len(), 1);
    assert!(ferns[0].configured && ferns[0].webhook.is_none());
    let known = world.registry.services().programs.bot(&ParticipantId::new("fern"));
    assert_eq!(known.expect("known").name, "Socket");
    let change = programs.change("fern", renamed("Fern the bot"), &world.by()).await;
    assert!(matches!(change, Err(ProgramError::Configured(_))));
    let key = registered.key;
    assert!(world.lets_in(&key).await);
    let stopped = programs.change("fern", disabled(true), &world.by()).await;
    assert!(stopped.expect("disabled").program.disabled);
    assert!(!world.lets_in(&key).await);
}

#[tokio::test]
async fn a_program_is_disabled_whatever_has_become_of_its_channels() {
    let world = World::new();
    let called = bot("fern", &["plain"], Some("https://bots.example/"));
    let registered = world.programs().await.register(called, &world.by()).await;
    registered.expect("registered");
    let world = world.reconfigured(|config| drop(config.channels.remove("plain"))).await;
    let programs = world.programs().await;
    let renaming = programs.change("fern", renamed("Fern the bot"), &world.by()).await;
    assert!(renaming.is_err(), "there is no such channel");
    let stopped = programs.change("fern", disabled(true), &world.by()).await;
    assert!(stopped.expect("disabled").program.disabled);
}

fn renamed(name: &str) -> ProgramChange {
    ProgramChange {
        name: Some(name.to_owned()),
        ..ProgramChange::default()
    }
}

#[tokio::test]
async fn each_change_leaves_a_record_and_what_changes_nothing_leaves_none() {
    let world = World::new();
    let (programs, by) = (world.programs().await, world.by());
    let called = bot("fern", &["plain"], Some("https://bots.example/s3cret"));
    let registered = programs.register(called.clone(), &by).await.expect("registered");
    let second = programs.rotate_key("fern", &by).await.expect("a second key");
    let secret = programs.rotate_secret("fern", &by).await.expect("a second secret");
    programs
        .retire_key("fern", &second.prefix, &by)
        .await
        .expect("a key less");
    programs
        .retire_secret("fern", &secret.id, &by)
        .await
        .expect("a secret less");
    for change in [renamed("Fern the bot"), disabled(true), disabled(false)] {
        programs.change("fern", change, &by).await.expect("changed");
    }
    let records = world.store().audit_after(0, 100).await.expect("a read");
    let actions: Vec<_> = records.iter().map(|record| record.action.as_str()).collect();
    let expected = [
        "program.registered",
        "program.secret_added",
        "key.added",
        "key.added",
        "program.secret_added",
        "key.revoked",
        "program.secret_retired",
        "program.changed",
        "program.disabled",
        "program.enabled",
    ];
    assert_eq!(actions, expected);
    let of_program = records.iter().filter(|record| record.object_kind == "program");
    assert!(of_program.clone().count() == 7 && of_program.clone().all(|record| record.object_id == "fern"));
    let text = format!("{records:?}");
    let secrets = [
        &registered.key,
        &second.key,
        &secret.secret,
        &registered.secret.expect("called"),
    ];
    for shown_once in secrets.into_iter().map(String::as_str).chain(["/s3cret"]) {
        assert!(!text.contains(shown_once), "{text}");
    }

    for change in [ProgramChange::default(), disabled(false), renamed("Fern the bot")] {
        let same = programs.change("fern", change, &by).await.expect("as it is");
        assert_eq!(same.program.name, "Fern the bot");
    }
    for refused in [
        programs.register(called, &by).await.map(drop),
        programs.change("fern", renamed("two\nlines"), &by).await.map(drop),
        programs.change("nobody", disabled(true), &by).await.map(drop),
        programs.retire_key("fern", &second.prefix, &by).await,
        programs.retire_secret("fern", &secret.id, &by).await,
    ] {
        refused.expect_err("it cannot be");
    }
    let after = world.store().audit_after(0, 100).await.expect("a read");
    assert_eq!(after.len(), expected.len());
}

#[tokio::test]
async fn of_two_at_once_one_makes_the_second_key_and_one_the_second_secret() {
    let world = World::new();
    let (programs, by) = (world.programs().await, world.by());
    let called = bot("fern", &[], Some("https://bots.example/"));
    programs.register(called, &by).await.expect("registered");
    let keys = tokio::join!(programs.rotate_key("fern", &by), programs.rotate_key("fern", &by));
    assert!(matches!(
        keys,
        (Ok(_), Err(ProgramError::Full(_))) | (Err(ProgramError::Full(_)), Ok(_))
    ));
    let secrets = tokio::join!(programs.rotate_secret("fern", &by), programs.rotate_secret("fern", &by));
    assert!(matches!(
        secrets,
        (Ok(_), Err(ProgramError::Full(_))) | (Err(ProgramError::Full(_)), Ok(_))
    ));
    let listed = programs.list().await.expect("a list");
    let fern = listed.iter().find(|program| program.id.as_str() == "fern");
    let fern = fern.expect("listed");
    assert_eq!((fern.keys.len(), fern.secrets.len()), (2, 2));
}

/// The handler of a request is dropped when its client hangs up.
#[tokio::test]
async fn a_change_is_made_to_its_end_when_the_caller_hangs_up() {
    let world = World::new();
    let (programs, by) = (world.programs().await, world.by());
    let fern = ParticipantId::new("fern");
    let called = bot("fern", &[], Some("https://bots.example/"));
    programs.register(called, &by).await.expect("registered");
    let hung_up = programs.change("fern", disabled(true), &by).now_or_never();
    assert!(hung_up.is_none(), "it waits for the disk");
    // The next one has its turn when the first is done.
    let secret = programs.rotate_secret("fern", &by).await.expect("a secret");
    let directory = &world.registry.services().programs;
    assert!(directory.is_disabled(&fern));
    let stored = world.store().programs().await.expect("a read");
    let known = directory.program(&fern).expect("known");
    assert_eq!(stored, [(*known).clone()]);
    assert_eq!(known.secrets.last().map(|last| &last.id), Some(&secret.id));
}

#[tokio::test]
async fn a_key_is_not_made_by_hand_for_what_is_registered() {
    let world = World::new();
    let (programs, by) = (world.programs().await, world.by());
    let (crm, kind) = (ParticipantId::new("crm"), CredentialKind::App);
    let by_hand = || programs.issue_key_by_hand(kind, crm.clone(), "CRM".to_owned(), Vec::new(), &by);
    let app = NewProgram {
        kind: ProgramKind::App,
        ..bot("crm", &[], None)
    };
    let (registered, made) = tokio::join!(programs.register(app, &by), by_hand());
    assert!(registered.is_ok() != made.is_ok(), "the one keeps the other out");
    let keys = world.store().keys(kind, &crm).await.expect("a read");
    assert_eq!(keys.len(), 1);
}

#[tokio::test]
async fn a_busy_key_is_written_down_once_a_minute() {
    let world = World::new();
    let (programs, by) = (world.programs().await, world.by());
    let registered = programs
        .register(bot("fern", &[], None), &by)
        .await
        .expect("registered");
    let stored = async || {
        let keys = world
            .store()
            .keys(CredentialKind::Bot, &ParticipantId::new("fern"))
            .await;
        keys.expect("a read").remove(0)
    };
    let services = world.registry.services().clone();
    let proven = Authenticated {
        principal: Principal::Bot(BotPrincipal {
            id: ParticipantId::new("fern"),
            name: "Fern".to_owned(),
        }),
        issued_at: None,
        expires_at: None,
        credential: Some(secret::hash(&registered.key)),
    };
    let stop = CancellationToken::new();
    let keeping = keep_uses(services.programs.clone(), services.store.clone(), stop.clone());
    let keeping = world.tracker.spawn(keeping);
    for at in 1..=1_000 {
        services
            .programs
            .note_use(&proven, at, "192.0.2.77".parse().expect("an address"));
    }
    assert_eq!(stored().await.used, None, "nothing is written for a request");
    let shown = programs.list().await.expect("a list");
    let shown = shown.iter().find(|program| program.id.as_str() == "fern");
    assert_eq!(shown.expect("listed").keys[0].used_at, Some(1_000), "but it is shown");
    stop.cancel();
    keeping.await.expect("it ends");
    let used = KeyUse {
        at: 1_000,
        from: "192.0.2.0/24".to_owned(),
    };
    assert_eq!(stored().await.used, Some(used));
}
