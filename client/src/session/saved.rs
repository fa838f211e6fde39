//! What other tabs, and earlier pages, of the same person did to the storage that all of them share.

use super::Session;
use super::link::Stage;
use crate::outbox::ChangedElsewhere;
use crate::{Effect, Record, Saved, SessionRole};
use portico_shared::ids::{ClientId, ConversationId};

/// What another tab wrote is sent from here after so many milliseconds with a connection, unless that tab has sent it by then.
const SENT_ELSEWHERE_WITHIN_MS: i64 = 10_000;

impl<R: SessionRole> Session<R> {
    /// Another tab changed what is saved.
    pub(super) fn saved_elsewhere(&mut self, record: &Record) {
        let at = self.now.ms + SENT_ELSEWHERE_WITHIN_MS;
        let conversations = &self.conversations;
        let in_a_log = |id: &ClientId| {
            let places = conversations
                .iter()
                .filter_map(|known| Some((known, known.log.post(id)?)));
            places.map(|(known, seq)| (known.id().clone(), seq)).next()
        };
        match self.outbox.changed_elsewhere(record, at, in_a_log) {
            None => {}
            // Without a connection it is not known whether the store is still the same.
            Some(ChangedElsewhere::Known(_)) if !self.link.is_online() => {}
            Some(ChangedElsewhere::Known(records)) => self.effects.extend(records.map(Effect::Persist)),
            Some(ChangedElsewhere::Shown([before, after])) => {
                // What failed says nothing of a chat that goes on: that chat may be long over.
                let mut entries = self.outbox.entries().iter();
                let goes_on = entries.any(|entry| entry.conversation == after && !entry.is_failed());
                if let Some(id) = after.as_ref().filter(|_| R::IS_CUSTOMER && after != before && goes_on) {
                    // Perhaps a chat that the other tab has just started.
                    self.conversation_or_placeholder(id.clone(), self.now.ms).subscribed = true;
                }
                self.unsent_changed(before);
                self.unsent_changed(after);
                if self.link.is_online() {
                    self.hold_what_is_old();
                }
            }
            Some(ChangedElsewhere::Stored {
                shown_at,
                conversation,
                may_be_written_here,
            }) => {
                self.unsent_changed(shown_at);
                if may_be_written_here {
                    let (Record::Put { key, .. } | Record::Remove { key }) = record;
                    self.effects.push(Effect::Persist(Record::Remove { key: key.clone() }));
                }
                self.stored_elsewhere(conversation);
            }
        }
    }

    fn stored_elsewhere(&mut self, id: ConversationId) {
        // Perhaps a chat that the other tab has just started.
        self.conversation_or_placeholder(id.clone(), self.now.ms).subscribed = true;
        self.unsent_changed(Some(id.clone()));
        self.settle_stored(&id);
    }

    /// Hears at once of all that was missed. A page that begins again was told nothing in between: what has no record any more was
    /// stored or deleted, and what is new is sent like what a page finds that is loaded.
    pub(super) fn saved_now(&mut self, saved: Saved) {
        let begins_again = self.link.stage == Stage::Idle;
        let entries = self.outbox.entries().iter().filter(|_| begins_again);
        let keys = entries.map(|entry| Record::key_of(&entry.client_id));
        let is_gone = |key: &String| saved.records.iter().all(|(saved, _)| saved != key);
        let gone: Vec<String> = keys.filter(is_gone).collect();
        let gone = gone.into_iter().map(|key| Record::Remove { key });
        let there = saved.records.into_iter().map(|(key, json)| Record::Put { key, json });
        for record in gone.chain(there) {
            self.saved_elsewhere(&record);
        }
        if begins_again {
            self.outbox.take_over();
        }
    }

    /// There is a connection: what other tabs wrote is theirs to send, and what is old is not sent by itself.
    pub(super) fn look_at_what_was_left(&mut self) {
        self.hold_what_is_old();
        self.outbox.wait_for_other_tabs(self.now.ms + SENT_ELSEWHERE_WITHIN_MS);
        self.outbox.resume_places(self.now.ms);
    }

    /// Takes over posts that the browser's storage had lost and its copy still has. Old posts are held, and posts of a forgotten visitor
    /// are dropped; the others are sent, also when the connection was there first.
    pub(super) fn restored(&mut self, saved: Saved) {
        let conversations = &self.conversations;
        let is_in_log = |id: &ClientId| conversations.iter().any(|known| known.log.post(id).is_some());
        for (shown_at, record) in self.outbox.restore(saved, is_in_log) {
            match (shown_at, &record) {
                (Some(_), Record::Put { key, .. }) if self.has_parted => {
                    let mut entries = self.outbox.entries().iter();
                    if let Some(index) = entries.position(|entry| Record::key_of(&entry.client_id) == *key) {
                        self.drop_unsent(index);
                    }
                }
                (shown_at, _) => {
                    self.effects.push(Effect::Persist(record));
                    if let Some(shown_at) = shown_at {
                        self.unsent_changed(shown_at);
                    }
                }
            }
        }
        self.hold_what_is_old();
    }
}
