//! One message: who, what, when, and how far it has come.

use crate::i18n::{bodies, locale, t};
use crate::news::{name_of, state_word};
use crate::store::Chat;
use std::sync::Arc;

use leptos::prelude::Callback;
use portico_client::customer::TimelineMessage;
use portico_client::timeline::Author;
use portico_client::{Answer, Content, Customer, SendState};
use portico_shared::cim::{EventData, MessageBody};
use portico_shared::frame::RefusalCode;
use portico_shared::ids::{ClientId, MessageId};
use portico_ui::avatar::avatar;
use portico_ui::body::{BodyContext, Reply, body};
use portico_ui::el::{El, block, button, draw, el, words};
use portico_ui::icon::{ALERT, CHECK, CHECK_CHECK, CLOCK, RETRY, TRASH};
use portico_ui::state::State;
use portico_ui::text::LinkStyle;
use portico_ui::time::{Style, machine_readable, write};

/// A message's row.
pub(super) fn message(chat: Chat, line: State<TimelineMessage>) -> El {
    let shown = State::derived(move || line.with(Shown::of));
    let edges = State::derived(move || line.with(Edges::of));
    let stack = block("message__stack", Vec::new())
        .child_by(move || Some(edges.with(|edges| name(edges, line))))
        .child_by(move || {
            shown.with(|_| ());
            line.peek(|message| bubble(chat, message))
        })
        .child_by(move || edges.with(|edges| meta(chat, edges)));
    let inside = block("message__line", Vec::new())
        .child_by(move || edges.with(face))
        .child(stack);
    let class = move || Some(edges.with(class).to_owned());
    el("li").attr_by("class", class).attr("tabindex", "-1").child(inside)
}

/// What the bubble depends on: it is drawn again only when one of these has changed, so that a form keeps what was
/// typed into it while messages arrive.
struct Shown {
    content: Content<Customer>,
    edited: Option<String>,
    deleted: bool,
    answer: Answer,
}

impl Shown {
    fn of(message: &TimelineMessage) -> Self {
        let edited = message.edited.as_ref().map(|edited| edited.text.clone());
        Self {
            content: message.content.clone(),
            edited,
            deleted: message.deleted,
            answer: message.answer.clone(),
        }
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        same(&self.content, &other.content)
            && self.edited == other.edited
            && self.deleted == other.deleted
            && self.answer == other.answer
    }
}

/// Stored events do not change, so that the same one is enough.
pub(super) fn same(one: &Content<Customer>, other: &Content<Customer>) -> bool {
    match (one, other) {
        (Content::Event(one), Content::Event(other)) => Arc::ptr_eq(one, other),
        (Content::Unsent(one), Content::Unsent(other)) => Arc::ptr_eq(one, other) || one.client_id == other.client_id,
        (Content::Event(_), Content::Unsent(_)) | (Content::Unsent(_), Content::Event(_)) => false,
    }
}

/// What stands around the bubble.
#[derive(PartialEq)]
struct Edges {
    mine: bool,
    first: bool,
    last: bool,
    at_ms: i64,
    state: Option<SendState>,
    unsent: Option<ClientId>,
    edited: bool,
    author: Author,
}

impl Edges {
    fn of(message: &TimelineMessage) -> Self {
        let unsent = match &message.content {
            Content::Unsent(unsent) => Some(unsent.client_id.clone()),
            Content::Event(_) => None,
        };
        Self {
            mine: message.mine,
            first: message.first,
            last: message.last,
            at_ms: message.at_ms,
            state: message.state.clone(),
            unsent,
            edited: message.edited.is_some() && !message.deleted,
            author: message.author.clone(),
        }
    }
}

fn class(edges: &Edges) -> &'static str {
    match (edges.mine, edges.first, edges.last) {
        (true, true, true) => "message message--mine message--first message--last",
        (true, true, false) => "message message--mine message--first",
        (true, false, true) => "message message--mine message--last",
        (true, false, false) => "message message--mine",
        (false, true, true) => "message message--first message--last",
        (false, true, false) => "message message--first",
        (false, false, true) => "message message--last",
        (false, false, false) => "message",
    }
}

fn face(edges: &Edges) -> Option<El> {
    let inside = edges
        .last
        .then(|| El::of_view(avatar(&edges.author.id, edges.author.kind.as_str(), &edges.author.name)));
    (!edges.mine).then(|| block("message__face", Vec::new()).maybe(inside))
}

/// The name stands over a run of somebody else; for those who do not see the run, it is with every message.
fn name(edges: &Edges, line: State<TimelineMessage>) -> El {
    let class = if edges.first && !edges.mine {
        "message__name"
    } else {
        "unseen"
    };
    words(class, &line.peek(name_of))
}

fn bubble(chat: Chat, message: &TimelineMessage) -> Option<El> {
    let locale = locale();
    let exact = write(message.at_ms, Style::Exact, &locale.tag);
    let (class, inside) = match message.body()? {
        _ if message.deleted => ("bubble bubble--gone", words("", locale.messages.deleted())),
        content @ MessageBody::Plain(_) => ("bubble", El::of_view(body(content, &around(chat, message)))),
        content => (
            "bubble bubble--rich",
            El::of_view(body(content, &around(chat, message))),
        ),
    };
    Some(block(class, vec![inside]).attr("title", &exact))
}

fn around(chat: Chat, message: &TimelineMessage) -> BodyContext {
    let locale = locale();
    let original = match &message.content {
        Content::Event(event) => match &event.data {
            EventData::Message(message) => Some(MessageId::new(message.id.clone())),
            _ => None,
        },
        Content::Unsent(_) => None,
    };
    let on_reply = original.filter(|_| !message.mine).map(|original| {
        Callback::new(move |reply: Reply| {
            chat.send(reply.into_draft(original.clone()));
            chat.to_composer();
        })
    });
    let answer = message.answer.clone();
    BodyContext {
        messages: bodies(),
        locale: locale.tag.clone(),
        text: message.text(),
        links: LinkStyle::Plain,
        answer,
        on_reply,
    }
}

/// Time and state under a run; a failure speaks right at its message.
fn meta(chat: Chat, edges: &Edges) -> Option<El> {
    let locale = locale();
    if let (Some(SendState::Failed { code, .. }), Some(id)) = (&edges.state, &edges.unsent) {
        return Some(failure(chat, code, id));
    }
    let time = || {
        el("time")
            .attr("datetime", &machine_readable(edges.at_ms))
            .text(&write(edges.at_ms, Style::Clock, &locale.tag))
    };
    let edited = edges.edited.then(|| words("", locale.messages.edited()));
    let state = edges.state.as_ref().map(|state| {
        let picture = match state {
            SendState::Queued | SendState::Sending => CLOCK,
            SendState::Stored => CHECK,
            SendState::Delivered | SendState::Read => CHECK_CHECK,
            SendState::Failed { .. } => ALERT,
        };
        let class = if *state == SendState::Read {
            "state state--read"
        } else {
            "state"
        };
        let word = state_word(state);
        el("span")
            .class(class)
            .attr("title", word)
            .children(vec![draw(picture), words("unseen", word)])
    });
    edges.last.then(|| {
        block("message__meta", Vec::new())
            .maybe(edited)
            .child(time())
            .maybe(state)
    })
}

fn failure(chat: Chat, code: &RefusalCode, id: &ClientId) -> El {
    let text = t();
    let (why, again_in) = match code {
        RefusalCode::InvalidBody | RefusalCode::Malformed => (text.refused_body(), text.retry()),
        RefusalCode::ConversationEnded => (text.refused_ended(), text.send_in_new()),
        _ => (text.not_sent(), text.retry()),
    };
    let (again, gone) = (id.clone(), id.clone());
    let retry = vec![draw(RETRY), words("", again_in)];
    let delete = vec![draw(TRASH), words("", text.delete())];
    block(
        "message__failure",
        vec![
            draw(ALERT),
            words("message__why", why),
            button("small", retry, Box::new(move || chat.retry(again.clone()))),
            button("small", delete, Box::new(move || chat.delete(gone.clone()))),
        ],
    )
}
