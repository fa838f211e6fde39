//! The worker over a real store, with connectors that a test makes.

use crate::conversation::commands::Commands;
use crate::{LIMIT, eventually};
use async_trait::async_trait;
use portico_core::bot::{BotAnswer, BotConnector, BotMessage, BotMode, BotRequest, BotRequestKind, DeliverError};
use portico_core::clock::{Clock, SystemClock};
use portico_core::conversation::{Presence, QueueBoard, Registry, Services};
use portico_core::delivery::{Context, PER_BOT, WAITED_ENOUGH_MS, run};
use portico_core::identity::{CustomerPrincipal, Principal};
use portico_core::links::LinkQueue;
use portico_core::programs::ProgramDirectory;
use portico_core::store::{Change, DeliveryRecord, NewDelivery, Store, StoredEvent};
use portico_shared::cim::{EventName, MessageBody};
use portico_shared::frame::{Range, Start};
use portico_shared::ids::{ClientId, ConversationId, CustomerId, ParticipantId, Seq};
use portico_sqlite::{GroupCommit, SqliteStore};
use serde_json::Map;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A bot on the other side.
struct Bot {
    manner: Manner,
    heard: Heard,
}

/// What a bot does when it is called.
#[derive(Clone, Copy)]
enum Manner {
    /// It never answers.
    Hangs,
    /// It always does.
    Answers,
    /// It answers as long as the chat goes on, is away when it is over, and then wants no farewell.
    IsCurt,
}

/// A bot that nobody reaches.
struct Dead;

fn unavailable(reason: &str) -> DeliverError {
    DeliverError::Unavailable {
        reason: reason.to_owned(),
        retry_after: None,
    }
}

#[async_trait]
impl BotConnector for Dead {
    async fn deliver(&self, _: &BotRequest) -> Result<BotAnswer, DeliverError> {
        Err(unavailable("nobody listens"))
    }
}

/// A clock at which everything has waited long enough.
#[derive(Default)]
struct Late(SystemClock);

impl Clock for Late {
    fn now_ms(&self) -> i64 {
        self.0.now_ms() + WAITED_ENOUGH_MS + 10_000
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.now_ms()).unwrap_or_default()
    }

    fn uuid(&self) -> String {
        self.0.uuid()
    }

    fn jitter(&self) -> f64 {
        self.0.jitter()
    }
}

/// What a bot was told, in order.
type Heard = Arc<Mutex<Vec<String>>>;

#[async_trait]
impl BotConnector for Bot {
    async fn deliver(&self, request: &BotRequest) -> Result<BotAnswer, DeliverError> {
        let again = {
            let mut heard = self.heard.lock().expect("no panic");
            heard.push(request.message.clone());
            heard.iter().filter(|one| **one == request.message).count() > 1
        };
        match (self.manner, request.kind) {
            (Manner::Hangs, _) => std::future::pending::<()>().await,
            (Manner::IsCurt, BotRequestKind::Farewell) => {
                return Err(match again {
                    false => unavailable("it answered 503"),
                    true => DeliverError::Refused("it answered 404".to_owned()),
                });
            }
            (Manner::Answers | Manner::IsCurt, _) => {}
        }
        Ok(vec![Ok(BotMessage {
            intent: None,
            mode: BotMode::Message,
            body: MessageBody::plain("here I am"),
        })])
    }
}

struct World {
    context: Context,
    heard: Heard,
    _dir: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let store = SqliteStore::open(&dir.path().join("portico.db"), GroupCommit::On).expect("a store");
        let store: Arc<dyn Store> = Arc::new(store);
        let (clock, wake) = (Arc::new(SystemClock::default()), Arc::new(Notify::new()));
        let (tracker, shutdown) = (TaskTracker::new(), CancellationToken::new());
        let config = Arc::new(crate::config(&config()));
        let registry = Registry::new(Services {
            store: store.clone(),
            clock: clock.clone(),
            own: "https://chat.example".parse().expect("an origin"),
            config: config.clone(),
            tracker: tracker.clone(),
            shutdown: shutdown.clone(),
            wake_routing: Arc::new(Notify::new()),
            wake_timers: Arc::new(Notify::new()),
            wake_delivery: wake.clone(),
            presence: Presence::default(),
            queue_board: QueueBoard::default(),
            programs: ProgramDirectory::configured(&config),
            links: LinkQueue::new(clock.clone()),
        });
        let heard = Heard::default();
        let bots = [
            ("hanging", Manner::Hangs),
            ("healthy", Manner::Answers),
            ("curt", Manner::IsCurt),
        ];
        let connectors = bots.map(|(id, manner)| {
            let heard = heard.clone();
            let connector: Arc<dyn BotConnector> = Arc::new(Bot { manner, heard });
            (ParticipantId::new(id), connector)
        });
        let mut connectors = HashMap::from(connectors);
        connectors.insert(ParticipantId::new("dead"), Arc::new(Dead));
        let context = Context {
            store,
            clock,
            registry,
            connectors: Arc::new(connectors),
            wake,
            tracker,
            shutdown,
        };
        Self {
            context,
            heard,
            _dir: dir,
        }
    }

    fn work(&self) {
        self.context.tracker.spawn(run(self.context.clone()));
    }

    /// A customer opens a conversation, which its bot is told of.
    async fn start(&self, channel: &str, customer: &str) -> ConversationId {
        let who = visitor(channel, customer);
        let start = Start {
            client_id: ClientId::new("start"),
            data: Map::new(),
            form: None,
        };
        self.context
            .registry
            .start(&who, start)
            .await
            .expect("a start")
            .conversation
    }

    /// A customer opens a conversation and ends it; all that the bot is told of it is settled afterwards.
    async fn start_and_end(&self, channel: &str) {
        let conversation = self.start(channel, "c").await;
        let who = Principal::Customer(visitor(channel, "c"));
        let ended = self
            .context
            .registry
            .end(&who, &conversation, ClientId::new("end"))
            .await;
        ended.expect("an end");
        self.work();
        eventually("all deliveries", async || {
            let waiting = self.context.store.delivery_targets().await.expect("a read");
            waiting.is_empty().then_some(())
        })
        .await;
        self.context.shutdown.cancel();
    }

    /// Waits until the bot has spoken.
    async fn answered(&self, conversation: &ConversationId) {
        eventually("an answer", async || {
            let store = &self.context.store;
            let page = store.page(conversation, Range::After(Seq::START), 100).await;
            let events = page.expect("a page").events;
            let said = |stored: &StoredEvent| stored.event.name == EventName::BotMessage;
            events.iter().any(said).then_some(())
        })
        .await;
    }
}

fn visitor(channel: &str, customer: &str) -> CustomerPrincipal {
    CustomerPrincipal {
        id: CustomerId::new(customer),
        channel: channel.to_owned(),
        identifier: customer.to_owned(),
        name: "Visitor".to_owned(),
        verified: false,
        consent: None,
    }
}

fn config() -> String {
    let bot = |id: &str| {
        format!(
            "[bots.{id}]\nname = \"{id}\"\nwebhook = \"http://127.0.0.1:1/\"\nsecret = \"sixteen bytes or more\"\n\
             [channels.{id}]\nname = \"{id}\"\norigins = []\nbot = \"{id}\"\nqueue = \"support\"\n\
             widget = {{ title = \"t\", greeting = \"g\", expectation = \"e\", accent = \"#123456\" }}\n"
        )
    };
    bot("hanging") + &bot("healthy") + &bot("curt") + &bot("dead")
}

/// Invariant 6.
#[tokio::test]
async fn a_bot_that_hangs_delays_no_other_bot() {
    let world = World::new();
    for at in 0..3 * PER_BOT {
        world.start("hanging", &format!("c{at}")).await;
    }
    world.work();
    let conversation = world.start("healthy", "c").await;
    world.answered(&conversation).await;
    world.context.shutdown.cancel();
}

/// Deliveries that have waited long enough are given up together, without a call for each: those that were called before and
/// those that never were.
#[tokio::test]
async fn what_has_waited_long_enough_for_a_bot_that_is_away_goes_to_somebody_else() {
    let mut world = World::new();
    world.context.clock = Arc::new(Late::default());
    let mut conversations = Vec::new();
    let more = 5;
    for at in 0..PER_BOT + more {
        conversations.push(world.start("dead", &format!("c{at}")).await);
    }
    world.work();
    let given_up = eventually("dead letters", async || {
        let dead = world.context.store.dead_deliveries(100).await.expect("a read");
        (dead.len() == PER_BOT + more).then_some(dead)
    })
    .await;
    let uncalled = |delivery: &&DeliveryRecord| delivery.error.as_deref() == Some("the bot is away");
    let uncalled = given_up.iter().filter(uncalled).count();
    assert!((1..=more).contains(&uncalled), "{uncalled}");
    for delivery in &given_up {
        let page = world
            .context
            .store
            .page(&delivery.conversation, Range::After(Seq::START), 100);
        let events = page.await.expect("a page").events;
        assert!(events.iter().any(|stored| stored.event.name == EventName::TaskEnqueued));
    }
    world.context.shutdown.cancel();
}

#[tokio::test]
async fn a_bot_is_told_that_the_session_and_then_that_the_conversation_is_over() {
    let world = World::new();
    world.start_and_end("healthy").await;
    assert_eq!(
        *world.heard.lock().expect("no panic"),
        ["CHANNEL_SESSION_STARTED", "CHANNEL_SESSION_ENDED", "END_CONVERSATION"]
    );
}

#[tokio::test]
async fn a_bot_that_wants_no_farewell_leaves_no_dead_letter() {
    let world = World::new();
    world.start_and_end("curt").await;
    assert_eq!(
        *world.heard.lock().expect("no panic"),
        [
            "CHANNEL_SESSION_STARTED",
            "CHANNEL_SESSION_ENDED",
            "CHANNEL_SESSION_ENDED",
            "END_CONVERSATION",
            "END_CONVERSATION"
        ]
    );
    assert_eq!(world.context.store.dead_deliveries(9).await.expect("a read"), []);
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_bot_and_loses_no_delivery() {
    let world = World::new();
    world.start("hanging", "c1").await;
    world.work();
    eventually("a call", async || {
        (!world.heard.lock().expect("no panic").is_empty()).then_some(())
    })
    .await;
    world.context.shutdown.cancel();
    world.context.tracker.close();
    let ended = timeout(LIMIT, world.context.tracker.wait()).await;
    assert!(ended.is_ok(), "the call is given up");
    let waiting = world.context.store.delivery_targets().await.expect("a read");
    assert_eq!(waiting, [ParticipantId::new("hanging")]);
}

#[tokio::test]
async fn a_delivery_that_can_never_be_settled_is_buried() {
    let world = World::new();
    let lost = NewDelivery {
        target: ParticipantId::new("removed"),
        conversation: ConversationId::new("no-such-conversation"),
        seq: Seq(1),
        due_at: 0,
    };
    world
        .context
        .store
        .apply(vec![Change::Deliver(lost)])
        .await
        .expect("written");
    world.work();
    eventually("a dead letter", async || {
        let dead = world.context.store.dead_deliveries(1).await.expect("a read");
        (!dead.is_empty()).then_some(())
    })
    .await;
    assert!(world.context.store.delivery_targets().await.expect("a read").is_empty());
    world.context.shutdown.cancel();
}

#[tokio::test]
async fn a_bot_that_has_asked_to_be_left_alone_is_so_after_a_restart() {
    let world = World::new();
    let until = world.context.clock.now_ms() + 1_500;
    let rest = Change::Rest {
        bot: ParticipantId::new("healthy"),
        until,
    };
    world.context.store.apply(vec![rest]).await.expect("written");
    let conversation = world.start("healthy", "c").await;
    world.work();
    world.answered(&conversation).await;
    assert!(world.context.clock.now_ms() >= until, "it is left alone");
    world.context.shutdown.cancel();
}
