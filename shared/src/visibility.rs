//! Who may see which event: one table, and what is left of an event for a customer.
//!
//! It is an allow-list. An event name that the table does not have (one of a newer release, or an intent that an app
//! used as a name) reaches agents only. A customer's view is a type of its own ([`crate::customer`]), built up from what
//! it may have, not cut down from what the log has: no whisper, suggestion, action, queue name, service level,
//! permission or internal id can slip through a field that was added later.

use crate::cim::participant::{Participant, ParticipantRole};
use crate::cim::{
    ChannelSession, CimEvent, CimMessage, ConversationParticipant, EventData, EventName, MessageBody, MessageHeader,
    Sender, SenderType,
};
use crate::customer::{
    AgentChange, CustomerAdditionalData, CustomerBody, CustomerData, CustomerEvent, CustomerHeader, CustomerMessage,
    CustomerParticipant, CustomerPreview, CustomerRef, CustomerSender, CustomerSession, CustomerSessionState,
    CustomerUser, KnownUser, RoleChanged,
};
use crate::json::{Map, Value};
use std::borrow::Cow;

/// The eyes through which an event is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// The customer whose conversation it is.
    Customer,
    /// A bot that takes part in the conversation.
    Bot,
    /// A contact-centre user who takes part, or who may supervise it.
    Agent,
}

/// How much of an event a customer gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Share {
    /// Nothing.
    Hidden,
    /// The message: content, time, and the sender's public name.
    Message,
    /// The message, if the app that pushed it addressed it to the customer.
    Addressed,
    /// That it happened.
    Fact,
    /// That the session began or ended, and why.
    Session,
    /// That an agent who talks to the customer came or went.
    Agent,
    /// What a page calls itself that a message links to: it is made of no message that the customer does not see.
    Preview,
}

/// One row of the table.
struct Row {
    name: EventName,
    customer: Share,
    bot: bool,
}

const fn row(name: EventName, customer: Share, bot: bool) -> Row {
    Row { name, customer, bot }
}

/// The table. Agents see every event of a conversation that they take part in, listed here or not.
static TABLE: &[Row] = &[
    row(EventName::CustomerMessage, Share::Message, true),
    row(EventName::AgentMessage, Share::Message, true),
    row(EventName::BotMessage, Share::Message, true),
    row(EventName::BotSuggestion, Share::Hidden, true),
    row(EventName::ActionMessage, Share::Hidden, true),
    row(EventName::MessageDeliveryNotification, Share::Message, true),
    row(EventName::ThirdPartyActivity, Share::Addressed, false),
    row(EventName::ChannelSessionStarted, Share::Session, true),
    row(EventName::ChannelSessionEnded, Share::Session, true),
    row(EventName::ChannelSessionExpired, Share::Session, true),
    row(EventName::AssociatedCustomerChanged, Share::Hidden, true),
    row(EventName::AgentSubscribed, Share::Agent, true),
    row(EventName::AgentUnsubscribed, Share::Agent, true),
    row(EventName::ParticipantRoleChanged, Share::Agent, true),
    row(EventName::TaskEnqueued, Share::Fact, true),
    row(EventName::NoAgentAvailable, Share::Fact, true),
    row(EventName::AgentReserved, Share::Hidden, true),
    row(EventName::ConversationPaused, Share::Fact, true),
    row(EventName::ConversationResumed, Share::Fact, true),
    row(EventName::ConversationDataChanged, Share::Hidden, true),
    row(EventName::CustomerDataErased, Share::Hidden, true),
    row(EventName::LinkPreview, Share::Preview, false),
    row(EventName::BotSubscribed, Share::Hidden, true),
    row(EventName::BotUnsubscribed, Share::Hidden, true),
];

/// Whether `viewer` may see an event at all. Agents and bots then see it as it is, a customer what [`view`] leaves of it.
pub fn is_visible(viewer: Viewer, event: &CimEvent) -> bool {
    match viewer {
        Viewer::Agent => true,
        Viewer::Bot => find(&event.name).is_some_and(|row| row.bot),
        Viewer::Customer => view(event).is_some(),
    }
}

/// The event as the customer may see it, or nothing.
pub fn view(event: &CimEvent) -> Option<CustomerEvent> {
    let share = find(&event.name).map_or(Share::Hidden, |row| row.customer);
    Some(CustomerEvent {
        id: event.id.clone(),
        name: event.name.clone(),
        kind: event.kind.clone(),
        timestamp: event.timestamp,
        conversation_id: event.conversation_id.clone(),
        event_emitter: public_sender(&event.event_emitter),
        data: customer_data(share, event)?,
    })
}

fn find(name: &EventName) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.name == *name)
}

fn customer_data(share: Share, event: &CimEvent) -> Option<CustomerData> {
    match (share, &event.data) {
        (Share::Hidden, _) => None,
        (Share::Fact, _) => Some(CustomerData::Nothing),
        (Share::Message, EventData::Message(message)) => customer_message(message),
        (Share::Addressed, EventData::Message(message)) if is_addressed(message) => customer_message(message),
        (Share::Session, EventData::ChannelSession(session)) => Some(customer_session(session)),
        (Share::Agent, EventData::AgentChange(change)) => {
            let agent_participant = public_participant(&change.agent_participant)?;
            Some(CustomerData::AgentChange(Box::new(AgentChange { agent_participant })))
        }
        (Share::Agent, EventData::RoleChanged(change)) => {
            let conversation_participant = public_participant(&change.conversation_participant)?;
            Some(CustomerData::RoleChanged(Box::new(RoleChanged {
                conversation_participant,
            })))
        }
        (Share::Preview, EventData::LinkPreview(preview)) => {
            Some(CustomerData::LinkPreview(Box::new(CustomerPreview::from(&**preview))))
        }
        (Share::Message | Share::Addressed | Share::Session | Share::Agent | Share::Preview, _) => None,
    }
}

/// An app addresses an activity to the customer with `header.additionalData.audience = "CUSTOMER"`; without it, an
/// activity is for agents.
pub fn is_addressed(message: &CimMessage) -> bool {
    let data = message.header.additional_data.as_ref();
    data.and_then(|data| data.get("audience")).and_then(Value::as_str) == Some("CUSTOMER")
}

/// Whether an event is something that was said: it counts as unread, and lists show it as the newest message. Of what apps
/// report, that is what they address to the customer. That a message was taken back is no message.
pub fn is_said(event: &CimEvent) -> bool {
    if let Some(message) = event.message()
        && matches!(message.body, MessageBody::DeletedNotification(_))
    {
        return false;
    }
    match event.name {
        EventName::CustomerMessage | EventName::AgentMessage | EventName::BotMessage | EventName::WhisperMessage => {
            true
        }
        EventName::ThirdPartyActivity => event.message().is_some_and(is_addressed),
        _ => false,
    }
}

fn customer_message(message: &CimMessage) -> Option<CustomerData> {
    let body = if message.header.is_encoded() {
        // Plain text is what every client reads; the header says nothing of base64 any more.
        let mut body = message.body.clone();
        body.set_markdown_text(message.text().map(Cow::into_owned));
        CustomerBody::of(&body)
    } else {
        CustomerBody::of(&message.body)
    };
    Some(CustomerData::Message(Box::new(CustomerMessage {
        id: message.id.clone(),
        header: customer_header(&message.header, &message.body),
        body: body?,
    })))
}

fn customer_header(header: &MessageHeader, body: &MessageBody) -> CustomerHeader {
    let own = matches!(header.sender.kind, SenderType::Connector | SenderType::Customer);
    CustomerHeader {
        sender: public_sender(&header.sender),
        timestamp: header.timestamp,
        // The payload of a button that the customer pressed is its own; a bot's intent is not.
        intent: header
            .intent
            .clone()
            .filter(|intent| own || PUBLIC_INTENTS.contains(&intent.as_str())),
        conversation_id: header.conversation_id.clone(),
        channel_session_id: header.channel_session_id.clone(),
        original_message_id: header.original_message_id.clone(),
        customer: header.customer.as_ref().map(|customer| CustomerRef {
            id: customer.id.clone(),
        }),
        additional_data: header.additional_data.as_ref().and_then(public_additional_data),
        provider_message_id: header
            .provider_message_id
            .clone()
            .filter(|_| matches!(body, MessageBody::DeliveryNotification(_))),
    }
}

/// Intents that tell the widget how to show a message.
const PUBLIC_INTENTS: &[&str] = &["REPLY_TO", "UPDATE"];

fn public_additional_data(data: &Map) -> Option<CustomerAdditionalData> {
    let data = CustomerAdditionalData {
        carousal_card_id: data.get("carousalCardId").cloned(),
        secure_web_rtc_link: data.get("secureWebRTCLink").cloned(),
    };
    (data != CustomerAdditionalData::default()).then_some(data)
}

/// Id, kind and the name that the contact centre shows to customers: an agent's first name, a bot's or app's name.
fn public_sender(sender: &Sender) -> CustomerSender {
    let name = match sender.kind {
        SenderType::Agent => first_name(sender).unwrap_or_default(),
        SenderType::Bot | SenderType::App | SenderType::Customer => sender.sender_name.clone(),
        _ => String::new(),
    };
    CustomerSender {
        id: sender.id.clone(),
        kind: sender.kind.clone(),
        sender_name: name,
    }
}

fn first_name(sender: &Sender) -> Option<String> {
    let detail = sender.additional_detail.as_ref()?;
    detail.get("firstName")?.as_str().map(str::to_owned)
}

fn customer_session(session: &ChannelSession) -> CustomerData {
    CustomerData::Session(CustomerSession {
        id: session.id.clone(),
        is_active: session.is_active,
        state: session.state.as_ref().map(|state| CustomerSessionState {
            name: state.name.clone(),
            reason_code: state.reason_code.clone(),
        }),
    })
}

/// An agent who talks, or has talked, to the customer. Supervisors, consulted colleagues and bots come and go unseen.
fn public_participant(participant: &ConversationParticipant) -> Option<CustomerParticipant> {
    let Participant::CcUser(user) = &participant.participant else {
        return None;
    };
    let known = user.keycloak_user.as_ref().map(|known| KnownUser {
        id: known.id.clone(),
        first_name: known.first_name.clone(),
    });
    matches!(participant.role, ParticipantRole::Primary | ParticipantRole::WrapUp).then(|| CustomerParticipant {
        id: participant.id.clone(),
        kind: participant.kind.clone(),
        role: participant.role.clone(),
        participant: CustomerUser::new(user.id.as_str(), known),
    })
}
