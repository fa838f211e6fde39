//! The driver of the session: carries out its effects with a socket, a timer, storage and a token source, tells it
//! what the browser says, and lets views watch what it shows.
//!
//! A document makes one [`Link`] and hands out copies. Views read through [`Link::watch`], which runs again when that
//! part of the session has changed; everything else goes in by [`Link::act`]. Nothing connects before [`Link::start`], and
//! what reads the relay's frames may be fetched then: it comes with the first token.
//!
//! The socket is web-sys' own and not gloo-net's: its callbacks are the session's inputs one by one, while gloo-net
//! would put an unbounded queue and a task between them.

pub mod copier;
mod copying;
mod page;
mod socket;
mod watched;

use crate::browser::{document, now, now_ms};
use crate::fetch;
use crate::storage::{Lifetime, ScopedStorage};
use copying::Copying;
pub use copying::{Copied, Copier, CopierSource, DiskCopy, is_gone, records};
use futures_util::future::join;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::rc::{Rc, Weak};

use portico_client::{
    Change, Command, Effect, Input, News, Now, Options, Record, Saved, Session, SessionRole, TokenError,
};
use portico_shared::frame::RefusalCode;
use portico_shared::ids::{ClientId, ConversationId, MessageId, Seq};
use socket::Socket;
use watched::Watched;

/// Answers a token; the argument says that the one at hand will no longer do.
pub type TokenSource = Box<dyn Fn(bool) -> Pin<Box<dyn Future<Output = Result<String, TokenError>>>>>;

/// Takes in what the relay and other tabs say: [`Session::take_in`].
pub type Reader<R> = fn(&mut Session<R>, News, Now) -> Vec<Effect>;

/// Fetches what takes in news; `None` if it does not come. Asked for with each token, it answers at once from the second
/// time on.
pub type ReaderSource<R> = fn() -> Pin<Box<dyn Future<Output = Option<Reader<R>>>>>;

/// What a document says about its link once.
pub struct Setup<R: SessionRole> {
    /// Who it is for.
    pub options: Options,
    /// Where unsent posts are kept. Its prefix names one identity on one channel.
    pub storage: Rc<ScopedStorage>,
    /// Where they are kept once more, over the death of the browser.
    pub copy: Option<DiskCopy<R>>,
    /// Where tokens come from.
    pub tokens: TokenSource,
    /// Where what takes in frames comes from.
    pub reader: ReaderSource<R>,
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
    pub fn new(setup: Setup<R>) -> Self {
        let saved = Saved {
            records: copying::records(&setup.storage),
        };
        let driver = Rc::new_cyclic(|me| Driver {
            me: me.clone(),
            session: RefCell::new(Session::new(setup.options, saved)),
            storage: setup.storage,
            copying: setup.copy.map(Copying::new),
            tokens: setup.tokens,
            fetch_reader: setup.reader,
            reader: Cell::new(None),
            on_notification: setup.on_notification,
            inputs: RefCell::default(),
            running: Cell::new(false),
            is_forgotten: Cell::new(false),
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

    /// Takes over what the copy of unsent posts has and the storage has lost, and calls `then`; at once, if there is no copy.
    pub fn restore(self, then: impl FnOnce() + 'static) {
        self.driver.with_value(|driver| driver.restore(Box::new(then)));
    }

    /// Whether that is on its way. What the copy has is older than what is written now, and goes first.
    pub fn is_restoring(self) -> bool {
        self.driver.try_get_value().is_some_and(|driver| driver.is_restoring())
    }

    /// Asks for a token anew: there is a new proof of who this is.
    pub fn renew(self) {
        self.feed(Input::Renew);
    }

    /// The token that is asked for is another person's than what an earlier page left: that is not sent by itself any more.
    pub fn forget(self) {
        if let Some(driver) = self.driver.try_get_value() {
            driver.is_forgotten.set(true);
        }
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

/// Has the session take in what the copy of unsent posts has.
type Restoring<R> = Box<dyn FnOnce(&mut Session<R>) -> Vec<Effect>>;

/// What the session is told next.
enum Incoming<R: SessionRole> {
    Input(Input<R>),
    News(News),
    /// What an earlier page could not send, and the storage has lost.
    Restored(Restoring<R>),
}

impl<R: SessionRole> From<Input<R>> for Incoming<R> {
    fn from(input: Input<R>) -> Self {
        Self::Input(input)
    }
}

/// Inputs that wait while another one is carried out; more than this many means a loop, and the rest is dropped.
const MAX_WAITING_INPUTS: usize = 1_024;

struct Driver<R: SessionRole> {
    /// For the callbacks, which must not keep the driver alive.
    me: Weak<Driver<R>>,
    session: RefCell<Session<R>>,
    storage: Rc<ScopedStorage>,
    copying: Option<Copying<R>>,
    tokens: TokenSource,
    fetch_reader: ReaderSource<R>,
    /// There from the first token on, and so before the first socket.
    reader: Cell<Option<Reader<R>>>,
    on_notification: Box<dyn Fn(Notification)>,
    /// What happened while effects were carried out: they come first, so that their order holds.
    inputs: RefCell<VecDeque<Incoming<R>>>,
    running: Cell<bool>,
    /// Whether the next token is another person's than what an earlier page left.
    is_forgotten: Cell<bool>,
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
        self.take(Incoming::Input(input));
    }

    fn take(&self, incoming: Incoming<R>) {
        if self.inputs.borrow().len() < MAX_WAITING_INPUTS {
            self.inputs.borrow_mut().push_back(incoming);
        }
        if self.running.replace(true) {
            return;
        }
        while let Some(incoming) = self.next_input() {
            let effects = self.effects_of(incoming);
            effects.into_iter().for_each(|effect| self.carry_out(effect));
        }
        self.running.set(false);
    }

    fn next_input(&self) -> Option<Incoming<R>> {
        self.inputs.borrow_mut().pop_front()
    }

    fn effects_of(&self, incoming: Incoming<R>) -> Vec<Effect> {
        let session = &mut self.session.borrow_mut();
        match incoming {
            Incoming::Input(input) => session.handle(input, now()),
            Incoming::Restored(read) => read(session),
            Incoming::News(news) => self
                .reader
                .get()
                .map_or_else(Vec::new, |take_in| take_in(session, news, now())),
        }
    }

    fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::GetToken { refresh } => self.get_token(refresh),
            Effect::Connect => self.connect(),
            Effect::Send(text) => self.send(&text),
            Effect::Close => drop(self.socket.take()),
            Effect::SetTimer(at) => self.set_timer(at),
            Effect::Persist(Record::Put { key, json }) => self.put(&key, &json),
            Effect::Persist(Record::Remove { key }) => {
                self.storage.remove(&key);
                self.forget_copy(&key);
            }
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
        self.copy(key);
        if self.storage.lifetime() == Lifetime::Page && !self.asks_before_leaving.replace(true) {
            page::ask_before_leaving(&self.me);
        }
    }

    /// Gets a token, and what takes in frames along with the first one: without that, a token is of no use yet.
    fn get_token(&self, refresh: bool) {
        let token = (self.tokens)(refresh);
        let reader = (self.fetch_reader)();
        let me = self.me.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the token; a driver that is gone is not told"
        )]
        wasm_bindgen_futures::spawn_local(async move {
            let (token, reader) = join(token, reader).await;
            let token = match (token, reader) {
                (Ok(_), None) => Err(why_missing().await),
                (token, _) => token,
            };
            if let Some(driver) = me.upgrade() {
                driver.can_take_in(reader);
                driver.feed(Input::Token(token));
            }
        });
    }

    /// What takes in news may be there now: what there is so far comes before the token.
    fn can_take_in(&self, reader: Option<Reader<R>>) {
        let Some(reader) = reader else { return };
        if self.reader.replace(Some(reader)).is_none() {
            self.look_at_storage();
        }
        if self.is_forgotten.take() {
            self.take(Incoming::News(News::Forgotten));
        }
    }

    /// Hears of what others did to the storage.
    fn look_at_storage(&self) {
        let records = copying::records(&self.storage);
        self.take(Incoming::News(News::SavedNow(Saved { records })));
    }

    fn connect(&self) {
        let me = self.me.clone();
        let socket = Socket::open(move |incoming| {
            if let Some(driver) = me.upgrade() {
                driver.take(incoming);
            }
        });
        if socket.is_none() {
            self.feed(Input::SocketClosed { code: 1006 });
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

/// Why what takes in frames did not come. An upgrade of the relay takes away the whole program, which has to be loaded anew
/// then; everything else passes, as a line that breaks.
async fn why_missing() -> TokenError {
    let script = document().query_selector("script[type=module]").ok().flatten();
    let program = script.and_then(|script| script.get_attribute("src"));
    match program {
        Some(address) if fetch::is_gone(&address).await => TokenError::Outdated,
        _ => TokenError::Unavailable { retry_after_ms: None },
    }
}
