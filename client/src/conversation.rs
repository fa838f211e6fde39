//! One conversation as this client knows it: the relay's summary, the cached part of its log, who types, and how far
//! this person has read.

mod waiting;

use crate::event::{LogEvent, LogRole};
use crate::log::CachedLog;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::frame::{Person, QueuePosition, Range, Summary};
use portico_shared::ids::{ConversationId, Seq};

/// A conversation that this identity takes part in, took part in, or has opened.
#[derive(Debug, Clone)]
pub struct Conversation<R: LogRole> {
    pub(crate) summary: Summary<R>,
    pub(crate) log: CachedLog<R::Event>,
    /// Whether live events come on the present socket.
    pub(crate) joining: Joining,
    /// Staff asked for it by [`crate::AgentCommand::Open`].
    pub(crate) opened: bool,
    /// Whether to be joined whenever there is a connection.
    pub(crate) subscribed: bool,
    /// The one page request under way, and when it was sent.
    pub(crate) paging: Option<(Range, i64)>,
    /// A refused join or page is asked for again at this time.
    pub(crate) retry_at: Option<i64>,
    /// Older history is wanted: it is pulled as soon as nothing newer is missing.
    pub(crate) older_wanted: bool,
    /// Who types, and until when the indicator stands.
    pub(crate) typing: Vec<(Person, i64)>,
    /// Where the request of a customer who waits stands in its queue, as the present socket has said.
    pub(crate) queue_position: Option<QueuePosition>,
    /// When the last `typing` went out that has not been taken back.
    pub(crate) typed_at: Option<i64>,
    /// How far this person has read: the relay's word and [`crate::Command::Seen`], whichever is further.
    pub(crate) seen: Seq,
    /// How far `read` was sent on the present socket, or known to the relay.
    pub(crate) read_sent: Seq,
    /// How far `delivered` was sent on the present socket.
    pub(crate) delivered_sent: Seq,
}

/// How live events of a conversation stand on the present socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joining {
    /// Not asked for.
    No,
    /// Asked for at this time.
    Asked(i64),
    /// They come.
    Joined,
}

/// How much of the past is at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// Nothing has been loaded yet: show a skeleton.
    Unloaded,
    /// There is more; [`crate::Command::LoadOlder`] pulls it.
    Partial,
    /// An older page is under way.
    Loading,
    /// The first entry is the conversation's beginning.
    Complete,
}

impl<R: LogRole> Conversation<R> {
    pub(crate) fn new(summary: Summary<R>) -> Self {
        let seen = summary.read;
        Self {
            summary,
            log: CachedLog::default(),
            joining: Joining::No,
            opened: false,
            subscribed: false,
            paging: None,
            retry_at: None,
            older_wanted: false,
            typing: Vec::new(),
            queue_position: None,
            typed_at: None,
            seen,
            read_sent: seen,
            delivered_sent: Seq::START,
        }
    }

    /// Stands for a conversation that is known by its id only, until the relay sends its summary.
    pub(crate) fn placeholder(id: ConversationId, started_at: i64) -> Self {
        Self::new(Summary {
            conversation: id,
            state: ConversationState::Created,
            head: Seq::START,
            people: Vec::new(),
            waiting: false,
            started_at,
            last: None,
            unread: 0,
            read: Seq::START,
            details: R::Details::default(),
        })
    }

    /// Its id.
    pub fn id(&self) -> &ConversationId {
        &self.summary.conversation
    }

    /// State, people, waiting and data as the relay last said them. Its `last`, `unread` and `read` are as old as it
    /// is; use the methods here.
    pub fn summary(&self) -> &Summary<R> {
        &self.summary
    }

    /// Whether the chat goes on: posts to it make sense. States that this version does not know count as live.
    pub fn is_live(&self) -> bool {
        !matches!(
            self.summary.state,
            ConversationState::CustomerLeft
                | ConversationState::WrapUp
                | ConversationState::Closing
                | ConversationState::Closed
        )
    }

    /// Whether live events come at the moment.
    pub fn is_joined(&self) -> bool {
        self.joining == Joining::Joined
    }

    /// Whether events are known to be missing before the newest one: they are being pulled, or will be.
    pub fn is_catching_up(&self) -> bool {
        self.joining == Joining::Joined && self.log.is_behind()
    }

    /// How much of the past is at hand.
    pub fn history(&self) -> History {
        match self.paging {
            _ if !self.log.is_loaded() => History::Unloaded,
            _ if self.log.from() == Seq::START => History::Complete,
            Some((Range::Before(_), _)) => History::Loading,
            Some((Range::After(_), _)) | None => History::Partial,
        }
    }

    /// How far the log is known without a gap. What comes later stands beyond it.
    pub fn through(&self) -> Seq {
        self.log.through()
    }

    /// Who types right now, newest last; never this identity itself.
    pub fn typing(&self) -> impl Iterator<Item = &Person> {
        self.typing.iter().map(|(person, _)| person)
    }

    /// Where the customer's request for an agent stands in its queue, while it waits and that is known.
    pub fn queue_position(&self) -> Option<&QueuePosition> {
        self.queue_position.as_ref().filter(|_| self.summary.waiting)
    }

    /// Messages of others that this person has not seen.
    pub fn unread(&self) -> u32 {
        let (base, after) = match self.log.is_loaded() {
            false => (self.summary.unread, self.summary.head),
            true if self.log.from() <= self.seen => (0, self.seen),
            // What was read lies before the cached part: the relay counted up to its summary, the rest is counted here.
            true => (self.summary.unread, self.summary.head),
        };
        base + self.log.messages_of_others_after(after)
    }

    /// How far this person has read.
    pub fn seen(&self) -> Seq {
        self.seen
    }

    /// This person has read up to one of these messages, here or in another tab: the relay knows it already.
    pub(crate) fn seen_elsewhere(&mut self, messages: &[String]) {
        if messages.is_empty() {
            return;
        }
        let is_read = |id: Option<&str>| id.is_some_and(|id| messages.iter().any(|message| message == id));
        let mut newest_first = self.log.events().iter().rev();
        let read = newest_first.find(|entry| is_read(entry.event.message_id()));
        if let Some(seq) = read.map(|entry| entry.seq) {
            self.seen = self.seen.max(seq);
            self.read_sent = self.read_sent.max(seq);
        }
    }

    /// Takes in a newer summary. Marks of this person that other tabs set are in it; they never go back.
    pub(crate) fn summarised(&mut self, summary: Summary<R>) {
        self.seen = self.seen.max(summary.read);
        self.read_sent = self.read_sent.max(summary.read);
        self.log.note_head(summary.head);
        // The next request begins at another place.
        self.queue_position.take_if(|_| !summary.waiting);
        self.summary = summary;
    }

    /// The store is another one: its positions begin anew, and so does this conversation's cache.
    pub(crate) fn store_changed(&mut self) {
        self.disconnected();
        self.log = CachedLog::default();
        self.seen = Seq::START;
        self.summary.head = Seq::START;
        self.summary.read = Seq::START;
    }

    /// The relay sends nothing more of it on this socket: it is joined anew when it is subscribed to again.
    pub(crate) fn not_joined(&mut self) {
        self.joining = Joining::No;
        self.paging = None;
        self.typing.clear();
        self.queue_position = None;
    }

    /// Forgets what belongs to the socket that is gone.
    pub(crate) fn disconnected(&mut self) {
        self.not_joined();
        self.retry_at = None;
        self.typed_at = None;
        self.read_sent = Seq::START;
        self.delivered_sent = Seq::START;
    }

    /// The newest message, for a list: the cached one, or the one of the summary.
    pub fn last(&self) -> Option<&R::Event> {
        self.log
            .last_message()
            .map(|entry| &*entry.event)
            .or(self.summary.last.as_ref().map(|item| &item.event))
    }

    /// The text that the newest message was changed to, if it is known to have been changed.
    pub fn last_edit(&self) -> Option<&str> {
        self.log.edit_of(self.log.last_message()?)
    }

    /// Whether the newest message is known to have been taken back.
    pub fn last_is_deleted(&self) -> bool {
        let last = self.log.last_message();
        last.is_some_and(|last| self.log.is_deleted(last))
    }
}
