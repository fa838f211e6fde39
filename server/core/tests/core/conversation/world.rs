//! A relay's conversations over a store in a file of their own, a clock that stands still, and desks and tabs whose
//! sockets are queues.

use super::commands::Commands;
use super::counting_store::CountingStore;
use portico_core::clock::{Clock, SystemClock};
use portico_core::config::Config;
use portico_core::conversation::{
    Bounds, Command, ConnectionId, Envelope, Outgoing, Presence, QueueBoard, Refusal, Registry, Reply, SendHandle,
    SendQueue, Services, Subscriptions, send_queue,
};
use portico_core::identity::{BotPrincipal, CustomerPrincipal, Principal, StaffPrincipal};
use portico_core::store::{Change, Store, StoredEvent, TaskRecord};
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Accepted, Audience, Draft, Offer, Post, Range, RefusalCode, ServerFrame, Start};
use portico_shared::ids::{ClientId, ConversationId, CustomerId, ParticipantId, Seq};
use portico_shared::role::Agent;
use portico_sqlite::{GroupCommit, SqliteStore};
use serde_json::Map;
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

/// How long a frame that must come is waited for.
const SOON: Duration = Duration::from_secs(10);

/// A clock that a test moves.
pub(super) struct TestClock {
    now: AtomicI64,
    /// The next id that is asked for panics.
    pub(super) trap: AtomicBool,
    ids: SystemClock,
}

impl Clock for TestClock {
    fn now_ms(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.now_ms()).unwrap_or_default()
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
        let store = CountingStore {
            inner: Arc::new(store),
            reads: reads.clone(),
            damaged: damaged.clone(),
            meanwhile: meanwhile.clone(),
        };
        let clock = Arc::new(TestClock {
            now: AtomicI64::new(now),
            trap: AtomicBool::new(false),
            ids: SystemClock::default(),
        });
        let (tracker, shutdown) = (TaskTracker::new(), CancellationToken::new());
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
        };
        Self {
            registry: Registry::with_bounds(services, bounds),
            clock,
            tracker,
            shutdown,
            reads,
            damaged,
            meanwhile,
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

    pub(super) fn store(&self) -> &dyn Store {
        &*self.registry.services().store
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
        let presence = self.registry.connect(who, &handle);
        Socket {
            handle,
            queue,
            subscriptions: Subscriptions::default(),
            _presence: Some(Box::new(presence)),
        }
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

/// An agent's desk.
pub(super) struct Desk {
    pub(super) who: StaffPrincipal,
    pub(super) socket: Socket,
}

impl Desk {
    pub(super) fn principal(&self) -> Principal {
        Principal::Staff(self.who.clone())
    }
}

/// A socket without a network.
pub(super) struct Socket {
    pub(super) handle: SendHandle,
    pub(super) queue: SendQueue,
    pub(super) subscriptions: Subscriptions,
    _presence: Option<Box<dyn Send>>,
}

impl Socket {
    /// It is connected no more.
    pub(super) fn hang_up(&mut self) {
        self._presence = None;
    }

    /// The next frame.
    pub(super) async fn next(&mut self) -> ServerFrame {
        match timeout(SOON, self.queue.next()).await.expect("a frame in time") {
            Outgoing::Frame(text) => ServerFrame::<Agent>::from_json(&text).expect("a frame"),
            Outgoing::Close(code) => panic!("closed with {code:?}"),
        }
    }

    /// The next frame that is asked for; others are passed over.
    pub(super) async fn until(&mut self, wanted: impl Fn(&ServerFrame) -> bool) -> ServerFrame {
        loop {
            let frame = self.next().await;
            if wanted(&frame) {
                return frame;
            }
        }
    }

    /// Everything that is queued now.
    pub(super) async fn queued(&mut self) -> Vec<ServerFrame> {
        let mut frames = Vec::new();
        while let Ok(Outgoing::Frame(text)) = timeout(Duration::from_millis(50), self.queue.next()).await {
            frames.push(ServerFrame::<Agent>::from_json(&text).expect("a frame"));
        }
        frames
    }
}

pub(super) fn customer(id: &str, channel: &str) -> CustomerPrincipal {
    CustomerPrincipal {
        id: CustomerId::new(id),
        channel: channel.to_owned(),
        identifier: format!("visitor-{id}"),
        name: "Visitor".to_owned(),
        verified: false,
    }
}

pub(super) fn staff(id: &str, role: &str) -> StaffPrincipal {
    StaffPrincipal {
        id: ParticipantId::new(id),
        username: format!("{id}.user"),
        first_name: id.to_uppercase(),
        last_name: "Lastname".to_owned(),
        roles: vec![role.to_owned()],
        queues: Vec::new(),
        max_tasks: 3,
    }
}

pub(super) fn bot(id: &str) -> Principal {
    Principal::Bot(BotPrincipal {
        id: ParticipantId::new(id),
        name: id.to_owned(),
    })
}

pub(super) fn id(text: &str) -> ClientId {
    ClientId::new(text)
}

pub(super) fn start(client_id: &str) -> Start {
    Start {
        client_id: id(client_id),
        data: Map::new(),
        form: None,
    }
}

pub(super) fn post(conversation: &ConversationId, client_id: &str, text: &str) -> Post {
    post_of(conversation, client_id, Draft::new(MessageBody::plain(text)))
}

pub(super) fn post_of(conversation: &ConversationId, client_id: &str, message: Draft) -> Post {
    Post {
        conversation: conversation.clone(),
        client_id: id(client_id),
        message: message.into(),
        audience: Audience::Everyone,
    }
}

pub(super) fn whisper(conversation: &ConversationId, client_id: &str, text: &str) -> Post {
    Post {
        audience: Audience::Agents,
        ..post(conversation, client_id, text)
    }
}

/// The code of a refusal.
pub(super) fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> RefusalCode {
    result.expect_err("a refusal").code
}

/// A summary of the relay's as its reader gets it.
pub(crate) fn as_read(summary: &impl serde::Serialize) -> portico_shared::frame::Summary {
    let written = serde_json::to_value(summary).expect("a summary is JSON");
    serde_json::from_value(written).expect("what is written is readable")
}
