//! The sentences of notices.

use crate::i18n::{activity as messages, t};
use portico_client::timeline::{DisplayName, NoticeKind};
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::cim::participant::ParticipantRole;
use portico_shared::cim::task::TaskCloseReason;

/// What a notice says.
pub(crate) fn notice(kind: &NoticeKind) -> String {
    use NoticeKind as Kind;
    match kind {
        Kind::ChatStarted { channel: None } => t().chat_started().to_owned(),
        Kind::ChatStarted { channel: Some(channel) } => t().chat_started_on(&messages::channel(channel)),
        Kind::ChatEnded { reason } => messages::chat_ended(reason.as_ref().map(ChannelSessionReason::as_str)),
        Kind::ChatExpired => t().chat_expired().to_owned(),
        Kind::SessionUpdated => t().session_updated().to_owned(),
        Kind::SessionClosing => t().session_to_close().to_owned(),
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
            t().role_changed(&called(name), &role)
        }
        Kind::BotRoleChanged { name, role } => messages::bot_role_changed(&called(name), role.as_str()),
        Kind::CustomerLeft => t().customer_left().to_owned(),
        Kind::CustomerErased => t().customer_erased().to_owned(),
        Kind::CustomerLinked(name) => t().linked(name),
        Kind::HandRaised(name) => messages::hand(name, messages::HandState::Raised),
        Kind::HandLowered(name) => messages::hand(name, messages::HandState::Down),
        Kind::DataChanged(count) => t().data_changed(*count),
        Kind::OnHold => t().on_hold().to_owned(),
        Kind::Resumed => t().resumed().to_owned(),
        Kind::CallHeld => t().call_held().to_owned(),
        Kind::CallResumed => t().call_resumed().to_owned(),
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
        NoticeKind::Offered { name } => t().offered_to(&called(name)),
        NoticeKind::Enqueued { queue: Some(queue) } => t().waits_in(queue),
        NoticeKind::Enqueued { queue: None } => t().waits_for_agent().to_owned(),
        NoticeKind::TaskChanged {
            state,
            reason,
            assigned_to,
        } => {
            let reason = reason.as_ref().map(TaskCloseReason::as_str);
            messages::task(state.as_str(), reason, assigned_to.as_deref())
        }
        NoticeKind::NoAgent => t().no_agent().to_owned(),
        NoticeKind::AgentRequested => t().agent_wanted().to_owned(),
        NoticeKind::RequestRevoked => t().revoked().to_owned(),
        NoticeKind::AgentsRemoved => t().agents_removed().to_owned(),
        NoticeKind::ActionRequested { name, action } => messages::action(name, action),
        _ => t().nobody_answers().to_owned(),
    }
}

/// What is said of limits to answer.
fn timer(kind: &NoticeKind) -> &'static str {
    match kind {
        NoticeKind::SlaStarted => t().sla_started(),
        NoticeKind::SlaStopped => t().sla_stopped(),
        NoticeKind::SlaExpired => t().sla_expired(),
        NoticeKind::CustomerSilent => t().customer_silent(),
        _ => t().bot_silent(),
    }
}

fn called(name: &DisplayName) -> String {
    match name {
        DisplayName::Known(name) => name.clone(),
        DisplayName::Unknown(kind) => messages::kind(kind.as_str()).to_owned(),
    }
}
