//! Request views read of a conversation: its entries, confirmed and unsent.

use super::Session;
use crate::entry::{Answer, Content, Edited, LogEntry, SendState};
use crate::event::{self, CARD, LogEvent, LogRole, Meaning, Original};
use crate::log::{CachedEvent, CachedLog};
use crate::outbox::{OutboxEntry, Stage};
use crate::{Conversation, SessionRole};
use portico_shared::cim::{Intent, SenderType};
use portico_shared::frame::Draft;
use portico_shared::ids::{ClientId, ConversationId, MessageId, Seq};
use portico_shared::role::Body;
use std::sync::Arc;

impl<R: SessionRole> Session<R> {
    /// The customer's live chat: the newest conversation that goes on.
    pub fn live(&self) -> Option<&Conversation<R>> {
        let live = self.conversations.iter().filter(|conversation| conversation.is_live());
        live.max_by_key(|conversation| conversation.summary.started_at)
    }

    /// What a customer's view shows: the live chat, or else the last one.
    pub fn chat(&self) -> Option<&Conversation<R>> {
        let newest = || {
            self.conversations
                .iter()
                .max_by_key(|conversation| conversation.summary.started_at)
        };
        self.live().or_else(newest)
    }

    /// All entries of a conversation, oldest first. Unsent entries of a chat that does not exist yet stand at the end of
    /// [`Session::chat`]; without one, they are the entries of `None`.
    pub fn entries(&self, conversation: Option<&ConversationId>) -> Vec<LogEntry<R>> {
        let known = conversation.and_then(|id| self.conversation(id));
        let mut entries = match known {
            Some(conversation) => self.confirmed_entries(&conversation.log),
            None => Vec::new(),
        };
        for post in self.unsent_of(conversation) {
            self.add_unsent(&mut entries, post);
        }
        self.mark_answers(&mut entries);
        entries
    }

    /// The entry of one stored event, for example of an [`crate::Effect::Arrived`].
    pub fn entry(&self, conversation: &ConversationId, seq: Seq) -> Option<LogEntry<R>> {
        self.entries(Some(conversation))
            .into_iter()
            .find(|entry| entry.seq == Some(seq))
    }

    /// How many posts are not stored yet, over all conversations: what a page warns of before it closes.
    pub fn unsent(&self) -> usize {
        self.outbox
            .entries()
            .iter()
            .filter(|post| post.post().is_some() && !post.is_stored())
            .count()
    }

    /// Whether a post with this id is kept until it is stored: there is room for one more, or it is among them already.
    pub fn can_post(&self, client_id: &ClientId) -> bool {
        self.outbox.has_room() || self.outbox.find(client_id).is_some()
    }

    /// Whether a chat that was asked for by [`crate::CustomerCommand::Begin`] is still to be started.
    pub fn is_beginning(&self) -> bool {
        self.outbox.is_beginning()
    }

    /// Whether the relay takes something only later: this client sends too much at once, or the relay has too much to do.
    pub fn is_held_back(&self) -> bool {
        self.outbox.entries().iter().any(OutboxEntry::<R>::is_held_back)
    }

    fn unsent_of<'a>(&'a self, shown: Option<&'a ConversationId>) -> impl Iterator<Item = &'a OutboxEntry<R>> {
        let chat = self.chat().filter(|_| R::IS_CUSTOMER).map(Conversation::id);
        self.outbox.entries().iter().filter(move |post| {
            let place = match &post.stage {
                Stage::Stored(id, _) => Some(id),
                _ => post.conversation.as_ref().or(chat),
            };
            place == shown && !post.is_answer_elsewhere()
        })
    }

    fn confirmed_entries(&self, log: &CachedLog<R::Event>) -> Vec<LogEntry<R>> {
        let to_entry = |event: &CachedEvent<R::Event>| {
            let state = (event.mine && event.said).then(|| {
                if log.is_read(event.seq) {
                    SendState::Read
                } else if log.is_delivered(event.seq) {
                    SendState::Delivered
                } else {
                    SendState::Stored
                }
            });
            let edited = log.edit_of(event).map(|text| Edited {
                text: text.to_owned(),
                unsent: None,
            });
            LogEntry {
                key: event
                    .client_id
                    .as_ref()
                    .map_or_else(|| ["#", &event.seq.0.to_string()].concat(), ToString::to_string),
                seq: Some(event.seq),
                content: Content::Event(Arc::clone(&event.event)),
                state,
                mine: event.mine,
                edited,
                preview: log.preview_of(event).cloned(),
                deleted: log.is_deleted(event),
                changed: log.changed_at(event),
                answer: Answer::Open,
            }
        };
        log.events().iter().map(to_entry).collect()
    }

    /// An unsent edit stands in the entry that it changes, any other post is an entry of its own.
    fn add_unsent(&self, entries: &mut Vec<LogEntry<R>>, post: &OutboxEntry<R>) {
        let Some(unsent) = post.post() else { return };
        let state = match self.is_behind_place(post) {
            true => SendState::AfterFile,
            false => post.state(self.link.is_online()),
        };
        let draft = &unsent.draft;
        if draft.intent.as_deref() == Some(Intent::Update.as_str()) {
            let original = draft.original_message_id.as_ref();
            if let Some(entry) = entries
                .iter_mut()
                .find(|entry| entry.message_id() == original.map(MessageId::as_str))
            {
                let text = draft.body.markdown_text().unwrap_or_default().to_owned();
                entry.edited = Some(Edited {
                    text,
                    unsent: Some((unsent.client_id.clone(), state)),
                });
                // It is that of another text.
                entry.preview = None;
                return;
            }
        }
        // What is stored stands by position, its event still to come; the rest stands in the order of sending.
        let (seq, index) = match post.stage {
            Stage::Stored(_, seq) => {
                let before = |entry: &LogEntry<R>| entry.seq.is_some_and(|earlier| earlier < seq);
                (Some(seq), entries.partition_point(before))
            }
            Stage::Waiting(_) | Stage::Elsewhere(_) | Stage::InFlight(_) | Stage::Starting(_) | Stage::Failed(..) => {
                (None, entries.len())
            }
        };
        let entry = LogEntry {
            key: unsent.client_id.to_string(),
            seq,
            content: Content::Unsent(Arc::clone(unsent)),
            state: Some(state),
            mine: true,
            edited: None,
            preview: None,
            deleted: false,
            changed: None,
            answer: Answer::Open,
        };
        entries.insert(index, entry);
    }

    /// From the newest entry to the oldest: what the customer wrote answers what it names, and passes the rest; a menu
    /// passes the menus before it, and the end of the chat all that was asked before. The relay's survey comes after that; to
    /// what an app asks then, the relay takes no answer.
    fn mark_answers(&self, entries: &mut [LogEntry<R>]) {
        let mut answers: Vec<(String, Answer)> = Vec::new();
        let mut has_written = false;
        let mut has_menu = false;
        let mut is_over = false;
        let has_end = entries.iter().any(LogEntry::is_end);
        for entry in entries.iter_mut().rev() {
            if self.is_of_customer(entry) {
                if !matches!(entry.state, Some(SendState::Failed { .. })) {
                    has_written = true;
                    answers.extend(entry.answer_given());
                }
                continue;
            }
            let given = entry
                .message_id()
                .and_then(|id| answers.iter().rev().find(|(original, _)| original == id));
            let is_late = has_end && entry.is_of_app();
            entry.answer = match given {
                Some((_, answer)) => answer.clone(),
                None if has_written || is_over || is_late || (has_menu && entry.is_menu()) => Answer::Passed,
                None => Answer::Open,
            };
            has_menu |= entry.is_menu() && !entry.deleted;
            is_over |= entry.is_end();
        }
    }

    fn is_of_customer(&self, entry: &LogEntry<R>) -> bool {
        if R::IS_CUSTOMER {
            return entry.mine && entry.state.is_some();
        }
        match &entry.content {
            Content::Event(event) => event::is_customers(&**event) && event.meaning() == Meaning::Message,
            Content::Unsent(_) => false,
        }
    }
}

impl<R: LogRole> LogEntry<R> {
    /// The id of its message, once that is known: what an answer, a quote or an edit names.
    pub fn message_id(&self) -> Option<&str> {
        match &self.content {
            Content::Event(event) => event.message_id(),
            Content::Unsent(_) => None,
        }
    }

    /// The text to show: the newest one, decoded.
    pub fn text(&self) -> Option<String> {
        match &self.edited {
            Some(edited) => Some(edited.text.clone()),
            None => self.content.text(),
        }
    }

    /// Whether it asks for a press on one of its buttons, and does not say itself that they stay. The buttons of cards
    /// belong to their cards: cards and a menu under them are one question.
    fn is_menu(&self) -> bool {
        let Content::Event(event) = &self.content else {
            return false;
        };
        event.is_menu()
    }

    /// Whether the chat is over with it.
    fn is_end(&self) -> bool {
        match &self.content {
            Content::Event(event) => event.is_end(),
            Content::Unsent(_) => false,
        }
    }

    /// Whether an app has reported it.
    fn is_of_app(&self) -> bool {
        match &self.content {
            Content::Event(event) => *event.emitter_kind() == SenderType::App,
            Content::Unsent(_) => false,
        }
    }

    /// Which message it answers, and how.
    fn answer_given(&self) -> Option<(String, Answer)> {
        let original = match &self.content {
            Content::Event(event) => event.original()?,
            Content::Unsent(unsent) => original_of(&unsent.draft)?,
        };
        if original.intent == Some(Intent::ReplyTo.as_str()) {
            // A quote, not an answer.
            return None;
        }
        let answer = Answer::Given {
            intent: original.intent.map(str::to_owned),
            text: self.text().unwrap_or_default(),
            card: original.card.map(str::to_owned),
        };
        Some((original.id.to_owned(), answer))
    }
}

/// The message that a draft names.
fn original_of<B>(draft: &Draft<B>) -> Option<Original<'_>> {
    Some(Original {
        id: draft.original_message_id.as_ref()?.as_str(),
        intent: draft.intent.as_deref(),
        card: draft.additional_data.as_ref().and_then(|data| data.get(CARD)?.as_str()),
    })
}
