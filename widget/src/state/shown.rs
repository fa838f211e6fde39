//! What there is to show. These getters subscribe the view that calls them to the signals that they read, unless they say
//! otherwise.

use super::{Chat, Panel, Timeline};
use leptos::prelude::*;
use std::sync::Arc;

use portico_client::customer::{Conversation, Session};
use portico_client::{Change, Connection};
use portico_shared::availability::Availability;
use portico_shared::cim::SenderType;
use portico_shared::frame::{Person, QueuePosition};
use portico_shared::ids::ConversationId;
use portico_ui::storage::Lifetime;

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

    /// How long messages that are not sent yet are there.
    pub(crate) fn unsent_lifetime(self) -> Lifetime {
        self.timeline.with(|_| self.link.unsent_lifetime())
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

    /// The same now, without subscribing; `None` if the chat is gone.
    pub(crate) fn timeline_now(self) -> Option<Arc<Timeline>> {
        self.timeline.try_get_untracked()
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

    /// Whether the visitor waits for a person.
    pub(crate) fn waits(self) -> bool {
        self.with_current(|current| current.summary().waiting).unwrap_or(false)
    }

    /// Where the visitor's request stands in its queue; nobody serves a queue while the team is away.
    pub(crate) fn queue_position(self) -> Option<QueuePosition> {
        let position = self.with_current(|current| current.queue_position().cloned()).flatten();
        position.filter(|_| self.document.availability.get() == Availability::Open)
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

    /// Whether the visitor can see the page.
    pub(crate) fn is_visible(self) -> bool {
        self.is_watched.get()
    }

    /// Name and text of the newest message that the visitor has not seen.
    pub(crate) fn preview(self) -> Option<(String, String)> {
        let preview = self.preview.get()?;
        Some((preview.name, preview.text))
    }
}

/// Those who answer, people before programs.
fn respondents(people: Vec<Person>) -> Vec<Person> {
    let of = |kind: SenderType| people.iter().filter(move |person| person.kind == kind);
    of(SenderType::Agent).chain(of(SenderType::Bot)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::respondents;
    use portico_shared::cim::SenderType;
    use portico_shared::frame::Person;

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
