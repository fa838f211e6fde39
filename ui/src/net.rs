//! The driver of the session: carries out its effects with a socket, a timer, storage and a token source, tells it
//! what the browser says, and lets views watch what it shows.
//!
//! A document makes one [`Link`] and hands out copies. Views read through [`Link::watch`], which runs again when that
//! part of the session has changed; everything else goes in by [`Link::act`]. Nothing connects before [`Link::start`].
//!
//! The socket is web-sys' own and not gloo-net's: its callbacks are the session's inputs one by one, while gloo-net
//! would put an unbounded queue and a task between them.

mod page;
mod socket;
mod watched;

use crate::browser::{now, now_ms};
use crate::storage::{Lifetime, ScopedStorage};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use portico_client::{Change, Command, Effect, Input, Options, Record, Saved, Session, SessionRole, TokenError};
use portico_shared::frame::RefusalCode;
use portico_shared::ids::{ClientId, ConversationId, MessageId, Seq};
use socket::Socket;
use watched::Watched;

/// Answers a token; the argument says that the one at hand will no longer do.
pub type TokenSource = Box<dyn Fn(bool) -> Pin<Box<dyn Future<Output = Result<String, TokenError>>>>>;

/// What a document says about its link once.
pub struct Setup {
    /// Who it is for.
    pub options: Options,
    /// Where unsent posts are kept. Its prefix names one identity on one channel.
    pub storage: ScopedStorage,
    /// Where tokens come from.
    pub tokens: TokenSource,
    /// Told what is not a change of what is drawn.
    pub on_notification: Box<dyn Fn(Notification)>,
}

/// What the session says once, for sounds, badges and messages.
#[derive(Debug, Clone, PartialEq)]
pub enum Notification {
    /// A message of another participant is new.
    Arrived {
        /// Where.
        conversation: ConversationId,
        /// Its row.
        seq: Seq,
    },
    /// An own post is in the log, or refused for good.
    Settled {
        /// The post's.
        client_id: ClientId,
        /// The message's id, or why there is none.
        outcome: Result<MessageId, RefusalCode>,
    },
    /// A command without a row of its own was refused for good.
    Refused {
        /// The command's.
        client_id: Option<ClientId>,
        /// Machine-readable.
        code: RefusalCode,
        /// For developers.
        message: String,
    },
}

/// The session and its driver. A cheap handle; valid as long as the owner that made it. Commands that come later, as
/// from a field that loses the keyboard when its page goes, do nothing.
#[derive(Clone, Copy)]
pub struct Link<R: SessionRole> {
    driver: StoredValue<Rc<Driver<R>>, LocalStorage>,
}

impl<R: SessionRole> Link<R> {
    /// A link that has not started, with the posts that an earlier page could not send.
    pub fn new(setup: Setup) -> Self {
        let saved = Saved {
            records: setup.storage.all(),
        };
        let driver = Rc::new_cyclic(|me| Driver {
            me: me.clone(),
            session: RefCell::new(Session::new(setup.options, saved)),
            storage: setup.storage,
            tokens: setup.tokens,
            on_notification: setup.on_notification,
            inputs: RefCell::default(),
            running: Cell::new(false),
            is_put_away: Cell::new(false),
            socket: RefCell::new(None),
            timer: RefCell::new(None),
            watched: Watched::default(),
            asks_before_leaving: Cell::new(false),
        });
        page::listen(&driver);
        Self {
            driver: StoredValue::new_local(driver),
        }
    }

    /// Connects, and keeps connected.
    pub fn start(self) {
        self.feed(Input::Start);
    }

    /// Asks for a token anew: there is a new proof of who this is.
    pub fn renew(self) {
        self.feed(Input::Renew);
    }

    /// Disconnects. Unsent posts stay.
    pub fn stop(self) {
        self.feed(Input::Stop);
    }

    /// Does what the person wants.
    pub fn act(self, command: impl Into<Command<R>>) {
        self.feed(Input::Do(command.into()));
    }

    /// Reads a part of the session now, and again whenever it has changed, inside a memo, an effect or a view.
    pub fn watch<T>(self, part: &Change, read: impl FnOnce(&Session<R>) -> T) -> T {
        self.driver.with_value(|driver| {
            driver.watched.track(part);
            read(&driver.session.borrow())
        })
    }

    /// How long posts that are not sent yet are there.
    pub fn unsent_lifetime(self) -> Lifetime {
        self.driver.with_value(|driver| driver.storage.lifetime())
    }

    /// Reads the session now, for event handlers.
    pub fn read<T>(self, read: impl FnOnce(&Session<R>) -> T) -> T {
        self.driver.with_value(|driver| read(&driver.session.borrow()))
    }

    fn feed(self, input: Input<R>) {
        if let Some(driver) = self.driver.try_get_value() {
            driver.feed(input);
        }
    }
}

/// Inputs that wait while another one is carried out; more than this many means a loop, and the rest is dropped.
const MAX_WAITING_INPUTS: usize = 1_024;

struct Driver<R: SessionRole> {
    /// For the callbacks, which must not keep the driver alive.
    me: Weak<Driver<R>>,
    session: RefCell<Session<R>>,
    storage: ScopedStorage,
    tokens: TokenSource,
    on_notification: Box<dyn Fn(Notification)>,
    /// What happened while effects were carried out: they come first, so that their order holds.
    inputs: RefCell<VecDeque<Input<R>>>,
    running: Cell<bool>,
    /// Whether the browser may keep the page for the way back, and the session begins again when it is shown.
    is_put_away: Cell<bool>,
    socket: RefCell<Option<Socket>>,
    timer: RefCell<Option<Timeout>>,
    watched: Watched,
    /// Whether the page asks before it goes.
    asks_before_leaving: Cell<bool>,
}

impl<R: SessionRole> Driver<R> {
    fn feed(&self, input: Input<R>) {
        if self.inputs.borrow().len() < MAX_WAITING_INPUTS {
            self.inputs.borrow_mut().push_back(input);
        }
        if self.running.replace(true) {
            return;
        }
        while let Some(input) = self.next_input() {
            let effects = self.session.borrow_mut().handle(input, now());
            effects.into_iter().for_each(|effect| self.carry_out(effect));
        }
        self.running.set(false);
    }

    fn next_input(&self) -> Option<Input<R>> {
        self.inputs.borrow_mut().pop_front()
    }

    fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::GetToken { refresh } => self.get_token(refresh),
            Effect::Connect => self.connect(),
            Effect::Send(text) => self.send(&text),
            Effect::Close => drop(self.socket.take()),
            Effect::SetTimer(at) => self.set_timer(at),
            Effect::Persist(Record::Put { key, json }) => self.put(&key, &json),
            Effect::Persist(Record::Remove { key }) => self.storage.remove(&key),
            Effect::Changed(change) => self.watched.notify(&change),
            Effect::Arrived { conversation, seq } => {
                (self.on_notification)(Notification::Arrived { conversation, seq })
            }
            Effect::Settled { client_id, outcome } => {
                (self.on_notification)(Notification::Settled { client_id, outcome })
            }
            Effect::Refused {
                client_id,
                code,
                message,
            } => {
                (self.on_notification)(Notification::Refused {
                    client_id,
                    code,
                    message,
                });
            }
            Effect::Warn(text) => web_sys::console::warn_1(&text.into()),
        }
    }

    /// Keeps a post that is not sent yet. One that the browser refuses to store is lost with the page, which asks
    /// before it goes.
    fn put(&self, key: &str, json: &str) {
        self.storage.put(key, json);
        if self.storage.lifetime() == Lifetime::Page && !self.asks_before_leaving.replace(true) {
            page::ask_before_leaving(&self.me);
        }
    }

    fn get_token(&self, refresh: bool) {
        let token = (self.tokens)(refresh);
        let me = self.me.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the token; a driver that is gone is not told"
        )]
        wasm_bindgen_futures::spawn_local(async move {
            let token = token.await;
            if let Some(driver) = me.upgrade() {
                driver.feed(Input::Token(token));
            }
        });
    }

    fn connect(&self) {
        let me = self.me.clone();
        let socket = Socket::open(move |input| {
            if let Some(driver) = me.upgrade() {
                driver.feed(input);
            }
        });
        if socket.is_none() {
            self.inputs.borrow_mut().push_back(Input::SocketClosed { code: 1006 });
        }
        self.socket.replace(socket);
    }

    fn send(&self, text: &str) {
        if let Some(socket) = &*self.socket.borrow() {
            socket.send(text);
        }
    }

    fn set_timer(&self, at: Option<i64>) {
        let me = self.me.clone();
        let timer = at.map(|at| {
            let delay = (at - now_ms()).clamp(0, i64::from(i32::MAX)) as u32;
            Timeout::new(delay, move || {
                if let Some(driver) = me.upgrade() {
                    driver.feed(Input::Timer);
                }
            })
        });
        self.timer.replace(timer);
    }
}
