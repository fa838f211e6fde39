//! What an agent reads in one line about an event. The sentences are the view's; here is which one it is, and of what.

use super::Author;
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::cim::event_data::TaskStateChanged;
use portico_shared::cim::participant::{ParticipantRole, ParticipantType};
use portico_shared::cim::task::{TaskCloseReason, TaskStateName};
use portico_shared::cim::{
    CcUser, ChannelSession, CimEvent, ConversationParticipant, EventData, EventName, MessageBody, Participant,
};
use portico_shared::json::Map;

/// One line of an agent's timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentNotice {
    /// What it says.
    pub kind: NoticeKind,
    /// Values to unfold.
    pub values: Option<Map>,
}

/// What a notice says.
#[derive(Debug, Clone, PartialEq)]
pub enum NoticeKind {
    /// The customer opened a chat.
    ChatStarted {
        /// Type of the channel.
        channel: Option<String>,
    },
    /// The chat is over.
    ChatEnded {
        /// Why.
        reason: Option<ChannelSessionReason>,
    },
    /// The chat is over because nothing was said for too long.
    ChatExpired,
    /// The session's data changed.
    SessionUpdated,
    /// The session is about to be closed.
    SessionClosing,
    /// An agent takes part.
    AgentJoined {
        /// Who.
        name: DisplayName,
        /// As what.
        role: ParticipantRole,
    },
    /// An agent takes part no longer.
    AgentLeft {
        /// Who.
        name: DisplayName,
        /// Why.
        reason: Option<String>,
    },
    /// A bot takes part.
    BotJoined(DisplayName),
    /// A bot takes part no longer.
    BotLeft(DisplayName),
    /// A person takes part as something else.
    RoleChanged {
        /// Who.
        name: DisplayName,
        /// As what.
        role: ParticipantRole,
    },
    /// A bot answers the customer from now on, or leaves that to agents.
    BotRoleChanged {
        /// Which.
        name: DisplayName,
        /// As what it takes part.
        role: ParticipantRole,
    },
    /// The customer went away.
    CustomerLeft,
    /// The conversation belongs to this customer now, by name or id.
    CustomerLinked(String),
    /// A request rings at an agent.
    Offered {
        /// At whom; empty if the event does not say.
        name: DisplayName,
    },
    /// A request waits for an agent.
    Enqueued {
        /// In which queue.
        queue: Option<String>,
    },
    /// A request came further.
    TaskChanged {
        /// How far it is.
        state: TaskStateName,
        /// Why it ended.
        reason: Option<TaskCloseReason>,
        /// The agent who has it.
        assigned_to: Option<String>,
    },
    /// No agent was free.
    NoAgent,
    /// An agent is wanted.
    AgentRequested,
    /// The request for an agent was withdrawn.
    RequestRevoked,
    /// All agents were removed.
    AgentsRemoved,
    /// There is nobody who could answer.
    NoResponseEntity,
    /// A bot asks the platform to do something.
    ActionRequested {
        /// Which bot.
        name: String,
        /// CIM's name of the action.
        action: String,
    },
    /// An agent asks for help.
    HandRaised(String),
    /// An agent no longer needs help.
    HandLowered(String),
    /// The conversation's data changed, by so many values.
    DataChanged(usize),
    /// The chat is on hold.
    OnHold,
    /// The chat goes on.
    Resumed,
    /// The call is on hold.
    CallHeld,
    /// The call goes on.
    CallResumed,
    /// The agent's time to answer runs.
    SlaStarted,
    /// The agent answered in time.
    SlaStopped,
    /// The agent's time to answer ran out.
    SlaExpired,
    /// The customer's time to answer ran out.
    CustomerSilent,
    /// The bot did not answer.
    BotSilent,
    /// A notification with a text of its own.
    Text(String),
    /// A notification without a text, by CIM's name of its type.
    Notification(String),
    /// Anything else, by its name.
    Other(EventName),
}

/// What somebody is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DisplayName {
    /// By name.
    Known(String),
    /// No name is known: by what it is.
    Unknown(ParticipantType),
}

/// The picture before a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Somebody came.
    Joined,
    /// Somebody went.
    Left,
    /// Somebody's part changed.
    Role,
    /// A chat or call began or goes on.
    Started,
    /// A chat is over.
    Ended,
    /// Somebody waits.
    Waits,
    /// On hold.
    Hold,
    /// A request for an agent.
    Task,
    /// Data changed.
    Data,
    /// A time limit.
    Timer,
    /// Something failed.
    Problem,
}

/// Whether a notice is good or bad news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Neither.
    Plain,
    /// Good.
    Good,
    /// Bad.
    Bad,
}

impl AgentNotice {
    /// What one line says of an event that this author caused.
    pub(super) fn of(event: &CimEvent, author: &Author) -> Self {
        let values = match &event.data {
            EventData::ConversationData(data) => Some(data.clone()),
            EventData::Raw(value) => value.as_object().filter(|map| !map.is_empty()).cloned(),
            _ => None,
        };
        Self {
            kind: kind_of(event, author),
            values,
        }
    }

    /// What one line says of these changes of the conversation's data.
    pub(super) fn of_data(changes: Map) -> Self {
        Self {
            kind: NoticeKind::DataChanged(changes.len()),
            values: Some(changes),
        }
    }

    /// Whether only a search for a fault needs it.
    pub fn is_minor(&self) -> bool {
        use NoticeKind as Kind;
        match &self.kind {
            Kind::SessionUpdated
            | Kind::SessionClosing
            | Kind::BotJoined(_)
            | Kind::BotLeft(_)
            | Kind::BotRoleChanged { .. }
            | Kind::Offered { .. }
            | Kind::TaskChanged { .. }
            | Kind::AgentRequested
            | Kind::RequestRevoked
            | Kind::ActionRequested { .. }
            | Kind::DataChanged(_)
            | Kind::SlaStarted
            | Kind::SlaStopped
            | Kind::Text(_)
            | Kind::Notification(_)
            | Kind::Other(_) => true,
            Kind::ChatStarted { .. }
            | Kind::ChatEnded { .. }
            | Kind::ChatExpired
            | Kind::AgentJoined { .. }
            | Kind::AgentLeft { .. }
            | Kind::RoleChanged { .. }
            | Kind::CustomerLeft
            | Kind::CustomerLinked(_)
            | Kind::Enqueued { .. }
            | Kind::NoAgent
            | Kind::AgentsRemoved
            | Kind::NoResponseEntity
            | Kind::HandRaised(_)
            | Kind::HandLowered(_)
            | Kind::OnHold
            | Kind::Resumed
            | Kind::CallHeld
            | Kind::CallResumed
            | Kind::SlaExpired
            | Kind::CustomerSilent
            | Kind::BotSilent => false,
        }
    }

    /// Whether it is good or bad news.
    pub fn tone(&self) -> Tone {
        match &self.kind {
            NoticeKind::AgentJoined { .. } => Tone::Good,
            NoticeKind::ChatExpired
            | NoticeKind::NoAgent
            | NoticeKind::AgentsRemoved
            | NoticeKind::NoResponseEntity
            | NoticeKind::SlaExpired
            | NoticeKind::CustomerSilent
            | NoticeKind::BotSilent => Tone::Bad,
            _ => Tone::Plain,
        }
    }

    /// The picture before it.
    pub fn sign(&self) -> Sign {
        use NoticeKind as Kind;
        match &self.kind {
            Kind::AgentJoined { .. } | Kind::BotJoined(_) => Sign::Joined,
            Kind::AgentLeft { .. } | Kind::BotLeft(_) | Kind::CustomerLeft | Kind::AgentsRemoved => Sign::Left,
            Kind::RoleChanged { .. }
            | Kind::BotRoleChanged { .. }
            | Kind::CustomerLinked(_)
            | Kind::HandRaised(_)
            | Kind::HandLowered(_) => Sign::Role,
            Kind::ChatStarted { .. } | Kind::Resumed | Kind::CallResumed => Sign::Started,
            Kind::ChatEnded { .. } | Kind::ChatExpired | Kind::SessionClosing => Sign::Ended,
            Kind::Enqueued { .. } => Sign::Waits,
            Kind::OnHold | Kind::CallHeld => Sign::Hold,
            Kind::Offered { .. }
            | Kind::TaskChanged { .. }
            | Kind::AgentRequested
            | Kind::RequestRevoked
            | Kind::ActionRequested { .. } => Sign::Task,
            Kind::SessionUpdated | Kind::DataChanged(_) | Kind::Text(_) | Kind::Notification(_) | Kind::Other(_) => {
                Sign::Data
            }
            Kind::SlaStarted | Kind::SlaStopped | Kind::SlaExpired | Kind::CustomerSilent => Sign::Timer,
            Kind::NoAgent | Kind::NoResponseEntity | Kind::BotSilent => Sign::Problem,
        }
    }
}

fn kind_of(event: &CimEvent, author: &Author) -> NoticeKind {
    match &event.data {
        EventData::ChannelSession(session) => of_session(&event.name, session),
        EventData::AgentChange(change) => {
            let name = name_of(&change.agent_participant);
            match event.name {
                EventName::AgentSubscribed => NoticeKind::AgentJoined {
                    name,
                    role: change.agent_participant.role.clone(),
                },
                _ => NoticeKind::AgentLeft {
                    name,
                    reason: change.reason.clone(),
                },
            }
        }
        EventData::RoleChanged(change) => of_role(&change.conversation_participant),
        EventData::Bot(bot) => {
            let name = known_or(bot.name.clone(), ParticipantType::Bot);
            match event.name {
                EventName::BotSubscribed => NoticeKind::BotJoined(name),
                _ => NoticeKind::BotLeft(name),
            }
        }
        EventData::AgentReserved(reserved) => {
            let user = reserved.cc_user.as_deref();
            let name = user.map_or_else(|| DisplayName::Known(String::new()), user_name);
            NoticeKind::Offered { name }
        }
        EventData::TaskEnqueued(enqueued) => NoticeKind::Enqueued {
            queue: enqueued.queue.as_ref().and_then(|queue| queue.name.clone()),
        },
        EventData::TaskStateChanged(change) => of_task(change),
        EventData::NoAgent(_) => NoticeKind::NoAgent,
        EventData::ConversationData(data) => NoticeKind::DataChanged(data.len()),
        EventData::Customer(customer) => {
            let name = customer.first_name.as_ref().unwrap_or(&customer.id);
            NoticeKind::CustomerLinked(name.clone())
        }
        EventData::Action(action) => NoticeKind::ActionRequested {
            name: author.name.clone(),
            action: action.name.clone(),
        },
        EventData::HandRaise(hand) => {
            let name = hand.user_name.as_ref().unwrap_or(&author.name).clone();
            match event.name {
                EventName::HandRaised => NoticeKind::HandRaised(name),
                _ => NoticeKind::HandLowered(name),
            }
        }
        EventData::Message(message) => match &message.body {
            MessageBody::Notification(notice) => match &notice.markdown_text {
                Some(text) if !text.is_empty() => NoticeKind::Text(text.clone()),
                _ => {
                    let kind = notice.notification_type.as_ref();
                    NoticeKind::Notification(kind.map_or("", |kind| kind.as_str()).to_owned())
                }
            },
            _ => of_name(&event.name),
        },
        _ => of_name(&event.name),
    }
}

fn of_role(participant: &ConversationParticipant) -> NoticeKind {
    let (name, role) = (name_of(participant), participant.role.clone());
    match participant.participant {
        Participant::Bot(_) => NoticeKind::BotRoleChanged { name, role },
        Participant::CcUser(_) | Participant::ChannelSession(_) | Participant::Other(_) => {
            NoticeKind::RoleChanged { name, role }
        }
    }
}

fn of_session(name: &EventName, session: &ChannelSession) -> NoticeKind {
    match name {
        EventName::ChannelSessionStarted => {
            let channel = session.channel.as_ref();
            let channel_type = channel.and_then(|channel| channel.channel_type.as_ref());
            NoticeKind::ChatStarted {
                channel: channel_type.and_then(|kind| kind.name.clone()),
            }
        }
        EventName::ChannelSessionEnded => NoticeKind::ChatEnded {
            reason: session.state.as_ref().and_then(|state| state.reason_code.clone()),
        },
        EventName::ChannelSessionExpired => NoticeKind::ChatExpired,
        _ => NoticeKind::SessionUpdated,
    }
}

fn of_task(change: &TaskStateChanged) -> NoticeKind {
    let task = &change.task;
    let state = task.state.as_ref();
    NoticeKind::TaskChanged {
        state: state.map(|state| state.name.clone()).unwrap_or_default(),
        reason: state.and_then(|state| state.reason_code.clone()),
        assigned_to: task.assigned_to.as_ref().and_then(|agent| agent.name.clone()),
    }
}

/// What is known from the name alone.
fn of_name(name: &EventName) -> NoticeKind {
    match name {
        EventName::CustomerLeft => NoticeKind::CustomerLeft,
        EventName::ConversationPaused | EventName::HoldTimer => NoticeKind::OnHold,
        EventName::ConversationResumed => NoticeKind::Resumed,
        EventName::CallHold => NoticeKind::CallHeld,
        EventName::CallResume => NoticeKind::CallResumed,
        EventName::RemoveChannelSession => NoticeKind::SessionClosing,
        EventName::NoResponseEntity => NoticeKind::NoResponseEntity,
        EventName::FindAgent | EventName::AssignResourceRequested => NoticeKind::AgentRequested,
        EventName::RevokeResource => NoticeKind::RequestRevoked,
        EventName::RemoveAllAgents => NoticeKind::AgentsRemoved,
        EventName::AgentSlaStarted | EventName::AgentSla | EventName::ResetAgentSla => NoticeKind::SlaStarted,
        EventName::AgentSlaStopped => NoticeKind::SlaStopped,
        EventName::AgentSlaExpired | EventName::ResponseSlaBreached => NoticeKind::SlaExpired,
        EventName::CustomerSlaExpired | EventName::CustomerActivityTimeout => NoticeKind::CustomerSilent,
        EventName::BotTimeout | EventName::BotNotAvailable => NoticeKind::BotSilent,
        name => NoticeKind::Other(name.clone()),
    }
}

fn name_of(participant: &ConversationParticipant) -> DisplayName {
    match &participant.participant {
        Participant::CcUser(user) => user_name(user),
        Participant::Bot(bot) => known_or(bot.name.clone(), ParticipantType::Bot),
        Participant::ChannelSession(session) => {
            let customer = session.customer.as_ref();
            let name = customer.and_then(|customer| customer.first_name.clone());
            known_or(name, ParticipantType::Customer)
        }
        Participant::Other(_) => DisplayName::Unknown(participant.kind.clone()),
    }
}

/// First and last name, or the name to sign in with.
fn user_name(user: &CcUser) -> DisplayName {
    let Some(known) = &user.keycloak_user else {
        return DisplayName::Unknown(ParticipantType::Agent);
    };
    let names = [known.first_name.as_deref(), known.last_name.as_deref()];
    let full = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    match full.trim() {
        "" => known_or(known.username.clone(), ParticipantType::Agent),
        full => DisplayName::Known(full.to_owned()),
    }
}

fn known_or(name: Option<String>, kind: ParticipantType) -> DisplayName {
    name.map_or(DisplayName::Unknown(kind), DisplayName::Known)
}
