//! What an event carries, chosen by its name.

mod agents;
mod tasks;

use crate::cim::{
    ActionMessage, BotParticipant, ChannelSession, CimMessage, Conversation, Customer, EventName, HoldTimer,
    LinkPreview, SuggestionMessage, VoiceActivity,
    room::{AdvisorSubscribed, Room, RoomMemberStatus},
    sla::SlaStarted,
};
use crate::json::{DecodeError, IN_A_BROWSER, Map, Value, from_str};
use serde::Serialize;

pub use agents::{AgentChange, RoleChanged};
pub use agents::{AgentOutbound, GadgetRequest, HandRaise, MrdInterrupted};
pub use tasks::{
    AgentReserved, FindAgent, NoAgent, RemoveChannelSession, RequestedQueue, RevokeResource, TaskEnqueued,
    TaskStateChanged,
};

/// The data of an event. The name of the event decides which variant it is; a payload that does not fit its
/// name is a fault, and one of a name that promises nothing is [`EventData::Raw`].
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(untagged)]
pub enum EventData {
    /// A message of anybody, receipts, typing, wrap-up, call legs and apps' activities included.
    Message(Box<CimMessage>),
    /// The customer's session after the change.
    ChannelSession(Box<ChannelSession>),
    /// An agent came or went.
    AgentChange(Box<AgentChange>),
    /// Somebody takes part as something else now.
    RoleChanged(Box<RoleChanged>),
    /// A request is offered to an agent.
    AgentReserved(Box<AgentReserved>),
    /// A request for an agent waits in a queue.
    TaskEnqueued(Box<TaskEnqueued>),
    /// A request for an agent came further.
    TaskStateChanged(Box<TaskStateChanged>),
    /// No agent was found.
    NoAgent(NoAgent),
    /// A bot came or went.
    Bot(BotParticipant),
    /// Facts about the conversation, all of them; values are text as a rule.
    ConversationData(Map),
    /// The customer that the conversation belongs to now.
    Customer(Customer),
    /// Answers that a bot suggests to agents.
    Suggestion(Box<SuggestionMessage>),
    /// What a bot asks the system to do.
    Action(Box<ActionMessage>),
    /// The whole conversation: what services send when an agent's limit stops, and when a conversation starts.
    Conversation(Box<Conversation>),
    /// An agent's limit began to run.
    SlaStarted(SlaStarted),
    /// The conversation is on hold.
    HoldTimer(HoldTimer),
    /// An agent starts a contact.
    AgentOutbound(AgentOutbound),
    /// A session is to be closed.
    RemoveChannelSession(Box<RemoveChannelSession>),
    /// An agent is wanted.
    FindAgent(FindAgent),
    /// An agent is no longer wanted.
    RevokeResource(RevokeResource),
    /// Work that cannot be interrupted keeps an agent from conversations.
    MrdInterrupted(MrdInterrupted),
    /// An agent asks for help, or no longer does.
    HandRaise(HandRaise),
    /// A program opens or closes on agents' desks.
    GadgetRequest(GadgetRequest),
    /// A whole call.
    VoiceActivity(Box<VoiceActivity>),
    /// A new room.
    Room(Box<Room>),
    /// An advisor joined a room.
    AdvisorSubscribed(Box<AdvisorSubscribed>),
    /// A member of a room came or went.
    RoomMemberStatus(Box<RoomMemberStatus>),
    /// What a page calls itself that a message links to.
    LinkPreview(Box<LinkPreview>),
    /// Any other JSON, as it came.
    Raw(Value),
    /// Nothing.
    #[default]
    Null,
}

impl EventData {
    /// Reads the data of an event called `name`.
    pub(crate) fn read(name: &EventName, json: &str) -> Result<Self, DecodeError> {
        Ok(match name {
            // A desk tells these by their names alone, and does not bring what reads the rest.
            EventName::AgentSlaStarted
            | EventName::AgentSlaStopped
            | EventName::ConversationStarted
            | EventName::HoldTimer
            | EventName::AgentOutbound
            | EventName::RemoveChannelSession
            | EventName::FindAgent
            | EventName::RevokeResource
            | EventName::AgentMrdInterrupted
            | EventName::MrdInterrupted
            | EventName::ExternalGadgetRequested
            | EventName::RoomCreated
            | EventName::AdvisorSubscribed
            | EventName::RoomMemberStatusChanged
                if IN_A_BROWSER =>
            {
                Self::Null
            }
            EventName::CustomerMessage
            | EventName::AgentMessage
            | EventName::BotMessage
            | EventName::WhisperMessage
            | EventName::MessageDeliveryNotification
            | EventName::TypingIndicator
            | EventName::ThirdPartyActivity
            | EventName::WrapupApplied
            | EventName::CallLegStarted
            | EventName::CallLegEnded
            | EventName::CallHold
            | EventName::CallResume
            | EventName::IvrAggregatedActivity => Self::Message(from_str(json)?),
            EventName::ChannelSessionStarted
            | EventName::ChannelSessionEnded
            | EventName::ChannelSessionExpired
            | EventName::ChannelSessionDataUpdated => Self::ChannelSession(from_str(json)?),
            EventName::AgentSubscribed | EventName::AgentUnsubscribed => Self::AgentChange(from_str(json)?),
            EventName::ParticipantRoleChanged => Self::RoleChanged(from_str(json)?),
            EventName::AgentReserved => Self::AgentReserved(from_str(json)?),
            EventName::TaskEnqueued => Self::TaskEnqueued(from_str(json)?),
            EventName::TaskStateChanged => Self::TaskStateChanged(from_str(json)?),
            EventName::NoAgentAvailable => Self::NoAgent(from_str(json)?),
            EventName::BotSubscribed | EventName::BotUnsubscribed => Self::Bot(from_str(json)?),
            EventName::ConversationDataChanged => Self::ConversationData(from_str(json)?),
            EventName::AssociatedCustomerChanged => Self::Customer(from_str(json)?),
            EventName::BotSuggestion => Self::Suggestion(from_str(json)?),
            EventName::ActionMessage => Self::Action(from_str(json)?),
            EventName::AgentSlaStopped | EventName::ConversationStarted => Self::Conversation(from_str(json)?),
            EventName::AgentSlaStarted => Self::SlaStarted(from_str(json)?),
            EventName::HoldTimer => Self::HoldTimer(from_str(json)?),
            EventName::AgentOutbound => Self::AgentOutbound(from_str(json)?),
            EventName::RemoveChannelSession => Self::RemoveChannelSession(from_str(json)?),
            EventName::FindAgent => Self::FindAgent(from_str(json)?),
            EventName::RevokeResource => Self::RevokeResource(from_str(json)?),
            EventName::AgentMrdInterrupted | EventName::MrdInterrupted => Self::MrdInterrupted(from_str(json)?),
            EventName::HandRaised | EventName::HandDown => Self::HandRaise(from_str(json)?),
            EventName::ExternalGadgetRequested => Self::GadgetRequest(from_str(json)?),
            EventName::VoiceActivity => Self::VoiceActivity(from_str(json)?),
            EventName::RoomCreated => Self::Room(from_str(json)?),
            EventName::AdvisorSubscribed => Self::AdvisorSubscribed(from_str(json)?),
            EventName::RoomMemberStatusChanged => Self::RoomMemberStatus(from_str(json)?),
            EventName::LinkPreview => Self::LinkPreview(from_str(json)?),
            _ => Self::Raw(from_str(json)?),
        })
    }
}
