//! A message in its run.

use super::Author;
use crate::event::{LogEvent, LogRole};
use crate::{Answer, Content, Edited, LogEntry, SendState};
use portico_shared::cim::Intent;
use portico_shared::frame::Audience;
use portico_shared::ids::{ClientId, Seq};
use portico_shared::text::{parse, plain_text, says_nothing};
use std::sync::Arc;

/// A message as a screen shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineMessage<R: LogRole> {
    /// See [`super::TimelineItem::key`].
    pub key: String,
    /// Its position; absent until it is stored.
    pub seq: Option<Seq>,
    /// When, in epoch milliseconds.
    pub at_ms: i64,
    /// Who wrote it.
    pub author: Author,
    /// Whether this identity (any tab of it) sent it.
    pub mine: bool,
    /// Whether agents alone see it.
    pub whisper: bool,
    /// Whether a run begins with it: the author's name stands over it.
    pub first: bool,
    /// Whether a run ends with it: time and state stand under it.
    pub last: bool,
    /// The text that it quotes, with its marks: [`one_line`] makes it fit.
    pub quote: Option<String>,
    /// What it holds, before any change.
    pub content: Content<R>,
    /// The newest text, if it was changed after it was sent.
    pub edited: Option<Edited>,
    /// The event that says what the page calls itself to which its present text links.
    pub preview: Option<Arc<R::Event>>,
    /// Whether it was taken back: show that, not the content.
    pub deleted: bool,
    /// Where the newest event stands that changed or deleted it.
    pub changed: Option<Seq>,
    /// How far an own message has come; absent for everything else.
    pub state: Option<SendState>,
    /// Whether the customer has answered or passed it: buttons, cards and forms are then disabled.
    pub answer: Answer,
}

impl<R: LogRole> TimelineMessage<R> {
    /// A message that stands alone until its neighbours are known.
    pub(super) fn new(entry: LogEntry<R>, author: Author) -> Self {
        let at_ms = entry.at_ms();
        let whisper = is_whisper(&entry.content);
        Self {
            key: entry.key,
            seq: entry.seq,
            at_ms,
            author,
            mine: entry.mine,
            whisper,
            first: true,
            last: true,
            quote: None,
            content: entry.content,
            edited: entry.edited,
            preview: entry.preview,
            deleted: entry.deleted,
            changed: entry.changed,
            state: entry.state,
            answer: entry.answer,
        }
    }

    /// The same with what it quotes, which is among these entries if it is loaded.
    pub(super) fn with_quote(self, entries: &[LogEntry<R>]) -> Self {
        Self {
            quote: quoted(&self.content, entries),
            ..self
        }
    }

    /// Whether the relay refused it for good.
    pub fn is_failed(&self) -> bool {
        matches!(self.state, Some(SendState::Failed { .. }))
    }

    /// The state that is said under it: of its newest change, or else its own. What is on its way or failed is said of
    /// each message, how far it has come of the last one of a run alone. Whether a whisper was read is not said.
    pub fn shown_state(&self) -> Option<&SendState> {
        let edit = self.edited.as_ref().and_then(|edited| edited.unsent.as_ref());
        let state = edit.map(|(_, state)| state).or(self.state.as_ref())?;
        match state {
            SendState::Failed { .. } | SendState::Queued | SendState::AfterFile | SendState::Sending => Some(state),
            SendState::Stored | SendState::Delivered | SendState::Read => (self.last && !self.whisper).then_some(state),
        }
    }

    /// The post in the outbox, for [`crate::Command::Retry`] and [`crate::Command::Delete`], while it is not stored:
    /// its own, or that of its change.
    pub fn unsent(&self) -> Option<&ClientId> {
        let edit = self.edited.as_ref().and_then(|edited| edited.unsent.as_ref());
        match (&self.content, edit) {
            (_, Some((edit, _))) => Some(edit),
            (Content::Unsent(unsent), None) => Some(&unsent.client_id),
            (Content::Event(_), None) => None,
        }
    }

    /// The stored message's id: what an answer, a quote or an edit names.
    pub fn message_id(&self) -> Option<&str> {
        match &self.content {
            Content::Event(event) => event.message_id(),
            Content::Unsent(_) => None,
        }
    }

    /// What it says, before any change.
    pub fn body(&self) -> Option<&R::Body> {
        match &self.content {
            Content::Event(event) => event.body(),
            Content::Unsent(unsent) => Some(&unsent.draft.body),
        }
    }

    /// Its text as it reads now: the newest, decoded. A blank one is none.
    pub fn text(&self) -> Option<String> {
        let text = match (&self.edited, &self.content) {
            (Some(edited), _) => Some(edited.text.clone()),
            (None, content) => content.text(),
        };
        text.filter(|text| !says_nothing(text))
    }

    /// Whether it draws the same as another one of the same key. What is stored does not change, so that the content is
    /// not read again.
    pub fn looks_like(&self, other: &Self) -> bool {
        let content = match (&self.content, &other.content) {
            (Content::Event(one), Content::Event(other)) => Arc::ptr_eq(one, other),
            (Content::Unsent(one), Content::Unsent(other)) => one.client_id == other.client_id,
            (Content::Event(_), Content::Unsent(_)) | (Content::Unsent(_), Content::Event(_)) => false,
        };
        content
            && (self.first, self.last, self.deleted) == (other.first, other.last, other.deleted)
            && (&self.state, &self.edited, &self.answer) == (&other.state, &other.edited, &other.answer)
            && (&self.author, &self.quote) == (&other.author, &other.quote)
            && self.preview.as_ref().map(Arc::as_ptr) == other.preview.as_ref().map(Arc::as_ptr)
    }
}

fn is_whisper<R: LogRole>(content: &Content<R>) -> bool {
    match content {
        Content::Event(event) => event.is_whisper(),
        Content::Unsent(unsent) => unsent.audience == Audience::Agents,
    }
}

/// The present text of the message that a stored one names as its original, if it quotes it. What was taken back is not
/// repeated.
fn quoted<R: LogRole>(content: &Content<R>, entries: &[LogEntry<R>]) -> Option<String> {
    let Content::Event(event) = content else { return None };
    let original = event.original()?;
    let is_quoted = original.intent == Some(Intent::ReplyTo.as_str());
    let mut entries = entries.iter().filter(|_| is_quoted);
    let entry = entries.find(|entry| entry.message_id() == Some(original.id))?;
    entry.text().filter(|text| !entry.deleted && !says_nothing(text))
}

/// A text on one line and without its marks, where there is no room for what they mean. Blanks within a line stay,
/// lines that show nothing do not.
pub fn one_line(text: &str) -> String {
    let words = plain_text(&parse(text));
    let lines = words.lines().filter(|line| !says_nothing(line));
    lines.collect::<Vec<_>>().join(" ").trim().to_owned()
}
