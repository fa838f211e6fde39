//! A customer's earlier conversations, for one of them to be read again.

use crate::browser::document;
use crate::fetch;
use crate::parts::{auto_span, button};
use crate::time::{Style, write};
use leptos::html;
use leptos::prelude::*;
use portico_client::timeline::one_line;
use portico_client::{Customer, LogEvent, plain_name};
use portico_shared::cim::SenderType;
use portico_shared::customer::CustomerEvent;
use portico_shared::frame::{Person, Summary};
use portico_shared::http::EarlierConversations;
use portico_shared::ids::ConversationId;
use portico_shared::text::says_nothing;

/// Where the list is.
const PATH: &str = "/api/conversations";

/// Longest beginning of a last message that stands in the list, in characters.
const LAST_CHARS: usize = 120;

/// What a document says about the list once.
#[derive(Clone)]
pub struct EarlierChats {
    /// The token of the session, once there is one.
    pub token: Callback<(), Option<String>>,
    /// The conversation on the screen, which is no earlier one.
    pub current: Option<ConversationId>,
    /// A conversation is to be read.
    pub on_open: Callback<Summary<Customer>>,
    /// The language's whole name, for dates.
    pub locale: String,
    /// Over the list.
    pub title: &'static str,
    /// In the place of an empty list.
    pub none: &'static str,
    /// The button that asks for more of it.
    pub more: &'static str,
    /// While a part of it is on its way.
    pub loading: &'static str,
    /// In the place of a part that did not come.
    pub failed: &'static str,
    /// The button that asks for it again.
    pub try_again: &'static str,
}

/// How the next part of the list stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Next {
    /// It is on its way.
    Loading,
    /// It did not come; asked for again from here on.
    Failed(Option<ConversationId>),
    /// There is one, from here on.
    More(ConversationId),
    /// There is none.
    End,
}

/// The list: its newest part, and more of it at a press.
pub fn earlier_chats(chats: &EarlierChats) -> AnyView {
    let listed = RwSignal::new(Vec::<Summary<Customer>>::new());
    let next = RwSignal::new(Next::Loading);
    let heading = NodeRef::<html::H2>::new();
    let (token, current) = (chats.token, chats.current.clone());
    let load = Callback::new(move |before| load(token, current.clone(), before, listed, next));
    load.run(None);
    take_keyboard(heading);
    let title = html::h2()
        .class("earlier__title")
        .attr("tabindex", "-1")
        .attr("dir", "auto")
        .node_ref(heading)
        .child(chats.title);
    let (locale, on_open) = (chats.locale.clone(), chats.on_open);
    let rows = For(ForProps::builder()
        .each(move || listed.get())
        .key(|summary| summary.conversation.clone())
        .children(move |summary| row(summary, &locale, on_open))
        .build());
    let of_foot = chats.clone();
    let foot = move || foot(&of_foot, &next.get(), listed.with(Vec::is_empty), load);
    html::main()
        .class("middle earlier")
        .child(title)
        .child(html::ol().class("earlier__list").child(rows))
        .child(foot)
        .into_any()
}

/// Asks for a part of the list. A list that is gone by then is not told.
fn load(
    token: Callback<(), Option<String>>,
    current: Option<ConversationId>,
    before: Option<ConversationId>,
    listed: RwSignal<Vec<Summary<Customer>>>,
    next: RwSignal<Next>,
) {
    next.set(Next::Loading);
    let path = match &before {
        Some(before) => [PATH, "?before=", before.as_str()].concat(),
        None => PATH.to_owned(),
    };
    #[expect(clippy::disallowed_methods, reason = "ends with the answer")]
    leptos::task::spawn_local(async move {
        let token = token.try_run(()).flatten();
        let part = fetch::get::<EarlierConversations<Customer>>(&path, token.as_deref()).await;
        let Ok(part) = part else {
            next.try_set(Next::Failed(before));
            return;
        };
        let mut conversations = part.conversations;
        conversations.retain(|summary| Some(&summary.conversation) != current.as_ref());
        listed.try_update(|listed| listed.extend(conversations));
        next.try_set(part.next.map_or(Next::End, Next::More));
    });
}

/// What stands under the list.
fn foot(chats: &EarlierChats, next: &Next, is_empty: bool, load: Callback<Option<ConversationId>>) -> Option<AnyView> {
    let again = |words, from: Option<ConversationId>| {
        button("button earlier__more", auto_span("", words), move || {
            load.run(from.clone())
        })
    };
    match next {
        Next::Loading => Some(auto_span("earlier__note", chats.loading)),
        Next::Failed(from) => {
            let sentence = html::span()
                .class("earlier__note")
                .attr("role", "alert")
                .attr("dir", "auto")
                .child(chats.failed);
            Some((sentence, again(chats.try_again, from.clone())).into_any())
        }
        Next::More(from) => Some(again(chats.more, Some(from.clone()))),
        Next::End => is_empty.then(|| auto_span("earlier__note", chats.none)),
    }
}

fn row(summary: Summary<Customer>, locale: &str, on_open: Callback<Summary<Customer>>) -> AnyView {
    let when = write(summary.started_at, Style::Exact, locale);
    let who = names(&summary.people).map(|names| auto_span("earlier__who", names));
    let last = summary.last.as_ref().and_then(|item| beginning(&item.event));
    let last = last.map(|last| auto_span("earlier__last", last));
    let inside = (auto_span("earlier__when", when), who, last);
    let open = button("earlier__chat", inside, move || on_open.run(summary.clone()));
    html::li().child(open).into_any()
}

/// Who answered.
fn names(people: &[Person]) -> Option<String> {
    let answers = |person: &&Person| matches!(person.kind, SenderType::Agent | SenderType::Bot);
    let names = people.iter().filter(answers).map(|person| plain_name(&person.name));
    let names: Vec<String> = names.filter(|name| !name.is_empty()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// How the last message begins, on one line.
fn beginning(event: &CustomerEvent) -> Option<String> {
    let text = one_line(&event.text()?);
    let beginning: String = text.chars().take(LAST_CHARS).collect();
    (!says_nothing(&beginning)).then_some(beginning)
}

/// The heading takes the keyboard: what had it is gone, and the list is read from its beginning.
fn take_keyboard(heading: NodeRef<html::H2>) {
    // In the document only after this.
    gloo_timers::callback::Timeout::new(0, move || {
        let heading = heading.try_get_untracked().flatten();
        if document().has_focus().unwrap_or(false) {
            let _ = heading.map(|heading| heading.focus());
        }
    })
    .forget();
}

#[cfg(test)]
mod tests {
    use super::names;
    use portico_shared::cim::SenderType;
    use portico_shared::frame::Person;

    #[test]
    fn those_who_answered_stand_in_the_list() {
        let person = |kind: SenderType, name: &str| Person {
            id: String::new(),
            kind,
            name: name.into(),
            role: None,
        };
        let people = [
            person(SenderType::Customer, "Maja"),
            person(SenderType::Bot, "Fern"),
            person(SenderType::Agent, "Ann\u{202e}"),
            person(SenderType::Agent, " "),
        ];
        assert_eq!(names(&people).as_deref(), Some("Fern, Ann"));
        assert_eq!(names(&people[..1]), None);
    }
}
