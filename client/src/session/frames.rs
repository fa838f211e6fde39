//! What the relay says.

use super::Session;
use crate::{Change, Conversation, Effect, SessionRole};
use portico_shared::frame::{Person, RefusalCode, ServerFrame, Summary, Welcome};
use portico_shared::ids::Epoch;

impl<R: SessionRole> Session<R> {
    pub(super) fn received(&mut self, text: &str) {
        self.heard();
        match ServerFrame::from_json(text) {
            Ok(frame) => self.frame_came(frame),
            // A newer relay may say things that this version need not understand.
            Err(error) if error.code == RefusalCode::UnknownFrame => {}
            Err(error) => self.effects.push(Effect::Warn(error.detail)),
        }
    }

    fn frame_came(&mut self, frame: ServerFrame<R>) {
        match frame {
            ServerFrame::Welcome(welcome) => self.welcomed(*welcome),
            ServerFrame::Authenticated { expires_at } => self.token_lasts_until(expires_at),
            ServerFrame::Joined(joined) => self.joined(*joined),
            ServerFrame::Page(page) => self.page_came(page),
            ServerFrame::Event(event) => self.event_came(*event),
            ServerFrame::Accepted(accepted) => self.accepted(accepted),
            ServerFrame::Refused(refused) => self.refused(refused),
            ServerFrame::Typing {
                conversation,
                person,
                on,
            } => self.typing_changed(&conversation, person, on),
            ServerFrame::Conversation(summary) => self.conversation_changed(*summary),
            ServerFrame::Goodbye { retry_after_ms } => self.goodbye(retry_after_ms),
            ServerFrame::Pong => {}
            of_role => R::frame_came(self, of_role),
        }
    }

    fn welcomed(&mut self, mut welcome: Welcome<R>) {
        if !self.greeted(&welcome) {
            return;
        }
        R::welcomed(self, &mut welcome);
        self.me = Some(welcome.me);
        self.epoch_is(&welcome.epoch);
        self.changed(Change::Connection);
        self.list_is(welcome.conversations);
    }

    /// Positions of another incarnation of the store mean nothing any more: cached events are dropped and loaded
    /// again, unsent posts are kept.
    pub(super) fn epoch_is(&mut self, epoch: &Epoch) {
        if self.epoch.as_ref() == Some(epoch) {
            return;
        }
        if self.epoch.replace(epoch.clone()).is_none() {
            return;
        }
        for record in self.outbox.store_changed() {
            self.effects.push(Effect::Persist(record));
        }
        for index in 0..self.conversations.len() {
            self.conversations[index].store_changed();
            let id = self.conversations[index].id().clone();
            self.changed(Change::Conversation(Some(id)));
        }
    }

    /// The conversations that this identity takes part in, as of now.
    fn list_is(&mut self, summaries: Vec<Summary<R>>) {
        for conversation in &mut self.conversations {
            conversation.subscribed = conversation.opened;
        }
        for summary in summaries {
            self.upsert(summary).subscribed = true;
        }
        let outbox = &self.outbox;
        self.conversations.retain(|conversation| {
            let is_awaited = outbox
                .entries()
                .iter()
                .any(|entry| entry.conversation.as_ref() == Some(conversation.id()));
            R::IS_CUSTOMER || conversation.subscribed || is_awaited
        });
        self.adopt_strays();
        self.changed(Change::List);
    }

    fn conversation_changed(&mut self, summary: Summary<R>) {
        let id = summary.conversation.clone();
        let is_me = |me: &Person| summary.people.iter().any(|person| person.id == me.id);
        let takes_part = R::IS_CUSTOMER || self.me.as_ref().is_some_and(is_me);
        let conversation = self.upsert(summary);
        conversation.subscribed = takes_part || conversation.opened;
        if !conversation.subscribed {
            conversation.not_joined();
        }
        self.changed(Change::List);
        self.changed(Change::Conversation(Some(id)));
    }

    /// Takes in a summary, of a known conversation or a new one.
    pub(super) fn upsert(&mut self, summary: Summary<R>) -> &mut Conversation<R> {
        let known = self
            .conversations
            .iter()
            .position(|known| *known.id() == summary.conversation);
        let index = known.unwrap_or(self.conversations.len());
        match self.conversations.get_mut(index) {
            Some(conversation) => conversation.summarised(summary),
            None => self.conversations.push(Conversation::new(summary)),
        }
        &mut self.conversations[index]
    }
}
