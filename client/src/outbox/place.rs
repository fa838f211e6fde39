//! Places that are kept for posts that are still being made, as those with files that are uploaded: what is posted behind one waits
//! for it. A place lasts for a while with a connection and ends then, so that a large file on a bad line holds back no message for
//! long; its post is the last one when it comes.

use super::{Outbox, OutboxEntry, Request, Shown, Stage};
use crate::Record;
use portico_shared::role::ClientRole;

/// How long a place lasts with a connection, in milliseconds.
pub(crate) const KEPT_FOR_MS: i64 = 30_000;

impl<R: ClientRole> OutboxEntry<R> {
    /// Whether its post is still to come.
    pub(crate) fn is_place(&self) -> bool {
        matches!(self.request, Request::Place(_))
    }

    /// Whether another tab has to send it, or the post that it keeps a place for.
    pub(crate) fn is_elsewhere(&self) -> bool {
        matches!(self.stage, Stage::Elsewhere(_))
    }
}

impl<R: ClientRole> Outbox<R> {
    /// There is a connection: the time of this tab's places goes on.
    pub(crate) fn resume_places(&mut self, now_ms: i64) {
        for entry in &mut self.entries {
            if let (Request::Place(left), Stage::Waiting(0)) = (&entry.request, &entry.stage) {
                entry.stage = Stage::Waiting(now_ms + left);
            }
        }
    }

    /// There is none: their time stands still, as nothing behind them could be sent.
    pub(crate) fn pause_places(&mut self, now_ms: i64) {
        for entry in &mut self.entries {
            if let (Request::Place(left), Stage::Waiting(at @ 1..)) = (&mut entry.request, &entry.stage) {
                *left = (at - now_ms).clamp(0, KEPT_FOR_MS);
                entry.stage = Stage::Waiting(0);
            }
        }
    }

    /// Ends the places whose time is over; answers where each was, and the record of one of this tab's. That of another tab may
    /// be its post by now, and stays.
    pub(crate) fn end_places(&mut self, now_ms: i64) -> Vec<(Shown, Option<Record>)> {
        let mut ended = Vec::new();
        while let Some(index) = self.entries.iter().position(|entry| entry.has_ended(now_ms)) {
            let shown_at = self.entries[index].conversation.clone();
            let record = if self.entries[index].is_elsewhere() {
                self.take_out(index);
                None
            } else {
                Some(self.remove(index))
            };
            ended.push((shown_at, record));
        }
        ended
    }
}

impl<R: ClientRole> OutboxEntry<R> {
    fn has_ended(&self, now_ms: i64) -> bool {
        let is_over = matches!(self.stage, Stage::Waiting(at @ 1..) | Stage::Elsewhere(at) if at <= now_ms);
        self.is_place() && is_over
    }
}
