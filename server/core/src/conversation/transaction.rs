//! One transaction of a conversation while a handler fills it: the events to append, the projection after each of them,
//! and every other change of the same commit. It has no effect until its commit is on disk; dropping it changes nothing.

mod answer;
mod claims;
mod customer;
mod erasure;
mod proactive;
mod push;
mod silence;
mod survey;
mod transitions;

use super::committed::{Committed, ListUpdate, Notification, ReservationOutcome};
use super::event_factory::Emitter;
use super::state::State;
use super::wakeups::Wakeups;
use super::{Ack, ConnectionId, Services};
use crate::conversation::policy::{Effect, Trigger, effects};
use crate::conversation::reader_role::ServerFrame;
use crate::store::{
    Change, Commit, ErasedConversation, NewDelivery, NewEvent, ParticipantRecord, ReadMarker, Timer, TimerKind,
};
use crate::telemetry;
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::cim::task::TaskCloseReason;
use portico_shared::cim::{CimEvent, EventData, EventName, Intent, Timestamp};
use portico_shared::frame::Accepted;
use portico_shared::ids::{MessageId, ParticipantId, Seq};
use portico_shared::visibility::is_said;
use std::sync::Arc;

/// Events that are delivered to a bot with a webhook: the customer's messages, and who joins and leaves.
const DELIVERED_TO_BOTS: &[EventName] = &[
    EventName::CustomerMessage,
    EventName::ChannelSessionStarted,
    EventName::ChannelSessionEnded,
    EventName::ChannelSessionExpired,
    EventName::AssociatedCustomerChanged,
    EventName::AgentReserved,
    EventName::AgentSubscribed,
    EventName::AgentUnsubscribed,
    EventName::BotUnsubscribed,
    EventName::CustomerDataErased,
];

/// A transaction that a handler fills.
pub(crate) struct Transaction<'a> {
    pub(super) services: &'a Services,
    pub(super) now: i64,
    /// The conversation as it stands after what was appended so far.
    pub(super) state: State,
    /// The participants before the transaction, to find out who left.
    before: Vec<ParticipantRecord>,
    base: Seq,
    events: Vec<Arc<NewEvent>>,
    changes: Vec<Change>,
    notifications: Vec<Notification>,
    /// What became of reservations, for their metric.
    reservations: Vec<ReservationOutcome>,
    /// What became of surveys, for their metric.
    surveys: Vec<&'static str>,
    list_update: ListUpdate,
    /// Computed when the transaction is complete.
    wakeups: Wakeups,
    /// A read marker moved, so the projection is written even without an event.
    marked: bool,
    /// The reply, where it does not follow from the events.
    ack: Option<Ack>,
}

impl<'a> Transaction<'a> {
    /// A transaction of a conversation that exists.
    pub(super) fn new(services: &'a Services, state: &State) -> Self {
        Self {
            before: state.record.participants.clone(),
            ..Self::opening(services, state.clone())
        }
    }

    /// The transaction that opens a conversation.
    pub(super) fn opening(services: &'a Services, state: State) -> Self {
        Self {
            services,
            now: services.clock.now_ms(),
            base: state.record.head,
            state,
            before: Vec::new(),
            events: Vec::new(),
            changes: Vec::new(),
            notifications: Vec::new(),
            reservations: Vec::new(),
            surveys: Vec::new(),
            list_update: ListUpdate::Nothing,
            wakeups: Wakeups::default(),
            marked: false,
            ack: None,
        }
    }

    /// Appends an event and updates what of the projection follows from its name alone.
    pub(super) fn append(&mut self, emitter: Emitter, name: EventName, data: EventData) -> Seq {
        let Emitter {
            sender,
            author,
            client_id,
        } = emitter;
        let seq = self.state.record.head.next();
        let event = CimEvent {
            id: self.event_id(&data),
            kind: name.usual_kind(),
            timestamp: Timestamp::from_ms(self.now),
            conversation_id: Some(self.state.record.id.to_string()),
            event_emitter: sender,
            data,
            name,
            ..CimEvent::default()
        };
        self.state.record.head = seq;
        self.note_message(&event, seq);
        self.events.push(Arc::new(NewEvent {
            event,
            session: Some(Arc::clone(&self.state.record.channel_session)),
            author,
            client_id,
        }));
        seq
    }

    /// Adds a change that is written with the events.
    pub(super) fn change(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Makes the delivery that is answered a dead letter, and says so to who asked.
    pub(super) fn bury(&mut self, delivery: i64, error: String) {
        self.change(Change::Dead { id: delivery, error });
        self.ack = Some(Ack::DeadLetter);
    }

    /// Sets the conversation's timer of a kind, or moves it.
    pub(super) fn set_timer(&mut self, kind: TimerKind, due_at: i64) {
        self.change(Change::SetTimer(Timer {
            kind,
            conversation: self.state.record.id.clone(),
            due_at,
        }));
    }

    /// Removes the conversation's timer of a kind.
    pub(super) fn cancel_timer(&mut self, kind: TimerKind) {
        self.change(Change::CancelTimer {
            conversation: self.state.record.id.clone(),
            kind,
        });
    }

    /// Sends a frame to an agent's connections after the commit.
    pub(super) fn notify(&mut self, agent: ParticipantId, frame: ServerFrame) {
        self.notifications.push(Notification {
            agent,
            frame,
            except: None,
        });
    }

    /// The same, to all but one of them.
    pub(super) fn notify_others(&mut self, agent: ParticipantId, frame: ServerFrame, except: Option<ConnectionId>) {
        self.notifications.push(Notification { agent, frame, except });
    }

    /// Marks which lists change; the strongest mark counts.
    pub(super) fn update_lists(&mut self, list_update: ListUpdate) {
        self.list_update = self.list_update.max(list_update);
    }

    /// Asks the policy what follows from a trigger, and applies its effects.
    pub(super) fn trigger(&mut self, trigger: &Trigger) {
        let snapshot = self.state.snapshot(self.channel_bot());
        let had_task = self.state.task.is_some();
        for effect in effects(&snapshot, trigger) {
            self.apply(effect);
        }
        let of_bot = matches!(trigger, Trigger::BotAsked(_) | Trigger::BotFailed);
        if of_bot && !had_task && self.state.task.is_some() {
            self.handed_over();
        }
    }

    /// What the customer asked its bot waits for an agent from now on, whatever the bot said to it. A conversation that
    /// is queued anew because its agent was lost begins no wait: it goes on where the customer waits for an answer.
    fn handed_over(&mut self) {
        let record = &mut self.state.record;
        if record.spoke_at.is_some() {
            record.waiting_since = record.waiting_since.or(Some(self.now));
        }
    }

    /// What the store is to write. The transaction is complete after this.
    pub(super) fn commit(&mut self) -> Commit {
        self.watch_silence();
        self.watch_bot();
        self.deliver_to_bot();
        self.push_to_customer();
        self.state.record.task = self.state.task.as_ref().map(|task| task.id.clone());
        self.wakeups = Wakeups::of(&self.changes);
        Commit {
            expected_head: self.base,
            events: self.events.clone(),
            conversation: self.state.record.clone(),
            changes: std::mem::take(&mut self.changes),
        }
    }

    /// The conversation after the commit, and the result of the commit. Called once the commit is on disk.
    pub(super) fn committed(mut self) -> (State, Committed) {
        let stated = self.ack.take();
        let ack = stated.unwrap_or_else(|| self.accepted().map_or(Ack::Done, Ack::Accepted));
        for outcome in self.reservations {
            metrics::counter!(telemetry::OFFERS, "outcome" => outcome.as_str()).increment(1);
        }
        for outcome in self.surveys {
            metrics::counter!(telemetry::SURVEYS, "outcome" => outcome).increment(1);
        }
        let here = &self.state.record.participants;
        let is_here = |one: &ParticipantRecord| here.iter().any(|other| other.id == one.id);
        let committed = Committed {
            ack,
            events: (self.base.0 + 1..)
                .zip(self.events)
                .map(|(seq, new)| new.stored(Seq(seq)))
                .collect(),
            notifications: self.notifications,
            left: self.before.into_iter().filter(|one| !is_here(one)).collect(),
            list_update: self.list_update,
            wakeups: self.wakeups,
        };
        (self.state, committed)
    }

    /// The acknowledgement of the first event that has a client id: the one that was asked for.
    fn accepted(&self) -> Option<Accepted> {
        let index = self.events.iter().position(|new| new.client_id.is_some())?;
        let new = self.events.get(index)?;
        Some(Accepted {
            client_id: new.client_id.clone()?,
            conversation: self.state.record.id.clone(),
            epoch: self.services.store.epoch().clone(),
            seq: Seq(self.base.0 + index as u64 + 1),
            message_id: MessageId::new(new.event.message().map_or(&new.event.id, |message| &message.id).clone()),
            timestamp: new.event.timestamp.ms(),
        })
    }

    /// Sets a reader's markers.
    pub(super) fn move_marker(&mut self, marker: ReadMarker) {
        self.state.set_marker(marker);
        self.marked = true;
    }

    /// Whether anything would be written.
    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.changes.is_empty() && !self.marked
    }

    fn apply(&mut self, effect: Effect) {
        match effect {
            Effect::AssignBot(bot) => self.assign_bot(&bot),
            Effect::ChangeBotRole(bot, role) => self.change_bot_role(&bot, role),
            Effect::FindAgent(task) => self.enqueue_task(&task),
            Effect::CancelRequest => self.close_task(TaskCloseReason::Cancelled),
            Effect::EndSession => self.end_session(Emitter::monitor(), ChannelSessionReason::ForceClosed),
            Effect::UpdateData(data) => self.update_data(Emitter::monitor(), data),
        }
    }

    /// The id of an event. An action or a suggestion has the same id as event and as message.
    fn event_id(&self, data: &EventData) -> String {
        match data {
            EventData::Action(action) => action.id.clone(),
            EventData::Suggestion(suggestion) => suggestion.id.clone(),
            _ => self.services.clock.uuid(),
        }
    }

    fn note_message(&mut self, event: &CimEvent, seq: Seq) {
        if !is_said(event) || event.name == EventName::WhisperMessage {
            return;
        }
        let record = &mut self.state.record;
        // A new text of an old message neither asks nor answers.
        let is_edit = event
            .message()
            .is_some_and(|message| message.header.intent == Some(Intent::Update));
        match event.name {
            EventName::CustomerMessage => {
                record.spoke_at = Some(self.now);
                if !is_edit {
                    record.waiting_since = record.waiting_since.or(Some(self.now));
                }
            }
            EventName::AgentMessage if !is_edit => record.waiting_since = None,
            // A bot that keeps the customer company in a queue is no answer.
            EventName::BotMessage if !is_edit && self.state.task.is_none() => record.waiting_since = None,
            _ => {}
        }
        record.last_message = Some(seq);
        self.update_lists(ListUpdate::Message);
    }

    /// One delivery per event for a bot that is called; one that connects reads the log by itself.
    fn deliver_to_bot(&mut self) {
        let Some(bot) = self.state.bot().map(|bot| bot.id.clone()) else {
            return;
        };
        if self
            .services
            .programs
            .bot(&bot)
            .is_none_or(|known| known.webhook.is_none())
        {
            return;
        }
        let erased = self.changes.iter().find_map(|change| match change {
            Change::EraseConversation(erased) => Some(erased),
            _ => None,
        });
        // A bot has long been told that a chat is over whose time is over, and has live ones to answer.
        if erased.is_some_and(ErasedConversation::is_retired) {
            return;
        }
        // What is erased says nothing to a bot but that it is.
        let is_erased = erased.is_some();
        for (index, new) in self.events.iter().enumerate() {
            let name = &new.event.name;
            if DELIVERED_TO_BOTS.contains(name) && (!is_erased || *name == EventName::CustomerDataErased) {
                self.changes.push(Change::Deliver(NewDelivery {
                    target: bot.clone(),
                    conversation: self.state.record.id.clone(),
                    seq: Seq(self.base.0 + index as u64 + 1),
                    due_at: self.now,
                }));
            }
        }
    }

    fn channel_bot(&self) -> Option<ParticipantId> {
        self.services.programs.bot_of_channel(&self.state.record.channel)
    }
}
