//! What is said once: to screen readers, to the launcher's badge, to scripts of the host's page.

use crate::host;
use crate::i18n::{bodies, t};
use crate::store::Chat;
use portico_ui::browser::document;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::view::notice_words;
use portico_client::customer::TimelineMessage;
use portico_client::timeline::{TimelineItem, Voice};
use portico_client::{Connection, SendState};
use portico_shared::cim::MessageBody;
use portico_shared::ids::{ConversationId, Seq};
use portico_shared::text::{parse, plain_text};
use portico_ui::body;
use portico_ui::net::News;
use portico_ui::state::effect;

/// Longest text of a preview beside the launcher, in characters.
const PREVIEW_CHARS: usize = 160;

/// Takes what the session says once.
pub(crate) fn hear(news: &News) {
    match news {
        // Messages are told with the notices among them, by `tell`.
        News::Arrived { .. } => {}
        News::Refused { code, .. } => host::event("error", &[("reason", code.as_str())]),
    }
}

/// Tells what is new in the chat, messages and notices in the order of the log, and nothing of what had happened before it
/// was loaded.
pub(crate) fn tell(chat: Chat) {
    let mut of: Option<ConversationId> = None;
    let mut known: Option<Seq> = None;
    let mut begins = false;
    effect(Box::new(move || {
        let (current, items) = (chat.current.get(), chat.items.get());
        if of != current {
            // All of a conversation that begins here is new.
            known = begins.then_some(Seq::START);
            of = current;
        }
        begins = items
            .iter()
            .any(|item| item.message().is_some_and(|message| message.seq.is_none()));
        if let Some(known) = known {
            items
                .iter()
                .filter(|item| item.seq() > Some(known))
                .for_each(|item| match item {
                    TimelineItem::Day { .. } => {}
                    TimelineItem::Event(event) => chat.document.announcer.say(notice_words(&event.what, t())),
                    TimelineItem::Message(message) if message.mine => {}
                    TimelineItem::Message(message) => arrived(chat, message),
                });
        }
        known = known.max(items.iter().filter_map(TimelineItem::seq).max());
    }));
}

fn arrived(chat: Chat, message: &TimelineMessage) {
    let name = name_of(message);
    let text = spoken(message);
    chat.document.announcer.say([name.as_str(), ": ", &text].concat());
    host::event(
        "message",
        &[("from", &name), ("kind", message.author.kind.as_str()), ("text", &text)],
    );
    chat.preview
        .set(Some((name, text.chars().take(PREVIEW_CHARS).collect())));
    if !chat.at_end.now() {
        chat.below.update(|count| *count += 1);
    }
}

/// What the writer of a message is called.
pub(crate) fn name_of(message: &TimelineMessage) -> String {
    let messages = t();
    match (message.author.voice, message.author.name.as_str()) {
        (Voice::Own, _) => messages.you().to_owned(),
        (Voice::Bot, "") => messages.assistant().to_owned(),
        (_, "") => messages.somebody().to_owned(),
        (_, name) => name.to_owned(),
    }
}

/// The message in words alone.
pub(crate) fn spoken(message: &TimelineMessage) -> String {
    let text = message
        .text()
        .map(|text| plain_text(&parse(&text)))
        .filter(|text| !text.trim().is_empty());
    text.unwrap_or_else(|| named(message, bodies()))
}

/// What a message without a text is called: what stands on it, or what kind of thing it is.
fn named(message: &TimelineMessage, messages: &body::Messages) -> String {
    let mut titles: Vec<&str> = Vec::new();
    let kind = match message.body() {
        Some(MessageBody::Button(body)) => {
            titles.extend(body.buttons.iter().map(|button| button.title.as_str()));
            messages.choices
        }
        Some(MessageBody::Carousel(body)) => {
            titles.extend(body.elements.iter().filter_map(|element| element.text.as_deref()));
            messages.cards
        }
        Some(MessageBody::Image(_) | MessageBody::Sticker(_)) => messages.picture,
        Some(MessageBody::Video(_)) => messages.video,
        Some(MessageBody::Audio(_)) => messages.audio,
        _ => messages.file,
    };
    if titles.is_empty() {
        kind.to_owned()
    } else {
        titles.join(", ")
    }
}

/// Keeps the host informed for as long as the chat is there.
pub(crate) fn tell_host(chat: Chat) {
    let mut told = None;
    effect(Box::new(move || {
        let unread = chat.with_current(|current| current.unread()).unwrap_or(0);
        let preview = chat.preview.get().filter(|_| unread > 0);
        let news = Some((unread, preview.clone()));
        if told != news {
            told = news;
            host::unread(unread, preview);
        }
    }));
    let mut before = None;
    effect(Box::new(move || {
        let live = chat.with_current(|current| current.is_live());
        match (std::mem::replace(&mut before, live), live) {
            (None | Some(false), Some(true)) => {
                chat.renewed.put(false);
                host::event("conversationStarted", &[]);
            }
            (None | Some(true), Some(false)) => host::event("conversationEnded", &[]),
            _ => {}
        }
    }));
    let mut before = "idle";
    effect(Box::new(move || {
        let state = match chat.connection() {
            Connection::Idle => "idle",
            Connection::Connecting => "connecting",
            Connection::Online => "online",
            Connection::Waiting { .. } => "waiting",
            Connection::Offline => "offline",
            Connection::Stopped { .. } => "stopped",
        };
        if std::mem::replace(&mut before, state) != state {
            host::event("connection", &[("state", state)]);
        }
    }));
    speak_of_failures(chat);
    take_wishes(chat);
    watch_document(chat);
}

/// Says aloud that a message was not sent: the eye finds it, the ear would not.
fn speak_of_failures(chat: Chat) {
    let mut before = 0;
    effect(Box::new(move || {
        let failed = chat.items.with(|items| {
            let messages = items.iter().filter_map(TimelineItem::message);
            messages.filter(|message| message.is_failed()).count()
        });
        if failed > std::mem::replace(&mut before, failed) {
            let messages = t().not_sent();
            chat.document.announcer.say(messages.to_owned());
        }
    }));
}

fn take_wishes(chat: Chat) {
    let wishes = chat.document.host.wishes;
    effect(Box::new(move || {
        let taken = wishes.get();
        if !taken.is_empty() {
            wishes.set(Vec::new());
            chat.grant(taken);
        }
    }));
}

/// Follows whether the document is on the screen.
fn watch_document(chat: Chat) {
    let document = document();
    let watched = chat.watched;
    let look = Closure::<dyn FnMut()>::new({
        let document = document.clone();
        move || {
            watched.put(!document.hidden());
        }
    });
    // The listener lives as long as the document; after the chat it finds no signal to set.
    let _ = document.add_event_listener_with_callback("visibilitychange", look.as_ref().unchecked_ref());
    look.forget();
}

/// Who types, in a sentence.
pub(crate) fn typing(chat: Chat) -> Option<String> {
    let name = chat.with_current(|current| {
        current
            .typing()
            .last()
            .map(|person| (person.kind.clone(), person.name.clone()))
    });
    let (kind, name) = name.flatten()?;
    let messages = t();
    let name = match (kind.as_str(), name.as_str()) {
        ("BOT", "") => messages.assistant(),
        (_, "") => messages.somebody(),
        (_, name) => name,
    };
    Some(messages.types(name))
}

/// A message's state in a word, and whether it is one of the good ones.
pub(crate) fn state_word(state: &SendState) -> &'static str {
    let messages = t();
    match state {
        SendState::Queued => messages.queued(),
        SendState::Sending => messages.sending(),
        SendState::Stored => messages.stored(),
        SendState::Delivered => messages.delivered(),
        SendState::Read => messages.read(),
        SendState::Failed { .. } => messages.not_sent(),
    }
}
