//! What follows when connections open and close: agent states, presence, and the deadline after which an agent without a
//! connection loses its conversations.

use super::presence::{ConnectOptions, DeskInUse};
use super::{ConnectionId, Refusal, Registry, SendHandle, Services};
use crate::audit::Attribution;
use crate::conversation::reader_role::ServerFrame;
use crate::identity::people::is_one_line;
use crate::identity::{Principal, StaffPrincipal};
use crate::store::{AgentStateRecord, AuditAction, Change, ObjectKind, StoreError, TaskPhase, Timer, TimerKind};
use crate::telemetry;
use portico_shared::cim::agent::AgentStateName;
use portico_shared::frame::{DeskClaim, RefusalCode};
use portico_shared::ids::{ConversationId, DeskId, ParticipantId};
use portico_shared::text::says_nothing;

/// Sockets of one contact-centre user, app, or bot that is called by webhook. One more closes the oldest.
const SOCKETS_OF_OTHERS: usize = 64;

/// Sockets of a bot that gets its work over them: were there two, both would answer the customer.
const SOCKETS_OF_BOTS: usize = 1;

/// Conversations of one agent that are looked after when its last socket closes.
const MOST_SERVED: u32 = 1_000;

/// Longest reason for which an agent is not ready, in characters.
const MAX_REASON_CHARS: usize = 200;

/// Counts a connection as present until it is dropped, however its task ended.
pub struct PresenceGuard {
    registry: Registry,
    who: Principal,
    connection: ConnectionId,
    /// The other desk that had to make room.
    replaced_desk: Option<DeskId>,
}

impl Registry {
    /// Registers a connection, so that frames for its identity reach it. The desk counts for those alone who are offered chats.
    ///
    /// # Errors
    /// Another desk of the agent is connected, and this one does not take over.
    pub fn connect(
        &self,
        who: &Principal,
        handle: &SendHandle,
        desk: Option<DeskClaim>,
    ) -> Result<PresenceGuard, DeskInUse> {
        let services = self.services();
        let is_offered_chats = matches!(who, Principal::Staff(staff) if staff.serves());
        let options = ConnectOptions {
            desk: desk.filter(|_| is_offered_chats),
            most: most_sockets(services, who),
            now: services.clock.now_ms(),
            grace_ms: services.config.routing.grace_ms(),
        };
        let replaced = services.presence.connect(who, handle.clone(), options)?;
        if let Principal::Bot(bot) = who
            && replaced.too_many > 0
        {
            metrics::counter!(telemetry::BOT_SOCKETS_REPLACED).increment(1);
            tracing::warn!(bot.id = %bot.id, "a bot has connected anew and its older socket is closed; if that goes on, two programs \
                connect as this bot");
        }
        if matches!(who, Principal::Staff(_)) {
            services.wake_routing.notify_one();
        }
        Ok(PresenceGuard {
            registry: self.clone(),
            who: who.clone(),
            connection: handle.connection(),
            replaced_desk: replaced.desk,
        })
    }

    /// Makes an agent ready or not, and tells all its desks.
    pub async fn set_agent_state(
        &self,
        who: &StaffPrincipal,
        state: AgentStateName,
        reason: Option<String>,
    ) -> Result<AgentStateRecord, Refusal> {
        let ready = match state {
            AgentStateName::Ready => true,
            AgentStateName::NotReady => false,
            AgentStateName::Login | AgentStateName::Logout | AgentStateName::Other(_) => {
                return Err(Refusal::new(
                    RefusalCode::Malformed,
                    "state: neither READY nor NOT_READY",
                ));
            }
        };
        let is_fit = reason
            .as_deref()
            .is_none_or(|reason| is_one_line(reason, MAX_REASON_CHARS));
        if !is_fit {
            let message = format!("reason: not one line of at most {MAX_REASON_CHARS} characters");
            return Err(Refusal::new(RefusalCode::Malformed, message));
        }
        if ready && !who.serves() {
            return Err(Refusal::forbidden(
                "being offered chats takes the permission conversations:serve",
            ));
        }
        let services = self.services();
        let before = self.agent_state(&who.id).await?;
        let since = match before {
            Some(before) if before.ready == ready => before.since,
            Some(_) | None => services.clock.now_ms(),
        };
        let reason = reason.filter(|reason| !ready && !says_nothing(reason));
        let record = AgentStateRecord {
            agent: who.id.clone(),
            ready,
            reason,
            since,
        };
        services.store.apply(vec![Change::AgentState(record.clone())]).await?;
        services.presence.notify_agent(&who.id, &agent_state_frame(&record));
        services.wake_routing.notify_one();
        Ok(record)
    }

    /// An agent's state as last written.
    pub async fn agent_state(&self, agent: &ParticipantId) -> Result<Option<AgentStateRecord>, StoreError> {
        self.services().store.agent_state(agent).await
    }

    /// Sets the deadline by which an agent must have come back to its conversations.
    pub async fn agent_away(&self, agent: &ParticipantId) -> Result<(), StoreError> {
        let services = self.services();
        let due_at = self.grace_ends_at();
        let served = services.store.conversations_of_participant(agent, MOST_SERVED).await?;
        let timers = served.into_iter().map(|record| {
            Change::SetTimer(Timer {
                kind: TimerKind::AgentAway(agent.clone()),
                conversation: record.id,
                due_at,
            })
        });
        services.store.apply(timers.collect()).await?;
        self.wake_timers().notify_one();
        services.wake_routing.notify_one();
        Ok(())
    }

    /// After a start no agent is connected: every agent who was serving gets the usual time to come back.
    pub async fn expect_agents(&self) -> Result<(), StoreError> {
        let services = self.services();
        let due_at = self.grace_ends_at();
        let served = services
            .store
            .open_tasks()
            .await?
            .into_iter()
            .filter(|task| task.state == TaskPhase::Active);
        let timers: Vec<Change> = served
            .filter_map(|task| {
                Some(Change::SetTimer(Timer {
                    kind: TimerKind::AgentAway(task.assigned_to?),
                    conversation: task.conversation,
                    due_at,
                }))
            })
            .collect();
        if !timers.is_empty() {
            services.store.apply(timers).await?;
            self.wake_timers().notify_one();
        }
        Ok(())
    }

    /// Takes an agent out of a conversation to which it did not come back.
    pub async fn agent_is_gone(&self, conversation: &ConversationId, agent: &ParticipantId) -> Result<(), Refusal> {
        self.fire(Timer {
            kind: TimerKind::AgentAway(agent.clone()),
            conversation: conversation.clone(),
            due_at: self.services().clock.now_ms(),
        })
        .await
    }

    fn grace_ends_at(&self) -> i64 {
        let services = self.services();
        services
            .clock
            .now_ms()
            .saturating_add(services.config.routing.grace_ms())
    }
}

impl PresenceGuard {
    /// Records that another desk of the agent was closed for this connection, if one was.
    ///
    /// # Errors
    /// The record was not written. The other desk is closed all the same: who is connected is in no store.
    pub async fn record_takeover(&self) -> Result<(), StoreError> {
        let (Principal::Staff(staff), Some(desk)) = (&self.who, &self.replaced_desk) else {
            return Ok(());
        };
        let Services { store, clock, .. } = self.registry.services();
        let by = Attribution::user(staff, clock.as_ref());
        let taken = by.record(AuditAction::DeskTakenOver, ObjectKind::User, &staff.id);
        let taken = taken.with("username", &*staff.username).with("desk", desk.as_str());
        store.apply(vec![Change::Audit(Box::new(taken))]).await
    }
}

/// Sockets that an identity may have.
fn most_sockets(services: &Services, who: &Principal) -> usize {
    match who {
        Principal::Customer(_) => services.config.limits.sockets_per_customer,
        Principal::Bot(bot) => match services.programs.bot(&bot.id) {
            Some(bot) if bot.webhook.is_some() => SOCKETS_OF_OTHERS,
            Some(_) | None => SOCKETS_OF_BOTS,
        },
        Principal::Staff(_) | Principal::App(_) => SOCKETS_OF_OTHERS,
    }
}

/// The state of an agent who takes requests, or who does not.
pub(super) fn state_name(ready: bool) -> AgentStateName {
    if ready {
        AgentStateName::Ready
    } else {
        AgentStateName::NotReady
    }
}

/// An agent's state as its desks are told.
pub fn agent_state_frame(record: &AgentStateRecord) -> ServerFrame {
    ServerFrame::AgentState {
        state: state_name(record.ready),
        reason: record.reason.clone(),
    }
}

impl Drop for PresenceGuard {
    fn drop(&mut self) {
        let services = self.registry.services();
        let last = services
            .presence
            .disconnect(&self.who, self.connection, services.clock.now_ms());
        let Principal::Staff(staff) = &self.who else {
            return;
        };
        if !last {
            return;
        }
        let (registry, agent) = (self.registry.clone(), staff.id.clone());
        services.tracker.spawn(async move {
            if let Err(error) = registry.agent_away(&agent).await {
                let error = &error as &dyn std::error::Error;
                tracing::error!(agent.id = %agent, error, "no deadline was set for an agent who is gone");
            }
        });
    }
}
