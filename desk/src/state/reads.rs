//! What views read of the console. Everything here tracks: a view that reads is drawn again when it changes.

use super::inbox::{self, Preview};
use super::{Column, Desk, Dialog, Drafts, InList, reservation_name};
use leptos::prelude::*;
use portico_client::agent::{Conversation, LogEntry, Session};
use portico_client::timeline::{AgentView, MinorNotices};
use portico_client::{Agent, Change};
use portico_shared::cim::agent::AgentStateName;
use portico_shared::frame::Offer;
use portico_shared::http::UserAnswer;
use portico_shared::ids::{ConversationId, DeskId, TaskId};
use portico_ui::browser::mint;
use portico_ui::net::Link;
use portico_ui::storage::ScopedStorage;

/// What an agent is to a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Participation {
    /// Takes part: it goes on.
    Active,
    /// Took part, and has to wrap it up: it has ended.
    WrappingUp,
    /// No part any more.
    Left,
}

/// What is said of a reservation that rings, where others may hear or see it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ringing {
    /// What to accept.
    pub(crate) task: TaskId,
    /// Who waits.
    pub(crate) name: String,
    /// Where.
    pub(crate) queue: String,
}

impl Ringing {
    fn of(reservation: &Offer) -> Self {
        Self {
            task: reservation.task.clone(),
            name: reservation_name(reservation),
            queue: reservation.queue.clone(),
        }
    }
}

impl Desk {
    /// Who is signed in.
    pub(crate) fn user(self) -> Option<UserAnswer> {
        self.login.user()
    }

    /// The open conversation.
    pub(crate) fn open(self) -> Option<ConversationId> {
        self.open.get()
    }

    /// Whether this is the open conversation; for answers that may come when the console is gone.
    pub(crate) fn is_still_open(self, id: &ConversationId) -> bool {
        is_still(self.open, id)
    }

    /// The column that a narrow screen shows.
    pub(crate) fn column(self) -> Column {
        self.column.get()
    }

    /// Whether the customer panel is shown.
    pub(crate) fn panel(self) -> bool {
        self.panel.get()
    }

    /// Whether system events are shown one by one.
    pub(crate) fn system(self) -> bool {
        self.system.get()
    }

    /// What lies over the console.
    pub(crate) fn dialog(self) -> Option<Dialog> {
        self.dialog.get()
    }

    /// What lies over the console at the moment.
    pub(crate) fn dialog_now(self) -> Option<Dialog> {
        self.dialog.get_untracked()
    }

    /// Whether the password must be asked for.
    pub(crate) fn login_needed(self) -> bool {
        self.login.is_needed()
    }

    /// A short sentence about what did not work.
    pub(crate) fn toast(self) -> Option<&'static str> {
        self.toast.get()
    }

    /// Changes when the composer should take the keyboard.
    pub(crate) fn compose(self) -> u32 {
        self.compose.get()
    }

    /// Changes when a new message may sound.
    pub(crate) fn chime(self) -> u32 {
        self.chime.get()
    }

    /// Whether the browser lets this page sound.
    pub(crate) fn is_audible(self) -> bool {
        self.audible.get()
    }

    /// Whether the browser keeps the page silent although the agent has sound on and is ready.
    pub(crate) fn is_muffled(self) -> bool {
        self.settings.sound() && !self.audible.get() && self.is_ready()
    }

    /// The relay's clock, each second.
    pub(crate) fn now(self) -> i64 {
        let now = self.now.get();
        self.link.read(|session| session.relay_time(now))
    }

    /// A moment of today, for what is written otherwise tomorrow: it changes at midnight.
    pub(crate) fn today(self) -> i64 {
        self.today.get()
    }

    /// Reads the open conversation, again whenever it changes.
    pub(crate) fn watch_open<T>(self, read: impl FnOnce(&Session, &Conversation) -> T) -> Option<T> {
        let id = self.open.get()?;
        self.link.watch(&Change::List, |_| ());
        self.link.watch(&Change::Conversation(Some(id.clone())), |session| {
            session
                .conversation(&id)
                .map(|conversation| read(session, conversation))
        })
    }

    /// Who looks at the open conversation, and at whom.
    pub(crate) fn viewer(self) -> AgentView {
        let known = self.watch_open(|session, conversation| inbox::viewer(session, conversation.summary()));
        AgentView {
            minor: if self.system() {
                MinorNotices::Shown
            } else {
                MinorNotices::Folded
            },
            ..known.unwrap_or_default()
        }
    }

    /// What this agent is to a conversation. One that was accepted a moment ago is not known yet.
    pub(crate) fn participation(self, id: &ConversationId) -> Participation {
        self.link.watch(&Change::List, |_| ());
        self.link.watch(&Change::Conversation(Some(id.clone())), |session| {
            let Some(conversation) = session.conversation(id) else {
                return Participation::Active;
            };
            let me = session.me().map(|me| me.id.as_str());
            let takes_part = inbox::takes_part(&conversation.summary().people, me);
            participation(takes_part, conversation.is_live())
        })
    }

    /// Whether the agent asked for this customer's picture or film.
    pub(crate) fn is_loaded(self, key: &str) -> bool {
        self.loaded.with_value(|loaded| loaded.contains(key))
    }

    /// Whether the customer panel lies over the conversation.
    pub(crate) fn panel_covers(self) -> bool {
        self.panel.get() && self.open.with(Option::is_some) && !self.wide.get_value()
    }

    /// The entries of the open conversation.
    pub(crate) fn entries(self) -> Vec<LogEntry> {
        self.watch_open(|session, conversation| session.entries(Some(conversation.id())))
            .unwrap_or_default()
    }

    /// The conversations that the agent takes part in or looks at, in the order of the list.
    pub(crate) fn previews(self) -> Vec<Preview> {
        self.previews.get()
    }

    /// The reservations that ring here, the most urgent first.
    pub(crate) fn reservations(self) -> Vec<Offer> {
        let reservations = self.link.watch(&Change::Offers, |session| session.offers().to_vec());
        most_urgent_first(reservations)
    }

    /// The reservation that rings: the most urgent one.
    pub(crate) fn ringing(self) -> Option<Ringing> {
        self.reservations().first().map(Ringing::of)
    }

    /// Whether new work may come.
    pub(crate) fn is_ready(self) -> bool {
        self.link.watch(&Change::AgentState, |session| {
            session
                .agent_state()
                .is_some_and(|state| state.state == AgentStateName::Ready)
        })
    }
}

/// The conversations that an agent takes part in or looks at. Their order stays while the agent is in the list.
pub(super) fn previews(
    link: Link<Agent>,
    drafts: Drafts,
    open: RwSignal<Option<ConversationId>>,
    in_list: RwSignal<InList>,
) -> Memo<Vec<Preview>> {
    Memo::new(move |before: Option<&Vec<Preview>>| {
        let ids = link.watch(&Change::List, |session| {
            session
                .conversations()
                .map(|conversation| conversation.id().clone())
                .collect::<Vec<_>>()
        });
        let open = open.get();
        let preview = |id: ConversationId| {
            let draft = drafts.get(&id);
            link.watch(&Change::Conversation(Some(id.clone())), |session| {
                inbox::preview(session, id, open.as_ref(), &draft)
            })
        };
        let previews = inbox::in_order(ids.into_iter().filter_map(preview).collect());
        let InList { pointer, keyboard } = in_list.get();
        match before {
            Some(before) if pointer || keyboard => inbox::in_held_order(before, previews),
            Some(_) | None => previews,
        }
    })
}

fn is_still(open: RwSignal<Option<ConversationId>>, id: &ConversationId) -> bool {
    open.try_get_untracked().flatten().as_ref() == Some(id)
}

/// What ends soonest stands first.
fn most_urgent_first(mut reservations: Vec<Offer>) -> Vec<Offer> {
    reservations.sort_by_key(|reservation| reservation.expires_at);
    reservations
}

/// What an agent is to a conversation that it takes part in or not, and that goes on or not.
fn participation(takes_part: bool, is_live: bool) -> Participation {
    match (takes_part, is_live) {
        (true, true) => Participation::Active,
        (true, false) => Participation::WrappingUp,
        (false, _) => Participation::Left,
    }
}

/// The conversation that an earlier page of this tab had open.
pub(super) fn kept_open(user: &str) -> Option<ConversationId> {
    ConversationId::parse(&open_storage(user).get("id")?)
}

/// Keeps which conversation is open for a reload.
pub(super) fn keep_open(user: &str, open: Option<&ConversationId>) {
    match open {
        Some(id) => open_storage(user).put("id", id.as_str()),
        None => open_storage(user).remove("id"),
    }
}

/// Which desk this tab is, also after a reload.
pub(super) fn desk_id() -> DeskId {
    let storage = ScopedStorage::session("portico.desk.");
    let kept = storage.get("id").and_then(|id| DeskId::parse(&id));
    kept.unwrap_or_else(|| {
        let minted = mint();
        storage.put("id", minted.as_str());
        DeskId::new(minted.as_str())
    })
}

fn open_storage(user: &str) -> ScopedStorage {
    ScopedStorage::session(format!("portico.desk.open.{user}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::reservation;

    #[test]
    fn no_conversation_is_open_in_a_console_that_is_gone() {
        let console = Owner::new();
        let id = ConversationId::new("c-1");
        let open = console.with(|| RwSignal::new(Some(id.clone())));
        assert!(is_still(open, &id));
        assert!(!is_still(open, &ConversationId::new("c-2")));
        console.cleanup();
        drop(console);
        assert!(!is_still(open, &id));
    }

    #[test]
    fn what_ends_soonest_rings_first() {
        let sorted = most_urgent_first([30, 10, 20].map(reservation).into());
        let ends: Vec<_> = sorted.iter().map(|reservation| reservation.expires_at).collect();
        assert_eq!(ends, [10, 20, 30]);
    }

    #[test]
    fn who_takes_part_wraps_up_when_the_chat_has_ended() {
        assert_eq!(participation(true, true), Participation::Active);
        assert_eq!(participation(true, false), Participation::WrappingUp);
        assert_eq!(participation(false, true), Participation::Left);
        assert_eq!(participation(false, false), Participation::Left);
    }
}
