//! The sentences of notices.

use super::activity as messages;
use portico_client::timeline::{DisplayName, NoticeKind};
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::cim::participant::ParticipantRole;
use portico_shared::cim::task::TaskCloseReason;

/// What a notice says.
pub(crate) fn notice(kind: &NoticeKind) -> String {
    use NoticeKind as Kind;
    match kind {
        Kind::ChatStarted { channel: None } => messages::CHAT_STARTED.to_owned(),
        Kind::ChatStarted { channel: Some(channel) } => messages::chat_started_on(&messages::channel(channel)),
        Kind::ChatEnded { reason } => messages::chat_ended(reason.as_ref().map(ChannelSessionReason::as_str)),
        Kind::ChatExpired => messages::CHAT_EXPIRED.to_owned(),
        Kind::SessionUpdated => messages::SESSION_UPDATED.to_owned(),
        Kind::SessionClosing => messages::SESSION_TO_CLOSE.to_owned(),
        Kind::AgentJoined { name, role } => {
            let role = Some(role).filter(|role| **role != ParticipantRole::Primary);
            messages::joined(&called(name), role.and_then(|role| messages::role(role.as_str())))
        }
        Kind::AgentLeft { name, reason } => messages::left(&called(name), reason.as_deref()),
        Kind::BotJoined(name) => messages::joined(&called(name), None),
        Kind::BotLeft(name) => messages::left(&called(name), None),
        Kind::RoleChanged { name, role } => {
            let role = role.as_str();
            let role = messages::role(role).map_or_else(|| messages::plain(role), str::to_owned);
            messages::role_changed(&called(name), &role)
        }
        Kind::BotRoleChanged { name, role } => messages::bot_role_changed(&called(name), role.as_str()),
        Kind::CustomerLeft => messages::CUSTOMER_LEFT.to_owned(),
        Kind::CustomerLinked(name) => messages::linked(name),
        Kind::HandRaised(name) => messages::hand(name, messages::HandState::Raised),
        Kind::HandLowered(name) => messages::hand(name, messages::HandState::Down),
        Kind::DataChanged(count) => messages::data_changed(*count),
        Kind::OnHold => messages::ON_HOLD.to_owned(),
        Kind::Resumed => messages::RESUMED.to_owned(),
        Kind::CallHeld => messages::CALL_HELD.to_owned(),
        Kind::CallResumed => messages::CALL_RESUMED.to_owned(),
        Kind::Text(text) => text.clone(),
        Kind::Notification(kind) => messages::plain(kind),
        Kind::Other(name) => messages::plain(name.as_str()),
        Kind::Offered { .. }
        | Kind::Enqueued { .. }
        | Kind::TaskChanged { .. }
        | Kind::NoAgent
        | Kind::AgentRequested
        | Kind::RequestRevoked
        | Kind::AgentsRemoved
        | Kind::NoResponseEntity
        | Kind::ActionRequested { .. } => request(kind),
        Kind::SlaStarted | Kind::SlaStopped | Kind::SlaExpired | Kind::CustomerSilent | Kind::BotSilent => {
            timer(kind).to_owned()
        }
    }
}

/// What is said of requests for an agent.
fn request(kind: &NoticeKind) -> String {
    match kind {
        NoticeKind::Offered { name } => messages::offered_to(&called(name)),
        NoticeKind::Enqueued { queue: Some(queue) } => messages::waits_in(queue),
        NoticeKind::Enqueued { queue: None } => messages::WAITS.to_owned(),
        NoticeKind::TaskChanged {
            state,
            reason,
            assigned_to,
        } => {
            let reason = reason.as_ref().map(TaskCloseReason::as_str);
            messages::task(state.as_str(), reason, assigned_to.as_deref())
        }
        NoticeKind::NoAgent => messages::NO_AGENT.to_owned(),
        NoticeKind::AgentRequested => messages::AGENT_WANTED.to_owned(),
        NoticeKind::RequestRevoked => messages::REVOKED.to_owned(),
        NoticeKind::AgentsRemoved => messages::AGENTS_REMOVED.to_owned(),
        NoticeKind::ActionRequested { name, action } => messages::action(name, action),
        _ => messages::NOBODY_ANSWERS.to_owned(),
    }
}

/// What is said of limits to answer.
fn timer(kind: &NoticeKind) -> &'static str {
    match kind {
        NoticeKind::SlaStarted => messages::SLA_STARTED,
        NoticeKind::SlaStopped => messages::SLA_STOPPED,
        NoticeKind::SlaExpired => messages::SLA_EXPIRED,
        NoticeKind::CustomerSilent => messages::CUSTOMER_SILENT,
        _ => messages::BOT_SILENT,
    }
}

fn called(name: &DisplayName) -> String {
    match name {
        DisplayName::Known(name) => name.clone(),
        DisplayName::Unknown(kind) => messages::kind(kind.as_str()).to_owned(),
    }
}
