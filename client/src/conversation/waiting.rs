//! Since when a customer waits for an answer.

use super::Conversation;
use portico_shared::cim::{CimEvent, EventName};
use portico_shared::role::Agent;

impl Conversation<Agent> {
    /// Since when the customer has had no answer, in epoch milliseconds. The relay says it with each summary; what was
    /// said after that summary counts in the same way.
    pub fn waiting_since(&self) -> Option<i64> {
        let later = self.log.events_after(self.summary.head);
        carried_on(
            self.summary.details.waiting_since,
            later.iter().map(|entry| &*entry.event),
        )
    }
}

/// The first word after the last answer. Neither a bot that keeps the customer company nor a whisper answers.
fn carried_on<'a>(waiting_since: Option<i64>, later: impl Iterator<Item = &'a CimEvent>) -> Option<i64> {
    later.fold(waiting_since, |since, event| match event.name {
        EventName::CustomerMessage => since.or(Some(event.timestamp.ms())),
        EventName::AgentMessage => None,
        _ => since,
    })
}

#[cfg(test)]
mod tests {
    use super::carried_on;
    use portico_shared::cim::{CimEvent, EventName, Timestamp};

    const MINUTE: i64 = 60_000;

    fn at(minute: i64, name: EventName) -> CimEvent {
        CimEvent {
            name,
            timestamp: Timestamp::from_ms(minute * MINUTE),
            ..CimEvent::default()
        }
    }

    fn waits(stated: Option<i64>, later: &[CimEvent]) -> Option<i64> {
        carried_on(stated, later.iter())
    }

    #[test]
    fn a_customer_waits_from_its_first_message_without_an_answer() {
        let asks = |minute| at(minute, EventName::CustomerMessage);
        assert_eq!(waits(Some(5), &[]), Some(5));
        assert_eq!(waits(None, &[asks(1)]), Some(MINUTE));
        assert_eq!(waits(None, &[asks(1), asks(2)]), Some(MINUTE));
        assert_eq!(waits(Some(5), &[asks(1)]), Some(5));
        assert_eq!(waits(None, &[]), None);
    }

    #[test]
    fn after_an_answer_the_next_word_begins_the_wait_anew() {
        let talk = [
            at(1, EventName::CustomerMessage),
            at(2, EventName::AgentMessage),
            at(3, EventName::CustomerMessage),
            at(4, EventName::CustomerMessage),
        ];
        assert_eq!(waits(Some(5), &talk[..2]), None);
        assert_eq!(waits(Some(5), &talk), Some(3 * MINUTE));
    }

    #[test]
    fn a_conversation_that_is_queued_anew_begins_no_wait() {
        let lost = [
            at(1, EventName::AgentMessage),
            at(2, EventName::AgentUnsubscribed),
            at(2, EventName::TaskEnqueued),
        ];
        assert_eq!(waits(Some(5), &lost), None);
    }

    #[test]
    fn neither_a_bot_nor_a_whisper_answers_a_customer() {
        for name in [EventName::BotMessage, EventName::WhisperMessage] {
            assert_eq!(waits(Some(5), &[at(1, name)]), Some(5));
        }
    }
}
