//! What is said once: to screen readers, to the launcher's badge, to scripts of the host's page.

mod queue;

use crate::host;
use crate::i18n::t;
use crate::state::{Chat, Preview};
use crate::wording;
use leptos::prelude::*;

use portico_client::Connection;
use portico_client::customer::Conversation;
use portico_client::customer::TimelineMessage;
use portico_client::timeline::{CustomerItem, TimelineItem};
use portico_shared::frame::RefusalCode;
use portico_shared::ids::{ConversationId, Seq};
use portico_ui::net::Notification;
use portico_ui::reactive::effect;

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

/// What is new of a timeline, by the keys of its items.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct News {
    /// What was said and what happened.
    pub arrived: Vec<String>,
    /// Messages of others that were there, and have another text since, or none.
    pub changed: Vec<String>,
}

/// Which items of a timeline are new: those that come in after it was first seen, messages and notices in the order of
/// the log, and nothing of what had happened before.
#[derive(Debug, Default)]
struct Arrivals {
    conversation: Option<ConversationId>,
    known: Option<Seq>,
    /// How far the log was known: what stands after it and is about a known message changes that one now.
    through: Seq,
    /// Whether something waits to be sent: the conversation that comes next begins with it, and all of it is new.
    begins: bool,
}

impl Arrivals {
    /// What is new among the items of a conversation whose log is known through a position.
    fn next(&mut self, conversation: Option<ConversationId>, through: Seq, items: &[CustomerItem]) -> News {
        if self.conversation != conversation {
            self.known = self.begins.then_some(Seq::START);
            self.through = Seq::START;
            self.conversation = conversation;
        }
        self.begins = items
            .iter()
            .any(|item| item.seq().is_none() && item.message().is_some());
        let known = self.known;
        let newest = items.iter().filter_map(TimelineItem::seq).max();
        self.known = known.max(newest);
        let before = self.through;
        self.through = before.max(through);
        let arrived = |item: &&CustomerItem| known.is_some() && item.seq() > known;
        let changed = |item: &&CustomerItem| {
            let message = item.message().filter(|message| !message.mine);
            item.seq() <= known && message.is_some_and(|message| message.changed > Some(before))
        };
        News {
            arrived: items.iter().filter(arrived).map(TimelineItem::key).collect(),
            changed: items.iter().filter(changed).map(TimelineItem::key).collect(),
        }
    }
}

fn announce(chat: Chat) {
    effect(move |arrivals: Option<Arrivals>| {
        let mut arrivals = arrivals.unwrap_or_default();
        let timeline = chat.timeline();
        let through = chat.with_current(Conversation::through).unwrap_or(Seq::START);
        let news = arrivals.next(chat.current(), through, &timeline.items);
        if news != News::default() {
            untrack(|| (chat.document.parts.tell)(chat, news));
        }
        arrivals
    });
}

/// Tells what is new. What tells may come when the chat is gone.
pub(crate) fn tell(chat: Chat, news: &News) {
    let Some(timeline) = chat.timeline_now() else { return };
    for item in news.arrived.iter().filter_map(|key| timeline.item(key)) {
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
    let changed = news.changed.iter().filter_map(|key| timeline.item(key)?.message());
    for message in changed {
        chat.document.announcer.announce(wording::change(message, t()));
        chat.note_change(&message.key, preview(&wording::spoken(message)));
    }
}

fn arrived(chat: Chat, message: &TimelineMessage) {
    let name = wording::author(message, t());
    let text = wording::spoken(message);
    let quoted = message.quote.as_deref().map(portico_client::quote);
    let quoted = quoted.map(|words| [t().in_answer(), " ", &t().isolate(&words), "\n"].concat());
    let quoted = quoted.unwrap_or_default();
    chat.document
        .announcer
        .announce([&t().isolate(&name), ": ", &quoted, &text].concat());
    host::event(
        "message",
        &[("from", &name), ("kind", message.author.kind.as_str()), ("text", &text)],
    );
    chat.note_arrival(Preview {
        key: message.key.clone(),
        name,
        text: preview(&text),
    });
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
    effect(move |_| {
        let (count, preview) = unread.get();
        host::unread(count, preview);
    });
}

fn tell_life(chat: Chat) {
    effect(move |before: Option<Option<bool>>| {
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
    effect(move |before: Option<&'static str>| {
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
    effect(move |before: Option<usize>| {
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
    use super::{Arrivals, News, PREVIEW_CHARS, failures, life_event, preview};
    use crate::fixtures::{failed, item, own_message, stored};
    use portico_client::timeline::{CustomerItem, TimelineItem};
    use portico_shared::ids::{ConversationId, Seq};

    fn chat(id: &str) -> Option<ConversationId> {
        ConversationId::parse(id)
    }

    /// The keys of what arrived in a log that is known to its last item.
    fn arrived(arrivals: &mut Arrivals, conversation: Option<ConversationId>, items: &[CustomerItem]) -> Vec<String> {
        let through = items.iter().filter_map(TimelineItem::seq).max();
        let news = arrivals.next(conversation, through.unwrap_or(Seq::START), items);
        assert_eq!(news.changed, [""; 0]);
        news.arrived
    }

    const FIRST: &str = "0193b0a0-0000-7000-8000-000000000001";
    const SECOND: &str = "0193b0a0-0000-7000-8000-000000000002";

    #[test]
    fn what_had_happened_before_is_not_told() {
        let mut arrivals = Arrivals::default();
        let history = [stored(1), stored(2)];
        assert!(arrived(&mut arrivals, chat(FIRST), &history).is_empty());
        let more = [stored(1), stored(2), stored(3)];
        assert_eq!(arrived(&mut arrivals, chat(FIRST), &more), [stored(3).key()]);
        assert!(arrived(&mut arrivals, chat(FIRST), &more).is_empty(), "once");
    }

    #[test]
    fn older_history_is_not_new() {
        let mut arrivals = Arrivals::default();
        arrived(&mut arrivals, chat(FIRST), &[stored(5)]);
        assert!(arrived(&mut arrivals, chat(FIRST), &[stored(3), stored(4), stored(5)]).is_empty());
    }

    #[test]
    fn all_of_a_conversation_that_begins_here_is_new() {
        let mut arrivals = Arrivals::default();
        let unsent = [item(own_message("c-1", "Hello"))];
        assert!(arrived(&mut arrivals, None, &unsent).is_empty());
        let begun = [stored(1), stored(2)];
        assert_eq!(
            arrived(&mut arrivals, chat(FIRST), &begun),
            [stored(1).key(), stored(2).key()]
        );
    }

    #[test]
    fn another_conversation_that_is_only_loaded_is_not_new() {
        let mut arrivals = Arrivals::default();
        arrived(&mut arrivals, chat(FIRST), &[stored(1)]);
        assert!(arrived(&mut arrivals, chat(SECOND), &[stored(2)]).is_empty());
    }

    fn changed(seq: u64, at: u64) -> CustomerItem {
        let TimelineItem::Message(mut message) = stored(seq) else {
            unreachable!("a message is stored");
        };
        message.changed = Some(Seq(at));
        item(*message)
    }

    #[test]
    fn a_change_of_a_message_that_is_there_is_told_once() {
        let mut arrivals = Arrivals::default();
        let mut next = |through, items: &[CustomerItem]| arrivals.next(chat(FIRST), Seq(through), items);
        assert_eq!(next(3, &[changed(1, 3), stored(2)]), News::default(), "history");
        let edited = [changed(1, 3), changed(2, 4)];
        let news = next(4, &edited);
        assert_eq!((news.arrived, news.changed), (vec![], vec![stored(2).key()]));
        assert_eq!(next(5, &edited), News::default(), "once");
        let again = next(6, &[changed(1, 3), changed(2, 6)]);
        assert_eq!(again.changed, [stored(2).key()], "each change");
    }

    #[test]
    fn a_change_that_comes_with_its_message_is_not_told_beside_it() {
        let mut arrivals = Arrivals::default();
        arrivals.next(chat(FIRST), Seq(1), &[stored(1)]);
        let news = arrivals.next(chat(FIRST), Seq(3), &[stored(1), changed(2, 3)]);
        assert_eq!((news.arrived, news.changed), (vec![stored(2).key()], vec![]));
    }

    #[test]
    fn a_change_of_an_older_message_that_is_loaded_later_is_history() {
        let mut arrivals = Arrivals::default();
        arrivals.next(chat(FIRST), Seq(9), &[stored(7)]);
        let older = [changed(3, 9), stored(7)];
        assert_eq!(arrivals.next(chat(FIRST), Seq(9), &older), News::default());
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
