//! Which notice an event is.

use super::{DisplayName, NoticeKind};
use crate::timeline::Author;
use crate::{full_name, plain_name};
use portico_shared::cim::event_data::TaskStateChanged;
use portico_shared::cim::participant::ParticipantType;
use portico_shared::cim::{
    CcUser, ChannelSession, CimEvent, ConversationParticipant, EventData, EventName, MessageBody, Participant,
};
use portico_shared::text::says_nothing;

/// What one line says of an event that this author caused.
pub(super) fn kind_of(event: &CimEvent, author: &Author) -> NoticeKind {
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
                Some(text) if !says_nothing(text) => NoticeKind::Text(text.clone()),
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
        EventName::CustomerDataErased => NoticeKind::CustomerErased,
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
    full_name(known.first_name.as_deref(), known.last_name.as_deref()).map_or_else(
        || known_or(known.username.clone(), ParticipantType::Agent),
        DisplayName::Known,
    )
}

fn known_or(name: Option<String>, kind: ParticipantType) -> DisplayName {
    match plain_name(&name.unwrap_or_default()) {
        name if name.is_empty() => DisplayName::Unknown(kind),
        name => DisplayName::Known(name),
    }
}
