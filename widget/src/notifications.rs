//! What is said once: to screen readers, to the launcher's badge, to scripts of the host's page.

mod queue;

use crate::host;
use crate::i18n::t;
use crate::state::Chat;
use crate::wording;
use leptos::prelude::*;

use portico_client::Connection;
use portico_client::customer::TimelineMessage;
use portico_client::timeline::{CustomerItem, TimelineItem};
use portico_shared::frame::RefusalCode;
use portico_shared::ids::{ConversationId, Seq};
use portico_ui::net::Notification;

/// Longest text of a preview beside the launcher, in characters.
const PREVIEW_CHARS: usize = 160;

/// Takes what the session says once.
pub(crate) fn hear(notification: &Notification) {
    match notification {
        // Messages are told with the notices among them, by `announce`.
        Notification::Arrived { .. } => {}
        Notification::Settled { client_id, outcome } => host::settled(client_id, outcome.as_ref()),
        // The question shows the answer that another tab gave: nothing failed that a page would have to know of.
        Notification::Refused {
            code: RefusalCode::AlreadyAnswered,
            ..
        } => {}
        Notification::Refused { code, .. } => host::event("error", &[("reason", code.as_str())]),
    }
}

/// Keeps the host and screen readers informed for as long as the chat is there.
pub(crate) fn follow(chat: Chat) {
    tell_unread(chat);
    tell_life(chat);
    tell_connection(chat);
    speak_of_failures(chat);
    announce(chat);
    queue::speak(chat);
}

/// Which items of a timeline are new: those that come in after it was first seen, messages and notices in the order of
/// the log, and nothing of what had happened before.
#[derive(Debug, Default)]
struct Arrivals {
    conversation: Option<ConversationId>,
    known: Option<Seq>,
    /// Whether something waits to be sent: the conversation that comes next begins with it, and all of it is new.
    begins: bool,
}

impl Arrivals {
    /// The new ones among the items of a conversation.
    fn next<'a>(&mut self, conversation: Option<ConversationId>, items: &'a [CustomerItem]) -> Vec<&'a CustomerItem> {
        if self.conversation != conversation {
            self.known = self.begins.then_some(Seq::START);
            self.conversation = conversation;
        }
        self.begins = items
            .iter()
            .any(|item| item.seq().is_none() && item.message().is_some());
        let known = self.known;
        let newest = items.iter().filter_map(TimelineItem::seq).max();
        self.known = known.max(newest);
        let new = |item: &&CustomerItem| known.is_some() && item.seq() > known;
        items.iter().filter(new).collect()
    }
}

fn announce(chat: Chat) {
    Effect::new(move |arrivals: Option<Arrivals>| {
        let mut arrivals = arrivals.unwrap_or_default();
        let timeline = chat.timeline();
        let new = arrivals.next(chat.current(), &timeline.items);
        if !new.is_empty() {
            let keys = new.into_iter().map(TimelineItem::key).collect();
            untrack(|| (chat.document.parts.tell)(chat, keys));
        }
        arrivals
    });
}

/// Tells of items that are new, by their keys. What tells may come when the chat is gone.
pub(crate) fn tell(chat: Chat, keys: &[String]) {
    let Some(timeline) = chat.timeline_now() else { return };
    for item in keys.iter().filter_map(|key| timeline.item(key)) {
        match item {
            TimelineItem::Day { .. } => {}
            TimelineItem::Event(event) => {
                let availability = untrack(|| chat.document.availability.get());
                chat.document
                    .announcer
                    .announce(wording::event(event, availability, t()));
            }
            TimelineItem::Message(message) if message.mine => {}
            TimelineItem::Message(message) => arrived(chat, message),
        }
    }
}

fn arrived(chat: Chat, message: &TimelineMessage) {
    let name = wording::author(message, t());
    let text = wording::spoken(message);
    chat.document
        .announcer
        .announce([&t().isolate(&name), ": ", &text].concat());
    host::event(
        "message",
        &[("from", &name), ("kind", message.author.kind.as_str()), ("text", &text)],
    );
    chat.note_arrival(name, preview(&text));
}

/// The beginning of a text, for the place beside the launcher and for notifications.
pub(crate) fn preview(text: &str) -> String {
    text.chars().take(PREVIEW_CHARS).collect()
}

fn tell_unread(chat: Chat) {
    let unread = Memo::new(move |_| {
        let count = chat.with_current(|current| current.unread()).unwrap_or(0);
        (count, chat.preview().filter(|_| count > 0))
    });
    Effect::new(move |_| {
        let (count, preview) = unread.get();
        host::unread(count, preview);
    });
}

fn tell_life(chat: Chat) {
    Effect::new(move |before: Option<Option<bool>>| {
        let is_live = chat.with_current(|current| current.is_live());
        match life_event(before.flatten(), is_live) {
            Some("conversationStarted") => {
                chat.conversation_started();
                host::event("conversationStarted", &[]);
            }
            Some(name) => host::event(name, &[]),
            None => {}
        }
        is_live
    });
}

/// What scripts of the page are told when a conversation begins to be live, or is no longer; absent where there is no
/// conversation.
fn life_event(before: Option<bool>, now: Option<bool>) -> Option<&'static str> {
    match (before, now) {
        (None | Some(false), Some(true)) => Some("conversationStarted"),
        (None | Some(true), Some(false)) => Some("conversationEnded"),
        _ => None,
    }
}

fn tell_connection(chat: Chat) {
    let state = Memo::new(move |_| connection_name(&chat.connection()));
    Effect::new(move |before: Option<&'static str>| {
        let state = state.get();
        if before.unwrap_or(connection_name(&Connection::Idle)) != state {
            host::event("connection", &[("state", state)]);
        }
        state
    });
}

/// The connection's state as scripts of the page know it.
fn connection_name(connection: &Connection) -> &'static str {
    match connection {
        Connection::Idle => "idle",
        Connection::Connecting => "connecting",
        Connection::Online => "online",
        Connection::Waiting { .. } => "waiting",
        Connection::Offline => "offline",
        Connection::Stopped { .. } => "stopped",
    }
}

/// Says aloud that a message was not sent: the eye finds it, the ear would not.
fn speak_of_failures(chat: Chat) {
    Effect::new(move |before: Option<usize>| {
        let failed = failures(&chat.timeline().items);
        if failed > before.unwrap_or(0) {
            chat.document.announcer.announce(t().not_sent().to_owned());
        }
        failed
    });
}

fn failures(items: &[CustomerItem]) -> usize {
    let messages = items.iter().filter_map(TimelineItem::message);
    messages.filter(|message| message.is_failed()).count()
}

#[cfg(test)]
mod tests {
    use super::{Arrivals, PREVIEW_CHARS, failures, life_event, preview};
    use crate::fixtures::{failed, item, own_message, stored};
    use portico_client::timeline::CustomerItem;
    use portico_shared::ids::ConversationId;

    fn keys(items: Vec<&CustomerItem>) -> Vec<String> {
        items.into_iter().map(|item| item.key()).collect()
    }

    fn chat(id: &str) -> Option<ConversationId> {
        ConversationId::parse(id)
    }

    const FIRST: &str = "0193b0a0-0000-7000-8000-000000000001";
    const SECOND: &str = "0193b0a0-0000-7000-8000-000000000002";

    #[test]
    fn what_had_happened_before_is_not_told() {
        let mut arrivals = Arrivals::default();
        let history = [stored(1), stored(2)];
        assert!(arrivals.next(chat(FIRST), &history).is_empty());
        let more = [stored(1), stored(2), stored(3)];
        assert_eq!(keys(arrivals.next(chat(FIRST), &more)), [stored(3).key()]);
        assert!(arrivals.next(chat(FIRST), &more).is_empty(), "once");
    }

    #[test]
    fn older_history_is_not_new() {
        let mut arrivals = Arrivals::default();
        arrivals.next(chat(FIRST), &[stored(5)]);
        assert!(
            arrivals
                .next(chat(FIRST), &[stored(3), stored(4), stored(5)])
                .is_empty()
        );
    }

    #[test]
    fn all_of_a_conversation_that_begins_here_is_new() {
        let mut arrivals = Arrivals::default();
        let unsent = [item(own_message("c-1", "Hello"))];
        assert!(arrivals.next(None, &unsent).is_empty());
        let begun = [stored(1), stored(2)];
        assert_eq!(
            keys(arrivals.next(chat(FIRST), &begun)),
            [stored(1).key(), stored(2).key()]
        );
    }

    #[test]
    fn another_conversation_that_is_only_loaded_is_not_new() {
        let mut arrivals = Arrivals::default();
        arrivals.next(chat(FIRST), &[stored(1)]);
        assert!(arrivals.next(chat(SECOND), &[stored(2)]).is_empty());
    }

    #[test]
    fn the_page_is_told_of_the_beginning_and_of_the_end() {
        assert_eq!(life_event(None, None), None);
        assert_eq!(life_event(None, Some(true)), Some("conversationStarted"));
        assert_eq!(life_event(Some(true), Some(true)), None);
        assert_eq!(life_event(Some(true), Some(false)), Some("conversationEnded"));
        assert_eq!(life_event(None, Some(false)), Some("conversationEnded"));
        assert_eq!(life_event(Some(false), Some(true)), Some("conversationStarted"));
        assert_eq!(life_event(Some(true), None), None);
    }

    #[test]
    fn failed_messages_are_counted() {
        assert_eq!(failures(&[stored(1), item(own_message("c-1", "Hello"))]), 0);
        assert_eq!(failures(&[stored(1), item(failed("c-1"))]), 1);
    }

    #[test]
    fn a_preview_is_short() {
        assert_eq!(preview("Hello"), "Hello");
        assert_eq!(preview(&"ß".repeat(500)).chars().count(), PREVIEW_CHARS);
    }
}
