//! The messages: a log that arrow keys walk through, that stays at its end while the visitor is there, and that pulls
//! older pages when the visitor goes up.

use super::message::message;
use super::notice_words;
use super::scroll::{Scroll, walk};
use super::welcome::welcome;
use crate::i18n::{locale, t};
use crate::news::typing;
use crate::store::Chat;
use leptos::prelude::Get;
use portico_client::customer::TimelineMessage;
use portico_client::timeline::{CustomerItem, TimelineItem};
use portico_client::{Connection, History};
use portico_ui::browser::now_ms;
use portico_ui::el::{El, block, button, draw, el, words};
use portico_ui::icon::ARROW_DOWN;
use portico_ui::keyed::Keyed;
use portico_ui::state::{State, effect};
use portico_ui::time::day;
use std::cell::RefCell;
use std::rc::Rc;

/// The state that each message on the screen follows, by key.
type Followed = Rc<RefCell<Keyed<State<TimelineMessage>>>>;

pub(super) fn timeline(chat: Chat) -> El {
    let followed = Followed::default();
    hand_out(chat, Rc::clone(&followed));
    let keys = move || chat.items.with(|items| items.iter().map(key_of).collect());
    let head_of = State::derived(move || Head::of(chat));
    let content = el("ol").class("log__list").child_by(move || head(chat, head_of.get()));
    let content = content
        .list(keys, move |key| row(chat, key, &followed))
        .child_by(move || types(chat));
    let frame = el("div")
        .class("log")
        .attr("role", "log")
        .attr("aria-live", "off")
        .attr("tabindex", "0");
    let frame = frame.attr("aria-label", t().messages()).child(content.clone());
    let scroll = Scroll::new(chat, &frame, &content);
    let frame = frame
        .on("scroll", move |_| scroll.moved())
        .on("keydown", |event| walk(&event));
    el("main")
        .class("middle")
        .child(frame)
        .child_by(move || pill(chat, scroll))
}

/// Tells the messages on the screen what has changed about them.
fn hand_out(chat: Chat, followed: Followed) {
    effect(Box::new(move || {
        let items = chat.items.get();
        let mut followed = followed.borrow_mut();
        followed.rewind();
        for item in items.iter() {
            if let TimelineItem::Message(message) = item
                && let Some(state) = followed.find(&key_of(item))
                && state.peek(|before| !before.looks_like(message))
            {
                state.set((**message).clone());
            }
        }
        if followed.len() > items.len() {
            followed.retain(|key| items.iter().any(|item| item.key() == *key));
        }
    }));
}

fn key_of(item: &CustomerItem) -> Rc<str> {
    item.key().into()
}

fn row(chat: Chat, key: &Rc<str>, followed: &Followed) -> El {
    let item = chat
        .items
        .peek(|items| items.iter().find(|item| item.key() == **key).cloned());
    match item {
        Some(TimelineItem::Day { at_ms, .. }) => {
            let day = el("span").text_by(move || {
                chat.document.today.get();
                day(at_ms, now_ms(), &locale().tag)
            });
            el("li").class("day").child(day)
        }
        Some(TimelineItem::Event(event)) => {
            let text = notice_words(&event.what, t());
            el("li").class("notice").attr("dir", "auto").text(&text)
        }
        Some(TimelineItem::Message(first)) => {
            let state = State::new(*first);
            followed.borrow_mut().push(Rc::clone(key), state);
            message(chat, state)
        }
        // The list asks for keys that it was just given.
        None => el("li"),
    }
}

/// What stands above the first line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    Skeleton,
    Older,
    Kept,
    Welcome { said: bool },
}

impl Head {
    fn of(chat: Chat) -> Self {
        let history = chat.with_current(|current| current.history());
        let said = chat.items.with(|items| !items.is_empty());
        let connects = matches!(chat.connection(), Connection::Connecting | Connection::Waiting { .. });
        match history {
            Some(History::Unloaded) if !said => Self::Skeleton,
            None if chat.known && !said && connects => Self::Skeleton,
            Some(History::Loading) => Self::Older,
            Some(History::Partial) => Self::Kept,
            Some(History::Unloaded | History::Complete) | None => Self::Welcome { said },
        }
    }
}

fn head(chat: Chat, head: Head) -> Option<El> {
    let line = || block("skeleton__line", Vec::new());
    match head {
        Head::Skeleton => {
            let name = words("unseen", t().loading());
            Some(
                el("li")
                    .class("skeleton")
                    .child(name)
                    .children((0..4).map(|_| line()).collect()),
            )
        }
        // The place is kept while nothing comes, so that what is read does not move when something does.
        Head::Older => Some(el("li").class("older").child(line())),
        Head::Kept => Some(el("li").class("older older--idle").child(line())),
        Head::Welcome { said } => Some(el("li").child(welcome(chat, said))),
    }
}

/// Three dots while somebody types.
fn types(chat: Chat) -> Option<El> {
    let sentence = typing(chat)?;
    let dots = el("span")
        .class("dots")
        .attr("aria-hidden", "true")
        .children((0..3).map(|_| el("i")).collect());
    Some(
        el("li")
            .class("typing")
            .children(vec![dots, words("unseen", &sentence)]),
    )
}

/// Leads back to the newest message, and says how many have come.
fn pill(chat: Chat, scroll: Scroll) -> Option<El> {
    if chat.at_end.get() {
        return None;
    }
    let label = match chat.below.get() {
        0 => words("unseen", t().to_newest()),
        count => words("", &t().new_messages(count as usize)),
    };
    Some(button(
        "pill",
        vec![draw(ARROW_DOWN), label],
        Box::new(move || {
            scroll.to_end();
            chat.to_composer();
        }),
    ))
}
