//! Updates of conversation lists on desks and in tabs: participants, and those who have just left, get a new summary
//! of the conversation when it changed.

use super::state::State;
use super::subscribers::Subscribers;
use super::summary::summary;
use super::transaction::ListUpdate;
use super::{SendHandle, Services};
use crate::identity::{BotPrincipal, CustomerPrincipal, Principal, StaffPrincipal};
use crate::store::ParticipantRecord;
use portico_shared::cim::participant::ParticipantType;
use portico_shared::frame::ServerFrame;

/// Sends the summary to participants, and to those who have just left.
pub(super) async fn send(
    services: &Services,
    state: &State,
    subscribers: &Subscribers,
    (list_update, left): (ListUpdate, &[ParticipantRecord]),
) {
    if list_update == ListUpdate::Nothing {
        return;
    }
    for participant in state.record.participants.iter().chain(left) {
        let Some(reader) = as_reader(participant, state) else {
            continue;
        };
        let mut handles = services.presence.sockets(&reader);
        // A connection that reads the conversation live has received the message already.
        handles.retain(|handle| list_update == ListUpdate::Shape || !subscribers.has(handle.connection()));
        if !handles.is_empty() {
            send_one(services, state, &reader, &handles).await;
        }
    }
}

async fn send_one(services: &Services, state: &State, reader: &Principal, handles: &[SendHandle]) {
    match summary(&*services.store, &state.record, reader).await {
        Ok(summary) => {
            let frame = ServerFrame::Conversation(Box::new(summary));
            handles.iter().for_each(|handle| handle.push(&frame));
        }
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(conversation.id = %state.record.id, error, "a list was not brought up to date");
        }
    }
}

/// A participant as the reader of a list.
fn as_reader(participant: &ParticipantRecord, state: &State) -> Option<Principal> {
    let id = participant.id.clone();
    let name = participant.name.clone();
    match ParticipantType::parse(&participant.kind) {
        ParticipantType::Customer => Some(Principal::Customer(CustomerPrincipal {
            id: state.record.customer.clone(),
            channel: state.record.channel.clone(),
            identifier: String::new(),
            name,
            verified: false,
        })),
        ParticipantType::Agent => Some(Principal::Staff(StaffPrincipal {
            id,
            username: String::new(),
            first_name: name,
            last_name: String::new(),
            roles: Vec::new(),
            queues: Vec::new(),
            max_tasks: 0,
        })),
        ParticipantType::Bot => Some(Principal::Bot(BotPrincipal { id, name })),
        ParticipantType::Monitor | ParticipantType::App | ParticipantType::Other(_) => None,
    }
}
