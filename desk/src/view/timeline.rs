//! The timeline: draws its items, keeps the newest in sight, and says what was seen.

use super::{activity, message};
use crate::i18n::{self, t};
use crate::state::{Desk, customer_name};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use leptos::{ev, html, leptos_dom::helpers::window_event_listener};
use portico_client::History;
use portico_client::timeline::{AgentEvent, AgentItem, TimelineItem, agent_items};
use portico_shared::cim::SenderType;
use portico_shared::frame::Person;
use portico_shared::ids::{ConversationId, Seq};
use portico_ui::icon::{ARROW_DOWN, CHEVRON_UP, icon};
use portico_ui::time::{day, local_day};
use serde_json::Map;
use web_sys::{ResizeObserver, VisibilityState};

/// Closer to the end than this many pixels counts as looking at the newest.
const NEAR_END_PX: i32 = 80;

/// What scrolling has to know.
#[derive(Clone, Copy)]
struct Scroll {
    place: NodeRef<html::Div>,
    /// Whether the person looks at the newest.
    at_end: RwSignal<bool>,
    /// What was above the upper edge when the person last scrolled, and how wide the timeline was.
    above: StoredValue<(i32, i32)>,
    /// How much stood below the upper edge when an older page was asked for, so that what is read stays where it is.
    below: StoredValue<Option<i32>>,
}

/// The timeline of one conversation.
pub(crate) fn view(desk: Desk, id: &ConversationId) -> AnyView {
    let scroll = Scroll {
        place: NodeRef::new(),
        at_end: RwSignal::new(true),
        above: StoredValue::new((0, 0)),
        below: StoredValue::new(None),
    };
    let shown = Memo::new(move |_| {
        let viewer = desk.viewer();
        agent_items(&desk.entries(), &viewer, local_day)
    });
    let history = Memo::new(move |_| desk.watch_open(|_, conversation| conversation.history()));
    follow(desk, shown, scroll);
    hold_end(scroll);
    say_seen(desk, id.clone(), scroll);
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
        .node_ref(scroll.place)
        .on(ev::scroll, move |_| scroll.moved())
        .child(html::div().class("timeline__inner").child((
            move || past(desk, history.get(), scroll),
            list,
            move || typing(desk),
        )));
    html::div()
        .class("timeline-place")
        .child((log, move || jump(desk, scroll)))
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
            format!("{key} {stored} {state:?} {edited:?} {deleted} {answer:?} {first} {last}")
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
fn past(desk: Desk, history: Option<History>, scroll: Scroll) -> AnyView {
    match history {
        Some(History::Partial) => html::div()
            .class("timeline__earlier")
            .child(
                html::button()
                    .class("button")
                    .attr("type", "button")
                    .on(ev::click, move |_| {
                        scroll.remember();
                        desk.load_older();
                    })
                    .child((icon(CHEVRON_UP), t().earlier())),
            )
            .into_any(),
        Some(History::Complete) => ().into_any(),
        None | Some(History::Unloaded | History::Loading) => html::div()
            .class("skeleton")
            .attr("role", "status")
            .attr("aria-label", t().loading())
            .child((html::i(), html::i(), html::i()))
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
            .child((html::i(), html::i(), html::i()))
    };
    html::div()
        .class("typing")
        .child(names.map(|names| (dots(), html::span().attr("dir", "auto").child(t().is_typing(&names)))))
        .into_any()
}

/// Scrolls an agent who reads further up to the newest.
fn jump(desk: Desk, scroll: Scroll) -> Option<AnyView> {
    (!scroll.at_end.get()).then(|| {
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
            .child((icon(ARROW_DOWN), words))
            .into_any()
    })
}

/// Keeps the newest in sight, unless the agent reads further up; and what is read in place when older items come.
fn follow(desk: Desk, shown: Memo<Vec<AgentItem>>, scroll: Scroll) {
    Effect::new(move |before: Option<Ends>| {
        let ends = shown.with(|items| Ends::of(items));
        desk.watch_open(|_, conversation| conversation.typing().count());
        match ends.move_since(&before.unwrap_or_default(), scroll.at_end.get_untracked()) {
            Move::KeepPlace => request_animation_frame(move || scroll.keep_place()),
            Move::ToEnd => request_animation_frame(move || scroll.to_end()),
            Move::Stay => {}
        }
        ends
    });
}

/// Keeps the newest in sight when the room gets smaller, as when suggestions appear or a long text is
/// typed, and when what is drawn gets larger, as a picture does once it is loaded.
fn hold_end(scroll: Scroll) {
    let resized = Closure::<dyn FnMut()>::new(move || {
        if scroll.at_end.try_get_untracked() == Some(true) {
            scroll.to_end();
        }
    });
    let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) else {
        return;
    };
    let watch = observer.clone();
    Effect::new(move |_| {
        if let Some(place) = scroll.place.get() {
            watch.observe(&place);
            if let Some(inner) = place.first_element_child() {
                watch.observe(&inner);
            }
        }
    });
    // The callback is the observer's: both go when the timeline does.
    let kept = StoredValue::new_local(Some((observer, resized)));
    on_cleanup(move || {
        if let Some(Some((observer, _))) = kept.try_update_value(Option::take) {
            observer.disconnect();
        }
    });
}

/// Who types, in one line.
fn typing_names<'a>(people: impl Iterator<Item = &'a Person>, customer: &str) -> String {
    let name = |person: &'a Person| match person.kind {
        SenderType::Customer => customer.to_owned(),
        _ => person.name.clone(),
    };
    people.map(name).collect::<Vec<_>>().join(", ")
}

/// What becomes of the place that a person looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    /// What is read stays where it is, below what came above it.
    KeepPlace,
    ToEnd,
    Stay,
}

/// What stands at the ends of the timeline, to tell new items from older ones.
#[derive(Debug, Default)]
struct Ends {
    first: Option<String>,
    last: Option<String>,
    /// Whether the last one was just sent from here.
    unsent: bool,
}

impl Ends {
    /// An older page was put before what was there; or something new came, which is followed by an agent who looks at the
    /// newest or has just sent it.
    fn move_since(&self, before: &Self, at_end: bool) -> Move {
        let grew_above = before.first.is_some() && self.first.is_some() && before.first != self.first;
        let sent = self.unsent && before.last != self.last;
        match (grew_above, at_end || sent) {
            (true, _) => Move::KeepPlace,
            (false, true) => Move::ToEnd,
            (false, false) => Move::Stay,
        }
    }

    fn of(items: &[AgentItem]) -> Self {
        // The day above the first item moves up with each older page.
        let first = items
            .iter()
            .find(|item| !matches!(item, TimelineItem::Day { .. }))
            .map(TimelineItem::key);
        let last = items.last();
        let unsent = last.and_then(TimelineItem::message);
        let unsent = unsent.is_some_and(|message| message.mine && message.seq.is_none());
        Self {
            first,
            last: last.map(TimelineItem::key),
            unsent,
        }
    }
}

/// What stands on a screen that is looked at is seen.
fn say_seen(desk: Desk, id: ConversationId, scroll: Scroll) {
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
            && scroll.at_end.get()
        {
            desk.seen(id.clone(), up_to);
        }
    });
}

fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Scroll events and animation frames come late, when the timeline may be gone: what is asked for here may be, too.
impl Scroll {
    /// The event comes late: what came in below since the place was set is not what the person did. Going up is, unless
    /// another width has broken the lines anew.
    fn moved(self) {
        let (Some(place), Some((above, width))) = (self.place_now(), self.above.try_get_value()) else {
            return;
        };
        let scrolled = Scrolled {
            went_up: place.scroll_top() < above && place.client_width() == width,
            below_px: place.scroll_height() - place.scroll_top() - place.client_height(),
        };
        self.above.set_value((place.scroll_top(), place.client_width()));
        self.at_end.set(scrolled.is_at_end(self.at_end.get_untracked()));
    }

    fn to_end(self) {
        if let Some(place) = self.place_now() {
            place.set_scroll_top(place.scroll_height());
        }
    }

    fn remember(self) {
        let below = self.place_now().map(|place| place.scroll_height() - place.scroll_top());
        self.below.set_value(below);
    }

    fn keep_place(self) {
        let below = self.below.try_get_value().flatten();
        if let (Some(place), Some(below)) = (self.place_now(), below) {
            place.set_scroll_top(place.scroll_height() - below);
            self.below.set_value(None);
        }
    }

    fn place_now(self) -> Option<web_sys::HtmlDivElement> {
        self.place.try_get_untracked().flatten()
    }
}

/// Where a scroll event finds the timeline.
struct Scrolled {
    /// Whether the person went up.
    went_up: bool,
    /// How much is below the lower edge.
    below_px: i32,
}

impl Scrolled {
    /// Whether the person looks at the newest, after having done so or not before.
    fn is_at_end(&self, before: bool) -> bool {
        (before && !self.went_up) || self.below_px < NEAR_END_PX
    }
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

    fn moved(before: &[LogEntry], after: &[LogEntry], at_end: bool) -> Move {
        Ends::of(&items(after)).move_since(&Ends::of(&items(before)), at_end)
    }

    #[test]
    fn what_is_read_stays_in_place_when_older_items_come() {
        assert_eq!(moved(&[said(5)], &[said(4), said(5)], true), Move::KeepPlace);
        assert_eq!(moved(&[], &[said(4), said(5)], true), Move::ToEnd);
    }

    #[test]
    fn what_is_new_is_followed_by_who_looks_at_the_newest() {
        assert_eq!(moved(&[said(5)], &[said(5), said(6)], true), Move::ToEnd);
        assert_eq!(moved(&[said(5)], &[said(5), said(6)], false), Move::Stay);
    }

    #[test]
    fn an_own_message_is_followed_once() {
        let sent = [said(5), unsent("p-1", "Hello")];
        assert_eq!(moved(&[said(5)], &sent, false), Move::ToEnd);
        assert_eq!(moved(&sent, &sent, false), Move::Stay);
        let stored = LogEntry {
            key: "p-1".to_owned(),
            ..mine(entry(6, text(0, "ada", "Hello")))
        };
        assert_eq!(moved(&sent, &[said(5), stored], false), Move::Stay);
    }

    #[test]
    fn only_a_person_who_goes_up_leaves_the_end() {
        let at_end = |before: bool, went_up: bool, below_px: i32| Scrolled { went_up, below_px }.is_at_end(before);
        assert!(at_end(true, false, 500), "a picture was loaded below");
        assert!(!at_end(true, true, 500));
        assert!(at_end(false, false, 79));
        assert!(!at_end(false, false, 80));
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
