//! Tabs, their storage and the links between them and the relay, in one deterministic world.

use crate::client::{self, AnyInput, Client, Shown};
use crate::relay::{Relay, Who, id_of};
use portico_client::{Change, Command, Effect, Input, News, Now, Record, Saved};
use portico_shared::customer::CustomerBody;
use portico_shared::frame::{Audience, ClientFrame, Draft, ServerFrame};
use portico_shared::ids::{ClientId, ConversationId, Seq};
use portico_shared::role::Agent;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Whose tab it is, and in which storage it keeps its posts: the customer's two tabs share one.
pub(crate) const TABS: [Who; 3] = [Who::Customer, Who::Customer, Who::Agent];

type Storage = BTreeMap<String, String>;

struct Tab {
    session: Box<dyn Client>,
    timer: Option<i64>,
    /// The socket, and whether the tab has been told that it is open.
    socket: Option<(u32, bool)>,
    up: VecDeque<String>,
    /// What this incarnation of the tab has posted.
    posted: Vec<ClientId>,
    /// The last position that was announced, per conversation.
    arrived: HashMap<ConversationId, Seq>,
    settled: Vec<ClientId>,
    /// What the other tab of the same person did to the storage, and this one has not heard of.
    elsewhere: VecDeque<Record>,
    /// This socket has lost a frame without an answer: only the next one, or the next connection, tells.
    misses_something: bool,
}

pub(crate) struct World {
    now: i64,
    dice: u64,
    pub(crate) relay: Relay,
    tabs: Vec<Option<Tab>>,
    storages: HashMap<Who, Storage>,
    next_socket: u32,
    next_post: u32,
    /// Every post ever made, in the order of its tab.
    pub(crate) posted: Vec<Vec<ClientId>>,
    /// Frames that crossed a link in either direction.
    pub(crate) frames: usize,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut world = Self {
            now: 1_000_000,
            dice: seed | 1,
            relay: Relay::new(seed ^ 0x5eed),
            tabs: Vec::new(),
            storages: HashMap::from([(Who::Customer, Storage::new()), (Who::Agent, Storage::new())]),
            next_socket: 0,
            next_post: 0,
            posted: vec![Vec::new(); TABS.len()],
            frames: 0,
        };
        for tab in 0..TABS.len() {
            world.tabs.push(None);
            world.restart(tab);
        }
        world
    }

    fn moment(&mut self) -> Now {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Now {
            ms: self.now,
            random: (self.dice >> 40) as f64 / (1_u64 << 24) as f64,
        }
    }

    /// The page is gone from one moment to the next; what is stored stays.
    pub(crate) fn crash(&mut self, tab: usize) {
        self.hang_up(tab);
        self.tabs[tab] = None;
    }

    pub(crate) fn restart(&mut self, tab: usize) {
        if self.tabs[tab].is_some() {
            return;
        }
        let who = TABS[tab];
        let records = self.storages[&who].clone().into_iter().collect();
        let session = match who {
            Who::Customer => client::customer(Saved { records }),
            Who::Agent => client::agent(Saved { records }),
        };
        self.tabs[tab] = Some(Tab {
            session,
            timer: None,
            socket: None,
            up: VecDeque::new(),
            posted: Vec::new(),
            arrived: HashMap::new(),
            settled: Vec::new(),
            elsewhere: VecDeque::new(),
            misses_something: false,
        });
        self.input(tab, Input::Start);
    }

    /// Posts something, if there is a place for it.
    pub(crate) fn post(&mut self, tab: usize) {
        let Some(page) = &self.tabs[tab] else { return };
        let conversation = match TABS[tab] {
            Who::Customer => None,
            Who::Agent => match page.session.conversations().into_iter().next() {
                Some(conversation) => Some(conversation),
                None => return,
            },
        };
        self.next_post += 1;
        let client_id = ClientId::new(format!("post-{:04}-{tab}", self.next_post));
        let draft = Box::new(Draft::new(CustomerBody::plain(client_id.as_str())));
        self.posted[tab].push(client_id.clone());
        self.tabs[tab]
            .as_mut()
            .expect("it is up")
            .posted
            .push(client_id.clone());
        let post = Command::Post {
            conversation,
            client_id,
            draft,
            audience: Audience::Everyone,
        };
        self.input(tab, Input::Do(post));
    }

    pub(crate) fn read_everything(&mut self, tab: usize) {
        let Some(page) = &self.tabs[tab] else { return };
        let newest: Vec<_> = page
            .session
            .conversations()
            .into_iter()
            .filter_map(|id| {
                let entries = page.session.entries(Some(&id));
                let newest = entries.into_iter().rev().find_map(|entry| entry.seq)?;
                Some((id, newest))
            })
            .collect();
        for (conversation, up_to) in newest {
            self.input(tab, Input::Do(Command::Seen { conversation, up_to }));
        }
    }

    pub(crate) fn wake(&mut self, tab: usize) {
        self.input(tab, Input::Woke);
    }

    /// Time passes; timers that are due fire.
    pub(crate) fn pass(&mut self, ms: i64) {
        self.now += ms;
        self.relay.now = self.now;
        for tab in 0..TABS.len() {
            if self.tabs[tab]
                .as_ref()
                .is_some_and(|tab| tab.timer.is_some_and(|at| at <= self.now))
            {
                self.input(tab, Input::Timer);
            }
        }
    }

    /// Up to `count` frames reach the relay.
    pub(crate) fn carry_up(&mut self, tab: usize, count: usize) {
        for _ in 0..count {
            let Some(page) = self.tabs[tab].as_mut() else { return };
            let Some((socket, _)) = page.socket else { return };
            let Some(frame) = page.up.pop_front() else { return };
            // After a silent cut, frames go nowhere.
            if self.relay.connections.contains_key(&socket) {
                self.frames += 1;
                self.relay.received(socket, &frame);
            }
        }
    }

    /// The tab hears what the other one did to their storage.
    pub(crate) fn hear_of_storage(&mut self, tab: usize) {
        while let Some(record) = self.tabs[tab].as_mut().and_then(|tab| tab.elsewhere.pop_front()) {
            self.take_in(tab, News::SavedElsewhere(record));
        }
    }

    /// The socket opens, or up to `count` frames reach the tab.
    pub(crate) fn carry_down(&mut self, tab: usize, count: usize) {
        if let Some(Tab {
            socket: Some((socket, is_open @ false)),
            ..
        }) = self.tabs[tab].as_mut()
        {
            *is_open = true;
            let socket = *socket;
            self.relay.open(socket);
            self.input(tab, Input::SocketOpened);
        }
        for _ in 0..count {
            let Some((socket, true)) = self.tabs[tab].as_ref().and_then(|tab| tab.socket) else {
                return;
            };
            let Some(connection) = self.relay.connections.get_mut(&socket) else {
                return;
            };
            let Some(frame) = connection.down.pop_front() else {
                return;
            };
            self.frames += 1;
            self.take_in(tab, News::Frame(frame));
        }
    }

    pub(crate) fn finish_slow(&mut self, tab: usize) {
        if let Some((socket, true)) = self.tabs[tab].as_ref().and_then(|tab| tab.socket) {
            self.relay.finish_slow(socket);
        }
    }

    /// The link breaks in both directions: whatever is under way is lost, wherever it had got to.
    pub(crate) fn cut(&mut self, tab: usize) {
        if self.hang_up(tab) {
            self.input(tab, Input::SocketClosed { code: 1006 });
        }
    }

    /// The link breaks, and only silence tells.
    pub(crate) fn cut_silently(&mut self, tab: usize) {
        if let Some(Tab {
            socket: Some((socket, true)),
            up,
            ..
        }) = self.tabs[tab].as_mut()
        {
            self.relay.connections.remove(socket);
            up.clear();
        }
    }

    fn hang_up(&mut self, tab: usize) -> bool {
        let Some(page) = self.tabs[tab].as_mut() else {
            return false;
        };
        page.up.clear();
        match page.socket.take() {
            Some((socket, _)) => {
                self.relay.connections.remove(&socket);
                true
            }
            None => false,
        }
    }

    /// The relay says something twice: an event, an answer or a page that it had sent before.
    pub(crate) fn repeat_down(&mut self, tab: usize) {
        let Some((socket, true)) = self.tabs[tab].as_ref().and_then(|tab| tab.socket) else {
            return;
        };
        let Some(connection) = self.relay.connections.get_mut(&socket) else {
            return;
        };
        let repeated = connection.down.iter().find(|frame| {
            let frame = ServerFrame::<Agent>::from_json(frame).expect("the relay sends frames");
            matches!(
                frame,
                ServerFrame::Event(_) | ServerFrame::Accepted(_) | ServerFrame::Page(_)
            )
        });
        if let Some(repeated) = repeated.cloned() {
            connection.down.push_back(repeated);
        }
    }

    /// A post reaches the relay twice.
    pub(crate) fn repeat_up(&mut self, tab: usize) {
        let Some(page) = self.tabs[tab].as_mut() else { return };
        let is_post = |frame: &&String| frame.contains("\"post\"");
        if let Some(repeated) = page.up.iter().find(is_post).cloned() {
            page.up.push_back(repeated);
        }
    }

    /// A frame to the tab is lost, and the link goes on.
    pub(crate) fn lose_down(&mut self, tab: usize, place: usize) {
        if let Some(frame) = self.down(tab).and_then(|down| take(down, place)) {
            let frame = ServerFrame::<Agent>::from_json(&frame).expect("the relay sends frames");
            self.page(tab).misses_something |= matches!(frame, ServerFrame::Event(_) | ServerFrame::Conversation(_));
        }
    }

    /// A frame to the relay is lost, and the link goes on.
    pub(crate) fn lose_up(&mut self, tab: usize, place: usize) {
        if let Some(page) = self.tabs[tab].as_mut()
            && let Some(frame) = take(&mut page.up, place)
        {
            let frame = ClientFrame::from_json(&frame).expect("clients send only frames");
            page.misses_something |= matches!(frame, ClientFrame::Delivered(_) | ClientFrame::Read(_));
        }
    }

    /// A frame to the tab overtakes the one before it. Nothing overtakes the welcome: the relay does nothing for a
    /// connection before it has said that.
    pub(crate) fn swap_down(&mut self, tab: usize, place: usize) {
        let is_welcome = |frame: &String| frame.contains("\"welcome\"");
        if let Some(down) = self.down(tab).filter(|down| !down.iter().any(is_welcome)) {
            swap(down, place);
        }
    }

    /// A frame to the relay overtakes the one before it.
    pub(crate) fn swap_up(&mut self, tab: usize, place: usize) {
        if let Some(page) = self.tabs[tab].as_mut() {
            swap(&mut page.up, place);
        }
    }

    fn page(&mut self, tab: usize) -> &mut Tab {
        self.tabs[tab].as_mut().expect("it is up")
    }

    /// The frames under way to a tab.
    fn down(&mut self, tab: usize) -> Option<&mut VecDeque<String>> {
        let (socket, _) = self.tabs[tab].as_ref()?.socket?;
        self.relay
            .connections
            .get_mut(&socket)
            .map(|connection| &mut connection.down)
    }

    fn take_in(&mut self, tab: usize, news: News) {
        let moment = self.moment();
        let Some(page) = self.tabs[tab].as_mut() else { return };
        let effects = page.session.take_in(news, moment);
        let inputs = effects
            .into_iter()
            .filter_map(|effect| self.carry_out(tab, effect))
            .collect();
        self.inputs(tab, inputs);
    }

    fn input(&mut self, tab: usize, input: AnyInput) {
        self.inputs(tab, VecDeque::from([input]));
    }

    fn inputs(&mut self, tab: usize, mut inputs: VecDeque<AnyInput>) {
        while let Some(input) = inputs.pop_front() {
            let moment = self.moment();
            let Some(page) = self.tabs[tab].as_mut() else { return };
            for effect in page.session.handle(input, moment) {
                inputs.extend(self.carry_out(tab, effect));
            }
        }
        self.check(tab);
    }

    fn carry_out(&mut self, tab: usize, effect: Effect) -> Option<AnyInput> {
        let page = self.tabs[tab].as_mut().expect("it has just spoken");
        let who = TABS[tab];
        let storage = self.storages.get_mut(&who).expect("there are two");
        match effect {
            Effect::GetToken { .. } => {
                let token = if who == Who::Agent { "agent" } else { "customer" };
                return Some(Input::Token(Ok(token.to_owned())));
            }
            Effect::Connect => {
                assert!(page.socket.is_none(), "one socket at a time");
                self.next_socket += 1;
                page.misses_something = false;
                page.socket = Some((self.next_socket, false));
            }
            Effect::Send(text) => {
                assert!(matches!(page.socket, Some((_, true))), "sent without a socket");
                if let Ok(ClientFrame::Post(post)) = ClientFrame::from_json(&text) {
                    let key = format!("outbox.{}", post.client_id);
                    // The other tab may have removed it, because it was stored already.
                    assert!(
                        storage.contains_key(&key) || who == Who::Customer,
                        "sent before it was saved"
                    );
                }
                page.up.push_back(text);
            }
            Effect::Close => {
                self.hang_up(tab);
            }
            Effect::SetTimer(at) => page.timer = at,
            Effect::Persist(record) => {
                match record.clone() {
                    Record::Put { key, json } => storage.insert(key, json),
                    Record::Remove { key } => storage.remove(&key),
                };
                let others = (0..TABS.len()).filter(|other| *other != tab && TABS[*other] == who);
                for other in others.collect::<Vec<_>>() {
                    if let Some(other) = self.tabs[other].as_mut() {
                        other.elsewhere.push_back(record.clone());
                    }
                }
            }
            Effect::Arrived { conversation, seq } => {
                let entry = page
                    .session
                    .entry(&conversation, seq)
                    .expect("what arrived has an entry");
                assert!(!entry.mine, "own messages are not announced");
                let before = page.arrived.insert(conversation, seq);
                assert!(before < Some(seq), "announced in order and once: {before:?}, {seq}");
            }
            Effect::Settled { client_id, outcome } => {
                assert!(outcome.is_ok(), "{client_id}: {outcome:?}");
                assert!(!page.settled.contains(&client_id), "{client_id} is settled twice");
                page.settled.push(client_id);
            }
            Effect::Changed(Change::Connection | Change::Conversation(_) | Change::List) => {}
            other => panic!("not in this world: {other:?}"),
        }
        None
    }

    /// What holds at every moment: no entry twice, positions rising, and nothing that was shown is gone.
    fn check(&self, tab: usize) {
        let Some(page) = &self.tabs[tab] else { return };
        let entries = page.entries();
        for (index, entry) in entries.iter().enumerate() {
            assert!(
                entries[..index].iter().all(|earlier| earlier.key != entry.key),
                "{} stands twice",
                entry.key
            );
        }
        let positions: Vec<u64> = entries.iter().filter_map(|entry| entry.seq).map(|seq| seq.0).collect();
        assert!(positions.is_sorted(), "{positions:?}");
        for client_id in &page.posted {
            assert!(
                entries.iter().any(|entry| entry.key == client_id.as_str()),
                "{client_id} is not shown any more"
            );
        }
    }

    /// The links heal, and every tab is there again.
    pub(crate) fn heal(&mut self) {
        for tab in 0..TABS.len() {
            self.restart(tab);
        }
        self.heal_links();
    }

    /// The links heal; one that has swallowed a frame without an answer is replaced, as sooner or later all are. Ends when nothing is left to do, or panics if that never comes.
    pub(crate) fn heal_links(&mut self) {
        self.relay.has_faults = false;
        for tab in 0..TABS.len() {
            if self.tabs[tab].as_ref().is_some_and(|page| page.misses_something) {
                self.cut(tab);
            }
        }
        self.frames = 0;
        // Long enough for a silent cut to be noticed and for the longest backoff after it.
        for _ in 0..400 {
            self.pass(500);
            for _ in 0..200 {
                let before = self.frames;
                for tab in 0..TABS.len() {
                    self.carry_down(tab, 1);
                    self.carry_up(tab, 1);
                    self.finish_slow(tab);
                    self.hear_of_storage(tab);
                }
                if self.frames == before {
                    break;
                }
            }
        }
    }

    /// Pulls the whole history into every tab.
    pub(crate) fn load_everything(&mut self) {
        for _ in 0..self.relay.logs.first().map_or(0, |log| log.events.len()) {
            for tab in 0..TABS.len() {
                self.input(tab, Input::Do(Command::LoadOlder(id_of(0))));
                self.carry_up(tab, 9);
                self.finish_slow(tab);
                self.carry_down(tab, 9);
            }
        }
    }

    pub(crate) fn entries(&self, tab: usize) -> Vec<Shown> {
        self.tabs[tab].as_ref().expect("it is up").entries()
    }

    pub(crate) fn is_up(&self, tab: usize) -> bool {
        self.tabs[tab].is_some()
    }

    pub(crate) fn is_storage_empty(&self) -> bool {
        self.storages.values().all(BTreeMap::is_empty)
    }
}

/// Takes out one of the frames under way, if there is any.
fn take(frames: &mut VecDeque<String>, place: usize) -> Option<String> {
    frames.remove(place.checked_rem(frames.len())?)
}

/// Swaps one of the frames under way with the next, if there are two.
fn swap(frames: &mut VecDeque<String>, place: usize) {
    if let Some(place) = frames.len().checked_sub(1).and_then(|pairs| place.checked_rem(pairs)) {
        frames.swap(place, place + 1);
    }
}

impl Tab {
    /// All entries of the one conversation of this world, the unsent ones of a chat to come among them.
    fn entries(&self) -> Vec<Shown> {
        let conversation = self.session.conversations().into_iter().next();
        self.session.entries(conversation.as_ref())
    }
}
