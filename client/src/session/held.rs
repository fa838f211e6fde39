//! What is unsent and not sent by itself any more. What is old stands as failed, so that the person decides, and what is written
//! after it does not wait for that. What was another person's is gone.

use super::Session;
use crate::outbox::{HELD, OutboxEntry, Request, Stage};
use crate::{Effect, SessionRole};
use portico_shared::frame::RefusalCode;

/// What was written longer ago than this many milliseconds may be of no use any more, or another person's at the same browser.
const SENT_BY_ITSELF_WITHIN_MS: i64 = 24 * 60 * 60 * 1_000;

impl<R: SessionRole> Session<R> {
    /// Holds what was to be said a day ago. An end that was asked for is still one.
    pub(super) fn hold_what_is_old(&mut self) {
        let before = self.now.ms - SENT_BY_ITSELF_WITHIN_MS;
        self.hold(|entry| {
            let is_said = matches!(entry.request, Request::Post(_) | Request::Begin(..));
            entry.order < before && is_said
        });
    }

    /// Drops what an earlier page left: the person who is there now is another one, and is not to read it. What another tab has
    /// written and is to send is that tab's.
    pub(super) fn forgotten(&mut self) {
        self.has_parted = true;
        for index in (0..self.outbox.entries().len()).rev() {
            let entry = &self.outbox.entries()[index];
            if entry.is_left && matches!(entry.stage, Stage::Waiting(_) | Stage::Failed(..)) {
                self.drop_unsent(index);
            }
        }
    }

    /// It is gone, and so is its record.
    pub(super) fn drop_unsent(&mut self, index: usize) {
        let shown_at = self.outbox.entries()[index].conversation.clone();
        let record = self.outbox.remove(index);
        self.effects.push(Effect::Persist(record));
        self.unsent_changed(shown_at);
    }

    /// Holds posts that no socket has had yet; what is no post has nothing to show, and goes.
    fn hold(&mut self, is_meant: impl Fn(&OutboxEntry<R>) -> bool) {
        for index in (0..self.outbox.entries().len()).rev() {
            let Some(entry) = self.outbox.entry_mut(index) else {
                return;
            };
            let waits = matches!(entry.stage, Stage::Waiting(_) | Stage::Elsewhere(_)) && !entry.tried;
            if !waits || !is_meant(entry) {
                continue;
            }
            let shown_at = entry.conversation.clone();
            let record = match entry.request {
                Request::Post(_) => {
                    entry.stage = Stage::Failed(RefusalCode::Other(HELD.to_owned()), String::new());
                    self.outbox.record(index)
                }
                Request::Begin(..) | Request::End | Request::Leave | Request::Place(_) => {
                    Some(self.outbox.remove(index))
                }
            };
            self.effects.extend(record.map(Effect::Persist));
            self.unsent_changed(shown_at);
        }
    }
}
