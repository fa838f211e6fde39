//! Keeps subscribed conversations complete: joins, pages, live events, marks and typing.

use super::Session;
use crate::conversation::{Conversation, Joining};
use crate::event::{self, LogEvent, LogRole, Meaning, Reader};
use crate::log::{Merge, NewEvent};
use crate::{Change, Effect, SessionRole};
use portico_shared::frame::{
    ClientFrame, Item, Join, Joined, LiveEvent, Page, PageRequest, Person, Range, ReadMarker, RefusalCode, Refused,
};
use portico_shared::ids::{ConversationId, Cursor, Epoch, MessageId, Seq};
use portico_shared::limits::{DEFAULT_PAGE, MAX_PAGE, TYPING_SHOWN_MS};

/// A join or a page without an answer for this many milliseconds, on a socket that lives, is asked for again.
const ANSWERED_WITHIN_MS: i64 = 20_000;
/// A page that brought nothing new, or was refused without a time, is asked for again after this many milliseconds.
const PULL_AGAIN_MS: i64 = 2_000;

impl<R: SessionRole> Session<R> {
    pub(super) fn joined(&mut self, joined: Joined<R>) {
        self.epoch_is(&joined.epoch);
        let Joined { summary, head, .. } = joined;
        let id = summary.conversation.clone();
        let conversation = self.upsert(summary);
        conversation.joining = Joining::Joined;
        conversation.retry_at = None;
        let log = &mut conversation.log;
        if log.is_loaded() && head >= log.through() {
            log.want(head);
        } else {
            log.start_at(head);
            conversation.older_wanted = true;
        }
        self.changed(Change::List);
        self.changed(Change::Conversation(Some(id)));
    }

    pub(super) fn page_came(&mut self, page: Page<R>) {
        self.epoch_is(&page.epoch);
        let Page {
            conversation: id,
            after,
            through,
            items,
            ..
        } = page;
        let now = self.now.ms;
        let Some(conversation) = self.conversation_mut(&id) else {
            return;
        };
        let log = &conversation.log;
        let (was_from, was_through, entries) = (log.from(), log.through(), log.events().len());
        let asked = conversation.paging.take();
        self.merge(&id, after, through, items);
        let Some(conversation) = self.conversation_mut(&id) else {
            return;
        };
        let is_catching_up = matches!(asked, Some((Range::After(_), _)));
        if is_catching_up && conversation.log.through() == was_through && conversation.log.is_behind() {
            conversation.retry_at = Some(now + PULL_AGAIN_MS);
        }
        // A page of receipts alone shows nothing, so no reader would ask for the one before it.
        let shows_nothing = conversation.log.events().len() == entries;
        conversation.older_wanted |= !is_catching_up && shows_nothing && conversation.log.from() < was_from;
        self.changed(Change::Conversation(Some(id)));
    }

    pub(super) fn event_came(&mut self, event: LiveEvent<R>) {
        self.epoch_is(&event.epoch);
        let LiveEvent {
            conversation: id,
            after,
            item,
            ..
        } = event;
        let seq = item.seq;
        if self.merge(&id, after, seq, vec![item]) == Merge::Gap
            && let Some(conversation) = self.conversation_mut(&id)
        {
            conversation.log.want(seq);
        }
    }

    /// Takes in a covered range, and tells what is new in it.
    fn merge(&mut self, id: &ConversationId, after: Seq, through: Seq, items: Vec<Item<R>>) -> Merge {
        let reader = self.reader();
        let Some(conversation) = self.conversation_mut(id) else {
            return Merge::Merged;
        };
        let was_through = conversation.log.through();
        let own: Vec<_> = items
            .iter()
            .filter_map(|item| {
                let message = item.event.message_id().map(MessageId::new);
                Some((item.client_id.clone()?, item.seq, message))
            })
            .collect();
        let read_elsewhere = read_by(&reader, &items);
        let events = items
            .into_iter()
            .map(|Item { seq, event, client_id }| NewEvent { seq, event, client_id });
        let events = events.collect();
        if conversation.log.merge(after, through, events, &reader) == Merge::Gap {
            return Merge::Gap;
        }
        conversation.seen_elsewhere(&read_elsewhere);
        let seen = conversation.seen;
        let mut arrived = Vec::new();
        for entry in conversation.log.events_after(was_through) {
            let is_new = entry.said && !entry.mine;
            if entry.said {
                conversation
                    .typing
                    .retain(|(person, _)| !event::is_by(person, &*entry.event));
            }
            R::note(&mut conversation.summary.details, &entry.event);
            if is_new && entry.seq > seen {
                arrived.push((id.clone(), entry.seq));
            }
        }
        self.arrived.extend(arrived);
        for (client_id, seq, message) in own {
            self.confirmed(client_id, id, seq, message);
        }
        self.settle_stored(id);
        self.changed(Change::Conversation(Some(id.clone())));
        self.changed(Change::List);
        Merge::Merged
    }

    fn reader(&self) -> Reader {
        let id = self.me.as_ref().map(|me| me.id.clone()).unwrap_or_default();
        Reader {
            is_customer: R::IS_CUSTOMER,
            id,
        }
    }

    /// A refusal without a client id answers a join, a page, a mark, or something of the role's own. Which of them, the
    /// relay does not say; said again, it does no harm.
    pub(super) fn nameless_refused(&mut self, refused: Refused) {
        let wait = refused.retry_after_ms.and_then(|wait| i64::try_from(wait).ok());
        let again_at = self.now.ms.saturating_add(wait.unwrap_or(PULL_AGAIN_MS));
        R::nameless_refused(self, &refused, refused.retryable.then_some(again_at));
        let named = refused.conversation.as_ref();
        if let Some(conversation) = named.and_then(|id| self.conversation_mut(id)) {
            conversation.refused(&refused.code, refused.retryable, again_at);
        }
        if !refused.retryable {
            self.effects.push(Effect::Refused {
                client_id: None,
                code: refused.code,
                message: refused.message,
            });
        }
    }

    pub(super) fn typing_changed(&mut self, id: &ConversationId, person: Person, on: bool) {
        let until = self.now.ms + TYPING_SHOWN_MS as i64;
        let Some(conversation) = self.conversation_mut(id) else {
            return;
        };
        let known = conversation
            .typing
            .iter_mut()
            .find(|(typist, _)| typist.id == person.id);
        match (known, on) {
            // Only the time is new; nothing looks different.
            (Some((_, shown_until)), true) => return *shown_until = until,
            (None, true) => conversation.typing.push((person, until)),
            (Some(_), false) => conversation.typing.retain(|(typist, _)| typist.id != person.id),
            (None, false) => return,
        }
        self.changed(Change::Conversation(Some(id.clone())));
    }

    /// At each heartbeat, what is known to exist and did not come by itself is pulled. That is rare: a relay that
    /// counts differently, or a frame that could not be read.
    pub(super) fn pull_what_did_not_come(&mut self) {
        for conversation in &mut self.conversations {
            conversation.log.want_head();
        }
    }

    /// Asks for whatever is due, conversation by conversation.
    pub(super) fn sync(&mut self) {
        let now = self.now.ms;
        let is_online = self.link.is_online();
        let mut frames = Vec::new();
        let mut changes = Vec::new();
        for conversation in &mut self.conversations {
            let typists = conversation.typing.len();
            conversation.typing.retain(|(_, until)| *until > now);
            if conversation.typing.len() < typists {
                changes.push(Change::Conversation(Some(conversation.id().clone())));
            }
            if !is_online || conversation.retry_at.is_some_and(|at| at > now) {
                continue;
            }
            conversation.retry_at = None;
            if !conversation.is_joined() {
                frames.extend(conversation.join_if_due(self.epoch.as_ref(), now));
                continue;
            }
            if let Some(frame) = conversation.page_if_due(now) {
                changes.push(Change::Conversation(Some(conversation.id().clone())));
                frames.push(frame);
            }
            if !conversation.log.is_behind() {
                frames.extend(conversation.marks_if_due());
            }
            frames.extend(R::frame_due_in(&mut self.role, conversation));
        }
        for frame in &frames {
            self.send(frame);
        }
        for change in changes {
            self.changed(change);
        }
    }

    /// When syncing has something to do next.
    pub(super) fn sync_deadline(&self) -> Option<i64> {
        let deadlines = self.conversations.iter().flat_map(|conversation| {
            let typing = conversation.typing.iter().map(|(_, until)| *until).min();
            let join = match conversation.joining {
                Joining::Asked(at) => Some(at + ANSWERED_WITHIN_MS),
                Joining::No | Joining::Joined => None,
            };
            let page = conversation.paging.map(|(_, at)| at + ANSWERED_WITHIN_MS);
            [typing, join, page, conversation.retry_at]
        });
        deadlines.flatten().filter(|at| *at > self.now.ms).min()
    }
}

impl<R: LogRole> Conversation<R> {
    fn join_if_due(&mut self, epoch: Option<&Epoch>, now: i64) -> Option<ClientFrame<R::Body>> {
        let is_asked = matches!(self.joining, Joining::Asked(at) if at + ANSWERED_WITHIN_MS > now);
        if !self.subscribed || is_asked {
            return None;
        }
        self.joining = Joining::Asked(now);
        let held = epoch.filter(|_| self.log.is_loaded());
        let after = held.map(|epoch| Cursor {
            epoch: epoch.clone(),
            seq: self.log.through(),
        });
        Some(ClientFrame::Join(Join {
            conversation: self.id().clone(),
            after,
        }))
    }

    /// The relay refused a join, a page or a mark; which of them, it does not say.
    fn refused(&mut self, code: &RefusalCode, retryable: bool, again_at: i64) {
        self.paging = None;
        self.retry_at = Some(again_at);
        if retryable && self.is_joined() {
            // Marks do no harm when they are said twice.
            self.read_sent = self.summary.read;
            self.delivered_sent = Seq::START;
        }
        if !self.is_joined() || *code == RefusalCode::NotFound {
            self.joining = Joining::No;
            self.subscribed &= retryable;
        }
    }

    /// What is missing at the new end goes before what is wanted at the old end.
    fn page_if_due(&mut self, now: i64) -> Option<ClientFrame<R::Body>> {
        if self.paging.is_some_and(|(_, at)| at + ANSWERED_WITHIN_MS > now) {
            return None;
        }
        let (range, limit) = if self.log.is_behind() {
            (Range::After(self.log.through()), MAX_PAGE)
        } else if self.older_wanted && self.log.from() > Seq::START {
            (Range::Before(self.log.from().next()), DEFAULT_PAGE)
        } else {
            return None;
        };
        if matches!(range, Range::Before(_)) {
            self.older_wanted = false;
        }
        self.paging = Some((range, now));
        Some(ClientFrame::Page(PageRequest {
            conversation: self.id().clone(),
            range,
            limit: Some(limit),
        }))
    }

    /// `read` up to what the person saw, `delivered` up to what came; each only when it says something new about a
    /// message of another author. Receipts are events themselves, so anything more would never end.
    fn marks_if_due(&mut self) -> Vec<ClientFrame<R::Body>> {
        let mut frames = Vec::new();
        let conversation = self.id().clone();
        if let Some(up_to) = self.log.newest_of_others(self.seen).filter(|seq| *seq > self.read_sent) {
            self.read_sent = up_to;
            frames.push(ClientFrame::Read(ReadMarker {
                conversation: conversation.clone(),
                up_to,
            }));
        }
        let known = self.delivered_sent.max(self.read_sent);
        if let Some(up_to) = self.log.newest_of_others(self.log.through()).filter(|seq| *seq > known) {
            self.delivered_sent = up_to;
            frames.push(ClientFrame::Delivered(ReadMarker { conversation, up_to }));
        }
        frames
    }
}

/// The messages that receipts say this person has read, in another tab perhaps.
fn read_by<R: SessionRole>(reader: &Reader, items: &[Item<R>]) -> Vec<String> {
    let read = items.iter().filter_map(|item| match item.event.meaning() {
        Meaning::Read(message) if reader.is_author(&item.event) => Some(message.to_owned()),
        _ => None,
    });
    read.collect()
}
