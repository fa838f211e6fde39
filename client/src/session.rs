//! The state machine: [`Session::handle`] takes what happened, [`Session::take_in`] what the relay and other tabs say, and both answer what
//! to do; everything else reads.
//!
//! `link` keeps the connection and `token` what it needs to begin, `commands` does what a person wants, `frames` what
//! the relay says, `posts` drives the outbox, `saved` heeds other tabs and what browsers lost, `held` says what is not sent by itself any more, `sync`
//! keeps conversations complete, `view` is read; `customer` and `agent` are what one role alone has. All of them push effects,
//! which are then handed out: storage and frames first, then what to draw, then what arrived, then the one timer.

mod agent;
mod commands;
mod customer;
mod frames;
mod held;
mod link;
mod places;
mod posts;
mod saved;
mod sync;
mod token;
mod view;

use crate::conversation::Conversation;
use crate::outbox::Outbox;
use crate::{Change, Connection, Effect, Input, News, Now, Saved, SessionRole};
pub use agent::AgentState;
use link::Link;
use portico_shared::frame::Person;
use portico_shared::ids::{ConversationId, DeskId, Epoch, Seq};

/// What does not change during a session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Name and version of the program, for the relay's log: `widget/0.1.0`.
    pub client: Option<String>,
    /// Which desk of an agent it is; none for a customer. The relay serves one at a time, and this one takes over when it is started
    /// after another one has taken its place.
    pub desk: Option<DeskId>,
}

/// One identity's connection, conversations and unsent posts, for a customer or an agent. See the crate's head.
#[derive(Debug)]
pub struct Session<R: SessionRole> {
    options: Options,
    link: Link,
    outbox: Outbox<R>,
    conversations: Vec<Conversation<R>>,
    me: Option<Person>,
    /// The incarnation of the store that all positions count in.
    epoch: Option<Epoch>,
    /// How far the relay's clock is ahead of `now`, in milliseconds.
    ahead_ms: i64,
    /// What this role alone has.
    role: R::State,
    /// The present moment, by a clock that is never set back: all times inside the session are in it.
    now: Now,
    /// How far that clock is ahead of the host's, because the host's was set back, in milliseconds.
    set_back_ms: i64,
    /// Whether the relay has forgotten who this was: what comes late from an earlier page is that one's.
    has_parted: bool,
    effects: Vec<Effect>,
    changes: Vec<Change>,
    arrived: Vec<(ConversationId, Seq)>,
    /// What the host's timer is set to.
    timer: Option<i64>,
}

impl<R: SessionRole> Session<R> {
    /// A session that has not started, with the posts that an earlier page could not send.
    pub fn new(options: Options, saved: Saved) -> Self {
        let (outbox, unreadable) = Outbox::load(saved);
        Self {
            options,
            link: Link::default(),
            outbox,
            conversations: Vec::new(),
            me: None,
            epoch: None,
            ahead_ms: 0,
            role: R::State::default(),
            now: Now {
                ms: i64::MIN,
                random: 0.0,
            },
            set_back_ms: 0,
            has_parted: false,
            effects: unreadable.into_iter().map(Effect::Persist).collect(),
            changes: Vec::new(),
            arrived: Vec::new(),
            timer: None,
        }
    }

    /// Takes in what happened and answers what to do, in order.
    pub fn handle(&mut self, input: Input<R>, now: Now) -> Vec<Effect> {
        self.set_clock(now);
        match input {
            Input::Start => self.start(),
            Input::Stop => self.stop(),
            Input::Renew => self.renew(),
            Input::Token(token) => self.token_came(token),
            Input::SocketOpened => self.socket_opened(),
            Input::SocketClosed { code } => self.socket_closed(code),
            Input::Timer => {}
            Input::Online => self.network_came(),
            Input::Offline => self.network_went(),
            Input::Woke => self.woke(),
            Input::Do(command) => self.execute(command),
        }
        self.run_what_is_due();
        self.hand_out()
    }

    /// Takes in a text frame, as [`Session::take_in`] does: all that a program needs whose storage no other tab has.
    pub fn receive(&mut self, text: &str, now: Now) -> Vec<Effect> {
        self.set_clock(now);
        self.received(text);
        self.run_what_is_due();
        self.hand_out()
    }

    /// Takes in news and answers what to do, in order. It is apart from [`Session::handle`], so that a program can fetch what
    /// reads frames and other tabs' records, which is much, when it first connects. The first news of a page that does so is what is
    /// saved then.
    pub fn take_in(&mut self, news: News, now: Now) -> Vec<Effect> {
        self.set_clock(now);
        match news {
            News::Frame(text) => return self.receive(&text, now),
            News::SavedElsewhere(record) => self.saved_elsewhere(&record),
            News::SavedNow(saved) => self.saved_now(saved),
            News::Forgotten => self.forgotten(),
        }
        self.run_what_is_due();
        self.hand_out()
    }

    /// Takes in what earlier pages of this person left unsent, and the saved records of the beginning lacked: it is sent like
    /// those, in the order of writing. It is apart from [`Session::handle`] as [`Session::receive`] is.
    pub fn restore(&mut self, saved: Saved, now: Now) -> Vec<Effect> {
        self.set_clock(now);
        self.restored(saved);
        self.run_what_is_due();
        self.hand_out()
    }

    /// How the connection stands.
    pub fn connection(&self) -> &Connection {
        &self.link.shown
    }

    /// The identity that the relay bound to this client, once it has said so.
    pub fn me(&self) -> Option<&Person> {
        self.me.as_ref()
    }

    /// All known conversations, in no particular order.
    pub fn conversations(&self) -> impl Iterator<Item = &Conversation<R>> {
        self.conversations.iter()
    }

    /// One conversation.
    pub fn conversation(&self, id: &ConversationId) -> Option<&Conversation<R>> {
        self.conversations.iter().find(|conversation| conversation.id() == id)
    }

    /// The relay's clock at a time of the host's clock, in epoch milliseconds.
    pub fn relay_time(&self, host_ms: i64) -> i64 {
        host_ms + self.set_back_ms + self.ahead_ms
    }

    fn set_clock(&mut self, now: Now) {
        let ms = now.ms + self.set_back_ms;
        if ms < self.now.ms {
            self.set_back_ms += self.now.ms - ms;
        }
        self.now = Now {
            ms: ms.max(self.now.ms),
            ..now
        };
    }

    /// The socket is gone: what belonged to it is forgotten.
    fn disconnected(&mut self) {
        self.outbox.disconnected();
        self.outbox.pause_places(self.now.ms);
        R::disconnected(&mut self.role);
        for index in 0..self.conversations.len() {
            self.conversations[index].disconnected();
            let id = self.conversations[index].id().clone();
            self.changed(Change::Conversation(Some(id)));
        }
    }

    fn run_what_is_due(&mut self) {
        self.run_link();
        self.flush();
        R::send_due(self);
        self.sync();
    }

    fn next_deadline(&self) -> Option<i64> {
        if !self.link.is_online() {
            return self.link.deadline();
        }
        let deadlines = [
            self.link.deadline(),
            self.outbox_deadline(),
            R::deadline(self),
            self.sync_deadline(),
        ];
        deadlines.into_iter().flatten().min()
    }

    fn conversation_mut(&mut self, id: &ConversationId) -> Option<&mut Conversation<R>> {
        self.conversations
            .iter_mut()
            .find(|conversation| conversation.id() == id)
    }

    fn changed(&mut self, change: Change) {
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    fn hand_out(&mut self) -> Vec<Effect> {
        let mut effects = std::mem::take(&mut self.effects);
        effects.extend(self.changes.drain(..).map(Effect::Changed));
        effects.extend(
            self.arrived
                .drain(..)
                .map(|(conversation, seq)| Effect::Arrived { conversation, seq }),
        );
        let timer = self.next_deadline().map(|at| at - self.set_back_ms);
        if timer != self.timer {
            self.timer = timer;
            effects.push(Effect::SetTimer(timer));
        }
        effects
    }
}
