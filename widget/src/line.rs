//! Rows of the session made ready to draw: days between them, runs of one sender together, events as notices.

use std::rc::Rc;

use portico_client::{Content, Row, SendState};
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::cim::event_data::{AgentChange, RoleChanged};
use portico_shared::cim::participant::{ConversationParticipant, Participant, ParticipantRole};
use portico_shared::cim::{EventData, EventName, MessageBody};
use portico_shared::ids::Seq;
use portico_ui::time::days_between;

/// Messages of one sender that are no further apart than this stand together, in milliseconds.
const RUN_MS: i64 = 3 * 60 * 1000;

/// Something to draw in the timeline.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Line {
    /// A new day begins.
    Day {
        /// A time of that day.
        at: i64,
    },
    /// Something happened.
    Notice {
        /// Of the row.
        key: String,
        /// Its position.
        seq: Option<Seq>,
        /// What.
        notice: Notice,
    },
    /// Somebody said something.
    Message(Box<Message>),
}

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Notice {
    /// Somebody came, by name.
    Joined(String),
    /// Somebody left, by name.
    Left(String),
    /// A request for a person waits.
    Enqueued,
    /// Nobody is free.
    NoAgent,
    /// The chat is on hold.
    Paused,
    /// The chat goes on.
    Resumed,
    /// The chat is over.
    Ended(Option<ChannelSessionReason>),
}

/// A message in its run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    /// As the session has it.
    pub(crate) row: Row,
    /// Who.
    pub(crate) sender: Author,
    /// When, in epoch milliseconds.
    pub(crate) at: i64,
    /// Whether a run begins with it.
    pub(crate) first: bool,
    /// Whether a run ends with it.
    pub(crate) last: bool,
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Author {
    pub(crate) id: String,
    /// `AGENT`, `BOT`, ...
    pub(crate) kind: String,
    /// Empty if the contact centre shows none.
    pub(crate) name: String,
}

impl Line {
    /// Tells the line from all others; stable while its row changes.
    pub(crate) fn key(&self) -> Rc<str> {
        match self {
            Self::Day { at } => ["day ", &at.to_string()].concat().into(),
            Self::Notice { key, .. } => key.as_str().into(),
            Self::Message(message) => message.row.key.as_str().into(),
        }
    }

    /// Whether somebody said it.
    pub(crate) fn is_message(&self) -> bool {
        matches!(self, Self::Message(_))
    }

    /// Its position in the log.
    pub(crate) fn seq(&self) -> Option<Seq> {
        match self {
            Self::Day { .. } => None,
            Self::Notice { seq, .. } => *seq,
            Self::Message(message) => message.row.seq,
        }
    }
}

impl Message {
    /// Whether the relay refused it for good.
    pub(crate) fn is_failed(&self) -> bool {
        matches!(self.row.state, Some(SendState::Failed { .. }))
    }

    /// What it says, before any change.
    pub(crate) fn body(&self) -> Option<&MessageBody> {
        match &self.row.content {
            Content::Event(event) => match &event.data {
                EventData::Message(message) => Some(&message.body),
                _ => None,
            },
            Content::Unsent(unsent) => Some(&unsent.draft.body),
        }
    }

    /// Its text: the newest, decoded.
    pub(crate) fn text(&self) -> Option<String> {
        if let Some(edited) = &self.row.edited {
            return Some(edited.text.clone());
        }
        match &self.row.content {
            Content::Event(event) => match &event.data {
                EventData::Message(message) => message.text().map(|text| text.into_owned()),
                _ => None,
            },
            Content::Unsent(unsent) => unsent.draft.body.markdown_text().map(str::to_owned),
        }
    }
}

/// Makes rows ready to draw.
pub(crate) fn lines(rows: Vec<Row>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::with_capacity(rows.len() + 4);
    let mut day: Option<i64> = None;
    for row in rows {
        let at = time(&row.content);
        let Some(mut line) = line(row, at) else { continue };
        if day.is_none_or(|day| days_between(day, at) != 0) {
            day = Some(at);
            lines.push(Line::Day { at });
        }
        if let (Some(Line::Message(before)), Line::Message(after)) = (lines.last_mut(), &mut line) {
            join(before, after);
        }
        lines.push(line);
    }
    lines
}

/// Puts two neighbours into one run, if they are of one sender and close to each other.
fn join(before: &mut Message, after: &mut Message) {
    let same = before.row.mine == after.row.mine && (after.row.mine || before.sender == after.sender);
    if same && after.at - before.at <= RUN_MS && !before.is_failed() && !after.is_failed() {
        before.last = false;
        after.first = false;
    }
}

fn time(content: &Content) -> i64 {
    match content {
        Content::Event(event) => event.timestamp.ms(),
        Content::Unsent(unsent) => unsent.at_ms,
    }
}

fn line(row: Row, at: i64) -> Option<Line> {
    let Content::Event(event) = &row.content else {
        return Some(Line::Message(Box::new(Message {
            row,
            sender: Author::default(),
            at,
            first: true,
            last: true,
        })));
    };
    if let EventData::Message(message) = &event.data {
        if !is_shown(&message.body) {
            return None;
        }
        let of = &message.header.sender;
        let sender = Author {
            id: of.id.clone(),
            kind: of.kind.as_str().to_owned(),
            name: of.sender_name.clone(),
        };
        return Some(Line::Message(Box::new(Message {
            row,
            sender,
            at,
            first: true,
            last: true,
        })));
    }
    let notice = notice(&event.name, &event.data)?;
    Some(Line::Notice {
        key: row.key,
        seq: row.seq,
        notice,
    })
}

fn is_shown(body: &MessageBody) -> bool {
    !matches!(
        body,
        MessageBody::Notification(_) | MessageBody::DeliveryNotification(_) | MessageBody::DeletedNotification(_)
    )
}

fn notice(name: &EventName, data: &EventData) -> Option<Notice> {
    match (name, data) {
        (EventName::AgentSubscribed, EventData::AgentChange(change)) => talks(change).map(Notice::Joined),
        (EventName::AgentUnsubscribed, EventData::AgentChange(change)) => talks(change).map(Notice::Left),
        (EventName::ParticipantRoleChanged, EventData::RoleChanged(change)) => turned(change),
        (EventName::TaskEnqueued, _) => Some(Notice::Enqueued),
        (EventName::NoAgentAvailable, _) => Some(Notice::NoAgent),
        (EventName::ConversationPaused, _) => Some(Notice::Paused),
        (EventName::ConversationResumed, _) => Some(Notice::Resumed),
        (EventName::ChannelSessionEnded | EventName::ChannelSessionExpired, EventData::ChannelSession(session)) => {
            Some(Notice::Ended(
                session.state.as_ref().and_then(|state| state.reason_code.clone()),
            ))
        }
        _ => None,
    }
}

/// The agent's name, if it is one who talks to the customer.
fn talks(change: &AgentChange) -> Option<String> {
    let participant = &change.agent_participant;
    (participant.role == ParticipantRole::Primary).then(|| name_of(participant))
}

fn turned(change: &RoleChanged) -> Option<Notice> {
    let participant = &change.conversation_participant;
    match participant.role {
        ParticipantRole::Primary => Some(Notice::Joined(name_of(participant))),
        ParticipantRole::WrapUp => Some(Notice::Left(name_of(participant))),
        _ => None,
    }
}

fn name_of(participant: &ConversationParticipant) -> String {
    match &participant.participant {
        Participant::CcUser(user) => user
            .keycloak_user
            .as_ref()
            .and_then(|user| user.first_name.clone())
            .unwrap_or_default(),
        _ => String::new(),
    }
}
