//! A conversation in a reader's list.

use super::access::viewer;
use super::state::State;
use crate::identity::Principal;
use crate::store::{ConversationRecord, ParticipantRecord, ReadMarker, Store, StoreError, StoredEvent};
use portico_shared::cim::participant::ParticipantType;
use portico_shared::cim::{CimEvent, Customer, EventData, EventName};
use portico_shared::frame::{Item, Person, Range, Summary};
use portico_shared::ids::Seq;
use portico_shared::limits::MAX_PAGE;
use portico_shared::visibility::{Viewer, view};
use serde_json::Map;

/// A conversation as `reader` may know of it. `unread` is counted up to one page.
pub(crate) async fn summary(
    store: &dyn Store,
    record: &ConversationRecord,
    reader: &Principal,
) -> Result<Summary, StoreError> {
    let key = reader.key();
    let viewer = viewer(reader);
    let marker = record.markers.iter().find(|marker| marker.member == key);
    let read = marker.map_or(Seq::START, |marker: &ReadMarker| marker.read);
    let staff = viewer == Viewer::Agent;
    Ok(Summary {
        conversation: record.id.clone(),
        state: record.state.clone(),
        head: record.head,
        people: record
            .participants
            .iter()
            .filter(|one| is_known_to(Some(&one.role), viewer))
            .map(person)
            .collect(),
        waiting: record.task.is_some() && !has_agent(record),
        started_at: record.started_at,
        waiting_since: record.waiting_since.filter(|_| staff),
        last: last(store, record, &key, viewer).await?,
        unread: unread(store, record, &key, viewer, read).await?,
        read,
        channel: staff.then(|| record.channel.clone()),
        data: match viewer {
            Viewer::Customer => Map::new(),
            Viewer::Agent | Viewer::Bot => record.data.clone(),
        },
    })
}

/// An event as its reader may see it, with the client id if it is the reader's own.
pub(crate) fn item(stored: &StoredEvent, key: &str, viewer: Viewer) -> Option<Item> {
    let seen = view(viewer, &stored.event)?;
    let event = match viewer {
        Viewer::Customer => with_customer(seen.into_owned(), stored),
        Viewer::Agent | Viewer::Bot => stored.whole(),
    };
    let client_id = stored.client_id.clone().filter(|_| stored.author.0 == key);
    Some(Item {
        seq: stored.seq,
        event,
        client_id,
    })
}

/// A customer's view of a message with that customer's id, which the message left to its session.
fn with_customer(mut seen: CimEvent, stored: &StoredEvent) -> CimEvent {
    let customer = stored.session.as_ref().and_then(|session| session.customer.as_ref());
    if let (EventData::Message(message), Some(customer)) = (&mut seen.data, customer) {
        message.header.customer.get_or_insert_with(|| Customer {
            id: customer.id.clone(),
            ..Customer::default()
        });
    }
    seen
}

/// A participant as people call it.
fn person(participant: &ParticipantRecord) -> Person {
    Person {
        id: participant.id.to_string(),
        kind: participant.kind.clone(),
        name: participant.name.clone(),
        role: Some(participant.role.clone()),
    }
}

/// A customer knows who talks to it; an assisting bot is the agents' business.
pub(crate) fn is_known_to(role: Option<&str>, viewer: Viewer) -> bool {
    match viewer {
        Viewer::Agent | Viewer::Bot => true,
        Viewer::Customer => matches!(role, Some("PRIMARY" | "CUSTOMER")),
    }
}

fn has_agent(record: &ConversationRecord) -> bool {
    record
        .participants
        .iter()
        .any(|one| one.kind == ParticipantType::Agent.as_str())
}

async fn last(
    store: &dyn Store,
    record: &ConversationRecord,
    key: &str,
    viewer: Viewer,
) -> Result<Option<Item>, StoreError> {
    let Some(seq) = record.last_message else {
        return Ok(None);
    };
    let page = store
        .page(&record.id, Range::After(Seq(seq.0.saturating_sub(1))), 1)
        .await?;
    Ok(page.events.first().and_then(|stored| item(stored, key, viewer)))
}

async fn unread(
    store: &dyn Store,
    record: &ConversationRecord,
    key: &str,
    viewer: Viewer,
    read: Seq,
) -> Result<u32, StoreError> {
    if record.last_message.is_none_or(|last| last <= read) {
        return Ok(0);
    }
    let page = store.page(&record.id, Range::After(read), MAX_PAGE).await?;
    let unread = page
        .events
        .iter()
        .filter(|stored| is_unread(stored, key, viewer))
        .count();
    Ok(u32::try_from(unread).unwrap_or(u32::MAX))
}

/// Whether a message counts for a reader that has not come so far.
pub(crate) fn is_unread(stored: &StoredEvent, key: &str, viewer: Viewer) -> bool {
    let message = matches!(
        stored.event.name,
        EventName::CustomerMessage | EventName::AgentMessage | EventName::BotMessage | EventName::WhisperMessage
    );
    message && stored.author.0 != key && view(viewer, &stored.event).is_some()
}

/// The person behind a principal, as it is told to the client itself and to those it types to.
pub(crate) fn me(who: &Principal) -> Person {
    let (id, kind, name) = match who {
        Principal::Customer(customer) => (customer.id.to_string(), "CUSTOMER", customer.name.clone()),
        Principal::Staff(staff) => (staff.id.to_string(), "AGENT", staff.first_name.clone()),
        Principal::Bot(bot) => (bot.id.to_string(), "BOT", bot.name.clone()),
        Principal::App(app) => (app.id.to_string(), "APP", app.name.clone()),
    };
    Person {
        id,
        kind: kind.to_owned(),
        name,
        role: None,
    }
}

/// The same with the role that it has in a conversation.
pub(crate) fn person_in(who: &Principal, state: &State) -> Person {
    let me = me(who);
    let seat = state
        .record
        .participants
        .iter()
        .find(|one| one.id.as_str() == me.id && one.kind == me.kind);
    seat.map(person).unwrap_or(me)
}
