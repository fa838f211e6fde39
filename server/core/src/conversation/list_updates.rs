//! Updates of conversation lists on desks and in tabs: participants, and those who have just left, get a new summary
//! of the conversation when it changed. What changes who takes part is sent at once; new messages at most once in
//! [`SPACING_MS`], since a summary tells of all of them, and nobody reads a list faster.

use super::access::Reader;
use super::committed::ListUpdate;
use super::log_tail::LogTail;
use super::presence::Presence;
use super::state::State;
use super::subscribers::Subscribers;
use super::{SendHandle, Services};
use crate::conversation::reader_role::ServerFrame;
use crate::store::{ConversationRecord, ParticipantRecord};
use portico_shared::cim::participant::ParticipantType;
use std::time::Duration;

/// Between two updates that only tell of new messages, in milliseconds.
const SPACING_MS: u64 = 100;

/// When the lists of one conversation are told of new messages: at once after a pause, later where they were told just now.
/// Times are those of the clock that never goes back, in milliseconds.
#[derive(Debug, Default)]
pub(super) struct Pace {
    last_update: Option<u64>,
    due: Option<u64>,
}

impl Pace {
    /// When lists are to be told of messages that they have not been told of.
    pub(super) const fn due(&self) -> Option<u64> {
        self.due
    }

    /// How long lists can wait, if they have not been told of a message yet.
    pub(super) fn wait(&self, now_ms: u64) -> Option<Duration> {
        self.due.map(|due| Duration::from_millis(due.saturating_sub(now_ms)))
    }

    /// Puts an update off that only tells of new messages, if the last one was just now. False if it is to be sent at once.
    pub(super) fn puts_off(&mut self, now_ms: u64) -> bool {
        self.due = self
            .last_update
            .map(|last| last.saturating_add(SPACING_MS))
            .filter(|due| *due > now_ms);
        self.due.is_some()
    }

    /// Puts an update off that failed.
    pub(super) fn failed(&mut self, now_ms: u64) {
        self.due = Some(now_ms.saturating_add(SPACING_MS));
    }

    /// Lists were told how the conversation stands.
    pub(super) const fn updated(&mut self, now_ms: u64) {
        self.last_update = Some(now_ms);
        self.due = None;
    }
}

/// What a commit changes in lists.
pub(super) struct Changed<'a> {
    /// Which lists change.
    pub(super) list_update: ListUpdate,
    /// Participants that the commit removed.
    pub(super) left: &'a [ParticipantRecord],
}

/// Sends the summary to participants, and to those who have just left. A connection that reads the conversation live has
/// received the message already. When there are no others, the tail of the log is no longer followed.
pub(super) async fn send(
    services: &Services,
    state: &State,
    subscribers: &Subscribers,
    tail: &mut LogTail,
    changed: Changed<'_>,
) {
    let everybody = match changed.list_update {
        ListUpdate::Nothing => return,
        ListUpdate::Message => false,
        ListUpdate::Shape => true,
    };
    let mut has_readers = false;
    for participant in state.record.participants.iter().chain(changed.left) {
        let Some(reader) = Reader::of_participant(participant, &state.record) else {
            continue;
        };
        let mut handles = connections(&services.presence, participant, &state.record);
        handles.retain(|handle| everybody || !subscribers.has(handle.connection()));
        if !handles.is_empty() {
            has_readers = true;
            send_one(services, &state.record, tail, &reader, &handles).await;
        }
    }
    if !has_readers {
        tail.clear();
    }
}

async fn send_one(
    services: &Services,
    record: &ConversationRecord,
    tail: &mut LogTail,
    reader: &Reader,
    handles: &[SendHandle],
) {
    match tail.summary(&*services.store, record, reader).await {
        Ok(summary) => {
            let frame = ServerFrame::Conversation(Box::new(summary));
            handles.iter().for_each(|handle| handle.push(&frame));
        }
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(conversation.id = %record.id, error, "a list was not brought up to date");
        }
    }
}

/// The open sockets of a participant.
fn connections(presence: &Presence, participant: &ParticipantRecord, record: &ConversationRecord) -> Vec<SendHandle> {
    match &participant.kind {
        ParticipantType::Customer => presence.tabs(&record.customer, &record.channel),
        ParticipantType::Agent => presence.desks(&participant.id),
        ParticipantType::Bot => presence.bots(&participant.id),
        ParticipantType::Monitor | ParticipantType::App | ParticipantType::Other(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_message_after_a_pause_is_told_at_once() {
        let mut pace = Pace::default();
        assert!(!pace.puts_off(5));
        pace.updated(5);
        assert!(!pace.puts_off(105));
        assert_eq!(pace.due(), None);
    }

    #[test]
    fn messages_that_follow_closely_are_told_together() {
        let mut pace = Pace::default();
        pace.updated(5);
        assert!(pace.puts_off(6));
        assert!(pace.puts_off(50));
        assert_eq!(pace.wait(50), Some(Duration::from_millis(55)));
        pace.updated(105);
        assert_eq!(pace.wait(105), None);
    }

    #[test]
    fn an_update_that_failed_is_tried_again() {
        let mut pace = Pace::default();
        pace.failed(5);
        assert_eq!(pace.wait(5), Some(Duration::from_millis(100)));
    }
}
