//! What an agent reads in one line about an event. The sentences are the view's; here is which one it is, and of what.

mod kind;

use super::Author;
use kind::kind_of;
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::cim::participant::{ParticipantRole, ParticipantType};
use portico_shared::cim::task::{TaskCloseReason, TaskStateName};
use portico_shared::cim::{CimEvent, EventData, EventName};
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
    /// The customer had its data erased.
    CustomerErased,
    /// The conversation belongs to this customer now, by name or id.
    CustomerLinked(String),
    /// A request rings at an agent.
    Offered {
        /// The agent's name; empty if the event has none.
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
    /// No bot and no agent could answer.
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

/// What a participant is called.
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
    /// A participant came.
    Joined,
    /// A participant went.
    Left,
    /// A participant's role changed.
    Role,
    /// A chat or call began or goes on.
    Started,
    /// A chat is over.
    Ended,
    /// A request waits.
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
            | Kind::CustomerErased
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
            Kind::AgentLeft { .. }
            | Kind::BotLeft(_)
            | Kind::CustomerLeft
            | Kind::CustomerErased
            | Kind::AgentsRemoved => Sign::Left,
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
