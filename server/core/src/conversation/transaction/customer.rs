//! Passes a conversation to another customer. Earlier events keep their sender; the projection, its index and all later
//! events name the new customer.

use super::Transaction;
use crate::conversation::channel_session;
use crate::conversation::committed::ListUpdate;
use crate::conversation::event_factory::Emitter;
use crate::identity::{CustomerPrincipal, customer_key};
use crate::store::{Author, Change, ParticipantRecord};
use portico_shared::cim::participant::ParticipantType;
use portico_shared::cim::{Customer, EventData, EventName};
use portico_shared::ids::ParticipantId;

impl Transaction<'_> {
    /// From here on it is `customer`'s, whom `who` proved. The room stays: it is where this conversation takes place.
    pub(in crate::conversation) fn change_customer(&mut self, who: &CustomerPrincipal, customer: Customer) {
        let record = &mut self.state.record;
        let (before, now) = (customer_key(&record.customer), customer_key(&who.id));
        self.changes.push(Change::MoveAuthor {
            conversation: record.id.clone(),
            from: Author(before.clone()),
            to: Author(now.clone()),
        });
        let session = channel_session::of_another(&record.channel_session, who, customer.clone());
        record.channel_session = record.channel_session.next(session).into();
        record.customer = who.id.clone();
        for marker in record.markers.iter_mut().filter(|marker| marker.member == before) {
            marker.member.clone_from(&now);
        }
        // The linked visitor has not left, so its old participant is renamed, too.
        for seat in record.participants.iter_mut().chain(&mut self.before) {
            reseat(seat, who, &customer);
        }
        let data = EventData::Customer(customer);
        self.append(Emitter::monitor(), EventName::AssociatedCustomerChanged, data);
        self.update_lists(ListUpdate::Shape);
    }
}

fn reseat(seat: &mut ParticipantRecord, who: &CustomerPrincipal, customer: &Customer) {
    if seat.kind == ParticipantType::Customer {
        seat.id = ParticipantId::new(who.id.as_str());
        seat.name = customer.first_name.clone().unwrap_or_else(|| who.name.clone());
    }
}
