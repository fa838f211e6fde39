//! Drives the outbox: what may be sent now, and what the relay answered.

use super::Session;
use super::link::TOO_LONG;
use crate::outbox::{OutboxEntry, Request, Stage};
use crate::{Change, Effect, SessionRole};
use portico_shared::cim::conversation::ConversationState;
use portico_shared::frame::{Accepted, ClientFrame, Post, RefusalCode, Refused, Start};
use portico_shared::ids::{ClientId, ConversationId, MessageId, Seq};
use portico_shared::json::Map;
use portico_shared::limits::MAX_FRAME_BYTES;
use portico_shared::role::ClientRole;
use std::sync::Arc;

/// What was sent and not answered for this many milliseconds, on a socket that lives, is sent again.
const ANSWERED_WITHIN_MS: i64 = 20_000;

/// Where an entry goes.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Target {
    Conversation(ConversationId),
    /// A chat that is to be started.
    NewChat,
}

impl<R: SessionRole> Session<R> {
    /// Sends what is first in the queue of each conversation, if it is due.
    pub(super) fn flush(&mut self) {
        if !self.link.is_online() {
            return;
        }
        self.end_places();
        let mut passed: Vec<Target> = Vec::new();
        // Where another tab waits for what it keeps a place for.
        let mut kept_elsewhere: Vec<Target> = Vec::new();
        let mut index = 0;
        // One that is too long to be sent is gone afterwards.
        while let Some(entry) = self.outbox.entries().get(index) {
            index += 1;
            let target = self.target(entry);
            if entry.is_stored() || entry.is_held() || passed.contains(&target) {
                continue;
            }
            if entry.is_place() {
                // What this tab has to send does not wait for another one's file.
                let waits = if entry.is_elsewhere() {
                    &mut kept_elsewhere
                } else {
                    &mut passed
                };
                waits.push(target);
                continue;
            }
            if entry.is_elsewhere() && kept_elsewhere.contains(&target) {
                continue;
            }
            let is_due = match entry.stage {
                // Another tab sends it, and what this one has to send does not wait for that.
                Stage::Elsewhere(at) if at > self.now.ms => continue,
                Stage::Waiting(at) | Stage::Elsewhere(at) => at <= self.now.ms,
                Stage::InFlight(at) | Stage::Starting(at) => at + ANSWERED_WITHIN_MS <= self.now.ms,
                Stage::Failed(..) | Stage::Stored(..) => false,
            };
            if is_due {
                let waiting = self.outbox.entries().len();
                self.send_entry(index - 1, target.clone());
                if self.outbox.entries().len() < waiting {
                    // It is gone: the next one stands in its place, and does not wait for it.
                    index -= 1;
                    continue;
                }
            }
            passed.push(target);
        }
    }

    pub(super) fn target(&self, entry: &OutboxEntry<R>) -> Target {
        let is_begin = matches!(entry.request, Request::Begin(..));
        let live = || self.live().filter(|_| !is_begin).map(|live| live.id().clone());
        entry
            .conversation
            .clone()
            .or_else(live)
            .map_or(Target::NewChat, Target::Conversation)
    }

    fn send_entry(&mut self, index: usize, target: Target) {
        let now = self.now.ms;
        let Some(entry) = self.outbox.entry_mut(index) else {
            return;
        };
        let (conversation, stage) = match target {
            Target::NewChat => (None, Stage::Starting(now)),
            Target::Conversation(id) => (Some(id), Stage::InFlight(now)),
        };
        let is_settled = entry.conversation == conversation;
        entry.conversation = conversation;
        let Some(frame) = frame_of(entry, || R::start_data(&self.role)) else {
            return;
        };
        let text = frame.to_json();
        if text.len() > MAX_FRAME_BYTES {
            return match entry.request {
                Request::Post(_) => self.fail(index, RefusalCode::InvalidBody, TOO_LONG.to_owned()),
                // Nobody could send it again or take it back, and what is behind it would wait for ever.
                Request::Begin(..) | Request::End | Request::Leave | Request::Place(_) => {
                    self.refuse_request(index, RefusalCode::InvalidBody, TOO_LONG.to_owned());
                }
            };
        }
        entry.stage = stage;
        entry.tried = true;
        let shown_at = entry.conversation.clone();
        if !is_settled {
            // From now on it may be in that chat's log: it must not go to another one.
            self.effects.extend(self.outbox.record(index).map(Effect::Persist));
        }
        self.effects.push(Effect::Send(text));
        self.unsent_changed(shown_at);
    }

    pub(super) fn accepted(&mut self, accepted: Accepted) {
        self.epoch_is(&accepted.epoch);
        if let Some(index) = self.outbox.find_starting(&accepted.client_id) {
            return self.started(index, &accepted);
        }
        if let Some(index) = self.outbox.find(&accepted.client_id) {
            return self.entry_stored(index, &accepted);
        }
        R::accepted(self, &accepted);
    }

    /// The chat that a post needed is there: now the post itself goes.
    fn started(&mut self, index: usize, accepted: &Accepted) {
        self.takes_part_in(accepted);
        if matches!(self.outbox.entries()[index].request, Request::Begin(..)) {
            let record = self.outbox.remove(index);
            self.effects.push(Effect::Persist(record));
        } else if let Some(entry) = self.outbox.entry_mut(index) {
            entry.conversation = Some(accepted.conversation.clone());
            entry.stage = Stage::Waiting(self.now.ms);
            self.effects.extend(self.outbox.record(index).map(Effect::Persist));
        }
        // Unsent entries move from the chat that did not exist to this one.
        self.unsent_changed(None);
        self.unsent_changed(Some(accepted.conversation.clone()));
    }

    fn entry_stored(&mut self, index: usize, accepted: &Accepted) {
        let shown_at = self.outbox.entries()[index].conversation.clone();
        match self.outbox.entries()[index].request {
            Request::Begin(..) => self.takes_part_in(accepted),
            Request::Post(_) => {
                self.takes_part_in(accepted);
                let id = accepted.conversation.clone();
                let record = self.outbox.stored(index, id, accepted.seq);
                self.effects.extend(record.into_iter().flatten().map(Effect::Persist));
                self.unsent_changed(shown_at);
                self.unsent_changed(Some(accepted.conversation.clone()));
                return self.settle_stored(&accepted.conversation);
            }
            Request::End => self.ended(&accepted.conversation),
            Request::Leave => self.left(&accepted.conversation),
            // Another tab has posted what it is kept for.
            Request::Place(_) => {}
        }
        let record = self.outbox.remove(index);
        self.effects.push(Effect::Persist(record));
    }

    /// This identity has just done something in a conversation: follows it, if it does not yet.
    pub(super) fn takes_part_in(&mut self, accepted: &Accepted) {
        let id = accepted.conversation.clone();
        let conversation = self.conversation_or_placeholder(id, accepted.timestamp);
        conversation.subscribed = true;
        conversation.log.note_head(accepted.seq);
    }

    /// A customer's chat is over as soon as its end is stored; the relay's summary says how exactly.
    fn ended(&mut self, id: &ConversationId) {
        if !R::IS_CUSTOMER {
            return;
        }
        let Some(conversation) = self.conversation_mut(id) else {
            return;
        };
        if conversation.is_live() {
            conversation.summary.state = ConversationState::CustomerLeft;
            self.changed(Change::List);
            self.changed(Change::Conversation(Some(id.clone())));
        }
    }

    fn left(&mut self, id: &ConversationId) {
        let me = self.me.as_ref().map(|me| me.id.clone());
        let Some(conversation) = self.conversation_mut(id) else {
            return;
        };
        conversation.subscribed = conversation.opened;
        if !conversation.subscribed {
            conversation.not_joined();
        }
        conversation
            .summary
            .people
            .retain(|person| Some(&person.id) != me.as_ref());
        self.changed(Change::List);
    }

    pub(super) fn refused(&mut self, refused: Refused) {
        let Some(client_id) = refused.client_id.clone() else {
            return self.nameless_refused(refused);
        };
        let index = self
            .outbox
            .find_starting(&client_id)
            .or_else(|| self.outbox.find(&client_id));
        if let Some(index) = index {
            return self.entry_refused(index, refused);
        }
        R::refused(self, &client_id, refused);
    }

    fn entry_refused(&mut self, index: usize, refused: Refused) {
        let now = self.now;
        let Some(entry) = self.outbox.entry_mut(index) else {
            return;
        };
        if !matches!(entry.stage, Stage::InFlight(_) | Stage::Starting(_)) {
            // The late answer to an earlier try.
            return;
        }
        if refused.retryable {
            let wait = entry.backoff.next_delay_ms(now.random) + refused.retry_after_ms.unwrap_or(0);
            entry.stage = Stage::Waiting(now.ms.saturating_add_unsigned(wait));
            let shown_at = entry.conversation.clone();
            return self.unsent_changed(shown_at);
        }
        match entry.request {
            Request::Post(_) if refused.code == RefusalCode::AlreadyAnswered => self.answered_elsewhere(index, refused),
            Request::Post(_) => self.fail(index, refused.code, refused.message),
            Request::End if refused.code == RefusalCode::ConversationEnded => {
                let conversation = entry.conversation.clone();
                self.drop_entry(index);
                if let Some(conversation) = conversation {
                    self.ended(&conversation);
                }
            }
            Request::Begin(..) | Request::End | Request::Leave | Request::Place(_) => {
                self.refuse_request(index, refused.code, refused.message);
            }
        }
    }

    /// What is no message is not done: it goes, and what depends on it looks otherwise.
    fn refuse_request(&mut self, index: usize, code: RefusalCode, message: String) {
        let entry = &self.outbox.entries()[index];
        let (client_id, shown_at) = (entry.client_id.clone(), entry.conversation.clone());
        self.drop_entry(index);
        self.unsent_changed(shown_at);
        self.effects.push(Effect::Refused {
            client_id: Some(client_id),
            code,
            message,
        });
    }

    /// Another tab's answer to the same question came first. To try again would be of no use and there is nothing to
    /// decide, so the post goes; the question shows the answer that it has.
    fn answered_elsewhere(&mut self, index: usize, refused: Refused) {
        let shown_at = self.outbox.entries()[index].conversation.clone();
        self.drop_entry(index);
        self.unsent_changed(shown_at);
        self.notify_refused(refused);
    }

    fn notify_refused(&mut self, refused: Refused) {
        let Refused {
            client_id,
            code,
            message,
            ..
        } = refused;
        self.effects.push(Effect::Refused {
            client_id,
            code,
            message,
        });
    }

    fn drop_entry(&mut self, index: usize) {
        let record = self.outbox.remove(index);
        self.effects.push(Effect::Persist(record));
    }

    fn fail(&mut self, index: usize, code: RefusalCode, message: String) {
        let Some(entry) = self.outbox.entry_mut(index) else {
            return;
        };
        entry.stage = Stage::Failed(code.clone(), message);
        let client_id = entry.client_id.clone();
        let shown_at = entry.conversation.clone();
        self.effects.extend(self.outbox.record(index).map(Effect::Persist));
        self.effects.push(Effect::Settled {
            client_id,
            outcome: Err(code),
        });
        self.unsent_changed(shown_at);
    }

    /// The event of an own post is in the log: the entry is that event's from now on.
    pub(super) fn confirmed(
        &mut self,
        client_id: ClientId,
        conversation: &ConversationId,
        seq: Seq,
        message: Option<MessageId>,
    ) {
        if let Some(index) = self.outbox.find(&client_id) {
            let shown_at = self.outbox.entries()[index].conversation.clone();
            let records = self.outbox.stored(index, conversation.clone(), seq);
            self.effects.extend(records.into_iter().flatten().map(Effect::Persist));
            self.unsent_changed(shown_at);
            self.effects.extend(message.map(|id| Effect::Settled {
                client_id,
                outcome: Ok(id),
            }));
        }
    }

    /// Drops stored posts whose position the log has covered: their event came, or is not this reader's to see.
    pub(super) fn settle_stored(&mut self, conversation: &ConversationId) {
        let Some(known) = self.conversation(conversation) else {
            return;
        };
        let is_settled = |entry: &OutboxEntry<R>| match &entry.stage {
            Stage::Stored(id, seq) => id == conversation && known.log.covers(*seq),
            Stage::Waiting(_) | Stage::Elsewhere(_) | Stage::InFlight(_) | Stage::Starting(_) | Stage::Failed(..) => {
                false
            }
        };
        let settled: Vec<usize> = (0..self.outbox.entries().len())
            .filter(|index| is_settled(&self.outbox.entries()[*index]))
            .collect();
        for index in settled.into_iter().rev() {
            // Its record went when it was stored.
            self.outbox.remove(index);
            self.unsent_changed(Some(conversation.clone()));
        }
    }

    /// A failed post of a customer whose conversation is not known any more stands at the end of the present chat,
    /// so that it can be retried or deleted. Its record says so, too, for storage is read again; and the `start` that it may need is
    /// another one than that of the chat that it was in.
    pub(super) fn adopt_strays(&mut self) {
        if !R::IS_CUSTOMER {
            return;
        }
        for index in 0..self.outbox.entries().len() {
            let entry = &self.outbox.entries()[index];
            let is_stray = entry
                .conversation
                .as_ref()
                .is_some_and(|id| self.conversation(id).is_none());
            if entry.is_failed()
                && is_stray
                && let Some(entry) = self.outbox.entry_mut(index)
            {
                entry.conversation = None;
                entry.restarts += 1;
                self.effects.extend(self.outbox.record(index).map(Effect::Persist));
                self.unsent_changed(None);
            }
        }
    }

    /// Unsent entries of this conversation look different.
    pub(super) fn unsent_changed(&mut self, conversation: Option<ConversationId>) {
        if conversation.is_none()
            && let Some(shown_at) = self.chat().map(|chat| chat.id().clone())
        {
            self.changed(Change::Conversation(Some(shown_at)));
        }
        self.changed(Change::Conversation(conversation));
    }

    /// All unsent entries look different: the connection came or went.
    pub(super) fn unsent_entries_changed(&mut self) {
        for index in 0..self.outbox.entries().len() {
            let conversation = self.outbox.entries()[index].conversation.clone();
            self.unsent_changed(conversation);
        }
    }

    /// When the outbox has something to do next.
    pub(super) fn outbox_deadline(&self) -> Option<i64> {
        let entries = self.outbox.entries().iter().filter_map(|entry| match entry.stage {
            Stage::Waiting(at) | Stage::Elsewhere(at) => Some(at),
            Stage::InFlight(at) | Stage::Starting(at) => Some(at + ANSWERED_WITHIN_MS),
            Stage::Failed(..) | Stage::Stored(..) => None,
        });
        entries.filter(|at| *at > self.now.ms).min()
    }
}

/// What sends an entry; nothing sends a place.
fn frame_of<R: ClientRole>(entry: &OutboxEntry<R>, start_data: impl FnOnce() -> Map) -> Option<ClientFrame<R::Body>> {
    let client_id = entry.client_id.clone();
    Some(match (&entry.conversation, &entry.request) {
        (_, Request::Place(_)) => return None,
        (None, Request::Begin(data, form)) => ClientFrame::Start(Start {
            client_id,
            data: data.clone(),
            form: form.clone(),
        }),
        (None, Request::Post(_) | Request::End | Request::Leave) => ClientFrame::Start(Start {
            client_id: entry.start_id(),
            data: start_data(),
            form: None,
        }),
        (Some(conversation), request) => {
            let conversation = conversation.clone();
            match request {
                Request::Post(unsent) => ClientFrame::Post(Post {
                    conversation,
                    client_id,
                    message: Arc::clone(&unsent.draft),
                    audience: unsent.audience,
                }),
                Request::Begin(data, form) => ClientFrame::Start(Start {
                    client_id,
                    data: data.clone(),
                    form: form.clone(),
                }),
                Request::End => ClientFrame::End {
                    conversation,
                    client_id,
                },
                Request::Leave => ClientFrame::Leave {
                    conversation,
                    client_id,
                },
                Request::Place(_) => return None,
            }
        }
    })
}
