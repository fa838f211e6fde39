//! The timeline of a customer: messages, and the little of what happened that concerns one who waits for an answer.

use super::builder::Builder;
use super::{Author, TimelineEvent, TimelineItem, TimelineMessage};
use crate::event::{LogEvent, Meaning};
use crate::{Content, LogEntry, plain_name};
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::cim::participant::ParticipantRole;
use portico_shared::cim::{EventName, Sender, SenderType};
use portico_shared::customer::{AgentChange, CustomerData, CustomerEvent, CustomerParticipant, RoleChanged};
use portico_shared::role::Customer;

/// One thing that a customer's screen shows.
pub type CustomerItem = TimelineItem<Customer>;

/// What a customer's screen says of an event that is no message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerNotice {
    /// An agent takes over, with the first name, which may be empty.
    Joined(String),
    /// An agent who talked to the customer left, with the first name, which may be empty.
    Left(String),
    /// A request for an agent waits.
    Enqueued,
    /// No agent is free.
    NoAgent,
    /// The chat is on hold.
    Paused,
    /// The chat goes on.
    Resumed,
    /// The chat is over, and why.
    Ended(Option<ChannelSessionReason>),
}

/// What a customer's screen shows of these entries. `day_of` numbers the days of the customer's time zone: it is given a
/// time in epoch milliseconds and answers how many midnights have passed since some fixed one.
pub fn customer_items(entries: &[LogEntry<Customer>], day_of: impl Fn(i64) -> i64) -> Vec<CustomerItem> {
    let mut items = Builder::new(day_of);
    for entry in entries {
        if let Some(author) = author(entry) {
            items.message(TimelineMessage::new(entry.clone(), author).with_quote(entries));
        } else if let Content::Event(event) = &entry.content
            && let Some(what) = notice(event)
        {
            items.event(TimelineEvent {
                key: entry.key.clone(),
                seq: entry.seq,
                at_ms: entry.at_ms(),
                what,
            });
        }
    }
    items.finish()
}

/// The author of a message that is shown; `None` for everything else.
fn author(entry: &LogEntry<Customer>) -> Option<Author> {
    let sender = match &entry.content {
        Content::Unsent(_) => None,
        Content::Event(event) => {
            let message = event.message().filter(|_| is_shown(event))?;
            Some(&message.header.sender)
        }
    };
    let other = sender.filter(|_| !entry.mine);
    Some(other.map_or_else(
        || Author::own(SenderType::Customer),
        |sender| Author::of(&Sender::from(sender)),
    ))
}

fn is_shown(event: &CustomerEvent) -> bool {
    match event.meaning() {
        Meaning::Message | Meaning::Notice | Meaning::Edit { .. } => true,
        Meaning::Delivered(_) | Meaning::Read(_) | Meaning::Deleted(_) | Meaning::Preview(_) | Meaning::Silent => false,
    }
}

fn notice(event: &CustomerEvent) -> Option<CustomerNotice> {
    match (&event.name, &event.data) {
        (EventName::AgentSubscribed, CustomerData::AgentChange(change)) => talks(change).map(CustomerNotice::Joined),
        (EventName::AgentUnsubscribed, CustomerData::AgentChange(change)) => talks(change).map(CustomerNotice::Left),
        (EventName::ParticipantRoleChanged, CustomerData::RoleChanged(change)) => changed_role(change),
        (EventName::TaskEnqueued, _) => Some(CustomerNotice::Enqueued),
        (EventName::NoAgentAvailable, _) => Some(CustomerNotice::NoAgent),
        (EventName::ConversationPaused, _) => Some(CustomerNotice::Paused),
        (EventName::ConversationResumed, _) => Some(CustomerNotice::Resumed),
        (EventName::ChannelSessionEnded | EventName::ChannelSessionExpired, CustomerData::Session(session)) => {
            let state = session.state.as_ref();
            Some(CustomerNotice::Ended(state.and_then(|state| state.reason_code.clone())))
        }
        _ => None,
    }
}

/// The agent's name, if it is one who talks to the customer.
fn talks(change: &AgentChange) -> Option<String> {
    let participant = &change.agent_participant;
    (participant.role == ParticipantRole::Primary).then(|| name_of(participant))
}

/// An agent who begins to talk to the customer joins, one who only wraps up has left.
fn changed_role(change: &RoleChanged) -> Option<CustomerNotice> {
    let participant = &change.conversation_participant;
    match participant.role {
        ParticipantRole::Primary => Some(CustomerNotice::Joined(name_of(participant))),
        ParticipantRole::WrapUp => Some(CustomerNotice::Left(name_of(participant))),
        _ => None,
    }
}

fn name_of(participant: &CustomerParticipant) -> String {
    let known = participant.participant.keycloak_user.as_ref();
    let first = known.and_then(|known| known.first_name.as_deref());
    first.map(plain_name).unwrap_or_default()
}
