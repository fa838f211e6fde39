//! Places in the outbox that are kept for posts which are still being made.

use super::Session;
use crate::outbox::{OutboxEntry, Stage};
use crate::{Effect, SessionRole};

impl<R: SessionRole> Session<R> {
    pub(super) fn end_places(&mut self) {
        for (shown_at, record) in self.outbox.end_places(self.now.ms) {
            self.effects.extend(record.map(Effect::Persist));
            self.unsent_changed(shown_at);
        }
    }

    /// Whether a post waits for another one that is still being made in this tab.
    pub(super) fn is_behind_place(&self, post: &OutboxEntry<R>) -> bool {
        let entries = self.outbox.entries().iter();
        let mut before = entries.take_while(|entry| entry.client_id != post.client_id);
        let is_waiting = matches!(post.stage, Stage::Waiting(_)) && !post.tried;
        is_waiting
            && self.link.is_online()
            && before.any(|entry| entry.is_place() && !entry.is_elsewhere() && self.target(entry) == self.target(post))
    }
}
