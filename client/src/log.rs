//! The cached part of one conversation's log: a covered range `(from, through]` without gaps, the events in it, and what
//! later events said about earlier ones (receipts, edits, deletions, previews of links).
//!
//! Events and pages come as covered ranges. One that touches the cached range extends it; one beyond its end is a
//! gap, which is noted and pulled, never guessed.

use crate::event::{LogEvent, Meaning, Reader};
use portico_shared::ids::{ClientId, Seq};
use std::sync::Arc;

/// See the module's head.
#[derive(Debug, Clone)]
pub(crate) struct CachedLog<E> {
    loaded: bool,
    from: Seq,
    through: Seq,
    /// The newest position that is known to exist.
    head: Seq,
    /// Everything up to here is pulled, unless it comes by itself first.
    wanted: Seq,
    events: Vec<CachedEvent<E>>,
    edits: Vec<Edit>,
    /// Message ids that delete notices named, and where the notices stand. Who may take a message back is the relay's to
    /// judge.
    deletions: Vec<(String, Seq)>,
    /// The newest one of each message, by the message's id.
    previews: Vec<Preview<E>>,
    delivered: ReceiptProgress,
    read: ReceiptProgress,
}

/// One entry's event.
#[derive(Debug, Clone)]
pub(crate) struct CachedEvent<E> {
    pub(crate) seq: Seq,
    pub(crate) event: Arc<E>,
    pub(crate) client_id: Option<ClientId>,
    pub(crate) mine: bool,
    /// A message, in contrast to a notice.
    pub(crate) said: bool,
}

/// One event as it comes.
#[derive(Debug)]
pub(crate) struct NewEvent<E> {
    pub(crate) seq: Seq,
    pub(crate) event: E,
    pub(crate) client_id: Option<ClientId>,
}

/// The newest text of a message.
#[derive(Debug, Clone)]
struct Edit {
    original: String,
    seq: Seq,
    by: String,
    text: String,
}

/// What a page calls itself that a message links to.
#[derive(Debug, Clone)]
struct Preview<E> {
    message: String,
    seq: Seq,
    event: Arc<E>,
}

/// How far own messages have come in one respect.
#[derive(Debug, Clone, Default)]
struct ReceiptProgress {
    /// Own messages up to here.
    up_to: Seq,
    /// The newest receipt whose message is not cached: where it stands, and the message.
    unplaced: Option<(Seq, String)>,
}

impl ReceiptProgress {
    fn note<E: LogEvent>(&mut self, receipt: Seq, message: &str, events: &[CachedEvent<E>]) {
        match events
            .iter()
            .rev()
            .find(|entry| entry.event.message_id() == Some(message))
        {
            Some(entry) => self.up_to = self.up_to.max(entry.seq),
            None if self.unplaced.as_ref().is_none_or(|(newest, _)| *newest < receipt) => {
                self.unplaced = Some((receipt, message.to_owned()));
            }
            None => {}
        }
    }

    fn place<E: LogEvent>(&mut self, entry: &CachedEvent<E>) {
        let Some((_, message)) = &self.unplaced else { return };
        if entry.event.message_id() == Some(message) {
            self.up_to = self.up_to.max(entry.seq);
            self.unplaced = None;
        }
    }
}

/// What became of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Merge {
    /// It is part of the cached range now, or was already.
    Merged,
    /// Something between it and the cached range is missing; nothing was taken.
    Gap,
}

impl<E> Default for CachedLog<E> {
    fn default() -> Self {
        Self {
            loaded: false,
            from: Seq::START,
            through: Seq::START,
            head: Seq::START,
            wanted: Seq::START,
            events: Vec::new(),
            edits: Vec::new(),
            deletions: Vec::new(),
            previews: Vec::new(),
            delivered: ReceiptProgress::default(),
            read: ReceiptProgress::default(),
        }
    }
}

impl<E: LogEvent> CachedLog<E> {
    /// Begins to cover the log at its head; older events are pulled on demand.
    pub(crate) fn start_at(&mut self, head: Seq) {
        *self = Self {
            loaded: true,
            from: head,
            through: head,
            head,
            wanted: head,
            ..Self::default()
        };
    }

    pub(crate) fn is_loaded(&self) -> bool {
        self.loaded
    }

    pub(crate) fn from(&self) -> Seq {
        self.from
    }

    pub(crate) fn through(&self) -> Seq {
        self.through
    }

    /// Whether what is visible at a position is cached.
    pub(crate) fn covers(&self, seq: Seq) -> bool {
        self.from < seq && seq <= self.through
    }

    /// Whether something is known to be missing that must be pulled.
    pub(crate) fn is_behind(&self) -> bool {
        self.loaded && self.wanted > self.through
    }

    /// A position exists. Its event is expected to come by itself.
    pub(crate) fn note_head(&mut self, head: Seq) {
        self.head = self.head.max(head);
    }

    /// What is known to exist is pulled from now on: whatever was expected by itself has had its time.
    pub(crate) fn want_head(&mut self) {
        self.wanted = self.wanted.max(self.head);
    }

    /// Everything up to here must be pulled.
    pub(crate) fn want(&mut self, head: Seq) {
        self.note_head(head);
        self.want_head();
    }

    /// Takes in what is visible of `(after, through]`, if that touches what is cached.
    pub(crate) fn merge(&mut self, after: Seq, through: Seq, events: Vec<NewEvent<E>>, reader: &Reader) -> Merge {
        if !self.loaded || after > self.through || through < self.from {
            return Merge::Gap;
        }
        for event in events {
            if event.seq > after && event.seq <= through {
                self.insert(event, reader);
            }
        }
        self.from = self.from.min(after);
        self.through = self.through.max(through);
        self.note_head(through);
        Merge::Merged
    }

    fn insert(&mut self, new: NewEvent<E>, reader: &Reader) {
        let Err(index) = self.events.binary_search_by_key(&new.seq, |entry| entry.seq) else {
            return;
        };
        let NewEvent { seq, event, client_id } = new;
        let index = if event.erases() { self.erase_before(seq) } else { index };
        let mut said = false;
        let mut preview_of = None;
        match event.meaning() {
            Meaning::Silent => return,
            Meaning::Delivered(message) if reader.heeds_receipt(&event) => {
                return self.delivered.note(seq, message, &self.events);
            }
            Meaning::Read(message) if reader.heeds_receipt(&event) => {
                return self.read.note(seq, message, &self.events);
            }
            Meaning::Delivered(_) | Meaning::Read(_) => return,
            Meaning::Edit { original, text } => {
                let edit = Edit {
                    original: original.to_owned(),
                    seq,
                    by: event.emitter().to_owned(),
                    text: text.into_owned(),
                };
                return self.note_edit(edit);
            }
            Meaning::Deleted(message) => {
                if self.deletion_of(message).is_none() {
                    self.deletions.push((message.to_owned(), seq));
                }
                return;
            }
            Meaning::Preview(message) => preview_of = Some(message.to_owned()),
            Meaning::Message => said = true,
            Meaning::Notice => {}
        }
        if let Some(message) = preview_of {
            let event = Arc::new(event);
            return self.note_preview(Preview { message, seq, event });
        }
        let mine = client_id.is_some() || reader.is_author(&event);
        let entry = CachedEvent {
            seq,
            event: Arc::new(event),
            client_id,
            mine,
            said,
        };
        self.delivered.place(&entry);
        self.read.place(&entry);
        self.events.insert(index, entry);
    }

    /// Nothing that was said before a position is held any more. Answers where its entry goes.
    fn erase_before(&mut self, seq: Seq) -> usize {
        self.events.retain(|entry| entry.seq > seq);
        self.edits.retain(|edit| edit.seq > seq);
        self.deletions.clear();
        self.previews.retain(|preview| preview.seq > seq);
        0
    }

    fn note_edit(&mut self, edit: Edit) {
        match self
            .edits
            .iter_mut()
            .find(|known| known.original == edit.original && known.by == edit.by)
        {
            Some(known) if known.seq < edit.seq => *known = edit,
            Some(_) => {}
            None => self.edits.push(edit),
        }
    }

    fn note_preview(&mut self, preview: Preview<E>) {
        match self.find_preview(&preview.message) {
            Ok(index) if self.previews[index].seq < preview.seq => self.previews[index] = preview,
            Ok(_) => {}
            Err(index) => self.previews.insert(index, preview),
        }
    }

    fn find_preview(&self, message: &str) -> Result<usize, usize> {
        self.previews
            .binary_search_by(|known| known.message.as_str().cmp(message))
    }

    /// The entries' events, oldest first.
    pub(crate) fn events(&self) -> &[CachedEvent<E>] {
        &self.events
    }

    /// Where the post with this client id is among them.
    pub(crate) fn post(&self, client_id: &ClientId) -> Option<Seq> {
        let mut events = self.events.iter();
        let found = events.find(|entry| entry.client_id.as_ref() == Some(client_id));
        found.map(|entry| entry.seq)
    }

    /// The entries after a position.
    pub(crate) fn events_after(&self, seq: Seq) -> &[CachedEvent<E>] {
        &self.events[self.events.partition_point(|entry| entry.seq <= seq)..]
    }

    /// The newest text of an entry, if its author changed it.
    pub(crate) fn edit_of(&self, entry: &CachedEvent<E>) -> Option<&str> {
        self.newest_edit(entry).map(|edit| edit.text.as_str())
    }

    /// What the page of an entry's link calls itself, if it is that of its newest text.
    pub(crate) fn preview_of(&self, entry: &CachedEvent<E>) -> Option<&Arc<E>> {
        let id = entry.event.message_id().filter(|_| !self.previews.is_empty())?;
        let preview = &self.previews[self.find_preview(id).ok()?];
        let is_older = self.newest_edit(entry).is_some_and(|edit| preview.seq < edit.seq);
        (!is_older).then_some(&preview.event)
    }

    fn newest_edit(&self, entry: &CachedEvent<E>) -> Option<&Edit> {
        let id = entry.event.message_id()?;
        let by = entry.event.emitter();
        self.edits.iter().find(|edit| edit.original == id && edit.by == by)
    }

    /// Whether an entry was taken back.
    pub(crate) fn is_deleted(&self, entry: &CachedEvent<E>) -> bool {
        entry.event.message_id().and_then(|id| self.deletion_of(id)).is_some()
    }

    /// Where the newest event stands that changed an entry or took it back.
    pub(crate) fn changed_at(&self, entry: &CachedEvent<E>) -> Option<Seq> {
        let edited = self.newest_edit(entry).map(|edit| edit.seq);
        let deleted = entry.event.message_id().and_then(|id| self.deletion_of(id));
        edited.max(deleted)
    }

    fn deletion_of(&self, message: &str) -> Option<Seq> {
        let mut deletions = self.deletions.iter();
        deletions.find(|(id, _)| id == message).map(|(_, seq)| *seq)
    }

    /// Whether own messages up to here reached another participant.
    pub(crate) fn is_delivered(&self, seq: Seq) -> bool {
        seq <= self.delivered.up_to
    }

    /// Whether own messages up to here were read.
    pub(crate) fn is_read(&self, seq: Seq) -> bool {
        seq <= self.read.up_to
    }

    pub(crate) fn messages_of_others_after(&self, seq: Seq) -> u32 {
        let others = self.events_after(seq).iter().filter(|entry| entry.said && !entry.mine);
        u32::try_from(others.count()).unwrap_or(u32::MAX)
    }

    /// The newest message of another author that is not after `up_to`.
    pub(crate) fn newest_of_others(&self, up_to: Seq) -> Option<Seq> {
        let others = self.events.iter().rev().filter(|entry| entry.said && !entry.mine);
        others.map(|entry| entry.seq).find(|seq| *seq <= up_to)
    }

    pub(crate) fn last_message(&self) -> Option<&CachedEvent<E>> {
        self.events.iter().rev().find(|entry| entry.said)
    }
}
