//! What other tabs of the same person do to the records that all of them share.

use super::{Outbox, OutboxEntry, Request, Shown, Stage, insert, record};
use crate::Record;
use portico_shared::ids::{ClientId, ConversationId, Seq};
use portico_shared::role::ClientRole;

/// What another tab's change of a record means here.
#[derive(Debug, PartialEq)]
pub(crate) enum ChangedElsewhere {
    /// An entry has come, is another one, or has gone: where it was shown, and is.
    Shown([Shown; 2]),
    /// The relay has it.
    Stored {
        shown_at: Shown,
        conversation: ConversationId,
        /// Whether this tab, too, may have written the record, after that one removed it.
        may_be_written_here: bool,
    },
    /// It was known here that the relay has it: these records say so.
    Known([Record; 2]),
}

impl<R: ClientRole> Outbox<R> {
    /// Another tab changed a record: it wrote or stored a post, or the person retried or deleted it there. What is new is not sent
    /// before this time. A record may come later than what a log has of it.
    pub(crate) fn changed_elsewhere(
        &mut self,
        record: &Record,
        at: i64,
        in_a_log: impl Fn(&ClientId) -> Option<(ConversationId, Seq)>,
    ) -> Option<ChangedElsewhere> {
        let (Record::Put { key, .. } | Record::Remove { key }) = record;
        let mut entries = self.entries.iter();
        let index = entries.position(|entry| record::key(&entry.client_id) == *key);
        match (record, index) {
            (Record::Put { json, .. }, Some(index)) => match record::read::<R>(key, json) {
                // What the place was kept for is there. What waited behind it here, as what this tab has found when it was opened,
                // goes after it: so it goes from here, too, and is one message by its id.
                record::Reading::Entry(entry) if self.entries[index].is_place() && !entry.is_place() => {
                    let place = self.entries.remove(index);
                    if place.is_elsewhere() {
                        self.take_in_from_elsewhere(entry, at)
                    } else {
                        Some(self.take_in(entry))
                    }
                }
                _ => self.entries[index].written_elsewhere(key, json),
            },
            (Record::Put { json, .. }, None) => match record::read::<R>(key, json) {
                record::Reading::Entry(entry) => match in_a_log(&entry.client_id) {
                    Some((conversation, seq)) => Some(known(&entry.client_id, &conversation, seq)),
                    None if self.has_room() => self.take_in_from_elsewhere(entry, at),
                    None => None,
                },
                record::Reading::Newer | record::Reading::Useless => None,
            },
            // What is on its way from here cannot be held back.
            (Record::Remove { .. }, Some(index)) if self.entries[index].is_on_its_way() => None,
            (Record::Remove { .. }, Some(index)) => {
                let shown_at = self.take_out(index).conversation;
                Some(ChangedElsewhere::Shown([shown_at.clone(), shown_at]))
            }
            (Record::Remove { .. }, None) => None,
        }
    }

    fn take_in_from_elsewhere(&mut self, mut entry: OutboxEntry<R>, at: i64) -> Option<ChangedElsewhere> {
        if entry.stage == Stage::Waiting(0) {
            entry.waits_for_other_tab(at);
        }
        Some(self.take_in(entry))
    }

    fn take_in(&mut self, entry: OutboxEntry<R>) -> ChangedElsewhere {
        let shown_at = entry.conversation.clone();
        insert(&mut self.entries, entry);
        ChangedElsewhere::Shown([shown_at.clone(), shown_at])
    }

    /// The tabs that wrote them have a network again, too: they send theirs first.
    pub(crate) fn wait_for_other_tabs(&mut self, at: i64) {
        for entry in &mut self.entries {
            if entry.is_elsewhere() {
                entry.waits_for_other_tab(at);
            }
        }
    }

    /// The page begins again: what others wrote meanwhile is sent like what a page finds that is loaded.
    pub(crate) fn take_over(&mut self) {
        for entry in &mut self.entries {
            if entry.is_elsewhere() {
                entry.stage = Stage::Waiting(0);
            }
        }
    }
}

impl<R: ClientRole> OutboxEntry<R> {
    /// It is another tab's to send until this time; a place is kept for as long as that tab keeps it.
    fn waits_for_other_tab(&mut self, at: i64) {
        let kept = match self.request {
            Request::Place(left) => left,
            _ => 0,
        };
        self.stage = Stage::Elsewhere(at + kept);
    }

    /// Another tab has written its record anew.
    fn written_elsewhere(&mut self, key: &str, json: &str) -> Option<ChangedElsewhere> {
        let shown_at = self.conversation.clone();
        let stored = record::read_stored(json);
        if let Stage::Stored(conversation, seq) = &self.stage {
            return stored.is_none().then(|| known(&self.client_id, conversation, *seq));
        }
        if let Some((conversation, seq)) = stored {
            let may_be_written_here = !matches!(self.stage, Stage::Elsewhere(_));
            self.conversation = Some(conversation.clone());
            self.stage = Stage::Stored(conversation.clone(), seq);
            return Some(ChangedElsewhere::Stored {
                shown_at,
                conversation,
                may_be_written_here,
            });
        }
        let record::Reading::Entry(written) = record::read::<R>(key, json) else {
            return None;
        };
        if self.is_in_flight() {
            return None;
        }
        // Bound to a chat there, it must not go to another one from here; and what was retried there is no failure here.
        let is_retried = self.is_failed() && !written.is_failed();
        self.tried |= is_retried;
        if is_retried || written.is_failed() {
            self.stage = written.stage;
        }
        self.conversation = written.conversation;
        self.restarts = written.restarts;
        Some(ChangedElsewhere::Shown([shown_at, self.conversation.clone()]))
    }
}

/// The other tab has to be told that the relay has what it wrote.
fn known(client_id: &ClientId, conversation: &ConversationId, seq: Seq) -> ChangedElsewhere {
    let key = record::key(client_id);
    ChangedElsewhere::Known([record::stored(client_id, conversation, seq), Record::Remove { key }])
}
