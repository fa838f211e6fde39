//! What a person, or a program, wants.

use super::Session;
use crate::entry::Unsent;
use crate::outbox::{KEPT_FOR_MS, Request, Stage};
use crate::{Change, Command, Conversation, Effect, SessionRole};
use portico_shared::frame::{ClientFrame, RefusalCode};
use portico_shared::ids::{ClientId, ConversationId, Seq};
use portico_shared::limits::TYPING_EVERY_MS;
use std::sync::Arc;

impl<R: SessionRole> Session<R> {
    pub(super) fn execute(&mut self, command: Command<R>) {
        match command {
            Command::Post {
                conversation,
                client_id,
                draft,
                audience,
            } => {
                let conversation = conversation.or_else(|| self.written_in());
                if let Some(typing) = conversation.as_ref().and_then(|id| self.conversation_mut(id)) {
                    // The message itself takes the indicator down.
                    typing.typed_at = None;
                }
                let unsent = Unsent {
                    client_id: client_id.clone(),
                    draft: draft.into(),
                    audience,
                    at_ms: self.now.ms - self.set_back_ms,
                };
                self.enqueue(client_id, conversation, Request::Post(Arc::new(unsent)));
            }
            Command::KeepPlace {
                conversation,
                client_id,
            } => {
                let conversation = conversation.or_else(|| self.written_in());
                if self.outbox.has_room() {
                    self.enqueue(client_id, conversation, Request::Place(KEPT_FOR_MS));
                }
                if self.link.is_online() {
                    self.outbox.resume_places(self.now.ms);
                }
            }
            Command::GiveUpPlace(client_id) => {
                if self
                    .outbox
                    .find(&client_id)
                    .is_some_and(|index| self.outbox.entries()[index].is_place())
                {
                    self.delete(&client_id);
                }
            }
            Command::Retry(client_id) => self.retry(&client_id),
            Command::Delete(client_id) => self.delete(&client_id),
            Command::Typing { conversation, on } => self.type_in(conversation, on),
            Command::Seen { conversation, up_to } => self.see(&conversation, up_to),
            Command::LoadOlder(conversation) => {
                if let Some(conversation) = self.conversation_mut(&conversation) {
                    conversation.older_wanted = true;
                }
            }
            Command::End {
                conversation,
                client_id,
            } => {
                let live = conversation.or_else(|| self.live().map(|live| live.id().clone()));
                if let Some(conversation) = live {
                    self.enqueue(client_id, Some(conversation), Request::End);
                }
            }
            Command::Own(command) => R::execute(self, command),
        }
    }

    /// The chat that the customer sees go on. What is written in it stays its own, also without a connection: if it has
    /// ended in the meantime, the person decides what becomes of the message. Without one, the question stays open until
    /// something is sent.
    fn written_in(&self) -> Option<ConversationId> {
        let live = self.live().filter(|live| !self.outbox.is_ending(live.id()));
        live.map(|live| live.id().clone())
    }

    pub(super) fn enqueue(&mut self, client_id: ClientId, conversation: Option<ConversationId>, request: Request<R>) {
        match self
            .outbox
            .push(client_id.clone(), conversation.clone(), request, self.now.ms)
        {
            Some(record) => {
                self.effects.push(Effect::Persist(record));
                self.unsent_changed(conversation);
                let place = self.outbox.find(&client_id);
                let shown_at = place.and_then(|index| self.outbox.entries()[index].conversation.clone());
                self.unsent_changed(shown_at);
            }
            None if self.outbox.find(&client_id).is_some() => {}
            None => self.effects.push(Effect::Refused {
                client_id: Some(client_id),
                code: RefusalCode::Busy,
                message: "too many unsent posts".to_owned(),
            }),
        }
    }

    fn retry(&mut self, client_id: &ClientId) {
        let Some(index) = self.outbox.find(client_id) else {
            return;
        };
        let Some(entry) = self.outbox.entry_mut(index) else {
            return;
        };
        entry.tried |= entry.is_held();
        let Stage::Failed(code, _) = &entry.stage else { return };
        let shown_at = entry.conversation.clone();
        let is_over = R::IS_CUSTOMER && matches!(code, RefusalCode::ConversationEnded | RefusalCode::NotFound);
        if is_over {
            entry.conversation = None;
            entry.restarts += 1;
        }
        entry.stage = Stage::Waiting(self.now.ms);
        entry.backoff.reset();
        if is_over {
            self.follow_into_new_chat(index, shown_at.as_ref());
        }
        self.effects.extend(self.outbox.record(index).map(Effect::Persist));
        self.unsent_changed(shown_at);
        self.unsent_changed(None);
    }

    /// What waited behind a message of a chat that is over goes where the message goes.
    fn follow_into_new_chat(&mut self, index: usize, over: Option<&ConversationId>) {
        for behind in index + 1..self.outbox.entries().len() {
            let entry = &self.outbox.entries()[behind];
            let waits = !entry.tried && matches!(entry.request, Request::Post(_) | Request::Place(_));
            if waits
                && entry.conversation.as_ref() == over
                && let Some(entry) = self.outbox.entry_mut(behind)
            {
                entry.conversation = None;
                self.effects.extend(self.outbox.record(behind).map(Effect::Persist));
            }
        }
    }

    fn delete(&mut self, client_id: &ClientId) {
        let Some(index) = self.outbox.find(client_id) else {
            return;
        };
        let entry = &self.outbox.entries()[index];
        match entry.stage {
            Stage::Waiting(_) | Stage::Elsewhere(_) | Stage::Failed(..) => {
                let shown_at = entry.conversation.clone();
                let record = self.outbox.remove(index);
                self.effects.push(Effect::Persist(record));
                self.unsent_changed(shown_at);
            }
            // Too late: it may be in the log already.
            Stage::InFlight(_) | Stage::Starting(_) | Stage::Stored(..) => {}
        }
    }

    fn type_in(&mut self, conversation: Option<ConversationId>, on: bool) {
        let id = conversation.or_else(|| self.live().map(|live| live.id().clone()));
        let (now, is_online) = (self.now.ms, self.link.is_online());
        let Some(conversation) = id.and_then(|id| self.conversation_mut(&id)) else {
            return;
        };
        let is_due = match (on, conversation.typed_at) {
            (true, Some(at)) => now - at >= TYPING_EVERY_MS as i64,
            (true, None) => true,
            (false, at) => at.is_some(),
        };
        if is_online && is_due {
            conversation.typed_at = on.then_some(now);
            let frame = ClientFrame::Typing {
                conversation: conversation.id().clone(),
                on,
            };
            self.send(&frame);
        }
    }

    fn see(&mut self, id: &ConversationId, up_to: Seq) {
        let Some(conversation) = self.conversation_mut(id) else {
            return;
        };
        let up_to = up_to.min(conversation.log.through());
        if up_to > conversation.seen {
            conversation.seen = up_to;
            self.changed(Change::Conversation(Some(id.clone())));
            self.changed(Change::List);
        }
    }

    /// A conversation by its id, made up until the relay says more.
    pub(super) fn conversation_or_placeholder(&mut self, id: ConversationId, started_at: i64) -> &mut Conversation<R> {
        let known = self.conversations.iter().position(|known| *known.id() == id);
        let index = known.unwrap_or(self.conversations.len());
        if index == self.conversations.len() {
            self.conversations.push(Conversation::placeholder(id, started_at));
            self.changed(Change::List);
        }
        &mut self.conversations[index]
    }
}
