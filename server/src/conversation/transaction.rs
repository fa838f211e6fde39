//! One step of a conversation while it is being decided: the events to append, how the projection stands after each
//! of them, and everything else that belongs into the same transaction. A step has no effect until its commit is on
//! disk; dropping it changes nothing.

mod answer;
mod customer;
mod silence;
mod transitions;

pub(super) use answer::ANSWER;
pub(super) use silence::INACTIVITY;
pub(crate) use transitions::{NOT_READY, READY};

use super::actor::Wakeups;
use super::event_factory::Emitter;
use super::state::State;
use super::{ConnectionId, Deps, Refusal};
use crate::conversation::policy::{Effect, Trigger, effects};
use crate::store::{Change, Commit, NewDelivery, NewEvent, ParticipantRecord, ReadMarker};
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::cim::{CimEvent, EventData, EventName, Timestamp};
use portico_shared::frame::{Accepted, ServerFrame};
use portico_shared::ids::{ConversationId, MessageId, ParticipantId, Seq};
use std::sync::Arc;

/// Events that a bot with a webhook is told of: the customer's words, and comings and goings.
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
];

/// A step being decided.
pub(crate) struct Transaction<'a> {
    pub(super) deps: &'a Deps,
    pub(super) now: i64,
    /// The conversation as it stands after what was appended so far.
    pub(super) state: State,
    /// Who took part before the step.
    before: Vec<ParticipantRecord>,
    base: Seq,
    events: Vec<Arc<NewEvent>>,
    changes: Vec<Change>,
    notifications: Vec<Notification>,
    /// What became of an offer, for its metric.
    offers: Vec<OfferTurn>,
    list_update: ListUpdate,
    /// Something changed in the projection alone.
    marked: bool,
}

/// A frame for an agent's sockets.
pub(crate) struct Notification {
    /// Whose sockets.
    pub(crate) agent: ParticipantId,
    /// What they are told.
    pub(crate) frame: ServerFrame,
    /// The one that knows already.
    pub(crate) except: Option<ConnectionId>,
}

/// What becomes of a request that rings at an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfferTurn {
    /// It begins to ring.
    Offered,
    /// The agent took it.
    Accepted,
    /// The agent let it ring to the end.
    Missed,
    /// The agent went, or was not ready any more.
    Withdrawn,
    /// Nobody is wanted any more.
    Cancelled,
}

impl OfferTurn {
    /// Its name in the metric.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Missed => "missed",
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Whom a step concerns besides those who read the conversation live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ListUpdate {
    /// Nobody: receipts and the like.
    Nothing,
    /// Lists that show the newest message.
    Message,
    /// Lists that show who takes part and how the conversation stands.
    Shape,
}

/// A decided step.
pub(crate) struct Decided {
    /// Where the log was before.
    pub(crate) base: Seq,
    /// What is appended to it.
    pub(crate) events: Vec<Arc<NewEvent>>,
    /// Who has something to do once it is on disk.
    pub(crate) wakeups: Wakeups,
    /// The conversation once that is on disk.
    pub(crate) state: State,
    /// To be sent to agents once it is on disk.
    pub(crate) notifications: Vec<Notification>,
    /// What became of an offer, to be counted once it is on disk.
    pub(crate) offers: Vec<OfferTurn>,
    /// Who took part before and does not any more.
    pub(crate) left: Vec<ParticipantRecord>,
    /// Whom it concerns.
    pub(crate) list_update: ListUpdate,
}

impl<'a> Transaction<'a> {
    /// A step of a conversation that exists.
    pub(super) fn new(deps: &'a Deps, state: &State) -> Self {
        Self {
            before: state.record.participants.clone(),
            ..Self::opening(deps, state.clone())
        }
    }

    /// The step that opens a conversation.
    pub(super) fn opening(deps: &'a Deps, state: State) -> Self {
        Self {
            deps,
            now: deps.clock.now_ms(),
            base: state.record.head,
            state,
            before: Vec::new(),
            events: Vec::new(),
            changes: Vec::new(),
            notifications: Vec::new(),
            offers: Vec::new(),
            list_update: ListUpdate::Nothing,
            marked: false,
        }
    }

    /// Appends an event and keeps the projection of what follows from its name alone.
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
        self.note_message(&event.name, seq);
        self.events.push(Arc::new(NewEvent {
            event,
            session: Some(Arc::clone(&self.state.record.channel_session)),
            author,
            client_id,
        }));
        seq
    }

    /// Writes something else in the same transaction.
    pub(super) fn change(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Sends a frame to an agent's sockets once the step is on disk.
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

    /// The step concerns lists, too.
    pub(super) fn update_lists(&mut self, list_update: ListUpdate) {
        self.list_update = self.list_update.max(list_update);
    }

    /// Asks the controller what follows, and lets it follow.
    pub(super) fn trigger(&mut self, trigger: &Trigger) {
        let snapshot = self.state.snapshot(self.channel_bot());
        for effect in effects(&snapshot, trigger) {
            self.apply(effect);
        }
    }

    /// Everything for the store, and what to do once it is there.
    pub(super) fn into_commit(mut self) -> (Commit, Decided) {
        self.watch_silence();
        self.watch_bot();
        self.deliver_to_bot();
        self.state.record.task = self.state.task.as_ref().map(|task| task.id.clone());
        let here = &self.state.record.participants;
        let left = self
            .before
            .into_iter()
            .filter(|one| !here.iter().any(|other| other.id == one.id))
            .collect();
        let decided = Decided {
            base: self.base,
            events: self.events.clone(),
            wakeups: Wakeups::of(&self.changes),
            notifications: self.notifications,
            offers: self.offers,
            left,
            list_update: self.list_update,
            state: self.state,
        };
        let commit = Commit {
            expected_head: self.base,
            events: self.events,
            conversation: decided.state.record.clone(),
            changes: self.changes,
        };
        (commit, decided)
    }

    /// Remembers where a member has come to.
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
            Effect::CancelRequest => self.close_task("CANCELLED"),
            Effect::EndSession => self.end_session(Emitter::monitor(), ChannelSessionReason::ForceClosed),
            Effect::UpdateData(facts) => self.update_data(Emitter::monitor(), facts),
        }
    }

    /// An action or a suggestion has one id, whether it is asked for as event or as message.
    fn event_id(&self, data: &EventData) -> String {
        match data {
            EventData::Action(action) => action.id.clone(),
            EventData::Suggestion(suggestion) => suggestion.id.clone(),
            _ => self.deps.clock.uuid(),
        }
    }

    fn note_message(&mut self, name: &EventName, seq: Seq) {
        let record = &mut self.state.record;
        match name {
            EventName::CustomerMessage => {
                record.waiting_since = record.waiting_since.or(Some(self.now));
                record.spoke_at = Some(self.now);
            }
            EventName::AgentMessage => record.waiting_since = None,
            // A bot that keeps the customer company in a queue is no answer.
            EventName::BotMessage if self.state.task.is_none() => record.waiting_since = None,
            EventName::BotMessage => {}
            _ => return,
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
            .deps
            .config
            .bots
            .get(bot.as_str())
            .is_none_or(|bot| bot.webhook.is_empty())
        {
            return;
        }
        for (index, new) in self.events.iter().enumerate() {
            if DELIVERED_TO_BOTS.contains(&new.event.name) {
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
        let channel = self.deps.config.channels.get(&self.state.record.channel)?;
        let known = self.deps.config.bots.contains_key(&channel.bot);
        known.then(|| ParticipantId::new(channel.bot.clone()))
    }
}

/// Prefix of the timer that ends an offer which nobody answered.
pub(super) const RONA: &str = "rona:";

/// Prefix of the timer that gives up on an agent without a connection.
pub(crate) const GRACE: &str = "grace:";

/// The key of the timer that gives up on an agent.
pub(crate) fn grace_key(conversation: &ConversationId, agent: &ParticipantId) -> String {
    format!("{GRACE}{conversation}:{agent}")
}

impl Decided {
    /// The position of one of its events.
    pub(crate) fn seq(&self, index: usize) -> Seq {
        Seq(self.base.0 + index as u64 + 1)
    }

    /// The acknowledgement of the first event that has a client id: the one that was asked for.
    pub(crate) fn accepted(&self, deps: &Deps) -> Option<Accepted> {
        let index = self.events.iter().position(|new| new.client_id.is_some())?;
        let new = self.events.get(index)?;
        Some(Accepted {
            client_id: new.client_id.clone()?,
            conversation: self.state.record.id.clone(),
            epoch: deps.store.epoch().clone(),
            seq: self.seq(index),
            message_id: MessageId::new(new.event.message().map_or(&new.event.id, |message| &message.id).clone()),
            timestamp: new.event.timestamp.ms(),
        })
    }
}

/// What planning comes to: a step to commit, nothing to do, or a refusal.
pub(crate) type Planned<'a> = Result<Option<Transaction<'a>>, Refusal>;
