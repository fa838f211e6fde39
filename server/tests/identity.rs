//! What each token proves, from which page, and for how long.

use portico::config;
use portico_core::audit::Attribution;
use portico_core::clock::Clock;
use portico_core::identity::people::{self, NewUser, PeopleError};
use portico_core::identity::provided::{ProvidedError, ProvidedUser, RefusedFor};
use portico_core::identity::staff_session::{SESSION_MS, StaffSessionError, StaffSessions, new_key, revoke};
use portico_core::identity::visitor::{Purpose, TOKEN_SECONDS, VisitorTokens};
use portico_core::identity::{
    AuthError, Authenticate, Authenticated, CustomerPrincipal, Origins, Principal, Roles, TokenAuthenticator, secret,
};
use portico_core::programs::ProgramDirectory;
use portico_core::store::{
    AuditRecord, AuditStore, CredentialKind, CredentialStore, ProviderIdentity, Store, UserRecord, UserStore,
};
use portico_shared::ids::{CustomerId, ParticipantId};
use portico_sqlite::{GroupCommit, SqliteStore};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

const OWN: Option<&str> = Some("https://chat.example");
const SHOP: Option<&str> = Some("https://shop.example");
const OTHER: Option<&str> = Some("https://other.example");
const PASSWORD: &str = "correct horse";

const CONFIG: &str = r##"
[bots.helper]
name = "Helper"

[channels.shop]
name = "Shop"
origins = ["https://shop.example"]
queue = "support"
widget = { title = "Shop", greeting = "Hello", expectation = "Soon", accent = "#1f5eff" }

[channels.other]
name = "Other"
origins = ["https://other.example"]
queue = "support"
widget = { title = "Other", greeting = "Hello", expectation = "Soon", accent = "#1f5eff" }
"##;

/// A clock that stands until it is moved.
struct Stopped(AtomicI64);

impl Clock for Stopped {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.now_ms()).unwrap_or_default()
    }

    fn uuid(&self) -> String {
        format!("id-{}", self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn jitter(&self) -> f64 {
        0.5
    }
}

struct World {
    authenticator: TokenAuthenticator,
    store: Arc<SqliteStore>,
    clock: Arc<Stopped>,
    visitors: Arc<VisitorTokens>,
    staff_sessions: StaffSessions,
    roles: Roles,
    _folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Arc::new(SqliteStore::open(&folder.path().join("p.db"), GroupCommit::On).expect("opens"));
        let config = Arc::new(config::from_toml(CONFIG).expect("good"));
        let clock = Arc::new(Stopped(AtomicI64::new(1_800_000_000_000)));
        let visitors = Arc::new(VisitorTokens::new(&[7; 32]));
        let origins = Arc::new(Origins::new(
            &config,
            "https://chat.example".parse().expect("an origin"),
        ));
        let roles = Roles::new(&config.roles);
        let programs = ProgramDirectory::configured(&config);
        let authenticator = TokenAuthenticator {
            config,
            store: store.clone(),
            clock: clock.clone(),
            visitors: visitors.clone(),
            origins,
            roles: roles.clone(),
            programs,
        };
        let staff_sessions = StaffSessions::new(store.clone(), clock.clone(), roles.clone());
        Self {
            authenticator,
            store,
            clock,
            visitors,
            staff_sessions,
            roles,
            _folder: folder,
        }
    }

    fn visitor(&self, channel: &str, purpose: Purpose) -> String {
        let customer = CustomerPrincipal {
            id: CustomerId::new("c-1"),
            channel: channel.into(),
            identifier: "c-1".into(),
            name: "Visitor".into(),
            verified: false,
            consent: None,
        };
        let now = self.clock.now_ms();
        self.visitors.mint(purpose, &customer, now, now + TOKEN_SECONDS * 1_000)
    }

    async fn signed_in(&self) -> String {
        let ann = NewUser {
            username: "ann".into(),
            password: PASSWORD.into(),
            first_name: "Ann".into(),
            last_name: String::new(),
            roles: vec!["supervisor".into()],
            queues: Vec::new(),
            max_tasks: 5,
        };
        let by = Attribution::operator(self.clock.as_ref());
        people::add(self.store.as_ref(), self.clock.as_ref(), &by, &self.roles, ann)
            .await
            .expect("added");
        self.staff_sessions
            .sign_in("ann", PASSWORD.into())
            .await
            .expect("signed in")
            .token
    }

    async fn key(&self, kind: CredentialKind, subject: &str) -> String {
        let issued = new_key(
            &Attribution::operator(self.clock.as_ref()),
            kind,
            ParticipantId::new(subject),
            "test".into(),
            Vec::new(),
        );
        let (issued, changes) = issued.expect("a key");
        self.store.apply(changes).await.expect("written");
        issued.secret
    }

    async fn from(&self, token: &str, origin: Option<&str>) -> Result<Authenticated, AuthError> {
        self.authenticator.authenticate(token, origin).await
    }

    async fn change_ann(&self, change: impl FnOnce(&mut UserRecord)) {
        let mut ann = self
            .store
            .user_by_name("ann")
            .await
            .expect("reads")
            .expect("there is an ann");
        change(&mut ann);
        self.store.put_user(ann).await.expect("written");
    }
}

fn is_refused<T>(result: Result<T, AuthError>) -> bool {
    matches!(result, Err(AuthError::Refused))
}

#[tokio::test]
async fn a_customer_speaks_from_pages_of_its_channel() {
    let world = World::new().await;
    let token = world.visitor("shop", Purpose::Visit);
    assert!(world.from(&token, SHOP).await.is_ok() && world.from(&token, OWN).await.is_ok());
    for origin in [
        OTHER,
        None,
        Some("null"),
        Some("https://SHOP.example"),
        Some("https://shop.example."),
    ] {
        assert!(is_refused(world.from(&token, origin).await), "{origin:?}");
    }
    assert!(is_refused(
        world.from(&world.visitor("shop", Purpose::Refresh), OWN).await
    ));
    assert!(is_refused(
        world.from(&world.visitor("gone", Purpose::Visit), OWN).await
    ));
}

#[tokio::test]
async fn a_customers_proof_ends_with_its_token() {
    let world = World::new().await;
    let token = world.visitor("shop", Purpose::Visit);
    let proven = world.from(&token, SHOP).await.expect("proven");
    assert_eq!(world.authenticator.still_holds(&proven).await, Ok(()));
    world.clock.0.fetch_add(TOKEN_SECONDS * 1_000, Ordering::Relaxed);
    assert_eq!(world.authenticator.still_holds(&proven).await, Err(AuthError::Expired));
    assert_eq!(world.from(&token, SHOP).await, Err(AuthError::Expired));
}

#[tokio::test]
async fn a_user_speaks_from_the_desk_only() {
    let world = World::new().await;
    let token = world.signed_in().await;
    assert!(matches!(
        world.from(&token, OWN).await.expect("proven").principal,
        Principal::Staff(_)
    ));
    for origin in [SHOP, OTHER, None, Some("null")] {
        assert!(is_refused(world.from(&token, origin).await), "{origin:?}");
    }
}

#[tokio::test]
async fn what_was_taken_back_holds_no_longer() {
    let world = World::new().await;
    let token = world.signed_in().await;
    let proven = world.from(&token, OWN).await.expect("proven");
    assert_eq!(world.authenticator.still_holds(&proven).await, Ok(()));

    world.change_ann(|ann| ann.disabled = true).await;
    assert!(is_refused(world.authenticator.still_holds(&proven).await) && is_refused(world.from(&token, OWN).await));
    world.change_ann(|ann| ann.disabled = false).await;
    assert_eq!(world.authenticator.still_holds(&proven).await, Ok(()));

    world.change_ann(|ann| ann.roles = vec!["agent".into()]).await;
    assert_eq!(
        world.authenticator.still_holds(&proven).await,
        Err(AuthError::Changed),
        "a socket keeps no rights that its user lost"
    );
    world.change_ann(|ann| ann.roles = vec!["supervisor".into()]).await;

    world.staff_sessions.sign_out(&token).await.expect("signed out");
    assert!(is_refused(world.authenticator.still_holds(&proven).await) && is_refused(world.from(&token, OWN).await));
}

#[tokio::test]
async fn a_session_ends_with_the_shift() {
    let world = World::new().await;
    let token = world.signed_in().await;
    world.clock.0.fetch_add(SESSION_MS + 1, Ordering::Relaxed);
    assert_eq!(world.from(&token, OWN).await, Err(AuthError::Expired));
}

#[tokio::test]
async fn a_bot_needs_no_page_but_a_place_in_the_configuration() {
    let world = World::new().await;
    let key = world.key(CredentialKind::Bot, "helper").await;
    let proven = world.from(&key, None).await.expect("proven");
    assert!(matches!(&proven.principal, Principal::Bot(bot) if bot.name == "Helper"));
    assert!(is_refused(
        world.from(&world.key(CredentialKind::Bot, "unknown").await, None).await
    ));
    let by = Attribution::operator(world.clock.as_ref());
    revoke(world.store.as_ref(), &by, &secret::hash(&key))
        .await
        .expect("revoked");
    assert!(is_refused(world.authenticator.still_holds(&proven).await) && is_refused(world.from(&key, None).await));
}

#[tokio::test]
async fn an_app_is_proven_but_has_no_socket() {
    let world = World::new().await;
    let key = world.key(CredentialKind::App, "crm").await;
    assert!(matches!(
        world.authenticator.prove(&key).await.expect("proven").principal,
        Principal::App(_)
    ));
    assert!(is_refused(world.from(&key, None).await) && is_refused(world.from(&key, OWN).await));
}

#[tokio::test]
async fn a_secret_is_good_under_its_own_prefix_only() {
    let world = World::new().await;
    let session = world.signed_in().await;
    let key = world.key(CredentialKind::Bot, "helper").await;
    for token in [
        session.replacen("pst_", "pk_", 1),
        key.replacen("pk_", "pst_", 1),
        key.to_uppercase(),
        format!("{key} "),
        key[..key.len() - 1].to_owned(),
        "pst_".into(),
        "pk_".into(),
    ] {
        assert!(is_refused(world.from(&token, OWN).await), "{token}");
    }
}

#[tokio::test]
async fn another_password_ends_what_the_one_before_opened() {
    let world = World::new().await;
    let token = world.signed_in().await;
    let proven = world.from(&token, OWN).await.expect("proven");
    let (store, by) = (world.store.as_ref(), Attribution::operator(world.clock.as_ref()));
    for (name, password) in [("ann", "short"), ("nobody", "battery staple")] {
        assert!(people::set_password(store, &by, name, password.into()).await.is_err());
    }
    assert_eq!(world.authenticator.still_holds(&proven).await, Ok(()));
    people::set_password(store, &by, "ann", "battery staple".into())
        .await
        .expect("set");
    assert!(is_refused(world.authenticator.still_holds(&proven).await) && is_refused(world.from(&token, OWN).await));
    assert!(world.staff_sessions.sign_in("ann", PASSWORD.into()).await.is_err());
    assert!(
        world
            .staff_sessions
            .sign_in("ann", "battery staple".into())
            .await
            .is_ok()
    );
}

/// Checking a password takes longer than a change of the user, which therefore falls into it.
#[tokio::test]
async fn what_is_changed_while_a_password_is_checked_leaves_no_session_of_before() {
    let world = World::new().await;
    world.signed_in().await;
    let (store, by) = (world.store.as_ref(), Attribution::operator(world.clock.as_ref()));
    let signs_in = || world.staff_sessions.sign_in("ann", PASSWORD.into());
    let (opened, disabled) = tokio::join!(signs_in(), people::disable(store, &by, "ann"));
    disabled.expect("disabled");
    people::enable(store, &by, "ann").await.expect("enabled");
    if let Ok(login) = opened {
        assert!(is_refused(world.from(&login.token, OWN).await), "it is over");
    }
    let (opened, set) = tokio::join!(
        signs_in(),
        people::set_password(store, &by, "ann", "battery staple".into())
    );
    set.expect("set");
    if let Ok(login) = opened {
        assert!(is_refused(world.from(&login.token, OWN).await), "it is over");
    }
}

#[tokio::test]
async fn a_session_that_is_long_over_is_forgotten_when_somebody_signs_in() {
    let world = World::new().await;
    let hash = secret::hash(&world.signed_in().await);
    world.clock.0.fetch_add(3 * SESSION_MS + 1, Ordering::Relaxed);
    assert!(world.store.credential(&hash).await.expect("reads").is_some());
    world
        .staff_sessions
        .sign_in("ann", PASSWORD.into())
        .await
        .expect("signed in");
    assert!(world.store.credential(&hash).await.expect("reads").is_none());
}

fn provided(subject: &str, username: &str, roles: &[&str]) -> ProvidedUser {
    ProvidedUser {
        identity: ProviderIdentity {
            issuer: "https://id.example".to_owned(),
            subject: subject.to_owned(),
        },
        username: username.to_owned(),
        first_name: "Ada".to_owned(),
        last_name: "Lovelace".to_owned(),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
        max_tasks: 3,
    }
}

#[tokio::test]
async fn a_user_of_a_provider_is_who_it_is_there_and_named_like_nobody_else() {
    let world = World::new().await;
    world.signed_in().await;
    let let_in = async |user: ProvidedUser| world.staff_sessions.let_in(user).await.expect("let in");
    let ada = let_in(provided("s-1", " Ann ", &["agent"])).await;
    assert_eq!(
        (ada.username.as_str(), ada.first_name.as_str(), ada.max_tasks),
        ("ann-2", "Ada", 3)
    );
    assert_eq!(let_in(provided("s-2", "ann", &["agent"])).await.username, "ann-3");
    let again = ProvidedUser {
        first_name: "A\nB".to_owned(),
        last_name: "King".to_owned(),
        ..provided("s-1", "ada", &["agent", "supervisor"])
    };
    let again = let_in(again).await;
    assert_eq!((&again.id, again.username.as_str()), (&ada.id, "ann-2"));
    assert_eq!((again.first_name.as_str(), again.last_name.as_str()), ("Ada", "King"));
    assert_eq!(again.roles, ["agent", "supervisor"]);
    let unnamed = ProvidedUser {
        first_name: String::new(),
        ..provided("s-3", "Jo Doe", &["agent"])
    };
    let unnamed = let_in(unnamed).await;
    assert_eq!(
        (&unnamed.username, &unnamed.first_name),
        (&unnamed.id.to_string(), &unnamed.id.to_string())
    );
}

#[tokio::test]
async fn a_user_of_a_provider_has_no_password() {
    let world = World::new().await;
    let ada = world.staff_sessions.let_in(provided("s-1", "ada", &["agent"])).await;
    ada.expect("let in");
    for password in ["", PASSWORD] {
        let signed_in = world.staff_sessions.sign_in("ada", password.to_owned()).await;
        assert!(matches!(signed_in, Err(StaffSessionError::Wrong)));
    }
    let by = Attribution::operator(world.clock.as_ref());
    let set = people::set_password(world.store.as_ref(), &by, "ada", PASSWORD.to_owned()).await;
    assert!(matches!(set, Err(PeopleError::OfProvider(_))));
}

fn why<T>(let_in: Result<T, ProvidedError>) -> RefusedFor {
    match let_in {
        Err(ProvidedError::Refused(refused)) => refused.why,
        Err(ProvidedError::Session(error)) => panic!("{error}"),
        Ok(_) => panic!("it was let in"),
    }
}

#[tokio::test]
async fn a_session_of_a_provider_is_opened_only_for_who_is_let_in_and_ends_with_the_claim() {
    let world = World::new().await;
    let local = world.authenticator.prove(&world.signed_in().await).await.expect("good");
    let Principal::Staff(local) = local.principal else {
        panic!("a user")
    };
    let open = async |id: &ParticipantId| world.staff_sessions.open_provided(id).await;
    assert!(open(&local.id).await.is_err(), "one with a password");
    assert!(open(&ParticipantId::new("u-9")).await.is_err(), "nobody");

    let let_in = async |roles: &[&str]| world.staff_sessions.let_in(provided("s-1", "ada", roles)).await;
    let ada = let_in(&["agent"]).await.expect("let in");
    let login = open(&ada.id).await.expect("opened");
    world.authenticator.prove(&login.token).await.expect("good");
    assert_eq!(why(let_in(&[]).await), RefusedFor::NoRole);
    assert_eq!(world.authenticator.prove(&login.token).await, Err(AuthError::Refused));
    assert!(open(&ada.id).await.is_err(), "without a role");

    let_in(&["agent"]).await.expect("let in again");
    let by = Attribution::operator(world.clock.as_ref());
    let disabled = people::disable(world.store.as_ref(), &by, "ada").await;
    disabled.expect("disabled");
    assert_eq!(why(let_in(&["agent"]).await), RefusedFor::Disabled);
    assert!(open(&ada.id).await.is_err(), "disabled");
}

/// Action, actor, object and detail of all records, as they were written.
async fn told(world: &World) -> Vec<String> {
    let records = world.store.audit_after(0, 100).await.expect("reads");
    let of = |record: AuditRecord| {
        let (who, to) = (record.actor_kind, record.object_id);
        format!("{} by {who} to {to}: {}", record.action, record.detail)
    };
    records.into_iter().map(of).collect()
}

#[tokio::test]
async fn what_a_provider_says_of_a_user_is_recorded_where_it_changes_something() {
    let world = World::new().await;
    let let_in = async |roles: &[&str]| world.staff_sessions.let_in(provided("s-1", "ada", roles)).await;
    // Nothing is kept of who is refused and not there.
    assert_eq!(why(let_in(&[]).await), RefusedFor::NoRole);
    assert_eq!(told(&world).await, [""; 0]);
    let ada = let_in(&["agent"]).await.expect("let in").id;
    let login = world.staff_sessions.open_provided(&ada).await.expect("opened");
    let session = hex::encode(secret::hash(&login.token));
    // The same again changes nothing.
    let_in(&["agent"]).await.expect("let in");
    let_in(&["agent", "supervisor"]).await.expect("let in");
    for _ in 0..2 {
        let Err(ProvidedError::Refused(refused)) = let_in(&[]).await else {
            panic!("it is refused")
        };
        let noted = world.staff_sessions.note_provided_refusal(&refused).await;
        noted.expect("recorded");
    }
    let of_ada = r#""provider":"https://id.example""#;
    let refused = format!(r#"user.sign_in_refused by user to {ada}: {{{of_ada},"why":"no_role"}}"#);
    assert_eq!(
        told(&world).await,
        [
            format!(r#"user.added by relay to {ada}: {{{of_ada},"roles":"agent","username":"ada"}}"#),
            format!(r#"user.sign_in by user to {ada}: {{{of_ada},"session":"{session}","username":"ada"}}"#),
            format!(
                r#"user.roles_changed by relay to {ada}: {{"after":"agent,supervisor","before":"agent",{of_ada},"username":"ada"}}"#
            ),
            format!(
                r#"user.roles_changed by relay to {ada}: {{"after":"","before":"agent,supervisor",{of_ada},"username":"ada"}}"#
            ),
            refused.clone(),
            refused,
        ]
    );
}
