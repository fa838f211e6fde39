//! What an event carries, chosen by its name.

mod agents;
#[cfg(feature = "full-bodies")]
mod tasks;

use crate::cim::decode::{Fault, Field, Path};
#[cfg(feature = "full-bodies")]
use crate::cim::{
    ActionMessage, BotParticipant, Conversation, Customer, HoldTimer, SuggestionMessage, VoiceActivity,
    room::{AdvisorSubscribed, Room, RoomMemberStatus},
    sla::SlaStarted,
};
use crate::cim::{ChannelSession, CimMessage, EventName};
#[cfg(feature = "full-bodies")]
use serde_json::Map;
use serde_json::Value;

pub use agents::{AgentChange, RoleChanged};
#[cfg(feature = "full-bodies")]
pub use agents::{AgentOutbound, GadgetRequest, HandRaise, MrdInterrupted};
#[cfg(feature = "full-bodies")]
pub use tasks::{
    AgentReserved, FindAgent, NoAgent, RemoveChannelSession, RequestedQueue, RevokeResource, TaskEnqueued,
    TaskStateChanged,
};

macro_rules! payloads {
    ($(
        $(#[doc = $doc:literal])* $(#[cfg($cfg:meta)])? $variant:ident($ty:ty) = $($name:ident)|+
    ),* $(,)?) => {
        /// The data of an event. The name of the event decides which variant it is; a payload that does not fit its
        /// name is a fault, and one of a name that promises nothing is [`EventData::Raw`].
        #[derive(Debug, Clone, PartialEq, Default)]
        pub enum EventData {
            $(
                $(#[doc = $doc])*
                $(#[cfg($cfg)])?
                $variant($ty),
            )*
            /// Any other JSON, as it came.
            Raw(Value),
            /// Nothing.
            #[default]
            Null,
        }

        impl EventData {
            /// Reads the data of an event called `name`.
            pub(crate) fn read(name: &EventName, value: Value, at: &Path<'_>, fault: &mut Fault) -> Self {
                match name {
                    $( $(#[cfg($cfg)])? $(EventName::$name)|+ => Self::$variant(Field::read(value, at, fault)), )*
                    _ => Self::Raw(value),
                }
            }

            /// The canonical JSON form.
            pub(crate) fn write(&self) -> Value {
                match self {
                    $( $(#[cfg($cfg)])? Self::$variant(data) => Field::write(data), )*
                    Self::Raw(value) => value.clone(),
                    Self::Null => Value::Null,
                }
            }

            /// Appends the text of [`EventData::write`].
            pub(crate) fn push_json(&self, out: &mut Vec<u8>) {
                match self {
                    $( $(#[cfg($cfg)])? Self::$variant(data) => Field::push_json(data, out), )*
                    Self::Raw(value) => Field::push_json(value, out),
                    Self::Null => Field::push_json(&Value::Null, out),
                }
            }
        }
    };
}

payloads! {
    /// A message of anybody, receipts, typing, wrap-up, call legs and apps' activities included.
    Message(Box<CimMessage>) = CustomerMessage | AgentMessage | BotMessage | WhisperMessage
        | MessageDeliveryNotification | TypingIndicator | WrapupApplied | CallLegStarted | CallLegEnded | CallHold
        | CallResume | ThirdPartyActivity | IvrAggregatedActivity,
    /// The customer's session after the change.
    ChannelSession(Box<ChannelSession>) = ChannelSessionStarted | ChannelSessionEnded | ChannelSessionExpired
        | ChannelSessionDataUpdated,
    /// An agent came or went.
    AgentChange(Box<AgentChange>) = AgentSubscribed | AgentUnsubscribed,
    /// Somebody takes part as something else now.
    RoleChanged(Box<RoleChanged>) = ParticipantRoleChanged,
    /// A request is offered to an agent.
    #[cfg(feature = "full-bodies")]
    AgentReserved(Box<AgentReserved>) = AgentReserved,
    /// A request for an agent waits in a queue.
    #[cfg(feature = "full-bodies")]
    TaskEnqueued(Box<TaskEnqueued>) = TaskEnqueued,
    /// A request for an agent came further.
    #[cfg(feature = "full-bodies")]
    TaskStateChanged(Box<TaskStateChanged>) = TaskStateChanged,
    /// No agent was found.
    #[cfg(feature = "full-bodies")]
    NoAgent(NoAgent) = NoAgentAvailable,
    /// A bot came or went.
    #[cfg(feature = "full-bodies")]
    Bot(BotParticipant) = BotSubscribed | BotUnsubscribed,
    /// Facts about the conversation, all of them; values are text as a rule.
    #[cfg(feature = "full-bodies")]
    ConversationData(Map<String, Value>) = ConversationDataChanged,
    /// The customer that the conversation belongs to now.
    #[cfg(feature = "full-bodies")]
    Customer(Customer) = AssociatedCustomerChanged,
    /// Answers that a bot suggests to agents.
    #[cfg(feature = "full-bodies")]
    Suggestion(Box<SuggestionMessage>) = BotSuggestion,
    /// What a bot asks the system to do.
    #[cfg(feature = "full-bodies")]
    Action(Box<ActionMessage>) = ActionMessage,
    /// The whole conversation: what services send when an agent's limit stops, and when a conversation starts.
    #[cfg(feature = "full-bodies")]
    Conversation(Box<Conversation>) = AgentSlaStopped | ConversationStarted,
    /// An agent's limit began to run.
    #[cfg(feature = "full-bodies")]
    SlaStarted(SlaStarted) = AgentSlaStarted,
    /// The conversation is on hold.
    #[cfg(feature = "full-bodies")]
    HoldTimer(HoldTimer) = HoldTimer,
    /// An agent starts a contact.
    #[cfg(feature = "full-bodies")]
    AgentOutbound(AgentOutbound) = AgentOutbound,
    /// A session is to be closed.
    #[cfg(feature = "full-bodies")]
    RemoveChannelSession(Box<RemoveChannelSession>) = RemoveChannelSession,
    /// An agent is wanted.
    #[cfg(feature = "full-bodies")]
    FindAgent(FindAgent) = FindAgent,
    /// An agent is no longer wanted.
    #[cfg(feature = "full-bodies")]
    RevokeResource(RevokeResource) = RevokeResource,
    /// Work that cannot be interrupted keeps an agent from conversations.
    #[cfg(feature = "full-bodies")]
    MrdInterrupted(MrdInterrupted) = AgentMrdInterrupted | MrdInterrupted,
    /// An agent asks for help, or no longer does.
    #[cfg(feature = "full-bodies")]
    HandRaise(HandRaise) = HandRaised | HandDown,
    /// A program opens or closes on agents' desks.
    #[cfg(feature = "full-bodies")]
    GadgetRequest(GadgetRequest) = ExternalGadgetRequested,
    /// A whole call.
    #[cfg(feature = "full-bodies")]
    VoiceActivity(Box<VoiceActivity>) = VoiceActivity,
    /// A new room.
    #[cfg(feature = "full-bodies")]
    Room(Box<Room>) = RoomCreated,
    /// An advisor joined a room.
    #[cfg(feature = "full-bodies")]
    AdvisorSubscribed(Box<AdvisorSubscribed>) = AdvisorSubscribed,
    /// A member of a room came or went.
    #[cfg(feature = "full-bodies")]
    RoomMemberStatus(Box<RoomMemberStatus>) = RoomMemberStatusChanged,
}
