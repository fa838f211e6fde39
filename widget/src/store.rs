//! What the views show, derived from the session, and what they may do. States are written here, and by the views
//! that own them; effects speak to the outside only.

use crate::claims;
use crate::config::Config;
use crate::host::{self, Host, Wish, WishKind};
use crate::net::Kept;
use portico_client::customer::{Conversation, Session};
use portico_client::timeline::{CustomerItem, TimelineItem, customer_items};
use portico_client::{Change, Command, Connection, Customer, CustomerCommand, History};
use portico_shared::cim::MessageBody;
use portico_shared::frame::{Audience, Draft, Person};
use portico_shared::ids::{ClientId, ConversationId, Seq};
use portico_shared::limits::MAX_TEXT_CHARS;
use portico_ui::a11y::Announcer;
use portico_ui::browser::{self, Shelf, mint, touch_first};
use portico_ui::net::Link;
use portico_ui::state::{State, effect};
use portico_ui::time::local_day;
use std::rc::Rc;

/// What outlives a visitor: the document's own.
#[derive(Clone, Copy)]
pub(crate) struct Document {
    /// The page around the frame.
    pub(crate) host: Host,
    /// What the site's owner has set.
    pub(crate) config: State<Config>,
    /// Speaks to screen readers.
    pub(crate) announcer: Announcer,
    /// Changes at midnight.
    pub(crate) today: leptos::prelude::ReadSignal<i64>,
}

/// One visitor's chat. A cheap handle; it is made anew when the visitor changes.
#[derive(Clone, Copy)]
pub(crate) struct Chat {
    pub(crate) document: Document,
    pub(crate) link: Link<Customer>,
    shelf: State<Rc<Shelf>>,
    started: State<bool>,
    /// Whether the visitor was here before, and there may be something to load.
    pub(crate) known: bool,
    /// The conversation on the screen.
    pub(crate) current: State<Option<ConversationId>>,
    /// Its rows, ready to draw.
    pub(crate) items: State<Rc<Vec<CustomerItem>>>,
    /// Whether the visitor asked for a new chat after the last one ended.
    pub(crate) renewed: State<bool>,
    /// The text in the composer.
    pub(crate) draft: State<String>,
    /// Counts wishes to have the composer focused.
    pub(crate) focus: State<u32>,
    /// Messages that arrived while the visitor read older ones.
    pub(crate) below: State<u32>,
    /// Whether the end of the timeline is on the screen; it then stays there.
    pub(crate) at_end: State<bool>,
    /// What is unfolded over the window.
    pub(crate) fold: State<Fold>,
    /// Whether the visitor is asked if the chat should end.
    pub(crate) ending: State<bool>,
    /// Whether the document is on the screen at all.
    pub(crate) watched: State<bool>,
    /// Name and text of the newest message that the visitor has not seen.
    pub(crate) preview: State<Option<(String, String)>>,
}

/// What can be unfolded over the window. It folds with Escape, and with a press anywhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fold {
    Nothing,
    Menu,
    Faces,
}

/// The key of the draft on the shelf.
const DRAFT: &str = "draft";

impl Chat {
    pub(crate) fn new(document: Document, kept: &Kept, link: Link<Customer>) -> Self {
        let current =
            State::derived(move || link.watch(&Change::List, |session| session.chat().map(|chat| chat.id().clone())));
        Self {
            document,
            link,
            shelf: State::new(Rc::clone(&kept.own)),
            started: State::new(false),
            known: kept.is_known(),
            current,
            items: items(link, current),
            renewed: State::new(false),
            draft: State::new(kept.own.get(DRAFT).unwrap_or_default()),
            focus: State::new(0),
            below: State::new(0),
            at_end: State::new(true),
            fold: State::new(Fold::Nothing),
            ending: State::new(false),
            watched: State::new(!browser::document().hidden()),
            preview: State::new(None),
        }
    }

    /// Says where the visitor is, and connects one who was here before.
    pub(crate) fn begin(self) {
        self.follow_page();
        if self.known {
            self.start();
        }
    }

    /// Connects, if that has not begun yet. Until then nothing is asked of the relay and nothing is stored.
    pub(crate) fn start(self) {
        if !self.started.now() {
            self.started.set(true);
            self.link.start();
        }
    }

    /// Tries again after the session gave up.
    pub(crate) fn restart(self) {
        self.link.start();
    }

    /// How the connection stands.
    pub(crate) fn connection(self) -> Connection {
        self.link
            .watch(&Change::Connection, |session| session.connection().clone())
    }

    /// Whether the relay takes messages only later.
    pub(crate) fn is_held_back(self) -> bool {
        self.items.with(|_| ());
        self.link.read(Session::is_held_back)
    }

    /// Reads the conversation on the screen, and again when it has changed.
    pub(crate) fn with_current<T>(self, read: impl FnOnce(&Conversation) -> T) -> Option<T> {
        let current = self.current.get()?;
        self.link.watch(&Change::List, |_| ());
        self.link
            .watch(&Change::Conversation(Some(current.clone())), |session| {
                session.conversation(&current).map(read)
            })
    }

    /// Whether the last chat is over and no new one is wanted yet.
    pub(crate) fn is_over(self) -> bool {
        !self.renewed.get() && self.with_current(|chat| !chat.is_live()).unwrap_or(false)
    }

    /// Who answers: people first, then programs.
    pub(crate) fn others(self) -> Vec<Person> {
        if self.renewed.get() {
            // The next chat has nobody yet.
            return Vec::new();
        }
        let mut people = self
            .with_current(|chat| chat.summary().people.clone())
            .unwrap_or_default();
        people.retain(|person| matches!(person.kind.as_str(), "AGENT" | "BOT"));
        // Few people: a stable sort would be more program than this is worth.
        let agents = people.iter().position(|person| person.kind == "AGENT").unwrap_or(0);
        people.rotate_left(agents);
        people
    }

    /// Keeps what is in the composer.
    pub(crate) fn write(self, text: String) {
        self.start();
        self.link.act(Command::Typing {
            conversation: None,
            on: !text.trim().is_empty(),
        });
        self.shelf.peek(|shelf| {
            if text.is_empty() {
                shelf.remove(DRAFT)
            } else {
                shelf.put(DRAFT, &text)
            }
        });
        self.draft.set(text);
    }

    /// Sends what is in the composer.
    pub(crate) fn send_draft(self) {
        let text = self.draft.now();
        if text.trim().is_empty() || text.chars().count() > MAX_TEXT_CHARS {
            return;
        }
        self.write(String::new());
        self.send(Draft::new(MessageBody::plain(text.trim_end())));
    }

    /// Sends a message to the live chat, or to the one that it begins.
    pub(crate) fn send(self, draft: Draft) {
        self.send_as(mint(), draft);
    }

    fn send_as(self, client_id: ClientId, draft: Draft) {
        self.start();
        self.at_end.put(true);
        host::event("messageSent", &[("id", client_id.as_str())]);
        let draft = Box::new(draft);
        self.link.act(Command::Post {
            conversation: None,
            client_id,
            draft,
            audience: Audience::Everyone,
        });
    }

    /// Unfolds something, or folds it if it is unfolded.
    pub(crate) fn toggle(self, fold: Fold) {
        self.fold
            .update(|old| *old = if *old == fold { Fold::Nothing } else { fold });
    }

    /// What was pressed goes away, and the keyboard goes to the composer; not on devices where that covers half of the chat.
    pub(crate) fn to_composer(self) {
        if !touch_first() {
            self.focus.update(|count| *count += 1);
        }
    }

    /// Sends a failed message again.
    pub(crate) fn retry(self, id: ClientId) {
        self.link.act(Command::Retry(id));
        self.to_composer();
    }

    /// Drops a failed message.
    pub(crate) fn delete(self, id: ClientId) {
        self.link.act(Command::Delete(id));
        self.to_composer();
    }

    /// Ends the live chat.
    pub(crate) fn end(self) {
        self.ending.put(false);
        self.renewed.put(false);
        self.at_end.put(true);
        self.link.act(Command::End {
            conversation: None,
            client_id: mint(),
        });
    }

    /// Pulls older history, if there is more and it is not on its way.
    pub(crate) fn load_older(self) {
        let Some(current) = self.current.now() else { return };
        let history = self
            .link
            .read(|session| session.conversation(&current).map(Conversation::history));
        if history == Some(History::Partial) {
            self.link.act(Command::LoadOlder(current));
        }
    }

    /// The visitor has seen everything that is there.
    pub(crate) fn seen(self) {
        self.below.put(0);
        self.preview.put(None);
        let Some(current) = self.current.now() else { return };
        let Some(up_to) = self
            .items
            .peek(|items| items.iter().filter_map(TimelineItem::seq).max())
        else {
            return;
        };
        let seen = self
            .link
            .read(|session| session.conversation(&current).map_or(Seq::START, Conversation::seen));
        if up_to > seen {
            self.link.act(Command::Seen {
                conversation: current,
                up_to,
            });
        }
    }

    /// Begins a new chat after the last one ended: the next message starts it.
    pub(crate) fn renew(self) {
        self.renewed.set(true);
        self.at_end.put(true);
        self.focus.update(|count| *count += 1);
    }

    /// Takes the wishes of the host.
    pub(crate) fn grant(self, wishes: Vec<Wish>) {
        for Wish { id, text, kind } in wishes {
            match kind {
                WishKind::Compose => {
                    self.write(text);
                    self.focus.update(|count| *count += 1);
                }
                WishKind::Send if !text.trim().is_empty() => {
                    let client_id = ClientId::parse(&id).unwrap_or_else(mint);
                    self.send_as(client_id, Draft::new(MessageBody::plain(text)));
                }
                WishKind::Send => {}
            }
            host::taken(&id);
        }
    }

    /// Tells the session what is said about the visitor, for the agent.
    fn follow_page(self) {
        let host = self.document.host;
        effect(Box::new(move || {
            self.link.act(CustomerCommand::Describe {
                data: claims::all(host),
            });
        }));
    }
}

/// The rows of the conversation on the screen, made ready to draw whenever they change.
fn items(link: Link<Customer>, current: State<Option<ConversationId>>) -> State<Rc<Vec<CustomerItem>>> {
    let ready = State::new(Rc::new(Vec::new()));
    effect(Box::new(move || {
        let current = current.get();
        link.watch(&Change::Conversation(None), |_| ());
        let entries = link.watch(&Change::Conversation(current.clone()), |session| {
            session.entries(current.as_ref())
        });
        ready.set(Rc::new(customer_items(&entries, local_day)));
    }));
    ready
}
