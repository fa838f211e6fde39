//! The timeline: draws its items, and tells what was seen.

use super::{activity, message};
use crate::i18n::{self, t};
use crate::state::{Desk, customer_name};
use leptos::prelude::*;
use leptos::{ev, html, leptos_dom::helpers::window_event_listener};
use portico_client::timeline::{AgentEvent, AgentItem, TimelineItem, agent_items};
use portico_client::{History, plain_name};
use portico_shared::cim::SenderType;
use portico_shared::frame::Person;
use portico_shared::ids::{ConversationId, Seq};
use portico_ui::icon::{ARROW_DOWN, CHEVRON_UP, icon};
use portico_ui::scroll::Scroll;
use portico_ui::time::{day, local_day};
use serde_json::Map;
use web_sys::VisibilityState;

/// Rows that are no messages and may be drawn anew when an older page comes above them: the scroll position is not tied to
/// them.
const NOT_ANCHORS: &str = ".day, .timeline__earlier, .skeleton";

/// The timeline of one conversation.
pub(crate) fn view(desk: Desk, id: &ConversationId) -> AnyView {
    let at_end = RwSignal::new(true);
    // The agent asks for older pages by a button.
    let scroll = Scroll::new(at_end, NOT_ANCHORS, Callback::new(|()| ()));
    let shown = Memo::new(move |_| {
        let viewer = desk.viewer();
        agent_items(&desk.entries(), &viewer, local_day)
    });
    let history = Memo::new(move |_| desk.watch_open(|_, conversation| conversation.history()));
    follow_sent(shown, scroll);
    tell_seen(desk, id.clone(), at_end);
    let id = id.clone();
    let list = For(ForProps::builder()
        .each(move || shown.get())
        .key(look)
        .children(move |item| draw(desk, &id, item))
        .build());
    let log = html::div()
        .class("timeline")
        .attr("id", "timeline")
        .attr("role", "log")
        .attr("aria-live", "off")
        .attr("aria-label", t().timeline())
        .attr("tabindex", "0")
        .node_ref(scroll.frame)
        .on(ev::scroll, move |_| scroll.moved())
        .child(
            html::div()
                .class("timeline__inner")
                .child(move || past(desk, history.get()))
                .child(list)
                .child(move || typing(desk)),
        );
    html::div()
        .class("timeline-place")
        .child(log)
        .child(move || (!at_end.get()).then(|| jump(desk, scroll)))
        .into_any()
}

/// Different for each item of a timeline, and for each look of one: an item whose look stays is not drawn again.
fn look(item: &AgentItem) -> String {
    let key = item.key();
    match item {
        TimelineItem::Day { .. } => key,
        TimelineItem::Message(message) => {
            // Its position comes with the answer, its id, which a change of it names, with the event.
            let stored = message.message_id().is_some();
            let (state, edited, answer) = (&message.state, &message.edited, &message.answer);
            let (deleted, first, last) = (message.deleted, message.first, message.last);
            let preview = message.preview.as_ref().map(|event| event.id.as_str());
            format!("{key} {stored} {state:?} {edited:?} {deleted} {answer:?} {first} {last} {preview:?}")
        }
        TimelineItem::Event(event) => match &event.what {
            AgentEvent::Notice(notice) => format!("{key} {}", notice.values.as_ref().map_or(0, Map::len)),
            AgentEvent::Folded(run) => {
                let values = run.iter().filter_map(|notice| notice.what.values.as_ref());
                format!("{key} {} {}", run.len(), values.map(Map::len).sum::<usize>())
            }
            AgentEvent::Card(_) => key,
        },
    }
}

fn draw(desk: Desk, id: &ConversationId, item: AgentItem) -> AnyView {
    match item {
        TimelineItem::Day { at_ms, .. } => {
            // What is today when it is drawn is yesterday after midnight.
            let words = move || day(at_ms, desk.today(), i18n::locale());
            html::div()
                .class("day")
                .attr("role", "separator")
                .attr("aria-label", words)
                .child(words)
                .into_any()
        }
        TimelineItem::Message(message) if message.whisper => message::whisper(desk, &message),
        TimelineItem::Message(message) => message::view(desk, id, &message),
        TimelineItem::Event(event) => match &event.what {
            AgentEvent::Notice(notice) => activity::notice(notice, event.at_ms),
            AgentEvent::Folded(notices) => activity::system(notices),
            AgentEvent::Card(card) => activity::card(card),
        },
    }
}

/// What stands before the first entry.
fn past(desk: Desk, history: Option<History>) -> AnyView {
    match history {
        Some(History::Partial) => html::div()
            .class("timeline__earlier")
            .child(
                html::button()
                    .class("button")
                    .attr("type", "button")
                    .on(ev::click, move |_| desk.load_older())
                    .child(icon(CHEVRON_UP))
                    .child(t().earlier()),
            )
            .into_any(),
        Some(History::Complete) => ().into_any(),
        None | Some(History::Unloaded | History::Loading) => html::div()
            .class("skeleton")
            .attr("role", "status")
            .attr("aria-label", t().loading())
            .child(html::i())
            .child(html::i())
            .child(html::i())
            .into_any(),
    }
}

fn typing(desk: Desk) -> AnyView {
    let names =
        desk.watch_open(|_, conversation| typing_names(conversation.typing(), &customer_name(conversation.summary())));
    let names = names.filter(|names| !names.is_empty());
    let dots = || {
        html::span()
            .class("typing__dots")
            .attr("aria-hidden", "true")
            .child(html::i())
            .child(html::i())
            .child(html::i())
    };
    html::div()
        .class("typing")
        .child(names.map(|names| (dots(), html::span().attr("dir", "auto").child(t().is_typing(&names)))))
        .into_any()
}

/// Scrolls an agent who reads further up to the newest.
fn jump(desk: Desk, scroll: Scroll) -> AnyView {
    let unread = desk
        .watch_open(|_, conversation| conversation.unread())
        .unwrap_or_default();
    let (class, words) = match unread {
        0 => ("button timeline__jump", t().to_newest().to_owned()),
        unread => ("button button--primary timeline__jump", t().new_below(unread as usize)),
    };
    html::button()
        .class(class)
        .attr("type", "button")
        .on(ev::click, move |_| scroll.to_end())
        .child(icon(ARROW_DOWN))
        .child(words)
        .into_any()
}

/// An agent who has just sent something sees it, wherever in the timeline that agent was.
fn follow_sent(shown: Memo<Vec<AgentItem>>, scroll: Scroll) {
    Effect::new(move |before: Option<Newest>| {
        let newest = shown.with(|items| Newest::of(items));
        if newest.is_sent_since(&before.unwrap_or_default()) {
            scroll.to_end();
        }
        newest
    });
}

/// Who types, in one line.
fn typing_names<'a>(people: impl Iterator<Item = &'a Person>, customer: &str) -> String {
    let name = |person: &'a Person| match person.kind {
        SenderType::Customer => customer.to_owned(),
        _ => plain_name(&person.name),
    };
    people
        .map(|person| t().isolate(&name(person)))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The last item of a timeline.
#[derive(Debug, Default)]
struct Newest {
    key: Option<String>,
    /// Whether it was just sent from here.
    is_unsent: bool,
}

impl Newest {
    fn of(items: &[AgentItem]) -> Self {
        let last = items.last();
        let message = last.and_then(TimelineItem::message);
        Self {
            key: last.map(TimelineItem::key),
            is_unsent: message.is_some_and(|message| message.mine && message.seq.is_none()),
        }
    }

    fn is_sent_since(&self, before: &Self) -> bool {
        self.is_unsent && self.key != before.key
    }
}

/// What stands on a screen that is looked at is seen.
fn tell_seen(desk: Desk, id: ConversationId, at_end: RwSignal<bool>) {
    let looks = RwSignal::new(is_visible());
    let watch = window_event_listener(ev::visibilitychange, move |_| looks.set(is_visible()));
    let focus = window_event_listener(ev::focus, move |_| looks.set(is_visible()));
    on_cleanup(move || {
        watch.remove();
        focus.remove();
    });
    let newest = Memo::new(move |_| desk.entries().iter().filter_map(|entry| entry.seq).max());
    Effect::new(move |_| {
        if let Some(up_to) = newest.get().filter(|seq| *seq > Seq::START)
            && looks.get()
            && at_end.get()
        {
            desk.seen(id.clone(), up_to);
        }
    });
}

fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{entry, mine, person, text, unsent, view};
    use portico_client::Answer;
    use portico_client::agent::LogEntry;

    fn items(entries: &[LogEntry]) -> Vec<AgentItem> {
        agent_items(entries, &view(), |_| 0)
    }

    fn said(seq: u64) -> LogEntry {
        entry(seq, text(0, "carol", "Hi"))
    }

    #[test]
    fn an_own_message_is_followed_once() {
        let is_followed = |before: &[LogEntry], after: &[LogEntry]| {
            Newest::of(&items(after)).is_sent_since(&Newest::of(&items(before)))
        };
        let sent = [said(5), unsent("p-1", "Hello")];
        assert!(is_followed(&[said(5)], &sent));
        assert!(!is_followed(&sent, &sent));
        assert!(!is_followed(&[said(5)], &[said(5), said(6)]));
        let stored = LogEntry {
            key: "p-1".to_owned(),
            ..mine(entry(6, text(0, "ada", "Hello")))
        };
        assert!(!is_followed(&sent, &[said(5), stored]));
    }

    #[test]
    fn an_item_is_drawn_again_when_it_looks_another_way() {
        let look_of = |entry: LogEntry| look(items(&[entry]).last().expect("a message"));
        let open = look_of(said(1));
        assert_eq!(look_of(said(1)), open);
        let changed = [
            LogEntry {
                deleted: true,
                ..said(1)
            },
            LogEntry {
                answer: Answer::Passed,
                ..said(1)
            },
            LogEntry {
                state: Some(portico_client::SendState::Read),
                ..said(1)
            },
        ];
        for entry in changed {
            assert_ne!(look_of(entry), open);
        }
        let run = items(&[said(1), said(2)]);
        assert_ne!(look(&run[1]), open, "a run goes on below it");
    }

    #[test]
    fn the_customer_types_under_the_name_that_agents_see() {
        let people = [person("7", "CUSTOMER", "CUSTOMER"), person("bob", "AGENT", "PRIMARY")];
        assert_eq!(typing_names(people.iter(), "Carol"), "Carol, bob");
        assert_eq!(typing_names([].iter(), "Carol"), "");
    }
}
