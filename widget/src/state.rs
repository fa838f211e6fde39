//! What the views show, derived from the session, and what they may do. Signals are written here alone; effects speak to
//! the outside only.

mod actions;
mod consent;
mod earlier;
mod erasing;
mod files;
mod former;
mod prechat;
mod preview;
mod saving;
mod share;
mod shown;
mod timeline;
mod voice;

pub(crate) use consent::Agreement;
pub(crate) use earlier::Place;
pub(crate) use erasing::{Erased, Erasing};
pub(crate) use prechat::Opening;
pub(crate) use preview::Preview;
pub use share::Instead;
pub(crate) use share::is_meant;
pub(crate) use timeline::Timeline;
pub(crate) use voice::VoiceFormat;

use crate::config::Config;
use crate::host::{self, CommandRefusal, Host, HostCommand, HostCommandKind};
use crate::parts::Parts;
use crate::unsent::UnsentHere;
use crate::visitor::VisitorStore;
use crate::visitor_data;
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use portico_client::customer::Session;
use portico_client::{Change, Customer, CustomerCommand};
use portico_shared::availability::Availability;
use portico_shared::ids::ConversationId;
use portico_ui::a11y::Announcer;
use portico_ui::browser::{self, listen, window};
use portico_ui::file_links::FileLinks;
use portico_ui::net::{Link, records};
use portico_ui::reactive::effect;
use portico_ui::transcript::Format;
use wasm_bindgen::JsCast;
use web_sys::StorageEvent;

/// What outlives a visitor: the document's own.
#[derive(Clone, Copy)]
pub(crate) struct Document {
    /// How to come by what is fetched later.
    pub(crate) parts: Parts,
    /// The page around the frame.
    pub(crate) host: Host,
    /// What the site's owner has set.
    pub(crate) config: ReadSignal<Config>,
    /// Asks the relay for it anew.
    pub(crate) reload_config: Callback<()>,
    /// Whether the team answers now.
    pub(crate) availability: Memo<Availability>,
    /// Speaks to screen readers.
    pub(crate) announcer: Announcer,
    /// Changes at midnight.
    pub(crate) today: ReadSignal<i64>,
    /// What takes the place where the visitor writes. The document speaks no other language meanwhile: all would be drawn anew.
    pub(crate) instead: RwSignal<Instead>,
    /// What an unknown visitor takes along when it signs in.
    pub(crate) unsent: UnsentHere,
}

/// How long what another tab wrote may wait before a chat connects for it that was not begun here.
const STANDS_IN_AFTER: Duration = Duration::from_secs(20);

/// One visitor's chat. A cheap handle; it is made anew when the visitor changes.
#[derive(Clone, Copy)]
pub struct Chat {
    pub(crate) document: Document,
    link: Link<Customer>,
    /// To files that messages bring.
    files: FileLinks,
    store: StoredValue<Rc<VisitorStore>, LocalStorage>,
    started: StoredValue<bool>,
    /// Whether the visitor was here before, and there may be something to load.
    is_known: bool,
    current: Memo<Option<ConversationId>>,
    timeline: Memo<Arc<Timeline>>,
    /// Whether the visitor asked for a new chat after the last one ended.
    renewed: RwSignal<bool>,
    draft: RwSignal<String>,
    focus_requests: RwSignal<u32>,
    below: RwSignal<u32>,
    at_end: RwSignal<bool>,
    unfolded: RwSignal<Option<Panel>>,
    asks_to_end: RwSignal<bool>,
    is_watched: RwSignal<bool>,
    preview: RwSignal<Option<Preview>>,
    /// How the visitor wants to keep the conversation, until it is saved.
    saving: RwSignal<Option<Format>>,
    /// Whether a filled form was sent, of which it is not known yet what became of it.
    has_sent_form: RwSignal<bool>,
    /// Whether the relay was not reached at the first try: what may come is not waited for any more.
    has_waited: Memo<bool>,
    /// What takes the place of the chat.
    place: RwSignal<Place>,
    /// Whether this is an earlier chat, of which nothing is answered.
    is_earlier: bool,
    /// The version of the channel's terms that the visitor has agreed to.
    agreed_to: RwSignal<Option<u32>>,
    /// Whether the relay has forgotten the visitor who was here before this one.
    is_forgotten: ReadSignal<bool>,
    /// The one that it has declined.
    declined: RwSignal<Option<u32>>,
    /// How far the visitor's wish to be forgotten has come.
    erasing: RwSignal<Erasing>,
}

/// What can be unfolded over the window. It folds with Escape, and with a press anywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Panel {
    Menu,
    Share,
    Emoji,
}

impl Chat {
    pub(crate) fn new(
        document: Document,
        store: Rc<VisitorStore>,
        link: Link<Customer>,
        agreed_to: RwSignal<Option<u32>>,
        is_forgotten: ReadSignal<bool>,
    ) -> Self {
        let current =
            Memo::new(move |_| link.watch(&Change::List, |session| session.chat().map(|chat| chat.id().clone())));
        let chat = Self {
            document,
            link,
            files: FileLinks::new(
                move || link.read(|session| session.token().map(str::to_owned)),
                move || link.renew(),
            ),
            started: StoredValue::new(false),
            is_known: store.is_known(),
            current,
            timeline: timeline::of(link, current),
            renewed: RwSignal::new(false),
            draft: RwSignal::new(store.draft()),
            focus_requests: RwSignal::new(0),
            below: RwSignal::new(0),
            at_end: RwSignal::new(true),
            unfolded: RwSignal::new(None),
            asks_to_end: RwSignal::new(false),
            is_watched: RwSignal::new(!browser::document().hidden()),
            preview: RwSignal::new(None),
            saving: RwSignal::new(None),
            has_sent_form: RwSignal::new(link.read(Session::is_beginning)),
            has_waited: prechat::has_waited(link),
            place: RwSignal::new(Place::Chat),
            is_earlier: false,
            agreed_to,
            is_forgotten,
            declined: RwSignal::new(None),
            erasing: RwSignal::new(Erasing::No),
            store: StoredValue::new_local(store),
        };
        let page = browser::document();
        listen(&browser::document(), "visibilitychange", move |_| {
            chat.is_watched.set(!page.hidden());
        });
        chat
    }

    /// Says where the visitor is, takes what the host asks for, and connects a visitor who was here before.
    pub(crate) fn begin(self) {
        let host = self.document.host;
        self.renew_refused_form();
        effect(move |_| {
            let data = visitor_data::all(host);
            self.link.act(CustomerCommand::Describe { data });
        });
        effect(move |_| {
            for command in host.take_commands() {
                untrack(|| self.carry_out(command));
            }
        });
        self.save_when_whole();
        self.follow_page_consent();
        self.wait_for_config();
        self.follow_other_tabs();
        self.part_with_former();
        self.follow_what_is_written();
        self.take_up();
    }

    /// Goes on with what an earlier page has left. What a new visitor wrote without a network has brought no proof of who that is.
    fn take_up(self) {
        if !self.has_agreed() {
            return;
        }
        self.link.restore(move || {
            if self.is_known || self.link.read(|session| session.unsent()) > 0 {
                self.start();
            }
        });
    }

    /// Hears of what another tab of a new visitor writes: a chat that has not begun has no connection that it could go by.
    fn follow_what_is_written(self) {
        for name in ["storage", "pageshow"] {
            listen(&window(), name, move |event| {
                let key = event.dyn_ref::<StorageEvent>().and_then(StorageEvent::key);
                let is_of_outbox = |key: String| self.store.with_value(|store| store.outbox().own(&key).is_some());
                if key.is_none_or(is_of_outbox) {
                    self.stand_in();
                }
            });
        }
    }

    /// Sends what another tab of a new visitor wrote, if that one is gone. It comes first: of two that begin at once, each would be a
    /// visitor of its own.
    fn stand_in(self) {
        let begin = move || {
            let is_left = || self.store.with_value(|store| !records(&store.outbox()).is_empty());
            if self.started.try_get_value() == Some(false) && is_left() {
                match window().navigator().on_line() {
                    true => self.start(),
                    false => self.stand_in(),
                }
            }
        };
        if self.started.try_get_value() == Some(false) {
            set_timeout(begin, STANDS_IN_AFTER);
        }
    }

    /// Connects, if that has not begun yet and the visitor has agreed to what the channel asks. Until then nothing is asked of
    /// the relay and nothing is stored.
    pub(crate) fn start(self) {
        if self.started.try_get_value() == Some(false) && !self.link.is_restoring() && self.has_agreed() {
            self.started.set_value(true);
            self.link.start();
        }
    }

    /// Tries again after the session gave up.
    pub(crate) fn restart(self) {
        if self.has_agreed() {
            self.link.start();
        }
    }

    fn carry_out(self, command: HostCommand) {
        let HostCommand { id, text, kind } = command;
        if self.is_being_erased() {
            let is_done = kind == HostCommandKind::Erase && self.is_erased();
            return host::answer(&id, is_done.then_some(()).ok_or(CommandRefusal::Unavailable));
        }
        if kind == HostCommandKind::Erase {
            return self.erase_for_host(id);
        }
        self.back_to_chat();
        let carried_out = match kind {
            HostCommandKind::Compose => {
                self.write(text);
                self.request_focus();
                Ok(())
            }
            HostCommandKind::Send => self.send_for_host(&id, text),
            HostCommandKind::Erase => Ok(()),
        };
        host::answer(&id, carried_out);
    }
}
