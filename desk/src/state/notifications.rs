//! What the console makes of what the session says by itself: what is new in conversations, commands that are refused.

use super::{Column, Desk, inbox};
use crate::i18n::{self, t};
use leptos::prelude::*;
use portico_client::agent::{LogEntry, Session};
use portico_client::timeline::{AgentView, notice_of};
use portico_client::{Change, Connection, Content};
use portico_shared::cim::EventName;
use portico_shared::frame::RefusalCode;
use portico_shared::ids::{ConversationId, Seq};
use portico_ui::net::Notification;
use std::collections::HashMap;

/// How far each conversation was read out. One that is new here begins at its end: its past is not new.
#[derive(Clone, Copy, Default)]
pub(super) struct ReadOut {
    up_to: StoredValue<HashMap<ConversationId, Seq>>,
}

impl Desk {
    /// Hears everything that the session has said since the last time. Messages and notices are read out together, so
    /// that they come in the order of their conversation.
    pub(super) fn take_notifications(self, notifications: RwSignal<Vec<Notification>>) {
        notifications.track();
        self.link.watch(&Change::List, |_| ());
        for what in notifications.try_update_untracked(std::mem::take).unwrap_or_default() {
            match what {
                Notification::Arrived { .. } => self.chime.update(|count| *count += 1),
                // The line shows it.
                Notification::Settled { .. } => {}
                Notification::Refused {
                    code: RefusalCode::OfferGone,
                    ..
                } => {
                    self.toast.set(Some(t().offer_gone()));
                    self.close_unknown();
                }
                Notification::Refused { .. } => self.toast.set(Some(t().refused())),
            }
        }
        let open = self.open.get_untracked();
        let lines = self
            .link
            .read(|session| self.read_out.new_lines(session, open.as_ref()));
        lines.into_iter().for_each(|line| self.announcer.announce(line));
    }

    /// Once the relay has said what there is, a conversation of an earlier page that is not among it is not shown.
    pub(super) fn forget_unknown(self) {
        let settled = self.link.watch(&Change::Connection, |session| {
            let accepting = session.offers().iter().any(|offer| session.is_accepting(&offer.task));
            *session.connection() == Connection::Online && !accepting
        });
        if settled {
            self.close_unknown();
        }
    }

    /// Stops showing a conversation that never came to this desk.
    fn close_unknown(self) {
        let open = self.open.get_untracked();
        if open.is_some_and(|id| self.link.read(|session| session.conversation(&id).is_none())) {
            self.open.set(None);
            self.column.set(Column::List);
        }
    }
}

impl ReadOut {
    /// What is to be read out now, and counts as told from here on.
    fn new_lines(self, session: &Session, open: Option<&ConversationId>) -> Vec<String> {
        let mut up_to = self.up_to.write_value();
        up_to.retain(|id, _| session.conversation(id).is_some());
        let mut lines = Vec::new();
        for conversation in session.conversations().filter(|conversation| conversation.is_joined()) {
            let through = conversation.through();
            match up_to.insert(conversation.id().clone(), through) {
                Some(told) if told < through => {
                    let viewer = inbox::viewer(session, conversation.summary());
                    let shown = match open == Some(conversation.id()) {
                        true => Shown::Here,
                        false => Shown::Elsewhere,
                    };
                    let entries = session.entries(Some(conversation.id()));
                    lines.extend(announcements(&entries, told, &viewer, shown));
                }
                Some(_) | None => {}
            }
        }
        lines
    }
}

/// What a conversation has said after a position.
fn announcements(entries: &[LogEntry], after: Seq, viewer: &AgentView, shown: Shown) -> Vec<String> {
    let new = entries.iter().filter(|entry| entry.seq.is_some_and(|seq| seq > after));
    new.filter_map(|entry| announcement(entry, viewer, shown)).collect()
}

/// Whether the agent looks at the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Here,
    Elsewhere,
}

/// Who said what, or what happened. Nothing of what this agent wrote.
fn announcement(entry: &LogEntry, viewer: &AgentView, shown: Shown) -> Option<String> {
    let Content::Event(event) = &entry.content else {
        return None;
    };
    let name = || viewer.author_of(event).name;
    match event.name {
        _ if entry.mine => None,
        EventName::WhisperMessage => Some(t().whisper_announcement(&name(), &inbox::text_of(event)?)),
        EventName::CustomerMessage | EventName::AgentMessage | EventName::BotMessage => {
            Some(t().said(&name(), &inbox::text_of(event)?))
        }
        _ => {
            let notice = i18n::notice(&notice_of(event, viewer)?.kind);
            Some(match shown {
                Shown::Here => notice,
                Shown::Elsewhere => t().elsewhere(&viewer.customer_name, &notice),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{entry, event, mine, text, texts, unsent, view, whisper};
    use portico_shared::cim::{CimEvent, EventData};

    fn read_out(event: CimEvent, shown: Shown) -> Option<String> {
        announcement(&entry(1, event), &view(), shown)
    }

    #[test]
    fn a_message_is_read_out_with_its_author() {
        let said = read_out(text(0, "carol", "Hi *there*"), Shown::Here);
        assert_eq!(said, Some(t().said("Carol", "Hi there")));
        let whispered = read_out(whisper(0, "bob", "Mine?"), Shown::Elsewhere);
        assert_eq!(whispered, Some(t().whisper_announcement("bob", "Mine?")));
    }

    #[test]
    fn whatever_is_typed_is_read_out() {
        for [source, _, line] in texts() {
            let read = read_out(text(0, "carol", &source), Shown::Here);
            assert_eq!(read, Some(t().said("Carol", &line)), "{source:?}");
        }
    }

    #[test]
    fn an_agents_own_words_are_not_read_out() {
        let own = mine(entry(1, text(0, "ada", "Hello")));
        assert_eq!(announcement(&own, &view(), Shown::Here), None);
        assert_eq!(announcement(&unsent("p-1", "Hello"), &view(), Shown::Here), None);
    }

    #[test]
    fn a_notice_of_another_conversation_names_its_customer() {
        let left = || event(0, "carol", EventName::CustomerLeft, EventData::default());
        let here = read_out(left(), Shown::Here).expect("a notice");
        let elsewhere = read_out(left(), Shown::Elsewhere);
        assert_eq!(elsewhere, Some(t().elsewhere("Carol", &here)));
    }

    #[test]
    fn only_what_came_after_the_last_time_is_read_out_in_order() {
        let rows = [
            entry(1, text(1, "carol", "one")),
            entry(2, text(2, "carol", "two")),
            entry(3, text(3, "carol", "three")),
            unsent("p-1", "four"),
        ];
        let said = announcements(&rows, Seq(1), &view(), Shown::Here);
        assert_eq!(said, ["two", "three"].map(|text| t().said("Carol", text)));
    }
}
