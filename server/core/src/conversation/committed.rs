//! What a commit of a conversation results in: the reply to the command, and what is delivered after it.

use super::reader_role::ServerFrame;
use super::wakeups::Wakeups;
use super::{Ack, ConnectionId};
use crate::store::{ParticipantRecord, StoredEvent};
use portico_shared::ids::ParticipantId;

/// The result of a command. Where the command changed nothing, or repeats an earlier one, only the reply is there.
#[derive(Debug, Default)]
pub(super) struct Committed {
    /// The reply to the command.
    pub(super) ack: Ack,
    /// The appended events.
    pub(super) events: Vec<StoredEvent>,
    /// Frames for agents.
    pub(super) notifications: Vec<Notification>,
    /// Participants that the commit removed.
    pub(super) left: Vec<ParticipantRecord>,
    /// Which lists change.
    pub(super) list_update: ListUpdate,
    /// The workers to wake.
    pub(super) wakeups: Wakeups,
}

impl Committed {
    /// A reply without anything to deliver.
    pub(super) fn only(ack: Ack) -> Self {
        Self { ack, ..Self::default() }
    }
}

/// A frame for all connections of an agent.
#[derive(Debug)]
pub(super) struct Notification {
    /// The agent whose connections get it.
    pub(super) agent: ParticipantId,
    /// The frame itself.
    pub(super) frame: ServerFrame,
    /// The connection that caused it and knows already.
    pub(super) except: Option<ConnectionId>,
}

/// What becomes of a task that is reserved for an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReservationOutcome {
    /// The reservation begins.
    Offered,
    /// The agent accepted it.
    Accepted,
    /// The agent did not answer in time.
    Missed,
    /// The agent disconnected, or was not ready any more.
    Withdrawn,
    /// The task was closed meanwhile.
    Cancelled,
}

impl ReservationOutcome {
    /// Its name in the metric.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Accepted => "accepted",
            Self::Missed => "missed",
            Self::Withdrawn => "withdrawn",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Which conversation lists a transaction changes. Those who read the conversation live get its events anyway.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ListUpdate {
    /// None: receipts and the like.
    #[default]
    Nothing,
    /// Lists that show the newest message.
    Message,
    /// Lists that show who takes part and how the conversation stands.
    Shape,
}
