//! A conversation in a reader's list.

use super::access::Reader;
use super::channel_session;
use super::reader_role::{Item, SeenEvent, Summary};
use super::state::State;
use crate::identity::Principal;
use crate::store::{ConversationRecord, ParticipantRecord, StoredEvent};
use portico_shared::cim::SenderType;
use portico_shared::cim::participant::{ParticipantRole, ParticipantType};
use portico_shared::customer::{CustomerData, CustomerEvent, CustomerRef};
use portico_shared::frame::Person;
use portico_shared::ids::Seq;
use portico_shared::role::StaffDetails;
use portico_shared::visibility::{Viewer, is_said, is_visible, view};

/// What a list shows of the end of a log.
pub(crate) struct Newest<'a> {
    /// The newest message.
    pub(crate) message: Option<&'a StoredEvent>,
    /// Unread messages among the [`MAX_PAGE`] events after the reader's marker.
    ///
    /// [`MAX_PAGE`]: portico_shared::limits::MAX_PAGE
    pub(crate) unread: usize,
    /// The reader's read marker.
    pub(crate) read: Seq,
}

/// A conversation as `reader` may know of it.
pub(crate) fn describe(record: &ConversationRecord, reader: &Reader, newest: Newest<'_>) -> Summary {
    Summary {
        conversation: record.id.clone(),
        state: record.state.clone(),
        head: record.head,
        people: record
            .participants
            .iter()
            .filter(|one| is_known_to(Some(&one.role), reader.viewer))
            .map(|one| seated(one, record))
            .collect(),
        waiting: record.task.is_some() && !has_agent(record),
        started_at: record.started_at,
        last: newest.message.and_then(|stored| item(stored, reader)),
        unread: u32::try_from(newest.unread).unwrap_or(u32::MAX),
        read: newest.read,
        details: details(record, reader.viewer),
    }
}

/// What is told to those who work on a conversation: to bots its data, to agents everything.
fn details(record: &ConversationRecord, viewer: Viewer) -> Option<StaffDetails> {
    let data = record.data.clone();
    match viewer {
        Viewer::Customer => None,
        Viewer::Bot => Some(StaffDetails {
            data,
            ..StaffDetails::default()
        }),
        Viewer::Agent => Some(StaffDetails {
            waiting_since: record.waiting_since,
            channel: Some(record.channel.clone()),
            data,
        }),
    }
}

/// An event as its reader may see it, with the client id if it is the reader's own.
pub(crate) fn item(stored: &StoredEvent, reader: &Reader) -> Option<Item> {
    let event = match reader.viewer {
        Viewer::Customer => SeenEvent::Customer(Box::new(with_customer(view(&stored.event)?, stored))),
        Viewer::Agent | Viewer::Bot if is_visible(reader.viewer, &stored.event) => {
            SeenEvent::Whole(Box::new(stored.whole()))
        }
        Viewer::Agent | Viewer::Bot => return None,
    };
    let client_id = stored.client_id.clone().filter(|_| stored.author.0 == reader.key);
    Some(Item {
        seq: stored.seq,
        event,
        client_id,
    })
}

/// A customer's view of a message with that customer's id, which the message left to its session.
fn with_customer(mut seen: CustomerEvent, stored: &StoredEvent) -> CustomerEvent {
    let customer = stored.session.as_ref().and_then(|session| session.customer.as_ref());
    if let (CustomerData::Message(message), Some(customer)) = (&mut seen.data, customer) {
        message.header.customer.get_or_insert_with(|| CustomerRef {
            id: customer.id.clone(),
        });
    }
    seen
}

/// A participant as people call it.
fn person(participant: &ParticipantRecord) -> Person {
    Person {
        id: participant.id.to_string(),
        kind: sender_type(&participant.kind),
        name: participant.name.clone(),
        role: Some(participant.role.clone()),
    }
}

/// The same in its conversation, where a customer may have said what it is called.
fn seated(participant: &ParticipantRecord, record: &ConversationRecord) -> Person {
    let mut person = person(participant);
    if person.kind == SenderType::Customer {
        person.name = channel_session::called(&person.id, &person.name, &record.data);
    }
    person
}

/// A kind of participant as a kind of actor: both are written alike.
fn sender_type(kind: &ParticipantType) -> SenderType {
    SenderType::parse(kind.as_str())
}

/// A customer knows who talks to it; an assisting bot is the agents' business.
pub(crate) fn is_known_to(role: Option<&ParticipantRole>, viewer: Viewer) -> bool {
    match viewer {
        Viewer::Agent | Viewer::Bot => true,
        Viewer::Customer => matches!(role, Some(ParticipantRole::Primary | ParticipantRole::Customer)),
    }
}

fn has_agent(record: &ConversationRecord) -> bool {
    record.participants.iter().any(|one| one.kind == ParticipantType::Agent)
}

/// Whether a message counts for a reader that has not come so far.
pub(crate) fn is_unread(stored: &StoredEvent, reader: &Reader) -> bool {
    is_said(&stored.event) && stored.author.0 != reader.key && is_visible(reader.viewer, &stored.event)
}

/// The person behind a principal, as it is told to the client itself and to those it types to.
pub(crate) fn me(who: &Principal) -> Person {
    let (id, kind, name) = match who {
        Principal::Customer(customer) => (customer.id.to_string(), SenderType::Customer, customer.name.clone()),
        Principal::Staff(staff) => (staff.id.to_string(), SenderType::Agent, staff.first_name.clone()),
        Principal::Bot(bot) => (bot.id.to_string(), SenderType::Bot, bot.name.clone()),
        Principal::App(app) => (app.id.to_string(), SenderType::App, app.name.clone()),
    };
    Person {
        id,
        kind,
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
        .find(|one| one.id.as_str() == me.id && sender_type(&one.kind) == me.kind);
    seat.map_or(me, |seat| seated(seat, &state.record))
}
