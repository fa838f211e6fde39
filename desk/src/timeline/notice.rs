//! Events that one line says.

use super::Who;
use crate::i18n::activity as messages;
use portico_shared::cim::{
    CcUser, CimEvent, ConversationParticipant, EventData, EventName, MessageBody, Participant,
    event_data::TaskStateChanged,
};
use serde_json::{Map, Value};

/// What the data says of the page that the visitor looks at.
const PAGE: [&str; 2] = ["page_url", "page_title"];

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Notice {
    /// The row's.
    pub(crate) key: String,
    /// When, in epoch milliseconds.
    pub(crate) at_ms: i64,
    /// The picture before it.
    pub(crate) sign: Sign,
    /// Whether it is good or bad news.
    pub(crate) tone: Tone,
    /// Whether agents care, or only those who look for a fault.
    pub(super) weight: Weight,
    /// The sentence.
    pub(crate) text: String,
    /// Values to unfold.
    pub(crate) facts: Option<Value>,
}

/// The picture before a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Somebody came.
    Joined,
    /// Somebody went.
    Left,
    /// Somebody's part changed.
    Role,
    /// A chat began or goes on.
    Started,
    /// A chat is over.
    Ended,
    /// Somebody waits.
    Waits,
    /// On hold.
    Hold,
    /// A request for an agent.
    Task,
    /// Facts changed.
    Facts,
    /// A time limit.
    Timer,
    /// Something failed.
    Problem,
}

/// Whether a notice is good or bad news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Neither.
    Plain,
    /// Good.
    Good,
    /// Bad.
    Bad,
}

/// Who cares about a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Agents.
    Major,
    /// Those who look for a fault.
    Minor,
}

/// Sign, tone, weight and sentence.
type Line = (Sign, Tone, Weight, String);

const fn plain(sign: Sign, text: String) -> Line {
    (sign, Tone::Plain, Weight::Major, text)
}

const fn minor(sign: Sign, text: String) -> Line {
    (sign, Tone::Plain, Weight::Minor, text)
}

const fn bad(sign: Sign, text: String) -> Line {
    (sign, Tone::Bad, Weight::Major, text)
}

impl Notice {
    /// The line for an event.
    pub(crate) fn of(key: String, event: &CimEvent, who: &Who) -> Self {
        let (sign, tone, weight, text) = line(event, who);
        let facts = match &event.data {
            EventData::ConversationData(facts) => Some(Value::Object(facts.clone())),
            EventData::Raw(value) if value.as_object().is_some_and(|map| !map.is_empty()) => Some(value.clone()),
            _ => None,
        };
        Self {
            key,
            at_ms: event.timestamp.ms(),
            sign,
            tone,
            weight,
            text,
            facts,
        }
    }

    /// The line for a change of the conversation's data by these. What is older may come later and leave less news.
    pub(super) fn of_facts(self, news: Map<String, Value>) -> Self {
        Self {
            key: format!("{} {}", self.key, news.len()),
            text: messages::data_changed(news.len()),
            facts: Some(Value::Object(news)),
            ..self
        }
    }
}

/// What the data says that it did not say before, null for what is gone. Where the visitor is stands beside the chat, so
/// that a walk through the pages does not fill the timeline.
pub(super) fn news(known: &Map<String, Value>, facts: &Map<String, Value>) -> Map<String, Value> {
    let gone = known.keys().filter(|key| !facts.contains_key(*key));
    let gone = gone.map(|key| (key.clone(), Value::Null));
    let new = facts.iter().filter(|(key, value)| known.get(*key) != Some(*value));
    let new = new.map(|(key, value)| (key.clone(), value.clone()));
    gone.chain(new)
        .filter(|(key, _)| !PAGE.contains(&key.as_str()))
        .collect()
}

fn line(event: &CimEvent, who: &Who) -> Line {
    match &event.data {
        EventData::ChannelSession(session) => session_line(&event.name, session),
        EventData::AgentChange(change) => {
            let name = person(&change.agent_participant);
            match event.name {
                EventName::AgentSubscribed => {
                    let role = change.agent_participant.role.as_str();
                    let role = messages::role(role).filter(|_| role != "PRIMARY");
                    (Sign::Joined, Tone::Good, Weight::Major, messages::joined(&name, role))
                }
                _ => plain(Sign::Left, messages::left(&name, change.reason.as_deref())),
            }
        }
        EventData::RoleChanged(change) => role_line(&change.conversation_participant),
        EventData::Bot(bot) => {
            let name = bot.name.clone().unwrap_or_else(|| messages::kind("BOT").to_owned());
            match event.name {
                EventName::BotSubscribed => minor(Sign::Joined, messages::joined(&name, None)),
                _ => minor(Sign::Left, messages::left(&name, None)),
            }
        }
        EventData::AgentReserved(reserved) => {
            let name = reserved.cc_user.as_deref().map(user_name).unwrap_or_default();
            minor(Sign::Task, messages::offered_to(&name))
        }
        EventData::TaskEnqueued(enqueued) => match enqueued.queue.as_ref().and_then(|queue| queue.name.as_deref()) {
            Some(queue) => plain(Sign::Waits, messages::waits_in(queue)),
            None => plain(Sign::Waits, messages::WAITS.to_owned()),
        },
        EventData::TaskStateChanged(change) => minor(Sign::Task, task_text(change)),
        EventData::NoAgent(_) => bad(Sign::Problem, messages::NO_AGENT.to_owned()),
        EventData::ConversationData(facts) => minor(Sign::Facts, messages::data_changed(facts.len())),
        EventData::Customer(customer) => plain(
            Sign::Role,
            messages::linked(customer.first_name.as_deref().unwrap_or(&customer.id)),
        ),
        EventData::Action(action) => minor(Sign::Task, messages::action(&who.name, &action.name)),
        EventData::HandRaise(hand) => {
            let state = match event.name {
                EventName::HandRaised => messages::HandState::Raised,
                _ => messages::HandState::Down,
            };
            plain(
                Sign::Role,
                messages::hand(hand.user_name.as_deref().unwrap_or(&who.name), state),
            )
        }
        EventData::Message(message) => match &message.body {
            MessageBody::Notification(notice) => {
                let kind = notice
                    .notification_type
                    .as_ref()
                    .map(|kind| kind.as_str())
                    .unwrap_or_default();
                minor(
                    Sign::Facts,
                    notice
                        .markdown_text
                        .clone()
                        .filter(|text| !text.is_empty())
                        .unwrap_or_else(|| messages::plain(kind)),
                )
            }
            _ => by_name(&event.name),
        },
        _ => by_name(&event.name),
    }
}

fn role_line(participant: &ConversationParticipant) -> Line {
    let (name, role) = (person(participant), participant.role.as_str());
    match participant.participant {
        Participant::Bot(_) => minor(Sign::Role, messages::bot_role_changed(&name, role)),
        Participant::CcUser(_) | Participant::ChannelSession(_) | Participant::Other(_) => {
            let role = messages::role(role).map_or_else(|| messages::plain(role), str::to_owned);
            plain(Sign::Role, messages::role_changed(&name, &role))
        }
    }
}

fn session_line(name: &EventName, session: &portico_shared::cim::ChannelSession) -> Line {
    let channel = session
        .channel
        .as_ref()
        .and_then(|channel| channel.channel_type.as_ref());
    let channel = channel.and_then(|kind| kind.name.as_deref());
    let reason = session
        .state
        .as_ref()
        .and_then(|state| state.reason_code.as_ref())
        .map(|reason| reason.as_str());
    match name {
        EventName::ChannelSessionStarted => match channel {
            Some(channel) => plain(Sign::Started, messages::chat_started_on(&messages::channel(channel))),
            None => plain(Sign::Started, messages::CHAT_STARTED.to_owned()),
        },
        EventName::ChannelSessionEnded => plain(Sign::Ended, messages::chat_ended(reason)),
        EventName::ChannelSessionExpired => bad(Sign::Ended, messages::CHAT_EXPIRED.to_owned()),
        _ => minor(Sign::Facts, messages::SESSION_UPDATED.to_owned()),
    }
}

/// What is known from the name alone.
fn by_name(name: &EventName) -> Line {
    match name {
        EventName::CustomerLeft => plain(Sign::Left, messages::CUSTOMER_LEFT.to_owned()),
        EventName::ConversationPaused | EventName::HoldTimer => plain(Sign::Hold, messages::ON_HOLD.to_owned()),
        EventName::ConversationResumed => plain(Sign::Started, messages::RESUMED.to_owned()),
        EventName::CallHold => plain(Sign::Hold, messages::CALL_HELD.to_owned()),
        EventName::CallResume => plain(Sign::Started, messages::CALL_RESUMED.to_owned()),
        EventName::RemoveChannelSession => minor(Sign::Ended, messages::SESSION_TO_CLOSE.to_owned()),
        EventName::NoResponseEntity => bad(Sign::Problem, messages::NOBODY_ANSWERS.to_owned()),
        EventName::FindAgent | EventName::AssignResourceRequested => {
            minor(Sign::Task, messages::AGENT_WANTED.to_owned())
        }
        EventName::RevokeResource => minor(Sign::Task, messages::REVOKED.to_owned()),
        EventName::RemoveAllAgents => bad(Sign::Left, messages::AGENTS_REMOVED.to_owned()),
        EventName::AgentSlaStarted | EventName::AgentSla | EventName::ResetAgentSla => {
            minor(Sign::Timer, messages::SLA_STARTED.to_owned())
        }
        EventName::AgentSlaStopped => minor(Sign::Timer, messages::SLA_STOPPED.to_owned()),
        EventName::AgentSlaExpired | EventName::ResponseSlaBreached => {
            bad(Sign::Timer, messages::SLA_EXPIRED.to_owned())
        }
        EventName::CustomerSlaExpired | EventName::CustomerActivityTimeout => {
            bad(Sign::Timer, messages::CUSTOMER_SILENT.to_owned())
        }
        EventName::BotTimeout | EventName::BotNotAvailable => bad(Sign::Problem, messages::BOT_SILENT.to_owned()),
        name => minor(Sign::Facts, messages::plain(name.as_str())),
    }
}

fn task_text(change: &TaskStateChanged) -> String {
    let task = &change.task;
    let state = task.state.as_ref().map(|state| state.name.as_str()).unwrap_or_default();
    let reason = task
        .state
        .as_ref()
        .and_then(|state| state.reason_code.as_ref())
        .map(|reason| reason.as_str());
    let assigned = task.assigned_to.as_ref().and_then(|agent| agent.name.as_deref());
    messages::task(state, reason, assigned)
}

fn person(participant: &ConversationParticipant) -> String {
    match &participant.participant {
        Participant::CcUser(user) => user_name(user),
        Participant::Bot(bot) => bot.name.clone().unwrap_or_else(|| messages::kind("BOT").to_owned()),
        Participant::ChannelSession(session) => {
            let customer = session
                .customer
                .as_ref()
                .and_then(|customer| customer.first_name.clone());
            customer.unwrap_or_else(|| messages::kind("CUSTOMER").to_owned())
        }
        Participant::Other(_) => messages::kind(participant.kind.as_str()).to_owned(),
    }
}

/// First and last name, or the name to sign in with.
fn user_name(user: &CcUser) -> String {
    let Some(known) = &user.keycloak_user else {
        return messages::kind("AGENT").to_owned();
    };
    let full = [known.first_name.as_deref(), known.last_name.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>();
    match full.join(" ").trim() {
        "" => known
            .username
            .clone()
            .unwrap_or_else(|| messages::kind("AGENT").to_owned()),
        full => full.to_owned(),
    }
}
