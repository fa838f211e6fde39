//! The rows of the list, and who takes part in a conversation.

use super::names::{Identity, channel_name, customer_name, said_of};
use super::{Desk, Mode};
use crate::i18n;
use portico_client::timeline::{AgentView, Voice, one_line};
use portico_client::{Change, Conversation, Session};
use portico_shared::cim::{CimEvent, EventName};
use portico_shared::frame::Summary;
use portico_shared::ids::ConversationId;

/// One row of the list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Preview {
    /// Which conversation.
    pub(crate) id: ConversationId,
    /// What the customer is called.
    pub(crate) name: String,
    /// What the colour of the picture follows from.
    pub(crate) picture: String,
    /// The newest line.
    pub(crate) last: LastMessage,
    /// When that was, in epoch milliseconds.
    pub(crate) at_ms: i64,
    /// Since when the customer has had no answer.
    pub(crate) waiting_since: Option<i64>,
    /// Messages that this agent has not seen.
    pub(crate) unread: u32,
    /// Where it came in.
    pub(crate) channel: Option<String>,
    /// Who is in charge.
    pub(crate) holder: String,
    /// Whether it goes on.
    pub(crate) live: bool,
    /// Whether the site vouches for who the customer is.
    pub(crate) identity: Identity,
}

/// The newest line of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LastMessage {
    /// Typed here and not sent.
    Draft(Mode, String),
    /// The customer's.
    Customer(String),
    /// Somebody's of ours, with the name.
    Ours(String, String),
    /// Among agents.
    Whisper(String),
    /// Nothing yet.
    Nothing,
}

/// All rows, of chats that the agent takes part in or looks at: those that go on first, and in each part those that wait longest or spoke last.
pub(crate) fn previews(desk: Desk) -> Vec<Preview> {
    let ids = desk.link.watch(&Change::List, |session| {
        session
            .conversations()
            .map(|conversation| conversation.id().clone())
            .collect::<Vec<_>>()
    });
    let open = desk.open();
    let mut rows: Vec<_> = ids.into_iter().filter_map(|id| row(desk, id, open.as_ref())).collect();
    rows.sort_by_key(|row| (!row.live, row.waiting_since.unwrap_or(i64::MAX), -row.at_ms));
    rows
}

fn row(desk: Desk, id: ConversationId, open: Option<&ConversationId>) -> Option<Preview> {
    let draft = desk.drafts.get(&id);
    desk.link.watch(&Change::Conversation(Some(id.clone())), |session| {
        let conversation = session.conversation(&id)?;
        let summary = conversation.summary();
        if !is_mine(session, summary) && open != Some(&id) {
            return None;
        }
        let last = match draft.waiting() {
            Some((mode, text)) => LastMessage::Draft(mode, text.trim().to_owned()),
            None => last_message(session, conversation),
        };
        let at_ms = conversation
            .last()
            .map_or(summary.started_at, |event| event.timestamp.ms());
        Some(Preview {
            name: customer_name(summary),
            picture: id.as_str().to_owned(),
            last,
            at_ms,
            waiting_since: waiting_since(conversation),
            unread: conversation.unread(),
            channel: channel_name(conversation),
            holder: holder(session, summary),
            live: conversation.is_live(),
            identity: conversation.last().and_then(said_of).unwrap_or(Identity::Claimed),
            id,
        })
    })
}

/// Since when the customer has had no answer. The relay says it with each summary; what was written since then counts
/// already.
fn waiting_since(conversation: &Conversation) -> Option<i64> {
    let said = conversation.summary().waiting_since;
    let last = conversation.last().map(|event| (&event.name, event.timestamp.ms()));
    let since = match (last, said) {
        (Some((EventName::AgentMessage, at_ms)), Some(since)) if at_ms >= since => None,
        (Some((EventName::CustomerMessage, at_ms)), None) => Some(at_ms),
        _ => said,
    };
    since.filter(|_| conversation.is_live())
}

fn last_message(session: &Session, conversation: &Conversation) -> LastMessage {
    let Some(event) = conversation.last() else {
        return LastMessage::Nothing;
    };
    let Some(text) = text_of(event) else {
        return LastMessage::Nothing;
    };
    if event.name == EventName::WhisperMessage {
        return LastMessage::Whisper(text);
    }
    let author = viewer(session, conversation.summary()).author_of(event);
    match author.voice {
        Voice::Customer => LastMessage::Customer(text),
        Voice::Own => LastMessage::Ours(i18n::YOU.to_owned(), text),
        Voice::Agent | Voice::Bot | Voice::System => LastMessage::Ours(author.name, text),
    }
}

/// The text of a message, or the kind of a message without one.
pub(super) fn text_of(event: &CimEvent) -> Option<String> {
    let message = event.message()?;
    let text = message.text().map(|text| one_line(&text));
    let kind = || i18n::activity::plain(message.body.type_name());
    Some(text.filter(|text| !text.is_empty()).unwrap_or_else(kind))
}

/// Who looks, for names.
pub(super) fn viewer(session: &Session, summary: &Summary) -> AgentView {
    AgentView {
        me: session.me().cloned(),
        customer_name: customer_name(summary),
        customer_picture: summary.conversation.to_string(),
        ..AgentView::default()
    }
}

fn holder(session: &Session, summary: &Summary) -> String {
    let primary = |kind: &str| {
        summary
            .people
            .iter()
            .find(|person| person.kind == kind && person.role.as_deref() == Some("PRIMARY"))
    };
    match primary("AGENT").or_else(|| primary("BOT")) {
        Some(person) if session.me().is_some_and(|me| me.id == person.id) => i18n::YOU.to_owned(),
        Some(person) => person.name.clone(),
        None => i18n::NOBODY.to_owned(),
    }
}

/// Whether this agent takes part.
pub(super) fn is_mine(session: &Session, summary: &Summary) -> bool {
    let me = session.me().map(|me| &me.id);
    summary.people.iter().any(|person| Some(&person.id) == me)
}
