//! A customer opens a conversation.

use super::prechat::{Asked, Prechat};
use super::{bounds, consent};
use crate::conversation::channel_session::{self, Opening};
use crate::conversation::committed::ListUpdate;
use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::policy::Trigger;
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::conversation::{Refusal, Services};
use crate::identity::{CustomerPrincipal, customer_key};
use crate::store::{Author, Change, ConversationRecord, ParticipantRecord, SessionVersion};
use portico_shared::cim::conversation::ConversationState;
use portico_shared::cim::participant::{ParticipantRole, ParticipantType};
use portico_shared::cim::{ChannelSession, Customer, EventData, EventName};
use portico_shared::frame::Start;
use portico_shared::ids::{ConversationId, ParticipantId, Seq};
use serde_json::Map;
use std::collections::BTreeSet;

pub(super) fn start<'a>(
    services: &'a Services,
    id: &ConversationId,
    who: &CustomerPrincipal,
    start: &Start,
    known: Option<&Customer>,
) -> Result<Transaction<'a>, Refusal> {
    let mut data = start.data.clone();
    data.retain(|_, value| !bounds::is_removal(value));
    bounds::check_visitor_data(&data)?;
    let asked = Asked {
        config: &services.config,
        who,
        known,
    };
    let prechat = Prechat::read(&asked, start.form.as_deref())?;
    let visitor_keys = match &prechat {
        Some(prechat) => prechat.add_to(&mut data),
        None => data.keys().cloned().collect(),
    };
    let customer = channel_session::customer(who, known, &data);
    let opening = Opening {
        id: services.clock.uuid(),
        conversation: id.to_string(),
        // One room per customer: its conversations lie in it one after another.
        room: who.id.to_string(),
        now: services.clock.now_ms(),
        data: &data,
        form: prechat.as_ref().map(Prechat::id),
    };
    let session = channel_session::open(&services.config, who, customer.clone(), opening);
    let emitter = Emitter {
        sender: event_factory::customer_emitter(who, Some(&customer)),
        author: Author(customer_key(&who.id)),
        client_id: Some(start.client_id.clone()),
    };
    let mut transaction = Transaction::opening(services, blank(id, who, &session, services.clock.now_ms()));
    if known != Some(&customer) {
        transaction.change(Change::Customer {
            before: known.cloned().map(Box::new),
            after: Box::new(customer),
        });
    }
    transaction.append(
        emitter,
        EventName::ChannelSessionStarted,
        EventData::ChannelSession(Box::new(session)),
    );
    consent::note(&mut transaction, who);
    if let Some(prechat) = prechat {
        prechat.append_to(&mut transaction, who);
    }
    let offered = data.clone();
    if !data.is_empty() {
        transaction.set_visitor_data(Emitter::monitor(), data, visitor_keys);
    }
    transaction.update_lists(ListUpdate::Shape);
    transaction.trigger(&Trigger::Started);
    transaction.say_offered(&offered);
    Ok(transaction)
}

/// The conversation before its first event.
fn blank(id: &ConversationId, who: &CustomerPrincipal, session: &ChannelSession, now: i64) -> State {
    let name = session
        .customer
        .as_ref()
        .and_then(|customer| customer.first_name.clone());
    let record = ConversationRecord {
        id: id.clone(),
        head: Seq::START,
        customer: who.id.clone(),
        channel: who.channel.clone(),
        channel_session: SessionVersion::first(session.clone()).into(),
        channel_session_id: session.id.clone(),
        room: who.id.to_string(),
        state: ConversationState::Created,
        started_at: now,
        ended_at: None,
        participants: vec![ParticipantRecord {
            id: ParticipantId::new(who.id.as_str()),
            kind: ParticipantType::Customer,
            role: ParticipantRole::Customer,
            name: name.unwrap_or_else(|| who.name.clone()),
            joined_at: now,
        }],
        task: None,
        waiting_since: None,
        spoke_at: None,
        silent_until: None,
        data: Map::new(),
        visitor_keys: BTreeSet::new(),
        answered: BTreeSet::new(),
        survey: None,
        consent: None,
        erased: false,
        markers: Vec::new(),
        last_message: None,
    };
    State::of(record, None)
}
