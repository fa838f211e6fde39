//! Moves a reader's marker and appends a receipt for the newest message of the other side that it passed. Where it passed
//! only what has no receipt, such as a whisper, a read marker is kept all the same.

use crate::conversation::access::Reader;
use crate::conversation::command::MarkerKind;
use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::state::State;
use crate::conversation::summary::is_unread;
use crate::conversation::transaction::Transaction;
use crate::conversation::{Refusal, Services, access};
use crate::identity::Principal;
use crate::store::{ReadMarker, StoredEvent};
use portico_shared::cim::body::{DeliveryBody, DeliveryStatus};
use portico_shared::cim::{CimEvent, EventData, EventName, MessageBody, MessageHeader};
use portico_shared::frame::Range;
use portico_shared::ids::Seq;
use portico_shared::visibility::is_said;

/// Events that are looked through at once.
const LOOK_BACK: u32 = 50;

/// How often; past that the receipt is given up and only the marker is kept.
const LOOKS: usize = 4;

/// Receipts have the code of HTTP's success.
const ALL_WELL: &str = "200";

pub(super) async fn move_marker<'a>(
    services: &'a Services,
    state: &State,
    who: &Principal,
    up_to: Seq,
    kind: MarkerKind,
) -> Result<Option<Transaction<'a>>, Refusal> {
    access::readable(who, state)?;
    // A supervisor who looks in leaves no trace, and a bot's reading means nothing to people.
    let counts = match who {
        Principal::Customer(_) => true,
        Principal::Staff(_) => access::takes_part(who, state),
        Principal::Bot(_) | Principal::App(_) => false,
    };
    let key = who.key();
    let before = state.marker(&key);
    let up_to = up_to.min(state.record.head);
    let Some(after) = moved(&before, up_to, kind).filter(|_| counts) else {
        return Ok(None);
    };
    let from = match kind {
        MarkerKind::Delivered => before.delivered,
        MarkerKind::Read => before.read,
    };
    let passed = passed(services, state, who, from, up_to).await?;
    let mut transaction = Transaction::new(services, state);
    let Some(newest) = passed.of_others else {
        if kind == MarkerKind::Delivered || !passed.unread {
            return Ok(None);
        }
        transaction.move_marker(after);
        return Ok(Some(transaction));
    };
    transaction.move_marker(after);
    let receipt = receipt(&transaction, who, &newest, kind);
    let emitter = Emitter::principal(who, state, None);
    transaction.append(emitter, EventName::MessageDeliveryNotification, receipt);
    Ok(Some(transaction))
}

/// The marker once it is moved; nothing if it stands there already.
fn moved(before: &ReadMarker, up_to: Seq, kind: MarkerKind) -> Option<ReadMarker> {
    let after = match kind {
        MarkerKind::Delivered => ReadMarker {
            delivered: before.delivered.max(up_to),
            ..before.clone()
        },
        // What was read was delivered.
        MarkerKind::Read => ReadMarker {
            delivered: before.delivered.max(up_to),
            read: before.read.max(up_to),
            ..before.clone()
        },
    };
    (after != *before).then_some(after)
}

/// What a marker passed.
struct Passed {
    /// The newest message of the other side.
    of_others: Option<StoredEvent>,
    /// Whether anything among it counted as unread until now.
    unread: bool,
}

/// What lies in `(from, up_to]`, looked through from its end.
async fn passed(services: &Services, state: &State, who: &Principal, from: Seq, up_to: Seq) -> Result<Passed, Refusal> {
    let reader = Reader::of(who);
    let mut passed = Passed {
        of_others: None,
        unread: false,
    };
    let mut before = up_to.next();
    for _ in 0..LOOKS {
        let page = services
            .store
            .page(&state.record.id, Range::Before(before), LOOK_BACK)
            .await?;
        let Some(oldest) = page.events.first().map(|stored| stored.seq) else {
            return Ok(passed);
        };
        for stored in page.events.into_iter().rev().filter(|stored| stored.seq > from) {
            passed.unread |= is_unread(&stored, &reader);
            if is_of_others(who, &stored.event) {
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
fn is_of_others(who: &Principal, event: &CimEvent) -> bool {
    let is_customers = event.name == EventName::CustomerMessage;
    match who {
        Principal::Customer(_) => !is_customers && event.name != EventName::WhisperMessage && is_said(event),
        Principal::Staff(_) | Principal::Bot(_) | Principal::App(_) => is_customers,
    }
}

fn receipt(transaction: &Transaction<'_>, who: &Principal, newest: &StoredEvent, kind: MarkerKind) -> EventData {
    let message_id = newest
        .event
        .message()
        .map(|message| message.id.clone())
        .unwrap_or_default();
    let header = MessageHeader {
        provider_message_id: Some(message_id.clone()),
        ..event_factory::header(event_factory::sender(who), &transaction.state, transaction.now)
    };
    let body = MessageBody::DeliveryNotification(DeliveryBody {
        message_id,
        status: match kind {
            MarkerKind::Delivered => DeliveryStatus::Delivered,
            MarkerKind::Read => DeliveryStatus::Read,
        },
        reason_code: Some(ALL_WELL.to_owned()),
        ..DeliveryBody::default()
    });
    EventData::Message(Box::new(event_factory::message_with(
        transaction.services.clock.uuid(),
        header,
        body,
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(delivered: u64, read: u64) -> ReadMarker {
        ReadMarker {
            member: "customer:c".to_owned(),
            delivered: Seq(delivered),
            read: Seq(read),
        }
    }

    #[test]
    fn a_marker_only_moves_forward() {
        assert_eq!(moved(&at(5, 3), Seq(5), MarkerKind::Delivered), None);
        assert_eq!(moved(&at(5, 3), Seq(2), MarkerKind::Read), None);
        assert_eq!(moved(&at(5, 3), Seq(6), MarkerKind::Delivered), Some(at(6, 3)));
    }

    #[test]
    fn what_was_read_was_delivered() {
        assert_eq!(moved(&at(5, 3), Seq(8), MarkerKind::Read), Some(at(8, 8)));
    }
}
