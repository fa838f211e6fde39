//! What an event carries, chosen by its name.

mod agents;
mod tasks;

use crate::cim::decode::{Fault, Field, Path};
use crate::cim::{
    ActionMessage, BotParticipant, Conversation, Customer, HoldTimer, SuggestionMessage, VoiceActivity,
    room::{AdvisorSubscribed, Room, RoomMemberStatus},
    sla::SlaStarted,
};
use crate::cim::{ChannelSession, CimMessage, EventName};
use crate::json::Map;
use crate::json::Value;

pub use agents::{AgentChange, RoleChanged};
pub use agents::{AgentOutbound, GadgetRequest, HandRaise, MrdInterrupted};
pub use tasks::{
    AgentReserved, FindAgent, NoAgent, RemoveChannelSession, RequestedQueue, RevokeResource, TaskEnqueued,
    TaskStateChanged,
};

macro_rules! payloads {
    ($(
        $(#[doc = $doc:literal])* $variant:ident($ty:ty) = $($name:ident)|+
    ),* $(,)?) => {
        /// The data of an event. The name of the event decides which variant it is; a payload that does not fit its
        /// name is a fault, and one of a name that promises nothing is [`EventData::Raw`].
        #[derive(Debug, Clone, PartialEq, Default)]
        pub enum EventData {
            $(
                $(#[doc = $doc])*
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
                    $( $(EventName::$name)|+ => Self::$variant(Field::read(value, at, fault)), )*
                    _ => Self::Raw(value),
                }
            }

            /// The canonical JSON form.
            pub(crate) fn write(&self) -> Value {
                match self {
                    $( Self::$variant(data) => Field::write(data), )*
                    Self::Raw(value) => value.clone(),
                    Self::Null => Value::Null,
                }
            }

            /// Appends the text of [`EventData::write`].
            pub(crate) fn push_json(&self, out: &mut Vec<u8>) {
                match self {
                    $( Self::$variant(data) => Field::push_json(data, out), )*
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
        | MessageDeliveryNotification | TypingIndicator | ThirdPartyActivity | WrapupApplied | CallLegStarted | CallLegEnded | CallHold | CallResume | IvrAggregatedActivity,
    /// The customer's session after the change.
    ChannelSession(Box<ChannelSession>) = ChannelSessionStarted | ChannelSessionEnded | ChannelSessionExpired
        | ChannelSessionDataUpdated,
    /// An agent came or went.
    AgentChange(Box<AgentChange>) = AgentSubscribed | AgentUnsubscribed,
    /// Somebody takes part as something else now.
    RoleChanged(Box<RoleChanged>) = ParticipantRoleChanged,
    /// A request is offered to an agent.
    AgentReserved(Box<AgentReserved>) = AgentReserved,
    /// A request for an agent waits in a queue.
    TaskEnqueued(Box<TaskEnqueued>) = TaskEnqueued,
    /// A request for an agent came further.
    TaskStateChanged(Box<TaskStateChanged>) = TaskStateChanged,
    /// No agent was found.
    NoAgent(NoAgent) = NoAgentAvailable,
    /// A bot came or went.
    Bot(BotParticipant) = BotSubscribed | BotUnsubscribed,
    /// Facts about the conversation, all of them; values are text as a rule.
    ConversationData(Map) = ConversationDataChanged,
    /// The customer that the conversation belongs to now.
    Customer(Customer) = AssociatedCustomerChanged,
    /// Answers that a bot suggests to agents.
    Suggestion(Box<SuggestionMessage>) = BotSuggestion,
    /// What a bot asks the system to do.
    Action(Box<ActionMessage>) = ActionMessage,
    /// The whole conversation: what services send when an agent's limit stops, and when a conversation starts.
    Conversation(Box<Conversation>) = AgentSlaStopped | ConversationStarted,
    /// An agent's limit began to run.
    SlaStarted(SlaStarted) = AgentSlaStarted,
    /// The conversation is on hold.
    HoldTimer(HoldTimer) = HoldTimer,
    /// An agent starts a contact.
    AgentOutbound(AgentOutbound) = AgentOutbound,
    /// A session is to be closed.
    RemoveChannelSession(Box<RemoveChannelSession>) = RemoveChannelSession,
    /// An agent is wanted.
    FindAgent(FindAgent) = FindAgent,
    /// An agent is no longer wanted.
    RevokeResource(RevokeResource) = RevokeResource,
    /// Work that cannot be interrupted keeps an agent from conversations.
    MrdInterrupted(MrdInterrupted) = AgentMrdInterrupted | MrdInterrupted,
    /// An agent asks for help, or no longer does.
    HandRaise(HandRaise) = HandRaised | HandDown,
    /// A program opens or closes on agents' desks.
    GadgetRequest(GadgetRequest) = ExternalGadgetRequested,
    /// A whole call.
    VoiceActivity(Box<VoiceActivity>) = VoiceActivity,
    /// A new room.
    Room(Box<Room>) = RoomCreated,
    /// An advisor joined a room.
    AdvisorSubscribed(Box<AdvisorSubscribed>) = AdvisorSubscribed,
    /// A member of a room came or went.
    RoomMemberStatus(Box<RoomMemberStatus>) = RoomMemberStatusChanged,
}
