//! The console's state and everything that changes it: the link to the relay, which conversation is open, drafts,
//! settings, what floats above. Views read it and call its methods; no view writes a signal of another.

mod compose;
mod drafts;
mod files;
mod floating;
mod inbox;
mod login;
mod names;
mod notifications;
mod reads;
mod settings;

pub(crate) use drafts::{ComposerDraft, Drafts, Mode, WrapUpDraft};
pub(crate) use inbox::{LastMessage, Preview};
pub(crate) use login::Login;
pub(crate) use names::{Identity, channel_name, customer_name, identity, reservation_identity, reservation_name};
pub(crate) use reads::{Participation, Ringing};
pub(crate) use settings::{Settings, Theme};

use crate::api;
use crate::parts::Parts;
use leptos::prelude::*;
use notifications::ReadOut;
use portico_client::{Agent, AgentCommand, Command, News, Now, Options, Session};
use portico_shared::cim::agent::AgentStateName;
use portico_shared::cim::body::WrapUpBody;
use portico_shared::cim::{CimEvent, MessageBody};
use portico_shared::frame::{Audience, Draft};
use portico_shared::http::{LoginAnswer, WrapupCategory};
use portico_shared::ids::{ClientId, ConversationId, Seq, TaskId};
use portico_ui::a11y::Announcer;
use portico_ui::browser::{media_matches, mint, now_ms, touch_first, was_touched};
use portico_ui::fetch::FetchError;
use portico_ui::file_links::FileLinks;
use portico_ui::net::{Link, Reader, Setup};
use portico_ui::storage::ScopedStorage;
use portico_ui::time::days_between;
use std::collections::HashSet;

/// A dialog over the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dialog {
    /// All actions.
    Palette,
    /// Wrap-up of a conversation.
    WrapUp(ConversationId),
    /// Asks before a chat is ended.
    End(ConversationId),
}

/// What of an agent is in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct InList {
    pointer: bool,
    keyboard: bool,
}

/// Which column a narrow screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// The list.
    List,
    /// The open conversation.
    Conversation,
}

/// The console. A cheap handle; lives as long as one agent is signed in.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The session with the relay.
    pub(crate) link: Link<Agent>,
    /// What screen readers are told.
    pub(crate) announcer: Announcer,
    /// Theme and sound.
    pub(crate) settings: Settings,
    /// What is typed and not sent.
    pub(crate) drafts: Drafts,
    /// Links to files that messages bring.
    pub(crate) file_links: FileLinks,
    /// Files that are to be sent.
    trays: files::Trays,
    /// How areas are drawn that may have to be fetched first.
    pub(crate) parts: Parts,
    login: Login,
    open: RwSignal<Option<ConversationId>>,
    previews: Memo<Vec<Preview>>,
    /// What is in the list, which keeps its order as long.
    in_list: RwSignal<InList>,
    column: RwSignal<Column>,
    panel: RwSignal<bool>,
    /// Whether the panel has a place of its own, or lies over the conversation.
    wide: StoredValue<bool>,
    system: RwSignal<bool>,
    /// Customers' pictures and films that the agent asked for, by the keys of their messages.
    loaded: StoredValue<HashSet<String>>,
    dialog: RwSignal<Option<Dialog>>,
    toast: RwSignal<Option<&'static str>>,
    /// Counts the times that the composer should take the keyboard.
    compose: RwSignal<u32>,
    /// Counts the messages that may sound.
    chime: RwSignal<u32>,
    /// Whether the browser lets this page sound: not before the person has touched it.
    audible: RwSignal<bool>,
    /// The browser's clock, each second.
    now: RwSignal<i64>,
    /// A moment of the present day in the agent's time zone. It changes at midnight alone, so that dates are not written anew
    /// each second.
    today: Memo<i64>,
    read_out: ReadOut,
}

impl Desk {
    /// The console of a user; connects at once.
    pub(crate) fn new(login: Login, settings: Settings, parts: Parts, user_id: &str) -> Self {
        let notifications = RwSignal::new(Vec::new());
        let now = RwSignal::new(now_ms());
        let link = Link::new(Setup {
            options: Options {
                client: Some(concat!("desk/", env!("CARGO_PKG_VERSION")).to_owned()),
                desk: Some(reads::desk_id()),
            },
            storage: ScopedStorage::session(format!("portico.desk.outbox.{user_id}.")).into(),
            // An agent's computer may be shared by a shift: nothing of a customer stays in the browser.
            copy: None,
            tokens: login.tokens(),
            reader: || Box::pin(async { Some(hear_relay as Reader<Agent>) }),
            on_notification: Box::new(move |what| notifications.update(|waiting| waiting.push(what))),
        });
        let (drafts, open) = (Drafts::load(user_id), RwSignal::new(reads::kept_open(user_id)));
        let in_list = RwSignal::new(InList::default());
        let desk = Self {
            link,
            announcer: Announcer::new(),
            settings,
            drafts,
            file_links: FileLinks::new(move || login.token(), || ()),
            trays: files::Trays::new(),
            parts,
            login,
            open,
            previews: reads::previews(link, drafts, open, in_list),
            in_list,
            column: RwSignal::new(Column::List),
            panel: RwSignal::new(has_room()),
            wide: StoredValue::new(has_room()),
            system: RwSignal::new(false),
            loaded: StoredValue::new(HashSet::new()),
            dialog: RwSignal::new(None),
            toast: RwSignal::new(None),
            compose: RwSignal::new(0),
            chime: RwSignal::new(0),
            audible: RwSignal::new(was_touched()),
            now,
            today: Memo::new(move |before| today(before.copied(), now.get(), days_between)),
            read_out: ReadOut::default(),
        };
        Effect::new(move |_| desk.take_notifications(notifications));
        let user_id = user_id.to_owned();
        Effect::new(move |_| reads::keep_open(&user_id, desk.open.get().as_ref()));
        Effect::new(move |_| desk.forget_unknown());
        link.start();
        desk
    }
}

impl Desk {
    /// Shows a conversation, and puts the keyboard into its composer.
    pub(crate) fn show(self, conversation: ConversationId) {
        self.open.set(Some(conversation));
        self.column.set(Column::Conversation);
        if !has_room() {
            self.panel.set(false);
        }
        // On glass the keyboard would cover what the agent wants to read first.
        if !touch_first() {
            self.focus_composer();
        }
    }

    /// Back to the list on a narrow screen.
    pub(crate) fn show_list(self) {
        self.column.set(Column::List);
    }

    /// The conversation above (`-1`) or below (`1`) the open one.
    pub(crate) fn step(self, by: i64) {
        let ids: Vec<_> = untrack(|| self.previews())
            .into_iter()
            .map(|preview| preview.id)
            .collect();
        if let Some(id) = neighbour(&ids, self.open.get_untracked().as_ref(), by) {
            self.show(id.clone());
        }
    }

    /// The pointer is in the list, or has left it.
    pub(crate) fn point_at_list(self, pointer: bool) {
        self.in_list
            .maybe_update(|inside| std::mem::replace(&mut inside.pointer, pointer) != pointer);
    }

    /// The keyboard is in the list, or has left it.
    pub(crate) fn walk_in_list(self, keyboard: bool) {
        self.in_list
            .maybe_update(|inside| std::mem::replace(&mut inside.keyboard, keyboard) != keyboard);
    }

    /// The composer takes the keyboard.
    pub(crate) fn focus_composer(self) {
        self.compose.update(|count| *count += 1);
    }

    /// Shows or hides the customer panel.
    pub(crate) fn toggle_panel(self) {
        self.panel.update(|panel| *panel = !*panel);
    }

    /// The window has another size: the panel folds away where it no longer fits beside the conversation.
    pub(crate) fn fit(self) {
        let wide = has_room();
        if self.wide.get_value() != wide {
            self.wide.set_value(wide);
            self.panel.set(wide);
        }
    }

    /// Shows system events one by one, or folded.
    pub(crate) fn toggle_system(self) {
        self.system.update(|system| *system = !*system);
    }

    /// The agent asked for a customer's picture or film.
    pub(crate) fn load(self, key: String) {
        self.loaded.update_value(|loaded| {
            loaded.insert(key);
        });
    }

    /// Becomes ready, or not ready for a reason.
    pub(crate) fn set_state(self, state: AgentStateName, reason: Option<String>) {
        self.link.act(AgentCommand::SetState { state, reason });
    }

    /// Ready, or not ready without a reason.
    pub(crate) fn toggle_ready(self) {
        let ready = untrack(|| self.is_ready());
        let other = if ready {
            AgentStateName::NotReady
        } else {
            AgentStateName::Ready
        };
        self.set_state(other, None);
    }

    /// Accepts a reservation and shows its conversation.
    pub(crate) fn accept(self, task: TaskId, conversation: ConversationId) {
        self.link.act(AgentCommand::Accept {
            task,
            client_id: mint(),
        });
        self.show(conversation);
    }

    /// Accepts the most urgent reservation.
    pub(crate) fn accept_first(self) {
        if let Some(reservation) = untrack(|| self.reservations()).into_iter().next() {
            self.accept(reservation.task, reservation.conversation);
        }
    }

    /// Sends a failed message again.
    pub(crate) fn retry(self, client_id: ClientId) {
        self.link.act(Command::Retry(client_id));
    }

    /// Drops a message that was not sent.
    pub(crate) fn delete(self, client_id: ClientId) {
        self.link.act(Command::Delete(client_id));
    }

    /// The agent has seen everything up to here.
    pub(crate) fn seen(self, conversation: ConversationId, up_to: Seq) {
        self.link.act(Command::Seen { conversation, up_to });
    }

    /// Pulls older history of the open conversation.
    pub(crate) fn load_older(self) {
        if let Some(id) = self.open.get_untracked() {
            self.link.act(Command::LoadOlder(id));
        }
    }

    /// Ends the chat for all participants.
    pub(crate) fn end(self, conversation: ConversationId) {
        self.link.act(Command::End {
            conversation: Some(conversation),
            client_id: mint(),
        });
    }

    /// Notes what it was about, if anything was noted, and leaves.
    pub(crate) fn leave(self, conversation: ConversationId, wrap_up: Option<WrapUpBody>) {
        if let Some(body) = wrap_up {
            self.post(&conversation, Draft::new(MessageBody::WrapUp(body)), Audience::Everyone);
        }
        self.link.act(AgentCommand::Leave {
            conversation: conversation.clone(),
            client_id: mint(),
        });
        self.drafts
            .change(&conversation, |typed| *typed = ComposerDraft::default());
        self.open.set(None);
        self.column.set(Column::List);
    }

    /// Connects now, without waiting for the next try.
    pub(crate) fn reconnect(self) {
        self.link.start();
    }

    /// The agent has signed in again: the session goes on where it was.
    pub(crate) fn renewed(self, login: LoginAnswer) {
        self.login.begin(login);
        self.link.start();
    }

    /// Forgets the login and everything that was typed.
    pub(crate) fn sign_out(self) {
        self.link.stop();
        self.drafts.clear();
        let Some(token) = self.login.end() else { return };
        // The token is forgotten here in any case; that the relay hears of it is best effort.
        #[expect(clippy::disallowed_methods, reason = "ends with the answer, which nothing waits for")]
        leptos::task::spawn_local(async move {
            let _ = api::logout(&token).await;
        });
    }

    /// The codes that a conversation can be wrapped up with.
    pub(crate) async fn wrapups(self) -> Result<Vec<WrapupCategory>, FetchError> {
        api::wrapups(&self.token()).await
    }

    /// What was reported of a conversation's customer while there was no conversation, newest first.
    pub(crate) async fn reported_before(self, id: &ConversationId) -> Result<Vec<CimEvent>, FetchError> {
        api::customer_activities(&self.token(), id).await
    }

    fn token(self) -> String {
        self.login.token().unwrap_or_default()
    }

    /// The agent has touched the page, which may sound from now on.
    pub(crate) fn touched(self) {
        if !self.audible.get_untracked() {
            self.audible.set(true);
        }
    }

    /// A second has passed.
    pub(crate) fn tick(self) {
        self.now.set(now_ms());
    }

    fn post(self, conversation: &ConversationId, draft: Draft, audience: Audience) {
        let conversation = Some(conversation.clone());
        self.link.act(Command::Post {
            conversation,
            client_id: mint(),
            draft: Box::new(draft),
            audience,
        });
    }
}

/// The same moment as before while its day lasts.
fn today(before: Option<i64>, now: i64, days_between: impl Fn(i64, i64) -> i64) -> i64 {
    before.filter(|before| days_between(*before, now) == 0).unwrap_or(now)
}

/// The conversation so many places below the open one, at most the last; without an open one, the first.
fn neighbour<'a>(ids: &'a [ConversationId], open: Option<&ConversationId>, by: i64) -> Option<&'a ConversationId> {
    let last = ids.len().checked_sub(1)?;
    let at = ids.iter().position(|id| Some(id) == open);
    let next = at.map_or(0, |at| (at as i64 + by).clamp(0, last as i64) as usize);
    ids.get(next)
}

/// Whether the customer panel fits beside the conversation; the style sheets know the same width.
fn has_room() -> bool {
    media_matches("(width >= 1180px)")
}

/// Takes in what the relay says. What waits to be sent is in the tab's own storage, of which other tabs say nothing.
fn hear_relay(session: &mut Session<Agent>, news: News, now: Now) -> Vec<portico_client::Effect> {
    match news {
        News::Frame(text) => session.receive(&text, now),
        News::SavedElsewhere(_) | News::SavedNow(_) | News::Forgotten => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_walk_through_the_list_and_stop_at_its_ends() {
        let ids = ["a", "b", "c"].map(ConversationId::new);
        let step =
            |open: Option<usize>, by: i64| neighbour(&ids, open.map(|at| &ids[at]), by).map(ConversationId::as_str);
        assert_eq!(step(Some(0), 1), Some("b"));
        assert_eq!(step(Some(2), 1), Some("c"));
        assert_eq!(step(Some(0), -1), Some("a"));
        assert_eq!(step(None, -1), Some("a"));
        assert_eq!(neighbour(&[], None, 1), None);
    }

    #[test]
    fn today_changes_at_midnight_alone() {
        let days = |earlier: i64, later: i64| later / 10 - earlier / 10;
        assert_eq!(today(None, 12, days), 12);
        assert_eq!(today(Some(12), 19, days), 12);
        assert_eq!(today(Some(12), 20, days), 20);
    }
}
