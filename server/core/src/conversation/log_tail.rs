//! What conversation lists show of the end of a log: its newest message, and how many messages each reader has not read.
//!
//! An actor keeps a [`LogTail`] as long as its messages concern connections that have the conversation in a list and do
//! not read it live. The store is read once for the newest message and once for each reader; from then on the tail follows
//! from what is committed, so that a message costs no reads.

use super::access::Reader;
use super::summary::{Newest, describe, is_unread};
use crate::conversation::reader_role::Summary;
use crate::store::{ConversationRecord, LogStore, StoreError, StoredEvent};
use portico_shared::frame::Range;
use portico_shared::ids::Seq;
use portico_shared::limits::MAX_PAGE;
use std::collections::VecDeque;

/// The end of one log as far as lists show it.
#[derive(Debug, Default)]
pub(super) struct LogTail {
    /// A list asked for it: what is committed has to be followed.
    in_use: bool,
    /// The newest message that was read or committed.
    newest: Option<StoredEvent>,
    /// The readers that were counted for; all of them take part or have just left.
    unread: Vec<Unread>,
}

/// What one reader has not read.
#[derive(Debug)]
struct Unread {
    reader: Reader,
    /// The reader's read marker.
    read: Seq,
    /// The unread messages among the [`MAX_PAGE`] events that follow the marker.
    positions: VecDeque<Seq>,
}

/// A conversation as `reader` may know of it, read from the store alone.
pub(super) async fn summary(
    store: &dyn LogStore,
    record: &ConversationRecord,
    reader: &Reader,
) -> Result<Summary, StoreError> {
    LogTail::default().summary(store, record, reader).await
}

impl LogTail {
    /// A conversation as `reader` may know of it. The store is read for what is not in memory.
    pub(super) async fn summary(
        &mut self,
        store: &dyn LogStore,
        record: &ConversationRecord,
        reader: &Reader,
    ) -> Result<Summary, StoreError> {
        self.in_use = true;
        let read = read_marker(record, reader);
        let unread = match record.last_message {
            Some(last) if last > read => self.unread(store, record, reader).await?,
            Some(_) | None => 0,
        };
        let message = self.newest(store, record).await?;
        Ok(describe(record, reader, Newest { message, unread, read }))
    }

    /// Follows a commit: `record` is the conversation after it, `events` are what it appended.
    pub(super) fn follow(&mut self, record: &ConversationRecord, events: &[StoredEvent]) {
        if !self.in_use {
            return;
        }
        let before = Seq(record.head.0.saturating_sub(events.len() as u64));
        self.unread
            .retain_mut(|unread| takes_part(record, &unread.reader) && unread.follow(record, before, events));
        let message = events
            .iter()
            .rev()
            .find(|stored| Some(stored.seq) == record.last_message);
        if let Some(message) = message {
            self.newest = Some(message.clone());
        }
    }

    /// Forgets everything; the next summary reads the store.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    async fn newest(
        &mut self,
        store: &dyn LogStore,
        record: &ConversationRecord,
    ) -> Result<Option<&StoredEvent>, StoreError> {
        let Some(last) = record.last_message else {
            return Ok(None);
        };
        if self.newest.as_ref().is_none_or(|stored| stored.seq != last) {
            let before = Seq(last.0.saturating_sub(1));
            let page = store.page(&record.id, Range::After(before), 1).await?;
            self.newest = page.events.into_iter().next();
        }
        Ok(self.newest.as_ref())
    }

    async fn unread(
        &mut self,
        store: &dyn LogStore,
        record: &ConversationRecord,
        reader: &Reader,
    ) -> Result<usize, StoreError> {
        if let Some(known) = self.unread.iter().find(|unread| unread.reader == *reader) {
            return Ok(known.positions.len());
        }
        let unread = Unread::load(store, record, reader).await?;
        let count = unread.positions.len();
        self.unread.push(unread);
        Ok(count)
    }
}

impl Unread {
    async fn load(store: &dyn LogStore, record: &ConversationRecord, reader: &Reader) -> Result<Self, StoreError> {
        let read = read_marker(record, reader);
        let last = window_end(read).min(record.head);
        let (mut positions, mut after) = (VecDeque::new(), read);
        while after < last {
            let page = store.page(&record.id, Range::After(after), MAX_PAGE).await?;
            let Some(newest) = page.events.last().map(|stored| stored.seq) else {
                break;
            };
            let unread = page
                .events
                .iter()
                .filter(|stored| stored.seq <= last && is_unread(stored, reader));
            positions.extend(unread.map(|stored| stored.seq));
            after = newest;
        }
        Ok(Self {
            reader: reader.clone(),
            read,
            positions,
        })
    }

    /// False if the marker moved and what it uncovered is not known here. `before` is the head before the commit.
    fn follow(&mut self, record: &ConversationRecord, before: Seq, events: &[StoredEvent]) -> bool {
        let read = read_marker(record, &self.reader);
        if read != self.read {
            if before > window_end(self.read) {
                return false;
            }
            self.read = read;
            self.positions.retain(|position| *position > read);
        }
        let last = window_end(read);
        let unread = events
            .iter()
            .filter(|stored| stored.seq > read && stored.seq <= last && is_unread(stored, &self.reader));
        self.positions.extend(unread.map(|stored| stored.seq));
        true
    }
}

/// Messages past this position are not counted.
fn window_end(read: Seq) -> Seq {
    Seq(read.0.saturating_add(u64::from(MAX_PAGE)))
}

fn read_marker(record: &ConversationRecord, reader: &Reader) -> Seq {
    let marker = record.markers.iter().find(|marker| marker.member == reader.key);
    marker.map_or(Seq::START, |marker| marker.read)
}

fn takes_part(record: &ConversationRecord, reader: &Reader) -> bool {
    record
        .participants
        .iter()
        .any(|one| Reader::of_participant(one, record).as_ref() == Some(reader))
}
