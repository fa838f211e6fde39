//! Erases a conversation: the chat ends, everybody leaves, and its log and its projection say nothing of the customer any more.

use super::Transaction;
use crate::conversation::committed::ListUpdate;
use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::policy::Departure;
use crate::identity::customer_key;
use crate::store::{Change, ErasedConversation, ParticipantRecord};
use portico_shared::cim::channel_session::ChannelSessionReason;
use portico_shared::cim::participant::ParticipantType;
use portico_shared::cim::{ChannelSession, Customer, EventData, EventName, RoomInfo};
use portico_shared::ids::{CustomerId, ParticipantId};

impl Transaction<'_> {
    /// From here on the conversation has no customer that there is. What is appended says nothing of the customer already: agents who read
    /// along are sent it as it is.
    pub(in crate::conversation) fn erase(&mut self, stand_in: &CustomerId, erasure: &CustomerId) {
        let customer = self.state.record.customer.clone();
        self.forget(stand_in);
        if !self.state.is_ended() {
            self.end_session(Emitter::customer_of(&self.state), ChannelSessionReason::Customer);
        }
        // An agent who stayed would write notes about what is gone.
        let agents: Vec<ParticipantRecord> = self.state.agents().cloned().collect();
        for agent in agents {
            let user = event_factory::known_user(&agent);
            self.remove_agent(&agent, user, Emitter::agent_manager(), Departure::Left);
        }
        let notice = self.append(Emitter::monitor(), EventName::CustomerDataErased, EventData::Null);
        self.change(Change::EraseConversation(ErasedConversation {
            conversation: self.state.record.id.clone(),
            customer,
            stand_in: stand_in.clone(),
            erasure: erasure.clone(),
            notice,
            at: self.now,
        }));
        self.update_lists(ListUpdate::Shape);
    }

    /// The projection without the customer.
    fn forget(&mut self, stand_in: &CustomerId) {
        let session = blank(&self.state.record.channel_session, stand_in);
        let record = &mut self.state.record;
        record.channel_session = record.channel_session.next(session).into();
        let own = customer_key(&record.customer);
        record.markers.retain(|marker| marker.member != own);
        record.customer = stand_in.clone();
        record.room = stand_in.to_string();
        record.waiting_since = None;
        // Who has said nothing is asked nothing.
        record.spoke_at = None;
        record.data.clear();
        record.visitor_keys.clear();
        record.answered.clear();
        record.survey = None;
        record.consent = None;
        record.erased = true;
        record.last_message = None;
        for seat in record.participants.iter_mut().chain(&mut self.before) {
            if seat.kind == ParticipantType::Customer {
                seat.id = ParticipantId::new(stand_in.as_str());
                seat.name = String::new();
            }
        }
    }
}

/// The session as it says nothing of who was there.
fn blank(session: &ChannelSession, stand_in: &CustomerId) -> ChannelSession {
    ChannelSession {
        id: session.id.clone(),
        channel: session.channel.clone(),
        customer: Some(Customer {
            id: stand_in.to_string(),
            is_anonymous: Some(true),
            ..Customer::default()
        }),
        is_active: session.is_active,
        conversation_id: session.conversation_id.clone(),
        room_info: session.room_info.as_ref().map(|room| RoomInfo {
            id: stand_in.to_string(),
            mode: room.mode.clone(),
            ..RoomInfo::default()
        }),
        state: session.state.clone(),
        channel_session_direction: session.channel_session_direction.clone(),
        ..ChannelSession::default()
    }
}
