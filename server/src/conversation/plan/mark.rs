//! Somebody has come so far: a receipt for the newest message of the other side, if the mark passed one. Where it passed
//! only what has no receipt, such as a whisper, a mark of reading is kept all the same.

use super::super::ask::MarkKind;
use super::super::stamp::{self, By};
use super::super::state::State;
use super::super::step::{Planned, Step};
use super::super::summary::is_unread;
use super::super::{Deps, Refusal, access};
use crate::identity::Principal;
use crate::store::{MarkRecord, StoredEvent};
use portico_shared::cim::body::{DeliveryBody, DeliveryStatus};
use portico_shared::cim::{EventData, EventName, MessageBody, MessageHeader};
use portico_shared::frame::Range;
use portico_shared::ids::Seq;

/// Events that are looked through at once.
const LOOK_BACK: u32 = 50;

/// How often; past that the receipt is given up and only the mark is kept.
const LOOKS: usize = 4;

/// Receipts have the code of HTTP's success.
const ALL_WELL: &str = "200";

pub(super) async fn mark<'a>(
    deps: &'a Deps,
    state: &State,
    who: &Principal,
    up_to: Seq,
    kind: MarkKind,
) -> Planned<'a> {
    access::readable(who, state)?;
    // A supervisor who looks in leaves no trace, and a bot's reading means nothing to people.
    let counts = match who {
        Principal::Customer(_) => true,
        Principal::Staff(_) => access::takes_part(who, state),
        Principal::Bot(_) | Principal::App(_) => false,
    };
    let key = who.key();
    let before = state.mark(&key);
    let up_to = up_to.min(state.record.head);
    let Some(after) = moved(&before, up_to, kind).filter(|_| counts) else {
        return Ok(None);
    };
    let from = match kind {
        MarkKind::Delivered => before.delivered,
        MarkKind::Read => before.read,
    };
    let passed = passed(deps, state, who, (from, up_to)).await?;
    let mut step = Step::new(deps, state);
    let Some(newest) = passed.of_others else {
        if kind == MarkKind::Delivered || !passed.unread {
            return Ok(None);
        }
        step.keep_mark(after);
        return Ok(Some(step));
    };
    step.keep_mark(after);
    let receipt = receipt(&step, who, &newest, kind);
    let by = By::principal(who, state, None);
    step.append(by, EventName::MessageDeliveryNotification, receipt);
    Ok(Some(step))
}

/// The mark once it is moved; nothing if it stands there already.
fn moved(before: &MarkRecord, up_to: Seq, kind: MarkKind) -> Option<MarkRecord> {
    let after = match kind {
        MarkKind::Delivered => MarkRecord {
            delivered: before.delivered.max(up_to),
            ..before.clone()
        },
        // What was read was delivered.
        MarkKind::Read => MarkRecord {
            delivered: before.delivered.max(up_to),
            read: before.read.max(up_to),
            ..before.clone()
        },
    };
    (after != *before).then_some(after)
}

/// What a mark passed.
struct Passed {
    /// The newest message of the other side.
    of_others: Option<StoredEvent>,
    /// Whether anything among it counted as unread until now.
    unread: bool,
}

/// What lies in `(from, up_to]`, looked through from its end.
async fn passed(deps: &Deps, state: &State, who: &Principal, (from, up_to): (Seq, Seq)) -> Result<Passed, Refusal> {
    let (key, viewer) = (who.key(), access::viewer(who));
    let mut passed = Passed {
        of_others: None,
        unread: false,
    };
    let mut before = up_to.next();
    for _ in 0..LOOKS {
        let page = deps
            .store
            .page(&state.record.id, Range::Before(before), LOOK_BACK)
            .await?;
        let Some(oldest) = page.events.first().map(|stored| stored.seq) else {
            return Ok(passed);
        };
        for stored in page.events.into_iter().rev().filter(|stored| stored.seq > from) {
            passed.unread |= is_unread(&stored, &key, viewer);
            if is_of_others(who, &stored.event.name) {
                passed.of_others = Some(stored);
                return Ok(passed);
            }
        }
        if oldest <= from {
            return Ok(passed);
        }
        before = oldest;
    }
    Ok(passed)
}

/// A customer's receipts are for agents and bots, and the other way round.
fn is_of_others(who: &Principal, name: &EventName) -> bool {
    match who {
        Principal::Customer(_) => matches!(name, EventName::AgentMessage | EventName::BotMessage),
        Principal::Staff(_) | Principal::Bot(_) | Principal::App(_) => *name == EventName::CustomerMessage,
    }
}

fn receipt(step: &Step<'_>, who: &Principal, newest: &StoredEvent, kind: MarkKind) -> EventData {
    let message_id = newest
        .event
        .message()
        .map(|message| message.id.clone())
        .unwrap_or_default();
    let header = MessageHeader {
        provider_message_id: Some(message_id.clone()),
        ..stamp::header(stamp::sender(who), &step.state, step.now)
    };
    let body = MessageBody::DeliveryNotification(DeliveryBody {
        message_id,
        status: match kind {
            MarkKind::Delivered => DeliveryStatus::Delivered,
            MarkKind::Read => DeliveryStatus::Read,
        },
        reason_code: Some(ALL_WELL.to_owned()),
        ..DeliveryBody::default()
    });
    EventData::Message(Box::new(stamp::message_with(step.deps.clock.uuid(), header, body)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(delivered: u64, read: u64) -> MarkRecord {
        MarkRecord {
            member: "customer:c".to_owned(),
            delivered: Seq(delivered),
            read: Seq(read),
        }
    }

    #[test]
    fn a_mark_only_moves_forward() {
        assert_eq!(moved(&at(5, 3), Seq(5), MarkKind::Delivered), None);
        assert_eq!(moved(&at(5, 3), Seq(2), MarkKind::Read), None);
        assert_eq!(moved(&at(5, 3), Seq(6), MarkKind::Delivered), Some(at(6, 3)));
    }

    #[test]
    fn what_was_read_was_delivered() {
        assert_eq!(moved(&at(5, 3), Seq(8), MarkKind::Read), Some(at(8, 8)));
    }
}
