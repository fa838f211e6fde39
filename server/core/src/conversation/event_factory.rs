//! Makes CIM events and messages: sender, recipients and time. All of it comes from the principal that the connection was
//! bound to and from the conversation, and nothing from what a frame says.

use super::channel_session::CHAT_MRD;
use super::state::State;
use crate::config::Config;
use crate::identity::{CustomerPrincipal, Principal, StaffPrincipal};
use crate::programs::ProgramDirectory;
use crate::store::{Author, ParticipantRecord, TaskPhase, TaskRecord};
use portico_shared::cim::event_data::{AgentChange, RoleChanged, TaskEnqueued, TaskStateChanged};
use portico_shared::cim::participant::{BotType, ParticipantState};
use portico_shared::cim::task::{
    AssignedAgent, MediaState, QueueName, TaskDirection, TaskMedia, TaskMode, TaskState, TaskStateName, TaskType,
};
use portico_shared::cim::user::{AssociatedMrd, KeycloakUser};
use portico_shared::cim::{
    BotParticipant, CcUser, CimMessage, ConversationParticipant, Customer, EventData, Intent, MessageBody,
    MessageHeader, Participant, Sender, SenderType, Task, Timestamp, well_known,
};
use portico_shared::frame::Draft;
use portico_shared::ids::ClientId;
use serde_json::json;

/// Who an event is from.
#[derive(Debug, Clone)]
pub(super) struct Emitter {
    /// CIM's `eventEmitter`.
    pub(super) sender: Sender,
    /// The author that client ids are scoped to.
    pub(super) author: Author,
    /// The idempotency key, if a client asked for the event.
    pub(super) client_id: Option<ClientId>,
}

impl Emitter {
    /// A principal.
    pub(super) fn principal(who: &Principal, state: &State, client_id: Option<ClientId>) -> Self {
        Self {
            sender: event_emitter(who, state),
            author: Author(who.key()),
            client_id,
        }
    }

    /// The customer of a conversation, who has proved it by what it was sent.
    pub(super) fn customer_of(state: &State) -> Self {
        let record = &state.record;
        let customer = state.session().customer.as_ref();
        let name = customer.and_then(|customer| customer.first_name.clone());
        Self {
            sender: Sender::new(record.customer.as_str(), SenderType::Customer, name.unwrap_or_default()),
            author: Author(crate::identity::customer_key(&record.customer)),
            client_id: None,
        }
    }

    /// A bot.
    pub(super) fn bot(bot: &ParticipantRecord, client_id: Option<ClientId>) -> Self {
        let author = Author(crate::identity::bot_key(&bot.id));
        Self {
            sender: Sender::new(bot.id.as_str(), SenderType::Bot, bot.name.clone()),
            author,
            client_id,
        }
    }

    /// The routing engine, which queues and reserves tasks.
    pub(super) fn routing_engine() -> Self {
        Self::platform(
            well_known::ROUTING_ENGINE_ID,
            SenderType::System,
            well_known::ROUTING_ENGINE,
        )
    }

    /// The agent manager, which adds and removes agents.
    pub(super) fn agent_manager() -> Self {
        Self::platform(
            well_known::AGENT_MANAGER_ID,
            SenderType::System,
            well_known::AGENT_MANAGER,
        )
    }

    /// The conversation monitor, which applies the policy's effects.
    pub(super) fn monitor() -> Self {
        Self::platform(
            well_known::CONVERSATION_MONITOR_ID,
            SenderType::Bot,
            well_known::CONVERSATION_MONITOR,
        )
    }

    /// The same emitter with the idempotency key of the author on whose behalf it acts.
    pub(super) fn on_request_of(self, author: Author, client_id: ClientId) -> Self {
        Self {
            author,
            client_id: Some(client_id),
            ..self
        }
    }

    fn platform(id: &str, kind: SenderType, name: &str) -> Self {
        Self {
            sender: Sender::new(id, kind, name),
            author: Author("system".to_owned()),
            client_id: None,
        }
    }
}

/// `eventEmitter`: the actor, its identity resolved.
fn event_emitter(who: &Principal, state: &State) -> Sender {
    match who {
        Principal::Customer(customer) => customer_emitter(customer, state.session().customer.as_ref()),
        Principal::Staff(_) | Principal::Bot(_) | Principal::App(_) => sender(who),
    }
}

/// The customer as the actor of an event.
pub(super) fn customer_emitter(who: &CustomerPrincipal, customer: Option<&Customer>) -> Sender {
    let name = customer
        .and_then(|customer| customer.first_name.clone())
        .unwrap_or_else(|| who.name.clone());
    Sender {
        additional_detail: Some(json!({"web": [who.identifier]})),
        ..Sender::new(who.id.as_str(), SenderType::Customer, name)
    }
}

/// `header.sender`: for a customer, the connector that its words came through.
pub(super) fn sender(who: &Principal) -> Sender {
    match who {
        Principal::Customer(_) => connector(),
        Principal::Staff(staff) => Sender {
            additional_detail: Some(json!({"firstName": staff.first_name, "lastName": staff.last_name})),
            ..Sender::new(staff.id.as_str(), SenderType::Agent, staff.username.clone())
        },
        Principal::Bot(bot) => Sender::new(bot.id.as_str(), SenderType::Bot, bot.name.clone()),
        Principal::App(app) => Sender::new(app.id.as_str(), SenderType::App, app.name.clone()),
    }
}

/// What a customer's words come through.
pub(super) fn connector() -> Sender {
    Sender::new(
        well_known::WEB_CONNECTOR_ID,
        SenderType::Connector,
        well_known::WEB_CONNECTOR,
    )
}

/// The header of a message in this conversation. Customer and channel are its session's and are put in where the
/// message leaves.
pub(super) fn header(sender: Sender, state: &State, now: i64) -> MessageHeader {
    MessageHeader {
        timestamp: Some(Timestamp::from_ms(now)),
        channel_session_id: Some(state.record.channel_session_id.clone()),
        conversation_id: Some(state.record.id.to_string()),
        room_id: Some(state.record.room.clone()),
        ..MessageHeader::new(sender)
    }
}

/// A draft made whole.
pub(super) fn message(id: String, who: &Principal, draft: &Draft, state: &State, now: i64) -> CimMessage {
    CimMessage {
        id,
        header: MessageHeader {
            intent: draft.intent.as_deref().map(Intent::parse),
            entities: draft.entities.clone(),
            original_message_id: draft.original_message_id.as_ref().map(ToString::to_string),
            additional_data: draft.additional_data.clone(),
            language: draft.language.clone().unwrap_or_default(),
            ..header(sender(who), state, now)
        },
        body: draft.body.clone(),
        ..CimMessage::default()
    }
}

/// A message that is no draft.
pub(super) fn message_with(id: String, header: MessageHeader, body: MessageBody) -> CimMessage {
    CimMessage {
        id,
        header,
        body,
        ..CimMessage::default()
    }
}

/// A contact-centre user as CIM describes one.
pub(super) fn cc_user(staff: &StaffPrincipal) -> CcUser {
    CcUser {
        id: staff.id.to_string(),
        keycloak_user: Some(KeycloakUser {
            id: Some(staff.id.to_string()),
            first_name: Some(staff.first_name.clone()),
            last_name: Some(staff.last_name.clone()),
            username: Some(staff.username.clone()),
            roles: staff.roles.clone(),
            ..KeycloakUser::default()
        }),
        associated_mrds: Some(vec![AssociatedMrd {
            mrd_id: Some(CHAT_MRD.to_owned()),
            max_agent_tasks: Some(i64::from(staff.max_tasks)),
            ..AssociatedMrd::default()
        }]),
        ..CcUser::default()
    }
}

/// An agent who takes part, as far as the conversation knows it.
pub(super) fn known_user(agent: &ParticipantRecord) -> CcUser {
    CcUser {
        id: agent.id.to_string(),
        keycloak_user: Some(KeycloakUser {
            id: Some(agent.id.to_string()),
            first_name: Some(agent.name.clone()),
            ..KeycloakUser::default()
        }),
        ..CcUser::default()
    }
}

/// The data of `AGENT_SUBSCRIBED` and `AGENT_UNSUBSCRIBED`.
pub(super) fn agent_change(
    user: CcUser,
    agent: &ParticipantRecord,
    state: &State,
    now: i64,
    reason: Option<&str>,
) -> EventData {
    let listens = match reason {
        None => ParticipantState::Subscribed,
        Some(_) => ParticipantState::Unsubscribed,
    };
    let participant = ConversationParticipant {
        is_active: Some(listens == ParticipantState::Subscribed),
        state: Some(listens),
        ..participant(Participant::CcUser(Box::new(user)), agent, state, now)
    };
    EventData::AgentChange(Box::new(AgentChange {
        agent_participant: Box::new(participant),
        reason: reason.map(str::to_owned),
        ..AgentChange::default()
    }))
}

/// The data of `PARTICIPANT_ROLE_CHANGED` for a bot.
pub(super) fn bot_role_change(
    bot: &ParticipantRecord,
    programs: &ProgramDirectory,
    state: &State,
    now: i64,
) -> EventData {
    let participant = participant(Participant::Bot(bot_participant(bot, programs)), bot, state, now);
    EventData::RoleChanged(Box::new(RoleChanged {
        conversation_participant: Box::new(participant),
        ..RoleChanged::default()
    }))
}

/// A bot as CIM describes one. Where it listens is the operator's secret.
pub(super) fn bot_participant(bot: &ParticipantRecord, programs: &ProgramDirectory) -> BotParticipant {
    let known = programs.bot(&bot.id);
    let name = known.map_or_else(|| bot.name.clone(), |known| known.name.clone());
    BotParticipant {
        id: bot.id.to_string(),
        kind: Some(BotType::Custom),
        name: Some(name),
        ..BotParticipant::default()
    }
}

fn participant(who: Participant, record: &ParticipantRecord, state: &State, now: i64) -> ConversationParticipant {
    ConversationParticipant {
        id: format!("{}:{}", state.record.id, record.id),
        kind: record.kind.clone(),
        role: record.role.clone(),
        participant: who,
        joining_time: Some(Timestamp::from_ms(record.joined_at)),
        conversation_id: Some(state.record.id.to_string()),
        is_active: Some(true),
        state: Some(ParticipantState::Subscribed),
        state_changed_on: Some(Timestamp::from_ms(now)),
        ..ConversationParticipant::default()
    }
}

/// A task as CIM describes one.
///
/// Its sessions are left out: the event around it has the session.
pub(super) fn task(task: &TaskRecord, assigned_name: Option<String>, config: &Config, now: i64) -> Task {
    let media_state = match task.state {
        TaskPhase::Queued => MediaState::Queued,
        TaskPhase::Reserved => MediaState::Reserved,
        TaskPhase::Active => MediaState::Active,
        TaskPhase::Closed => MediaState::Closed,
    };
    let name = if task.state == TaskPhase::Closed {
        TaskStateName::Closed
    } else {
        TaskStateName::Active
    };
    let reason_code = task.close_reason.clone();
    let answered = task.state == TaskPhase::Active;
    Task {
        id: task.id.to_string(),
        conversation_id: Some(task.conversation.to_string()),
        state: Some(TaskState {
            name,
            reason_code,
            ..TaskState::default()
        }),
        assigned_to: task.assigned_to.as_ref().map(|agent| AssignedAgent {
            id: agent.to_string(),
            name: assigned_name,
            ..AssignedAgent::default()
        }),
        active_media: vec![TaskMedia {
            id: task.media.clone(),
            mrd_id: Some(CHAT_MRD.to_owned()),
            task_id: Some(task.id.to_string()),
            queue: Some(queue(config, &task.queue)),
            kind: Some(TaskType {
                direction: Some(TaskDirection::Inbound),
                mode: Some(TaskMode::Queue),
                ..TaskType::default()
            }),
            priority: Some(i64::from(task.priority)),
            state: Some(media_state),
            enqueue_time: Some(Timestamp::from_ms(task.enqueued_at)),
            answer_time: Some(Timestamp::from_ms(if answered { now } else { 0 })),
            ..TaskMedia::default()
        }],
        ..Task::default()
    }
}

/// The data of `TASK_STATE_CHANGED`.
pub(super) fn task_state_changed(task: Task) -> EventData {
    let media_state_changes = task.active_media.iter().map(|media| media.id.clone().into()).collect();
    EventData::TaskStateChanged(Box::new(TaskStateChanged {
        task: Box::new(task),
        task_state_changed: Some(true),
        media_state_changes,
        ..TaskStateChanged::default()
    }))
}

/// The data of `TASK_ENQUEUED`.
pub(super) fn task_enqueued(task: Task) -> EventData {
    let queue = task.active_media.first().and_then(|media| media.queue.clone());
    EventData::TaskEnqueued(Box::new(TaskEnqueued {
        task: Box::new(task),
        queue,
        ..TaskEnqueued::default()
    }))
}

fn queue(config: &Config, id: &str) -> QueueName {
    let name = config.queues.get(id).map_or(id, |queue| queue.name.as_str());
    QueueName {
        id: Some(id.to_owned()),
        name: Some(name.to_owned()),
        ..QueueName::default()
    }
}
