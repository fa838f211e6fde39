//! A customer's earlier conversations, for one of them to be read again.

use crate::browser::document;
use crate::fetch;
use crate::parts::{auto_span, button};
use crate::reactive::dynamic;
use crate::time::{Style, write};
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use portico_client::timeline::one_line;
use portico_client::{Customer, LogEvent, plain_name};
use portico_shared::cim::SenderType;
use portico_shared::customer::CustomerEvent;
use portico_shared::frame::{Person, ServerFrame, Summary};
use portico_shared::ids::ConversationId;
use portico_shared::json::{Value, text_of};
use portico_shared::text::says_nothing;
use std::sync::Arc;
use web_sys::HtmlElement;

/// Where the list is.
const PATH: &str = "/api/conversations";

/// Longest beginning of a last message that stands in the list, in characters.
const LAST_CHARS: usize = 120;

/// What a document says about the list once.
#[derive(Clone)]
pub struct EarlierChats {
    /// The token of the session, once there is one.
    pub token: Arc<dyn Fn() -> Option<String> + Send + Sync>,
    /// The conversation on the screen, which is no earlier one.
    pub current: Option<ConversationId>,
    /// A conversation is to be read.
    pub on_open: Arc<dyn Fn(Summary<Customer>) + Send + Sync>,
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

/// What there is of the list.
#[derive(Default)]
struct List {
    conversations: Vec<Summary<Customer>>,
    next: Next,
}

/// How the next part of the list stands.
#[derive(Default)]
enum Next {
    /// It is on its way.
    #[default]
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
    let list = RwSignal::new(List::default());
    load(chats, list, None);
    let heading = NodeRef::<html::H2>::new();
    take_keyboard(heading);
    let title = html::h2()
        .class("earlier__title")
        .attr("tabindex", "-1")
        .attr("dir", "auto")
        .node_ref(heading)
        .child(chats.title);
    let chats = chats.clone();
    let inside = move || {
        list.with(|of| {
            let rows: Vec<_> = of.conversations.iter().map(|summary| row(&chats, summary)).collect();
            let rows = html::ol().class("earlier__list").child(rows);
            (rows, foot(&chats, list, of)).into_any()
        })
    };
    html::main()
        .class("middle earlier")
        .child(title)
        .child(dynamic(inside))
        .into_any()
}

/// Asks for a part of the list. A list that is gone by then is not told.
fn load(chats: &EarlierChats, list: RwSignal<List>, before: Option<ConversationId>) {
    let path = match &before {
        Some(before) => [PATH, "?before=", before.as_str()].concat(),
        None => PATH.to_owned(),
    };
    let chats = chats.clone();
    #[expect(clippy::disallowed_methods, reason = "ends with the answer")]
    leptos::task::spawn_local(async move {
        let answer = fetch::get_value(&path, (chats.token)().as_deref()).await;
        list.try_update(|list| match answer {
            Ok(part) => {
                let (conversations, from) = part_in(&part);
                let earlier = |summary: &Summary<_>| Some(&summary.conversation) != chats.current.as_ref();
                let shown = list.conversations.len();
                list.conversations.extend(conversations.into_iter().filter(earlier));
                if before.is_some() {
                    go_on_behind(shown);
                }
                list.next = from.map_or(Next::End, Next::More);
            }
            Err(_) => list.next = Next::Failed(before),
        });
    });
}

/// What an [`EarlierConversations`](portico_shared::http::EarlierConversations) says. A reader of its own would be larger than
/// all that is done with it, and the one of frames is there.
fn part_in(part: &Value) -> (Vec<Summary<Customer>>, Option<ConversationId>) {
    let conversations = part.get("conversations").and_then(Value::as_array);
    let conversations = conversations.into_iter().flatten().filter_map(summary_in).collect();
    let next = part.get("next").and_then(Value::as_str);
    (conversations, next.and_then(ConversationId::parse))
}

fn summary_in(conversation: &Value) -> Option<Summary<Customer>> {
    let mut frame = conversation.as_object()?.clone();
    frame.insert("type".to_owned(), "conversation".into());
    match ServerFrame::from_json(&text_of(&Value::Object(frame))) {
        Ok(ServerFrame::Conversation(summary)) => Some(*summary),
        _ => None,
    }
}

/// What stands under the list.
fn foot(chats: &EarlierChats, list: RwSignal<List>, of: &List) -> Option<AnyView> {
    let again = |words, from: Option<ConversationId>| {
        let chats = chats.clone();
        button("button earlier__more", auto_span("", words), move || {
            list.update(|list| list.next = Next::Loading);
            load(&chats, list, from.clone());
        })
    };
    match &of.next {
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
        Next::End => of
            .conversations
            .is_empty()
            .then(|| auto_span("earlier__note", chats.none)),
    }
}

fn row(chats: &EarlierChats, summary: &Summary<Customer>) -> AnyView {
    let when = write(summary.started_at, Style::DayAndClock, &chats.locale);
    let who = names(&summary.people).map(|names| auto_span("earlier__who", names));
    let last = summary.last.as_ref().and_then(|item| beginning(&item.event));
    let last = last.map(|last| auto_span("earlier__last", last));
    let inside = (auto_span("earlier__when", when), who, last);
    let (on_open, summary) = (Arc::clone(&chats.on_open), summary.clone());
    let open = button("earlier__chat", inside, move || on_open(summary.clone()));
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

/// The button that asked for more is gone: the keyboard goes on at the first chat behind so many.
fn go_on_behind(shown: usize) {
    // In the document only after this.
    gloo_timers::callback::Timeout::new(0, move || {
        let next = [".earlier__list > :nth-child(", &(shown + 1).to_string(), ") > button"].concat();
        let next = document().query_selector(&next).ok().flatten();
        if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
            let _ = next.focus();
        }
    })
    .forget();
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
    use super::{names, part_in};
    use portico_shared::cim::SenderType;
    use portico_shared::cim::conversation::ConversationState;
    use portico_shared::frame::{Person, Summary};
    use portico_shared::http::EarlierConversations;
    use portico_shared::ids::{ConversationId, Seq};
    use portico_shared::role::Customer;

    #[test]
    fn a_part_of_the_list_is_read_as_the_relay_writes_it() {
        let summary = Summary::<Customer> {
            conversation: ConversationId::new("c-1"),
            state: ConversationState::Closed,
            head: Seq(4),
            people: Vec::new(),
            waiting: false,
            started_at: 7,
            last: None,
            unread: 0,
            read: Seq(4),
            details: (),
        };
        let part = EarlierConversations {
            conversations: vec![summary.clone()],
            next: Some(ConversationId::new("c-1")),
        };
        let said = serde_json::to_value(part).expect("JSON");
        assert_eq!(part_in(&said), (vec![summary], Some(ConversationId::new("c-1"))));
        assert_eq!(
            part_in(&serde_json::json!({ "conversations": [7] })),
            (Vec::new(), None)
        );
    }

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
