//! What the views show, derived from the session, and what they may do. Signals are written here alone; effects speak to
//! the outside only.

mod actions;
mod earlier;
mod files;
mod prechat;
mod saving;
mod shown;
mod timeline;

pub(crate) use earlier::Place;
pub(crate) use prechat::Opening;
pub(crate) use timeline::Timeline;

use crate::config::Config;
use crate::host::{self, Host, HostCommand, HostCommandKind};
use crate::parts::Parts;
use crate::visitor::VisitorStore;
use crate::visitor_data;
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;

use portico_client::{Change, Customer, CustomerCommand};
use portico_shared::availability::Availability;
use portico_shared::ids::ConversationId;
use portico_ui::a11y::Announcer;
use portico_ui::browser::{self, listen};
use portico_ui::file_links::FileLinks;
use portico_ui::net::Link;
use portico_ui::transcript::Format;

/// What outlives a visitor: the document's own.
#[derive(Clone, Copy)]
pub(crate) struct Document {
    /// How to come by what is fetched later.
    pub(crate) parts: Parts,
    /// The page around the frame.
    pub(crate) host: Host,
    /// What the site's owner has set.
    pub(crate) config: ReadSignal<Config>,
    /// Whether the team answers now.
    pub(crate) availability: Memo<Availability>,
    /// Speaks to screen readers.
    pub(crate) announcer: Announcer,
    /// Changes at midnight.
    pub(crate) today: ReadSignal<i64>,
}

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
    preview: RwSignal<Option<(String, String)>>,
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
}

/// What can be unfolded over the window. It folds with Escape, and with a press anywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Panel {
    Menu,
    Emoji,
}

impl Chat {
    pub(crate) fn new(document: Document, store: Rc<VisitorStore>, link: Link<Customer>) -> Self {
        let current =
            Memo::new(move |_| link.watch(&Change::List, |session| session.chat().map(|chat| chat.id().clone())));
        let chat = Self {
            document,
            link,
            files: FileLinks::new(move || link.read(|session| session.token().map(str::to_owned))),
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
            has_sent_form: RwSignal::new(false),
            has_waited: prechat::has_waited(link),
            place: RwSignal::new(Place::Chat),
            is_earlier: false,
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
        Effect::new(move |_| {
            let data = visitor_data::all(host);
            self.link.act(CustomerCommand::Describe { data });
        });
        Effect::new(move |_| {
            for command in host.take_commands() {
                untrack(|| self.carry_out(command));
            }
        });
        self.save_when_whole();
        if self.is_known {
            self.start();
        }
    }

    /// Connects, if that has not begun yet. Until then nothing is asked of the relay and nothing is stored.
    pub(crate) fn start(self) {
        if !self.started.get_value() {
            self.started.set_value(true);
            self.link.start();
        }
    }

    /// Tries again after the session gave up.
    pub(crate) fn restart(self) {
        self.link.start();
    }

    fn carry_out(self, command: HostCommand) {
        let HostCommand { id, text, kind } = command;
        self.back_to_chat();
        let carried_out = match kind {
            HostCommandKind::Compose => {
                self.write(text);
                self.request_focus();
                Ok(())
            }
            HostCommandKind::Send => self.send_for_host(&id, text),
        };
        host::answer(&id, carried_out);
    }
}
