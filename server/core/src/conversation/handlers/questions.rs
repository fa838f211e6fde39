//! Questions that take one answer. Two tabs may show the same buttons: the answer that comes first is taken, and the bot
//! is told of one.

use crate::conversation::Refusal;
use crate::store::{ConversationRecord, StoredEvent};
use portico_shared::cim::{EventName, Intent};
use portico_shared::frame::Draft;
use portico_shared::ids::Seq;

/// Most answered questions that a conversation remembers. With this many, questions before all of them are closed: the
/// customer has long passed them.
const MOST_ANSWERED: usize = 64;

/// The question that a customer's message answers, if that takes one answer. A quote is no answer.
pub(super) fn answered(draft: &Draft, original: &StoredEvent) -> Option<Seq> {
    let is_quote = draft.intent.as_deref() == Some(Intent::ReplyTo.as_str());
    let is_own = original.event.name == EventName::CustomerMessage;
    let message = original.event.message().filter(|_| !is_quote && !is_own)?;
    message.body.takes_one_answer().then_some(original.seq)
}

/// Whether the question can still be answered.
pub(super) fn check_open(record: &ConversationRecord, question: Seq) -> Result<(), Refusal> {
    let answered = &record.answered;
    let is_passed = answered.len() >= MOST_ANSWERED && answered.first().is_some_and(|oldest| question < *oldest);
    if is_passed || answered.contains(&question) {
        return Err(Refusal::already_answered());
    }
    Ok(())
}

/// The question has its answer now.
pub(super) fn close(record: &mut ConversationRecord, question: Seq) {
    record.answered.insert(question);
    while record.answered.len() > MOST_ANSWERED {
        record.answered.pop_first();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance::conversation;

    #[test]
    fn a_question_is_answered_once_however_many_follow() {
        let mut record = conversation("c", 1_000);
        for question in 1..=3 * MOST_ANSWERED as u64 {
            let question = Seq(2 * question);
            assert_eq!(check_open(&record, question), Ok(()), "{question:?}");
            close(&mut record, question);
            assert_eq!(
                check_open(&record, question),
                Err(Refusal::already_answered()),
                "{question:?}"
            );
        }
        assert_eq!(
            check_open(&record, Seq(2)),
            Err(Refusal::already_answered()),
            "forgotten, and passed"
        );
        assert_eq!(
            check_open(&record, Seq(6 * MOST_ANSWERED as u64 - 1)),
            Ok(()),
            "a late answer"
        );
        assert_eq!(record.answered.len(), MOST_ANSWERED);
    }
}
