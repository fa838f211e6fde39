//! The rows of the list, and what a conversation's people are called.

use super::{Desk, Mode};
use crate::i18n;
use crate::timeline::{Viewer, Voice, Who, message_of};
use leptos::prelude::*;
use portico_client::{Change, Content, Conversation, Row, Session};
use portico_shared::cim::{CimEvent, EventName};
use portico_shared::frame::Summary;
use portico_shared::ids::{ConversationId, Seq};
use serde_json::Value;

/// One row of the list.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listed {
    /// Which conversation.
    pub(crate) id: ConversationId,
    /// What the customer is called.
    pub(crate) name: String,
    /// What the colour of the picture follows from.
    pub(crate) picture: String,
    /// The newest line.
    pub(crate) last: LastLine,
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
}

/// The newest line of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LastLine {
    /// Typed here and not sent.
    Draft(String),
    /// The customer's.
    Customer(String),
    /// Somebody's of ours, with the name.
    Ours(String, String),
    /// Among agents.
    Whisper(String),
    /// Nothing yet.
    Nothing,
}

/// All rows: those that go on first, and in each part those that wait longest or spoke last.
pub(crate) fn listed(desk: Desk) -> Vec<Listed> {
    let ids = desk.link.watch(&Change::List, |session| {
        session
            .conversations()
            .map(|conversation| conversation.id().clone())
            .collect::<Vec<_>>()
    });
    let mut rows: Vec<_> = ids.into_iter().filter_map(|id| row(desk, id)).collect();
    rows.sort_by_key(|row| (!row.live, row.waiting_since.unwrap_or(i64::MAX), -row.at_ms));
    rows
}

fn row(desk: Desk, id: ConversationId) -> Option<Listed> {
    let draft = desk.drafts.get(&id);
    desk.link.watch(&Change::Conversation(Some(id.clone())), |session| {
        let conversation = session.conversation(&id)?;
        let summary = conversation.summary();
        let mine = summary
            .people
            .iter()
            .any(|person| Some(&person.id) == session.me().map(|me| &me.id));
        if !mine && !conversation.is_live() && desk.open.get_untracked().as_ref() != Some(&id) {
            return None;
        }
        let last = match draft.text.trim() {
            "" => last_line(session, conversation),
            text if draft.mode == Mode::Whisper => LastLine::Whisper(text.to_owned()),
            text => LastLine::Draft(text.to_owned()),
        };
        let at_ms = conversation
            .last()
            .map_or(summary.started_at, |event| event.timestamp.ms());
        Some(Listed {
            name: customer_name(summary),
            picture: id.as_str().to_owned(),
            last,
            at_ms,
            waiting_since: waiting_since(conversation),
            unread: conversation.unread(),
            channel: summary.channel.clone(),
            holder: holder(session, summary),
            live: conversation.is_live(),
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

fn last_line(session: &Session, conversation: &Conversation) -> LastLine {
    let Some(event) = conversation.last() else {
        return LastLine::Nothing;
    };
    let Some(text) = text_of(event) else {
        return LastLine::Nothing;
    };
    if event.name == EventName::WhisperMessage {
        return LastLine::Whisper(text);
    }
    let who = Who::of(event, false, &viewer(session, conversation.summary()));
    match who.voice {
        Voice::Customer => LastLine::Customer(text),
        Voice::Own => LastLine::Ours(i18n::YOU.to_owned(), text),
        Voice::Colleague | Voice::Bot | Voice::System => LastLine::Ours(who.name, text),
    }
}

/// The text of a message, or the kind of a message without one.
fn text_of(event: &CimEvent) -> Option<String> {
    let message = message_of(event)?;
    let text = message
        .text()
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    let kind = || i18n::activity::plain(message.body.type_name());
    Some(text.filter(|text| !text.is_empty()).unwrap_or_else(kind))
}

/// Who looks, for names.
fn viewer(session: &Session, summary: &Summary) -> Viewer {
    Viewer {
        me: session.me().cloned(),
        customer: customer_name(summary),
        picture: summary.conversation.to_string(),
        system: false,
    }
}

/// What is said about an arrived message: who and what. Nothing for what is no message.
pub(super) fn said(session: &Session, conversation: &ConversationId, seq: Seq) -> Option<(String, String)> {
    let summary = session.conversation(conversation)?.summary();
    let row = session.row(conversation, seq)?;
    let Content::Event(event) = &row.content else {
        return None;
    };
    let who = Who::of(event, row.mine, &viewer(session, summary));
    Some((who.name, text_of(event)?))
}

/// What the customer is called: by itself, by the form, or by what it is.
pub(crate) fn customer_name(summary: &Summary) -> String {
    let known = summary
        .people
        .iter()
        .find(|person| person.kind == "CUSTOMER")
        .map(|person| person.name.trim());
    let said = |key: &str| {
        summary
            .data
            .get(key)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let form = [said("first_name"), said("last_name")]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    match (known, said("name"), form.as_str()) {
        (Some(name), ..) if !name.is_empty() && name != i18n::VISITOR => name.to_owned(),
        (_, Some(name), _) => name.to_owned(),
        (_, None, "") => i18n::VISITOR.to_owned(),
        (_, None, form) => form.to_owned(),
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

/// Whether the site vouches for who the customer is, as the newest event that mentions the customer says.
pub(crate) fn verified(rows: &[Row]) -> bool {
    let anonymous = rows.iter().rev().find_map(|row| match &row.content {
        Content::Event(event) => event.channel_session.as_ref()?.customer.as_ref()?.is_anonymous,
        Content::Unsent(_) => None,
    });
    anonymous == Some(false)
}
