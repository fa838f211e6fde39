//! The transitions that a transaction is made of: a participant joins or leaves, a task changes its state, the session
//! ends. Each changes the projection and appends the event that says so.

use super::Transaction;
use crate::conversation::channel_session;
use crate::conversation::committed::{ListUpdate, ReservationOutcome};
use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::policy::{BotRole, Departure, NewTask, Trigger};
use crate::conversation::reader_role::ServerFrame;
use crate::identity::StaffPrincipal;
use crate::store::{AgentStateRecord, Change, ParticipantRecord, TaskPhase, TaskRecord, TimerKind};
use portico_shared::cim::agent::AgentStateName;
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::event_data::AgentReserved;
use portico_shared::cim::participant::{ParticipantRole, ParticipantType};
use portico_shared::cim::task::TaskCloseReason;
use portico_shared::cim::{CcUser, EventData, EventName};
use portico_shared::ids::{ParticipantId, TaskId};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Priority of a task that an agent left unanswered: before all others.
const AFTER_RONA: u8 = 11;

/// Why an agent that did not answer a reservation is not ready: redirect on no answer.
const RONA_REASON: &str = "RONA";

impl Transaction<'_> {
    /// The bot joins and talks to the customer.
    pub(super) fn assign_bot(&mut self, bot: &ParticipantId) {
        let known = self.services.programs.bot(bot);
        let name = known.map_or_else(String::new, |known| known.name.clone());
        let record = ParticipantRecord {
            id: bot.clone(),
            kind: ParticipantType::Bot,
            role: ParticipantRole::Primary,
            name,
            joined_at: self.now,
        };
        let data = EventData::Bot(event_factory::bot_participant(&record, &self.services.programs));
        self.state.record.participants.push(record);
        self.append(Emitter::monitor(), EventName::BotSubscribed, data);
        self.update_lists(ListUpdate::Shape);
    }

    /// Changes the bot's role.
    pub(super) fn change_bot_role(&mut self, bot: &ParticipantId, role: BotRole) {
        let role = match role {
            BotRole::Primary => ParticipantRole::Primary,
            BotRole::Assistant => ParticipantRole::Assistant,
        };
        let Some(record) = self.state.record.participants.iter_mut().find(|one| one.id == *bot) else {
            return;
        };
        record.role = role;
        let data = event_factory::bot_role_change(&record.clone(), &self.services.programs, &self.state, self.now);
        self.append(Emitter::monitor(), EventName::ParticipantRoleChanged, data);
        self.update_lists(ListUpdate::Shape);
    }

    /// Creates a task and queues it.
    pub(super) fn enqueue_task(&mut self, new: &NewTask) {
        let task = TaskRecord {
            id: TaskId::new(self.services.clock.uuid()),
            media: self.services.clock.uuid(),
            conversation: self.state.record.id.clone(),
            queue: self.queue(new.queue.as_deref()),
            priority: new.priority,
            state: TaskPhase::Queued,
            assigned_to: None,
            enqueued_at: self.now,
            missed_by: Vec::new(),
            reservation_ends_at: None,
            close_reason: None,
        };
        self.task_changed(task.clone());
        let data = event_factory::task_enqueued(event_factory::task(&task, None, &self.services.config, self.now));
        self.append(Emitter::routing_engine(), EventName::TaskEnqueued, data);
    }

    /// Reserves the task for an agent until `ends_at`.
    pub(in crate::conversation) fn reserve(&mut self, task: TaskRecord, agent: &StaffPrincipal, ends_at: i64) {
        let task = TaskRecord {
            state: TaskPhase::Reserved,
            assigned_to: Some(agent.id.clone()),
            reservation_ends_at: Some(ends_at),
            ..task
        };
        self.set_timer(TimerKind::Reservation(task.id.clone()), ends_at);
        self.change(Change::Task(task.clone()));
        let cim_task = event_factory::task(&task, Some(agent.username.clone()), &self.services.config, self.now);
        self.state.task = Some(task);
        let data = EventData::AgentReserved(Box::new(AgentReserved {
            task: Some(Box::new(cim_task)),
            cc_user: Some(Box::new(event_factory::cc_user(agent))),
            ..AgentReserved::default()
        }));
        self.append(Emitter::routing_engine(), EventName::AgentReserved, data);
        self.reservations.push(ReservationOutcome::Offered);
        self.update_lists(ListUpdate::Shape);
    }

    /// The agent did not answer: the task goes to the front of its queue, and the agent is not ready until it says so
    /// again.
    pub(in crate::conversation) fn miss(&mut self, task: TaskRecord, agent: &ParticipantId) {
        let mut task = task;
        if !task.missed_by.contains(agent) {
            task.missed_by.push(agent.clone());
        }
        self.requeue(
            TaskRecord {
                priority: AFTER_RONA,
                ..task
            },
            agent,
            ReservationOutcome::Missed,
            TaskCloseReason::Rona,
        );
        self.change(Change::AgentState(AgentStateRecord {
            agent: agent.clone(),
            ready: false,
            reason: Some(RONA_REASON.to_owned()),
            since: self.now,
        }));
        let frame = ServerFrame::AgentState {
            state: AgentStateName::NotReady,
            reason: Some(RONA_REASON.to_owned()),
        };
        self.notify(agent.clone(), frame);
    }

    /// Puts the task back into its queue, at its old place.
    pub(in crate::conversation) fn requeue(
        &mut self,
        task: TaskRecord,
        agent: &ParticipantId,
        outcome: ReservationOutcome,
        reason: TaskCloseReason,
    ) {
        self.reservations.push(outcome);
        self.cancel_timer(TimerKind::Reservation(task.id.clone()));
        self.notify(
            agent.clone(),
            ServerFrame::OfferRevoked {
                task: task.id.clone(),
                reason,
            },
        );
        self.task_changed(TaskRecord {
            state: TaskPhase::Queued,
            assigned_to: None,
            reservation_ends_at: None,
            ..task
        });
    }

    /// The agent takes the task and joins as the one who talks to the customer.
    pub(in crate::conversation) fn add_agent(&mut self, task: TaskRecord, agent: &StaffPrincipal, emitter: Emitter) {
        self.reservations.push(ReservationOutcome::Accepted);
        self.cancel_timer(TimerKind::Reservation(task.id.clone()));
        let record = ParticipantRecord {
            id: agent.id.clone(),
            kind: ParticipantType::Agent,
            role: ParticipantRole::Primary,
            name: agent.first_name.clone(),
            joined_at: self.now,
        };
        self.state.record.participants.push(record.clone());
        self.set_state(ConversationState::Active);
        self.task_changed(TaskRecord {
            state: TaskPhase::Active,
            assigned_to: Some(agent.id.clone()),
            reservation_ends_at: None,
            ..task
        });
        let data = event_factory::agent_change(event_factory::cc_user(agent), &record, &self.state, self.now, None);
        self.append(emitter, EventName::AgentSubscribed, data);
        self.trigger(&Trigger::AgentJoined);
    }

    /// The agent leaves; its task is closed.
    pub(in crate::conversation) fn remove_agent(
        &mut self,
        agent: &ParticipantRecord,
        user: CcUser,
        emitter: Emitter,
        how: Departure,
    ) {
        let (event_reason, task_reason) = match how {
            Departure::Left => ("AGENT_LEFT", TaskCloseReason::Done),
            Departure::Lost => ("AGENT_LOGOUT", TaskCloseReason::AgentLogout),
        };
        self.cancel_timer(TimerKind::AgentAway(agent.id.clone()));
        self.change(Change::AgentFree {
            agent: agent.id.clone(),
            since: self.now,
        });
        self.state
            .record
            .participants
            .retain(|one| one.id != agent.id || one.kind != agent.kind);
        let data = event_factory::agent_change(user, agent, &self.state, self.now, Some(event_reason));
        self.append(emitter, EventName::AgentUnsubscribed, data);
        let serves = self
            .state
            .task
            .as_ref()
            .is_some_and(|task| task.state == TaskPhase::Active && task.assigned_to.as_ref() == Some(&agent.id));
        if serves {
            self.close_task(task_reason);
        }
        self.settle_state();
        self.trigger(&Trigger::AgentLeft {
            agent: agent.id.clone(),
            how,
        });
    }

    /// Closes the task.
    pub(super) fn close_task(&mut self, reason: TaskCloseReason) {
        let Some(task) = self.state.task.clone() else {
            return;
        };
        if let (TaskPhase::Reserved, Some(agent)) = (task.state, &task.assigned_to) {
            let frame = ServerFrame::OfferRevoked {
                task: task.id.clone(),
                reason: reason.clone(),
            };
            self.notify(agent.clone(), frame);
            self.cancel_timer(TimerKind::Reservation(task.id.clone()));
            self.reservations.push(ReservationOutcome::Cancelled);
        }
        self.task_changed(TaskRecord {
            state: TaskPhase::Closed,
            reservation_ends_at: None,
            close_reason: Some(reason),
            ..task
        });
        self.state.task = None;
    }

    /// The customer's session is over. Agents who are in stay for their notes.
    pub(in crate::conversation) fn end_session(&mut self, emitter: Emitter, reason: ChannelSessionReason) {
        let name = if reason == ChannelSessionReason::Inactivity {
            EventName::ChannelSessionExpired
        } else {
            EventName::ChannelSessionEnded
        };
        let session = channel_session::ended(self.state.session(), reason);
        self.state.record.channel_session = self.state.session().next(session.clone()).into();
        self.state.record.ended_at = Some(self.now);
        self.state.record.waiting_since = None;
        let data = EventData::ChannelSession(Box::new(session));
        self.append(emitter, name, data);
        self.settle_state();
        self.trigger(&Trigger::SessionEnded);
        self.ask_survey();
    }

    /// Adds a bot's conversation data. These keys no longer count as visitor data.
    pub(in crate::conversation) fn update_data(&mut self, emitter: Emitter, data: Map<String, Value>) {
        let record = &mut self.state.record;
        record.visitor_keys.retain(|key| !data.contains_key(key));
        record.data.extend(data);
        self.data_changed(emitter);
    }

    /// Replaces the conversation data, of which `visitor_keys` came from the visitor.
    pub(in crate::conversation) fn set_visitor_data(
        &mut self,
        emitter: Emitter,
        all: Map<String, Value>,
        visitor_keys: BTreeSet<String>,
    ) {
        let record = &mut self.state.record;
        let before = std::mem::replace(&mut record.data, all);
        record.visitor_keys = visitor_keys;
        self.note_claims(&before);
        self.data_changed(emitter);
    }

    /// The event carries all conversation data.
    fn data_changed(&mut self, emitter: Emitter) {
        let data = EventData::ConversationData(self.state.record.data.clone());
        self.append(emitter, EventName::ConversationDataChanged, data);
        self.update_lists(ListUpdate::Shape);
    }

    /// The state that follows from who is left.
    fn settle_state(&mut self) {
        let agents = self.state.agents().next().is_some();
        let state = match (self.state.is_ended(), agents) {
            (false, true) => ConversationState::Active,
            (false, false) => ConversationState::Inactive,
            (true, true) => ConversationState::WrapUp,
            (true, false) => ConversationState::Closed,
        };
        let closes = state == ConversationState::Closed && !self.state.is_closed();
        self.set_state(state);
        if closes {
            self.release_bot();
        }
    }

    /// Ends the bot's part once no participant is left for it to serve. It stays in the record, so that it may still read.
    fn release_bot(&mut self) {
        let Some(bot) = self.state.bot() else { return };
        let data = EventData::Bot(event_factory::bot_participant(bot, &self.services.programs));
        self.append(Emitter::monitor(), EventName::BotUnsubscribed, data);
    }

    fn set_state(&mut self, state: ConversationState) {
        self.state.record.state = state;
        self.update_lists(ListUpdate::Shape);
    }

    fn task_changed(&mut self, task: TaskRecord) {
        let name = task
            .assigned_to
            .as_ref()
            .and_then(|agent| self.state.agent(agent))
            .map(|agent| agent.name.clone());
        let cim_task = event_factory::task(&task, name, &self.services.config, self.now);
        self.change(Change::Task(task.clone()));
        self.state.task = Some(task);
        self.append(
            Emitter::routing_engine(),
            EventName::TaskStateChanged,
            event_factory::task_state_changed(cim_task),
        );
        self.update_lists(ListUpdate::Shape);
    }

    /// The queue with this name or id, if there is one; the channel's otherwise.
    fn queue(&self, wanted: Option<&str>) -> String {
        let config = &self.services.config;
        let known = wanted.and_then(|wanted| {
            let named = config
                .queues
                .iter()
                .find(|(id, queue)| *id == wanted || queue.name == wanted);
            named.map(|(id, _)| id.clone())
        });
        known.unwrap_or_else(|| {
            config
                .channels
                .get(&self.state.record.channel)
                .map_or_else(String::new, |channel| channel.queue.clone())
        })
    }
}
