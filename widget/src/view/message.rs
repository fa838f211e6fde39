//! One message: who, what, when, and how far it has come.

use crate::i18n::{bodies, locale, t};
use crate::parts::notices;
use crate::state::Chat;
use crate::wording;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;

use portico_client::customer::TimelineMessage;
use portico_client::timeline::Author;
use portico_client::{Answer, Content, Customer, SendState};
use portico_shared::customer::{CustomerBody, CustomerPreview};
use portico_shared::frame::RefusalCode;
use portico_shared::ids::{ClientId, MessageId};
use portico_ui::avatar::avatar;
use portico_ui::body::{BodyContext, Reply, basic};
use portico_ui::icon::{ALERT, RETRY, TRASH, icon};
use portico_ui::parts::{auto_span, button};
use portico_ui::quote::quote;
use portico_ui::reactive::dynamic;
use portico_ui::send_state;
use portico_ui::text::LinkStyle;
use portico_ui::time::{Style, machine_readable, write};

/// A message on the screen, as it is now.
pub(super) type Shown = Memo<Arc<TimelineMessage>>;

/// A message's row. The bubble is drawn again only when what it shows has changed, so that a form keeps what was typed
/// into it while messages arrive.
pub(super) fn message(chat: Chat, shown: Shown) -> AnyView {
    let inside = Memo::new(move |_| Inside::of(&shown.get()));
    let edges = Memo::new(move |_| Edges::of(&shown.get()));
    // Words are not changed in place: a translator may have put others there, of which this program knows nothing.
    let words = Memo::new(move |_| inside.with(|inside| (inside.edited.clone(), inside.deleted, inside.quote.clone())));
    let bubble = dynamic(move || {
        words.track();
        dynamic(move || inside.with(|_| bubble(chat, &shown.get_untracked())))
    });
    let preview = Memo::new(move |_| preview_of(&shown.get()));
    let stack = html::div()
        .class("message__stack")
        .child(dynamic(move || {
            edges.with(|edges| auto_span(edges.name_class(), wording::author(&shown.get_untracked(), t())))
        }))
        .child(bubble)
        .child(dynamic(move || preview.get().map(portico_lazy::preview)))
        .child(dynamic(move || edges.with(|edges| meta(chat, edges))));
    let line = html::div()
        .class("message__line")
        .child(dynamic(move || edges.with(picture)))
        .child(stack);
    html::li()
        .class(move || edges.with(Edges::class))
        .attr("tabindex", "-1")
        .child(line)
        .into_any()
}

/// What the bubble depends on.
#[derive(Clone)]
struct Inside {
    content: Content<Customer>,
    edited: Option<String>,
    quote: Option<String>,
    deleted: bool,
    answer: Answer,
}

impl Inside {
    fn of(message: &TimelineMessage) -> Self {
        Self {
            content: message.content.clone(),
            edited: message.edited.as_ref().map(|edited| edited.text.clone()),
            quote: message.quote.clone(),
            deleted: message.deleted,
            answer: message.answer.clone(),
        }
    }
}

impl PartialEq for Inside {
    fn eq(&self, other: &Self) -> bool {
        same_content(&self.content, &other.content)
            && (&self.edited, &self.quote) == (&other.edited, &other.quote)
            && self.deleted == other.deleted
            && self.answer == other.answer
    }
}

/// Stored events do not change, so that the same one is enough.
fn same_content(one: &Content<Customer>, other: &Content<Customer>) -> bool {
    match (one, other) {
        (Content::Event(one), Content::Event(other)) => Arc::ptr_eq(one, other),
        (Content::Unsent(one), Content::Unsent(other)) => one.client_id == other.client_id,
        (Content::Event(_), Content::Unsent(_)) | (Content::Unsent(_), Content::Event(_)) => false,
    }
}

/// What the page calls itself to which a message links.
fn preview_of(message: &TimelineMessage) -> Option<CustomerPreview> {
    let event = message.preview.as_ref().filter(|_| !message.deleted)?;
    event.link_preview().cloned()
}

/// What stands around the bubble.
#[derive(Debug, Clone, PartialEq)]
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
            state: message.shown_state().cloned(),
            unsent,
            edited: message.edited.is_some() && !message.deleted,
            author: message.author.clone(),
        }
    }

    fn class(&self) -> &'static str {
        match (self.mine, self.first, self.last) {
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

    /// What is said of how far it has come. On its way is said of the last one of a run alone: it passes at once.
    fn meta_state(&self) -> Option<&SendState> {
        let state = self.state.as_ref()?;
        (self.last || matches!(state, SendState::Queued | SendState::AfterFile)).then_some(state)
    }

    /// Whether anything stands under the bubble.
    fn has_meta(&self) -> bool {
        self.last || self.edited || self.meta_state().is_some()
    }

    /// The name stands over a run of another author; for those who do not see the run, it is with every message.
    fn name_class(&self) -> &'static str {
        match self.first && !self.mine {
            true => "message__name",
            false => "unseen",
        }
    }
}

/// The author's picture beside the last message of a run.
fn picture(edges: &Edges) -> Option<AnyView> {
    let author = &edges.author;
    let inside = edges
        .last
        .then(|| avatar(&author.id, author.kind.as_str(), &author.name));
    (!edges.mine).then(|| html::div().class("message__face").child(inside).into_any())
}

fn bubble(chat: Chat, message: &TimelineMessage) -> Option<AnyView> {
    let exact = write(message.at_ms, Style::Exact, &locale().tag);
    let (class, inside) = match message.body()? {
        _ if message.deleted => ("bubble bubble--gone", auto_span("", t().deleted())),
        content @ CustomerBody::Plain(_) => ("bubble", basic(content, &context(chat, message))),
        content => (
            "bubble bubble--rich",
            portico_lazy::body(content, &context(chat, message), notices()),
        ),
    };
    let quoted = message.quote.as_deref().filter(|_| !message.deleted);
    let bubble = html::div()
        .class(class)
        .attr("title", exact)
        .child(quoted.map(|words| quote(words, t().in_answer())))
        .child(inside);
    Some(bubble.into_any())
}

fn context(chat: Chat, message: &TimelineMessage) -> BodyContext {
    let asks = |_: &&str| !message.mine && !chat.is_earlier();
    let original = message.message_id().filter(asks).map(MessageId::new);
    let on_reply = original.map(|original| {
        Callback::new(move |reply: Reply| {
            let is_form = matches!(reply, Reply::Form(_));
            let draft = reply.into_draft(original.clone());
            if is_form {
                chat.answer_form(draft);
            } else {
                chat.send(draft);
            }
            chat.to_composer();
        })
    });
    BodyContext {
        messages: bodies(),
        locale: locale().tag.clone(),
        text: message.text(),
        links: LinkStyle::Plain,
        files: chat.file_links(),
        answer: message.answer.clone(),
        on_reply,
    }
}

/// Time and state under a run. A failure, a wait and a change are said right at their message.
fn meta(chat: Chat, edges: &Edges) -> Option<AnyView> {
    if let (Some(SendState::Failed { code, .. }), Some(id)) = (&edges.state, &edges.unsent) {
        return Some(failure(chat, code, id));
    }
    let time = edges.last.then(|| {
        html::time()
            .attr("datetime", machine_readable(edges.at_ms))
            .child(write(edges.at_ms, Style::Clock, &locale().tag))
    });
    let edited = edges.edited.then(|| auto_span("", t().edited()));
    let state = edges.meta_state().map(|state| {
        let word = wording::send_state(state, t());
        html::span()
            .class(mark(state))
            .attr("title", word)
            .child(icon(send_state::picture(state)))
            .child(auto_span("unseen", word))
    });
    edges.has_meta().then(|| {
        html::div()
            .class("message__meta")
            .child(edited)
            .child(time)
            .child(state)
            .into_any()
    })
}

/// What is read stands out.
fn mark(state: &SendState) -> &'static str {
    match state {
        SendState::Read => "state state--read",
        SendState::Queued
        | SendState::AfterFile
        | SendState::Sending
        | SendState::Stored
        | SendState::Delivered
        | SendState::Failed { .. } => "state",
    }
}

fn failure(chat: Chat, code: &RefusalCode, id: &ClientId) -> AnyView {
    let (why, again_in) = wording::failure(code, t());
    let (again, gone) = (id.clone(), id.clone());
    let retry = (icon(RETRY), auto_span("", again_in));
    let delete = (icon(TRASH), auto_span("", t().delete()));
    html::div()
        .class("message__failure")
        .child(icon(ALERT))
        .child(auto_span("message__why", why))
        .child(button("small", retry, move || chat.retry(again.clone())))
        .child(button("small", delete, move || chat.delete(gone.clone())))
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::{Edges, Inside, mark};
    use crate::fixtures::{bot_message, failed, own_message, text};
    use portico_client::{Answer, Edited, SendState};

    #[test]
    fn a_bubble_is_drawn_again_only_when_what_it_shows_has_changed() {
        let message = bot_message(text("Hello"));
        let mut moved = message.clone();
        moved.last = false;
        assert!(
            Inside::of(&message) == Inside::of(&moved),
            "its place in a run is no matter"
        );
        let mut answered = message.clone();
        answered.answer = Answer::Passed;
        assert!(Inside::of(&message) != Inside::of(&answered));
        let mut deleted = message.clone();
        deleted.deleted = true;
        assert!(Inside::of(&message) != Inside::of(&deleted));
        let mut quoting = message.clone();
        quoting.quote = Some("How are you?".into());
        assert!(Inside::of(&message) != Inside::of(&quoting));
    }

    #[test]
    fn a_change_and_a_wait_are_said_of_each_message_and_the_rest_of_the_last_of_a_run() {
        let within_a_run = |state| {
            let mut message = own_message("c-1", "Hello");
            message.state = Some(state);
            message.last = false;
            Edges::of(&message)
        };
        for state in [SendState::Sending, SendState::Stored, SendState::Read] {
            assert!(!within_a_run(state.clone()).has_meta(), "{state:?}");
        }
        let waits = within_a_run(SendState::Queued);
        assert_eq!((waits.has_meta(), waits.meta_state()), (true, Some(&SendState::Queued)));
        let mut edited = bot_message(text("Hello"));
        edited.last = false;
        assert!(!Edges::of(&edited).has_meta());
        edited.edited = Some(Edited {
            text: "Hello!".into(),
            unsent: None,
        });
        assert!(Edges::of(&edited).has_meta());
        edited.deleted = true;
        assert!(!Edges::of(&edited).has_meta(), "what is gone is not said to be changed");
    }

    #[test]
    fn an_own_message_that_failed_keeps_its_bubble() {
        let sending = own_message("c-1", "Hello");
        assert!(Inside::of(&sending) == Inside::of(&failed("c-1")));
        assert!(Edges::of(&sending) != Edges::of(&failed("c-1")));
    }

    #[test]
    fn the_name_stands_over_the_first_of_a_run_of_somebody_else() {
        let mut message = bot_message(text("Hello"));
        assert_eq!(Edges::of(&message).name_class(), "message__name");
        assert_eq!(Edges::of(&message).class(), "message message--first message--last");
        message.first = false;
        assert_eq!(Edges::of(&message).name_class(), "unseen");
        assert_eq!(Edges::of(&own_message("c-1", "Hi")).name_class(), "unseen");
    }

    #[test]
    fn what_is_read_stands_out() {
        assert_eq!(mark(&SendState::Stored), "state");
        assert_eq!(mark(&SendState::Read), "state state--read");
    }
}
