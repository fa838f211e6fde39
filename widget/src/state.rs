//! What the views show, derived from the session, and what they may do. Signals are written here alone; effects speak to
//! the outside only.

mod timeline;

pub(crate) use timeline::Timeline;

use crate::config::Config;
use crate::host::{self, Host, HostCommand, HostCommandKind};
use crate::visitor::VisitorStore;
use crate::visitor_data;
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;

use portico_client::customer::{Conversation, Session};
use portico_client::{Change, Command, Connection, Customer, CustomerCommand, History};
use portico_shared::cim::{MessageBody, SenderType};
use portico_shared::frame::{Audience, Draft, Person};
use portico_shared::ids::{ClientId, ConversationId, Seq};
use portico_shared::limits::MAX_TEXT_CHARS;
use portico_ui::a11y::Announcer;
use portico_ui::browser::{self, listen, mint, touch_first};
use portico_ui::net::Link;

/// What outlives a visitor: the document's own.
#[derive(Clone, Copy)]
pub(crate) struct Document {
    /// The page around the frame.
    pub(crate) host: Host,
    /// What the site's owner has set.
    pub(crate) config: ReadSignal<Config>,
    /// Speaks to screen readers.
    pub(crate) announcer: Announcer,
    /// Changes at midnight.
    pub(crate) today: ReadSignal<i64>,
}

/// One visitor's chat. A cheap handle; it is made anew when the visitor changes.
#[derive(Clone, Copy)]
pub(crate) struct Chat {
    pub(crate) document: Document,
    link: Link<Customer>,
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
        if self.is_known {
            self.start();
        }
    }

    /// Connects, if that has not begun yet. Until then nothing is asked of the relay and nothing is stored.
    fn start(self) {
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
        match kind {
            HostCommandKind::Compose => {
                self.write(text);
                self.request_focus();
            }
            HostCommandKind::Send if !text.trim().is_empty() => {
                let client_id = ClientId::parse(&id).unwrap_or_else(mint);
                self.send_as(client_id, Draft::new(MessageBody::plain(text)));
            }
            HostCommandKind::Send => {}
        }
        host::taken(&id);
    }
}

/// What there is to show.
impl Chat {
    /// How the connection stands.
    pub(crate) fn connection(self) -> Connection {
        self.link
            .watch(&Change::Connection, |session| session.connection().clone())
    }

    /// Whether the relay was reached before.
    pub(crate) fn was_online(self) -> bool {
        self.link.watch(&Change::Connection, |session| session.me().is_some())
    }

    /// Whether the relay takes messages only later.
    pub(crate) fn is_held_back(self) -> bool {
        self.timeline.with(|_| self.link.read(Session::is_held_back))
    }

    /// Whether the visitor was here before, and there may be something to load.
    pub(crate) fn is_known(self) -> bool {
        self.is_known
    }

    /// The conversation on the screen.
    pub(crate) fn current(self) -> Option<ConversationId> {
        self.current.get()
    }

    /// What its timeline shows.
    pub(crate) fn timeline(self) -> Arc<Timeline> {
        self.timeline.get()
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

    /// Who answers: people first, then programs. The next chat has none yet.
    pub(crate) fn respondents(self) -> Vec<Person> {
        if self.renewed.get() {
            return Vec::new();
        }
        let people = self.with_current(|chat| chat.summary().people.clone());
        respondents(people.unwrap_or_default())
    }

    /// The text in the composer.
    pub(crate) fn draft(self) -> String {
        self.draft.get()
    }

    /// Counts the requests to have the composer focused.
    pub(crate) fn focus_requests(self) -> u32 {
        self.focus_requests.get()
    }

    /// Messages that arrived while the visitor read older ones.
    pub(crate) fn below(self) -> u32 {
        self.below.get()
    }

    /// Whether the end of the timeline is on the screen; it then stays there.
    pub(crate) fn is_at_end(self) -> bool {
        self.at_end.get()
    }

    /// The same for the timeline's scrolling, which finds it out.
    pub(crate) fn at_end(self) -> RwSignal<bool> {
        self.at_end
    }

    /// Whether this is unfolded over the window.
    pub(crate) fn is_unfolded(self, panel: Panel) -> bool {
        self.unfolded.get() == Some(panel)
    }

    /// Whether anything is unfolded now. A window that goes says so too late: nothing is.
    pub(crate) fn has_unfolded(self) -> bool {
        self.unfolded.try_get_untracked().flatten().is_some()
    }

    /// Whether the visitor is asked if the chat should end.
    pub(crate) fn asks_to_end(self) -> bool {
        self.asks_to_end.get()
    }

    /// Whether the visitor can see the timeline.
    pub(crate) fn is_watched(self) -> bool {
        self.document.host.is_open() && self.is_watched.get()
    }

    /// Name and text of the newest message that the visitor has not seen.
    pub(crate) fn preview(self) -> Option<(String, String)> {
        self.preview.get()
    }
}

/// What the visitor does.
impl Chat {
    /// Keeps what is in the composer.
    pub(crate) fn write(self, text: String) {
        self.start();
        self.link.act(Command::Typing {
            conversation: None,
            on: !text.trim().is_empty(),
        });
        self.store.with_value(|store| store.keep_draft(&text));
        self.draft.set(text);
    }

    /// Sends what is in the composer.
    pub(crate) fn send_draft(self) {
        let text = self.draft.get_untracked();
        if is_sendable(&text) {
            self.write(String::new());
            self.send(Draft::new(MessageBody::plain(text.trim_end())));
        }
    }

    /// Sends a message to the live chat, or to the one that it begins.
    pub(crate) fn send(self, draft: Draft) {
        self.send_as(mint(), draft);
    }

    fn send_as(self, client_id: ClientId, draft: Draft) {
        self.start();
        self.stay_at_end();
        host::event("messageSent", &[("id", client_id.as_str())]);
        self.link.act(Command::Post {
            conversation: None,
            client_id,
            draft: Box::new(draft),
            audience: Audience::Everyone,
        });
    }

    /// Unfolds something, or folds it if it is unfolded.
    pub(crate) fn toggle(self, panel: Panel) {
        self.unfolded
            .update(|unfolded| *unfolded = Some(panel).filter(|_| *unfolded != Some(panel)));
    }

    /// Folds what is unfolded.
    pub(crate) fn fold(self) {
        if self.has_unfolded() {
            self.unfolded.set(None);
        }
    }

    fn request_focus(self) {
        self.focus_requests.update(|count| *count += 1);
    }

    /// What was pressed goes away, and the keyboard goes to the composer; not on devices where that covers half of the
    /// chat.
    pub(crate) fn to_composer(self) {
        if !touch_first() {
            self.request_focus();
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

    /// Asks whether the chat should end.
    pub(crate) fn ask_to_end(self) {
        self.fold();
        self.asks_to_end.set(true);
    }

    /// Goes on with the chat.
    pub(crate) fn go_on(self) {
        self.asks_to_end.set(false);
    }

    /// Ends the live chat.
    pub(crate) fn end(self) {
        self.asks_to_end.set(false);
        self.renewed.set(false);
        self.stay_at_end();
        self.link.act(Command::End {
            conversation: None,
            client_id: mint(),
        });
    }

    /// Begins a new chat after the last one ended: the next message starts it.
    pub(crate) fn renew(self) {
        self.renewed.set(true);
        self.stay_at_end();
        self.request_focus();
    }

    /// Pulls older history, if there is more and it is not on its way.
    pub(crate) fn load_older(self) {
        let Some(current) = self.current.get_untracked() else {
            return;
        };
        let history = self
            .link
            .read(|session| session.conversation(&current).map(Conversation::history));
        if history == Some(History::Partial) {
            self.link.act(Command::LoadOlder(current));
        }
    }

    /// What comes next is kept on the screen.
    fn stay_at_end(self) {
        if !self.at_end.get_untracked() {
            self.at_end.set(true);
        }
    }

    /// The visitor has seen everything that is there.
    pub(crate) fn see(self) {
        if self.below.get_untracked() != 0 {
            self.below.set(0);
        }
        if self.preview.with_untracked(Option::is_some) {
            self.preview.set(None);
        }
        let Some(current) = self.current.get_untracked() else {
            return;
        };
        let Some(up_to) = self.timeline.with_untracked(|timeline| timeline.head()) else {
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

    /// A message of somebody else is new.
    pub(crate) fn note_arrival(self, name: String, text: String) {
        self.preview.set(Some((name, text)));
        if !self.at_end.get_untracked() {
            self.below.update(|count| *count += 1);
        }
    }

    /// The chat that the visitor asked for is there.
    pub(crate) fn conversation_started(self) {
        if self.renewed.get_untracked() {
            self.renewed.set(false);
        }
    }
}

/// Whether a text may be sent: it says something, and the relay takes it.
fn is_sendable(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_TEXT_CHARS
}

/// Those who answer, people before programs.
fn respondents(people: Vec<Person>) -> Vec<Person> {
    let of = |kind: SenderType| people.iter().filter(move |person| person.kind == kind);
    of(SenderType::Agent).chain(of(SenderType::Bot)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::{is_sendable, respondents};
    use portico_shared::cim::SenderType;
    use portico_shared::frame::Person;
    use portico_shared::limits::MAX_TEXT_CHARS;

    #[test]
    fn a_text_that_says_nothing_or_too_much_is_not_sent() {
        assert!(is_sendable("Hello"));
        assert!(!is_sendable(" \n"));
        assert!(is_sendable(&"ä".repeat(MAX_TEXT_CHARS)));
        assert!(!is_sendable(&"ä".repeat(MAX_TEXT_CHARS + 1)));
    }

    #[test]
    fn people_answer_before_programs_and_customers_do_not() {
        let person = |kind: SenderType, id: &str| Person {
            id: id.into(),
            kind,
            name: String::new(),
            role: None,
        };
        let people = vec![
            person(SenderType::Customer, "c"),
            person(SenderType::Bot, "b"),
            person(SenderType::Agent, "a-1"),
            person(SenderType::Agent, "a-2"),
        ];
        let ids: Vec<_> = respondents(people).into_iter().map(|person| person.id).collect();
        assert_eq!(ids, ["a-1", "a-2", "b"]);
    }
}
