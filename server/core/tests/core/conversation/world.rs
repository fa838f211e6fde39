//! A relay's conversations over a store in a file of their own, and a clock that stands still.

pub(crate) use super::samples::as_read;
pub(super) use super::samples::{bot, code, customer, id, post, post_of, staff, start, whisper};
pub(super) use super::sockets::{Desk, Socket};

use super::commands::Commands;
use super::counting_store::CountingStore;
use portico_core::clock::{Clock, SystemClock};
use portico_core::config::Config;
use portico_core::conversation::{
    Bounds, Command, ConnectionId, Envelope, Presence, QueueBoard, Registry, Reply, Services, send_queue,
};
use portico_core::identity::{CustomerPrincipal, Principal};
use portico_core::links::LinkQueue;
use portico_core::programs::ProgramDirectory;
use portico_core::store::{Change, NewErasure, Store, StoredEvent, TaskRecord};
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Accepted, Draft, Offer, Range, ServerFrame};
use portico_shared::ids::{ClientId, ConversationId, Seq};
use portico_sqlite::{GroupCommit, SqliteStore};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A channel with a bot that is called, one with a bot that connects, and one without a bot.
const CONFIG: &str = r##"
[bots.hook]
name = "Hook"
webhook = "http://127.0.0.1:1/bot"
secret = "sixteen bytes or more"
[bots.socket]
name = "Socket"
[queues.sales]
name = "Sales"
[channels.hooked]
name = "Hooked"
origins = ["http://shop.example"]
bot = "hook"
queue = "support"
customer_activity_timeout = 900
widget = { title = "t", greeting = "g", expectation = "e", accent = "#123456" }
[channels.socketed]
name = "Socketed"
origins = ["http://shop.example"]
bot = "socket"
queue = "support"
widget = { title = "t", greeting = "g", expectation = "e", accent = "#123456" }
[channels.asked]
name = "Asked"
widget = { title = "t", greeting = "g", expectation = "e", accent = "#123456" }
origins = ["http://shop.example"]
queue = "support"
[channels.asked.prechat]
title = "Before we start"
questions = [
    { label = "First name", type = "shortAnswer", required = true },
    { label = "E-mail", key = "email", type = "email", required = true },
    { label = "Topic", type = "radio", options = ["Sales", "Other"] },
    { label = "Note", type = "paragraph" },
]
[channels.rated]
name = "Rated"
widget = { title = "Rated shop", greeting = "g", expectation = "e", accent = "#123456" }
origins = ["http://shop.example"]
queue = "support"
survey = { title = "How was it?", csat = "This chat?", nps = "Recommend us?", comment = "Why?", link_days = 2 }
[channels.plain]
name = "Plain"
origins = ["http://shop.example"]
queue = "support"
widget = { title = "t", greeting = "g", expectation = "e", accent = "#123456" }
"##;

/// How long the end of all tasks is waited for.
const SOON: Duration = Duration::from_secs(10);

/// A clock that a test moves.
pub(super) struct TestClock {
    now: AtomicI64,
    /// By how much the time of day was set, in milliseconds.
    set: AtomicI64,
    /// The next id that is asked for panics.
    pub(super) trap: AtomicBool,
    ids: SystemClock,
}

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.now_ms() - self.set.load(Ordering::SeqCst)).unwrap_or_default()
    }

    fn uuid(&self) -> String {
        assert!(!self.trap.swap(false, Ordering::SeqCst), "the trap that a test has set");
        self.ids.uuid()
    }

    fn jitter(&self) -> f64 {
        0.5
    }
}

pub(super) struct World {
    pub(super) registry: Registry,
    pub(super) clock: Arc<TestClock>,
    pub(super) tracker: TaskTracker,
    pub(super) shutdown: CancellationToken,
    /// What was read of the store.
    reads: Arc<AtomicUsize>,
    damaged: Arc<Mutex<HashSet<ConversationId>>>,
    meanwhile: Arc<Mutex<Vec<Change>>>,
    erased_meanwhile: Arc<Mutex<Option<NewErasure>>>,
    /// Dropped last: the store's file lies in it.
    dir: tempfile::TempDir,
}

impl World {
    pub(super) fn new() -> Self {
        Self::bounded(Bounds::default())
    }

    pub(super) fn bounded(bounds: Bounds) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        Self::over(dir, bounds, 1_700_000_000_000)
    }

    /// With another configuration than most tests have.
    pub(super) fn configured(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        Self::with(dir, Bounds::default(), 1_700_000_000_000, change)
    }

    fn over(dir: tempfile::TempDir, bounds: Bounds, now: i64) -> Self {
        Self::with(dir, bounds, now, |_| {})
    }

    fn with(dir: tempfile::TempDir, bounds: Bounds, now: i64, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = crate::config(CONFIG);
        change(&mut config);
        let store = SqliteStore::open(&dir.path().join("portico.db"), GroupCommit::On).expect("a store");
        let reads = Arc::new(AtomicUsize::new(0));
        let damaged = Arc::new(Mutex::new(HashSet::new()));
        let meanwhile = Arc::new(Mutex::new(Vec::new()));
        let erased_meanwhile = Arc::default();
        let store = CountingStore {
            inner: Arc::new(store),
            reads: reads.clone(),
            damaged: damaged.clone(),
            meanwhile: meanwhile.clone(),
            erased_meanwhile: Arc::clone(&erased_meanwhile),
        };
        let clock = Arc::new(TestClock {
            now: AtomicI64::new(now),
            set: AtomicI64::new(0),
            trap: AtomicBool::new(false),
            ids: SystemClock::default(),
        });
        let (tracker, shutdown) = (TaskTracker::new(), CancellationToken::new());
        let programs = ProgramDirectory::configured(&config);
        let services = Services {
            store: Arc::new(store),
            clock: clock.clone(),
            config: Arc::new(config),
            own: "https://chat.example".parse().expect("an origin"),
            tracker: tracker.clone(),
            shutdown: shutdown.clone(),
            wake_routing: Arc::new(Notify::new()),
            wake_timers: Arc::new(Notify::new()),
            wake_delivery: Arc::new(Notify::new()),
            presence: Presence::default(),
            queue_board: QueueBoard::default(),
            programs,
            links: LinkQueue::new(clock.clone()),
        };
        Self {
            registry: Registry::with_bounds(services, bounds),
            clock,
            tracker,
            shutdown,
            reads,
            damaged,
            meanwhile,
            erased_meanwhile,
            dir,
        }
    }

    /// From now on nothing of this conversation's log can be read.
    pub(super) fn damage(&self, conversation: &ConversationId) {
        self.damaged.lock().expect("no panic").insert(conversation.clone());
    }

    /// Another writes this before the next write.
    pub(super) fn meanwhile(&self, changes: Vec<Change>) {
        *self.meanwhile.lock().expect("no panic") = changes;
    }

    /// Somebody is to be erased before the next write.
    pub(super) fn erased_meanwhile(&self, erasure: NewErasure) {
        *self.erased_meanwhile.lock().expect("no panic") = Some(erasure);
    }

    /// The same store in another process, as far as memory goes.
    pub(super) async fn restarted(self) -> Self {
        self.reconfigured(|_| {}).await
    }

    /// The same with another configuration.
    pub(super) async fn reconfigured(self, change: impl FnOnce(&mut Config)) -> Self {
        self.stopped().await;
        let Self {
            registry, clock, dir, ..
        } = self;
        let now = clock.now_ms();
        drop(registry);
        Self::with(dir, Bounds::default(), now, change)
    }

    pub(super) async fn stopped(&self) {
        self.shutdown.cancel();
        self.tracker.close();
        timeout(SOON, self.tracker.wait()).await.expect("every task ends");
    }

    pub(super) fn pass(&self, seconds: i64) {
        self.clock.now.fetch_add(seconds * 1000, Ordering::SeqCst);
    }

    /// The time of day is set, and nothing has passed.
    pub(super) fn set_clock_ahead(&self, seconds: i64) {
        self.clock.set.fetch_add(seconds * 1000, Ordering::SeqCst);
        self.pass(seconds);
    }

    pub(super) fn store(&self) -> &dyn Store {
        &*self.registry.services().store
    }

    /// Whether a text stands anywhere in the store's files.
    pub(super) fn is_stored(&self, text: &str) -> bool {
        ["portico.db", "portico.db-wal"].iter().any(|name| {
            let bytes = std::fs::read(self.dir.path().join(name)).expect("readable");
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    }

    /// How often the store was read so far.
    pub(super) fn reads(&self) -> usize {
        self.reads.load(Ordering::SeqCst)
    }

    pub(super) async fn log(&self, conversation: &ConversationId) -> Vec<StoredEvent> {
        let page = self
            .store()
            .page(conversation, Range::After(Seq::START), 10_000)
            .await
            .expect("a page");
        page.events
    }

    pub(super) async fn names(&self, conversation: &ConversationId) -> Vec<String> {
        self.log(conversation)
            .await
            .into_iter()
            .map(|stored| stored.event.name.to_string())
            .collect()
    }

    pub(super) async fn record(&self, conversation: &ConversationId) -> portico_core::store::ConversationRecord {
        self.store()
            .conversation(conversation)
            .await
            .expect("a read")
            .expect("a conversation")
    }

    pub(super) async fn task(&self, conversation: &ConversationId) -> Option<TaskRecord> {
        let tasks = self.store().open_tasks().await.expect("a read");
        tasks.into_iter().find(|task| task.conversation == *conversation)
    }

    /// Lets the timers that are due fire.
    pub(super) async fn fire_due(&self) {
        let due = self.store().due_timers(self.clock.now_ms(), 100).await.expect("a read");
        for timer in due {
            self.registry.fire(timer).await.expect("a timer that fires");
        }
    }

    pub(super) async fn started(&self, channel: &str) -> (CustomerPrincipal, ConversationId) {
        let who = customer("c1", channel);
        let accepted = self.registry.start(&who, start("start-1")).await.expect("a start");
        (who, accepted.conversation)
    }

    /// A conversation that an agent serves.
    pub(super) async fn served(&self) -> (CustomerPrincipal, Desk, ConversationId) {
        let (who, conversation) = self.started("plain").await;
        let mut ann = self.desk("ann");
        let offer = self.offered(&mut ann, &conversation).await;
        let accepted = self.registry.accept(&ann.who, offer.task, id("accept-1")).await;
        accepted.expect("an offer that can be accepted");
        (who, ann, conversation)
    }

    /// Lets the waiting request ring at a desk.
    pub(super) async fn offered(&self, desk: &mut Desk, conversation: &ConversationId) -> Offer {
        let task = self.task(conversation).await.expect("a waiting request");
        self.registry
            .reserve(conversation, task.id, desk.who.clone())
            .await
            .expect("a reservation");
        match desk.socket.until(|frame| matches!(frame, ServerFrame::Offer(_))).await {
            ServerFrame::Offer(offer) => *offer,
            other => panic!("no offer but {other:?}"),
        }
    }

    /// A bot that connects by itself asks for an agent, and ann takes the conversation.
    pub(super) async fn handed_over(&self, robot: &Principal, conversation: &ConversationId) -> Desk {
        let action = serde_json::json!({"type": "ACTION", "name": "FIND_AGENT", "data": {}});
        let action = portico_shared::json::from_value::<MessageBody>(action).expect("an action");
        let asked = post_of(conversation, "f", Draft::new(action));
        self.registry.post(robot, asked).await.expect("a hand-over");
        let mut ann = self.desk("ann");
        let offer = self.offered(&mut ann, conversation).await;
        let accepted = self.registry.accept(&ann.who, offer.task, id("a")).await;
        accepted.expect("accepting");
        ann
    }

    pub(super) fn desk(&self, name: &str) -> Desk {
        let who = staff(name, "agent");
        let socket = self.socket(&Principal::Staff(who.clone()));
        Desk { who, socket }
    }

    pub(super) fn socket(&self, who: &Principal) -> Socket {
        let (handle, queue) = send_queue(ConnectionId::next());
        let presence = self.registry.connect(who, &handle, None).expect("no desk");
        Socket::new(handle, queue, Box::new(presence))
    }

    /// A socket that reads a conversation live.
    pub(super) async fn joined(&self, who: &Principal, conversation: &ConversationId) -> Socket {
        let mut socket = self.socket(who);
        self.join(who, conversation, &socket);
        match socket.next().await {
            ServerFrame::Joined(_) => socket,
            other => panic!("not joined but {other:?}"),
        }
    }

    pub(super) fn join(&self, who: &Principal, conversation: &ConversationId, socket: &Socket) {
        let command = Command::Join {
            who: who.clone(),
            handle: socket.handle.clone(),
            subscription: socket
                .subscriptions
                .begin(conversation, 100)
                .expect("room for one more"),
        };
        self.call(conversation, command, socket, None);
    }

    pub(super) fn call(
        &self,
        conversation: &ConversationId,
        command: Command,
        socket: &Socket,
        client_id: Option<ClientId>,
    ) {
        let reply = Reply::socket(socket.handle.clone(), client_id, conversation.clone());
        self.registry.send(conversation, Envelope { command, reply });
    }

    pub(super) async fn says(&self, who: &Principal, conversation: &ConversationId, text: &str) -> Accepted {
        self.registry
            .post(who, post(conversation, &text.replace(' ', "-"), text))
            .await
            .expect("a post")
    }
}
