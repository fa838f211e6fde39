//! What was posted and is not known to be in the log yet, oldest first, over all conversations.
//!
//! Each entry is its own record in the host's storage. Per conversation at most one entry is on its way, so that an
//! entry that the relay refused for the moment is never overtaken, and one that it refused for good stops what stands
//! behind it until the person decides.

mod elsewhere;
mod place;
mod record;

pub(crate) use elsewhere::ChangedElsewhere;
pub(crate) use place::KEPT_FOR_MS;

use crate::backoff::Backoff;
use crate::entry::Unsent;
use crate::{Record, Saved, SendState};
use portico_shared::frame::RefusalCode;
use portico_shared::ids::{ClientId, ConversationId, Seq};
use portico_shared::json::Map;
use portico_shared::role::ClientRole;
use std::collections::VecDeque;
use std::sync::Arc;

/// Most entries. A post beyond it is refused as `busy`, so that the composer keeps it.
pub(crate) const CAPACITY: usize = 200;

/// So many posts that are gone are remembered: more than a copy can have of one page.
const GONE_AT_MOST: usize = 2 * CAPACITY;

/// Instead of the relay's code, why a post failed that is not sent by itself any more: it is old.
pub(crate) const HELD: &str = "held";

/// See the module's head.
#[derive(Debug)]
pub(crate) struct Outbox<R: ClientRole> {
    entries: Vec<OutboxEntry<R>>,
    /// What was here and is not any more, as it was stored or deleted, in this tab or another one: a copy does not bring it back.
    gone: VecDeque<ClientId>,
}

/// One thing to send in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OutboxEntry<R: ClientRole> {
    pub(crate) client_id: ClientId,
    /// `None`: the customer's live chat, or a new one. Settled when it is first sent.
    pub(crate) conversation: Option<ConversationId>,
    /// Epoch milliseconds, made unique and rising: the order of sending, across reloads too.
    pub(crate) order: i64,
    pub(crate) request: Request<R>,
    pub(crate) stage: Stage,
    /// How often the person asked for a new chat because the old one had ended; each needs a `start` of its own.
    pub(crate) restarts: u32,
    /// Sent at least once by this session, or to be sent by the person's own word.
    pub(crate) tried: bool,
    /// An earlier page wrote it, or another tab.
    pub(crate) is_left: bool,
    /// Refusals for the moment, in a row.
    pub(crate) backoff: Backoff,
}

/// Whose entries an entry is among; `None` for a chat that does not exist yet.
pub(crate) type Shown = Option<ConversationId>;

/// What an entry sends.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Request<R: ClientRole> {
    /// `start`, with the values of the pre-chat form, and the form where there is one.
    Begin(Map, Option<Box<R::Body>>),
    /// `post`.
    Post(Arc<Unsent<R>>),
    /// `end`.
    End,
    /// `leave`.
    Leave,
    /// Nothing yet: the place of a post that is still being made. It lasts so many more milliseconds with a connection; while there
    /// is one, the stage says until when.
    Place(i64),
}

/// How far an entry is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Stage {
    /// To be sent, but not before this time.
    Waiting(i64),
    /// Another tab wrote it, and sends it. This one does, but not before this time, if that one is gone by then.
    Elsewhere(i64),
    /// Sent at this time on the present socket.
    InFlight(i64),
    /// The `start` that it needs was sent at this time on the present socket.
    Starting(i64),
    /// Refused for good.
    Failed(RefusalCode, String),
    /// In the log; its event has not come yet.
    Stored(ConversationId, Seq),
}

impl<R: ClientRole> OutboxEntry<R> {
    /// The client id of the `start` that a post without a chat needs: the same on every retry, in every tab.
    pub(crate) fn start_id(&self) -> ClientId {
        match self.request {
            Request::Begin(..) => self.client_id.clone(),
            Request::Post(_) | Request::End | Request::Leave | Request::Place(_) => {
                let restarts = self.restarts.to_string();
                ClientId::new(["start-", &restarts, "-", self.client_id.as_str()].concat())
            }
        }
    }

    /// The post, if it is one.
    pub(crate) fn post(&self) -> Option<&Arc<Unsent<R>>> {
        match &self.request {
            Request::Post(unsent) => Some(unsent),
            Request::Begin(..) | Request::End | Request::Leave | Request::Place(_) => None,
        }
    }

    /// How far it is, in words for a view.
    pub(crate) fn state(&self, online: bool) -> SendState {
        match &self.stage {
            Stage::Failed(code, message) => SendState::Failed {
                code: code.clone(),
                message: message.clone(),
            },
            Stage::Stored(..) => SendState::Stored,
            Stage::InFlight(_) | Stage::Starting(_) => SendState::Sending,
            Stage::Waiting(_) if online && self.tried => SendState::Sending,
            Stage::Elsewhere(_) if online => SendState::Sending,
            Stage::Waiting(_) | Stage::Elsewhere(_) => SendState::Queued,
        }
    }

    /// Whether the relay refused it for the moment, and it is tried again.
    pub(crate) fn is_held_back(&self) -> bool {
        self.backoff.is_failing() && !self.is_stored() && !self.is_failed()
    }

    pub(crate) fn is_stored(&self) -> bool {
        matches!(self.stage, Stage::Stored(..))
    }

    pub(crate) fn is_failed(&self) -> bool {
        matches!(self.stage, Stage::Failed(..))
    }

    /// Whether it is another tab's answer to a question, which can be answered here until that one is known to the relay.
    pub(crate) fn is_answer_elsewhere(&self) -> bool {
        let answers = |unsent: &Arc<Unsent<R>>| unsent.draft.original_message_id.is_some();
        matches!(self.stage, Stage::Elsewhere(_)) && self.post().is_some_and(answers)
    }

    /// Whether it is not sent by itself any more: the person decides, and nothing waits for that.
    pub(crate) fn is_held(&self) -> bool {
        matches!(&self.stage, Stage::Failed(RefusalCode::Other(code), _) if code == HELD)
    }

    fn is_in_flight(&self) -> bool {
        matches!(self.stage, Stage::InFlight(_) | Stage::Starting(_))
    }

    /// Whether it may be in the log, or is.
    fn is_on_its_way(&self) -> bool {
        self.is_in_flight() || self.is_stored()
    }
}

impl<R: ClientRole> Outbox<R> {
    /// Reads what an earlier page saved, and says which records are useless.
    pub(crate) fn load(saved: Saved) -> (Self, Vec<Record>) {
        let mut entries = Vec::new();
        let mut useless = Vec::new();
        for (key, json) in saved.records {
            match record::read(&key, &json) {
                record::Reading::Entry(entry) => insert(&mut entries, entry),
                record::Reading::Newer => {}
                record::Reading::Useless => useless.push(Record::Remove { key }),
            }
        }
        let gone = VecDeque::new();
        (Self { entries, gone }, useless)
    }

    pub(crate) fn entries(&self) -> &[OutboxEntry<R>] {
        &self.entries
    }

    pub(crate) fn entry_mut(&mut self, index: usize) -> Option<&mut OutboxEntry<R>> {
        self.entries.get_mut(index)
    }

    pub(crate) fn find(&self, client_id: &ClientId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.client_id == *client_id)
    }

    /// The entry that waits for the `start` with this client id.
    pub(crate) fn find_starting(&self, client_id: &ClientId) -> Option<usize> {
        let mut entries = self.entries.iter();
        entries.position(|entry| matches!(entry.stage, Stage::Starting(_)) && entry.start_id() == *client_id)
    }

    /// Whether it takes one more.
    pub(crate) fn has_room(&self) -> bool {
        self.entries.len() < CAPACITY
    }

    /// Takes in something to send, in the place that is kept for it or behind all others; `None` if there is no room or the client
    /// id is taken.
    pub(crate) fn push(
        &mut self,
        client_id: ClientId,
        conversation: Option<ConversationId>,
        request: Request<R>,
        now_ms: i64,
    ) -> Option<Record> {
        if let Some(index) = self.find(&client_id) {
            return self.fill(index, request, now_ms);
        }
        if !self.has_room() {
            return None;
        }
        let order = self.entries.iter().map(|entry| entry.order + 1).fold(now_ms, i64::max);
        let stage = match request {
            Request::Place(_) => Stage::Waiting(0),
            _ => Stage::Waiting(now_ms),
        };
        let entry = OutboxEntry {
            client_id,
            conversation,
            order,
            request,
            stage,
            restarts: 0,
            tried: false,
            is_left: false,
            backoff: Backoff::default(),
        };
        let put = record::put(&entry);
        self.entries.push(entry);
        Some(put)
    }

    /// What a place is kept for is there.
    fn fill(&mut self, index: usize, request: Request<R>, now_ms: i64) -> Option<Record> {
        let entry = &mut self.entries[index];
        if !entry.is_place() || matches!(request, Request::Place(_)) {
            return None;
        }
        entry.request = request;
        entry.stage = Stage::Waiting(now_ms);
        Some(record::put(entry))
    }

    /// The record of an entry as it is now.
    pub(crate) fn record(&self, index: usize) -> Option<Record> {
        self.entries.get(index).map(record::put)
    }

    /// Takes an entry out, and its record with it.
    pub(crate) fn remove(&mut self, index: usize) -> Record {
        record::remove(&self.take_out(index))
    }

    fn take_out(&mut self, index: usize) -> OutboxEntry<R> {
        let entry = self.entries.remove(index);
        self.gone.push_back(entry.client_id.clone());
        if self.gone.len() > GONE_AT_MOST {
            self.gone.pop_front();
        }
        entry
    }

    /// The relay has stored an entry: its entry stays until the event comes, its record goes. Before it does, it says so,
    /// for the other tabs that wait to send the same.
    pub(crate) fn stored(&mut self, index: usize, conversation: ConversationId, seq: Seq) -> Option<[Record; 2]> {
        let entry = self.entries.get_mut(index)?;
        let records = [
            record::stored(&entry.client_id, &conversation, seq),
            record::remove(entry),
        ];
        let is_news = !entry.is_stored();
        entry.stage = Stage::Stored(conversation, seq);
        is_news.then_some(records)
    }

    /// Takes in what the saved records of the beginning lacked, each in its place in the order. Answers where each new entry is
    /// shown, and what is to be written: the entry, or that a record is stored or `is_in_log` already, gone, or of no use.
    pub(crate) fn restore(
        &mut self,
        saved: Saved,
        is_in_log: impl Fn(&ClientId) -> bool,
    ) -> Vec<(Option<Shown>, Record)> {
        let mut restored = Vec::new();
        for (key, json) in saved.records {
            match record::read::<R>(&key, &json) {
                record::Reading::Entry(entry) if is_in_log(&entry.client_id) => {
                    restored.push((None, Record::Remove { key }));
                }
                record::Reading::Entry(entry) => match self.find(&entry.client_id) {
                    Some(index) if self.entries[index].is_stored() => restored.push((None, Record::Remove { key })),
                    // What the place was kept for.
                    Some(index) if self.entries[index].is_place() && !entry.is_place() => {
                        self.entries.remove(index);
                        restored.push((Some(entry.conversation.clone()), record::put(&entry)));
                        insert(&mut self.entries, entry);
                    }
                    None if self.gone.contains(&entry.client_id) => restored.push((None, Record::Remove { key })),
                    None if self.has_room() => {
                        restored.push((Some(entry.conversation.clone()), record::put(&entry)));
                        insert(&mut self.entries, entry);
                    }
                    Some(_) | None => {}
                },
                record::Reading::Newer => {}
                record::Reading::Useless => restored.push((None, Record::Remove { key })),
            }
        }
        restored
    }

    /// The socket is gone: what was on its way goes again.
    pub(crate) fn disconnected(&mut self) {
        for entry in &mut self.entries {
            if entry.is_in_flight() {
                entry.stage = Stage::Waiting(0);
            }
        }
    }

    /// The store is another one, which may lack what the old one had stored: what no event was seen of goes again.
    /// Its relay knows the client ids that it kept.
    pub(crate) fn store_changed(&mut self) -> Vec<Record> {
        let mut records = Vec::new();
        for entry in &mut self.entries {
            if entry.is_stored() {
                entry.stage = Stage::Waiting(0);
                records.push(record::put(entry));
            }
        }
        records
    }

    /// Whether a start that comes from no post is still to be stored.
    pub(crate) fn is_beginning(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| matches!(entry.request, Request::Begin(..)))
    }

    /// Whether an end of this conversation is still to be stored.
    pub(crate) fn is_ending(&self, conversation: &ConversationId) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.request == Request::End && entry.conversation.as_ref() == Some(conversation))
    }
}

/// Puts a saved entry where its order says. There are few: the general sorts are larger than all that is done here.
fn insert<R: ClientRole>(entries: &mut Vec<OutboxEntry<R>>, entry: OutboxEntry<R>) {
    let before = |known: &OutboxEntry<R>| (known.order, &known.client_id) < (entry.order, &entry.client_id);
    let index = entries.partition_point(before);
    entries.insert(index, entry);
}
