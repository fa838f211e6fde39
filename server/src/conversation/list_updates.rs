//! Lists of conversations on desks and in tabs: whoever takes part, or did so until now, is told how its conversation
//! stands when that changed.

use super::state::State;
use super::subscribers::Subscribers;
use super::summary::summary;
use super::transaction::ListUpdate;
use super::{Deps, SendHandle};
use crate::identity::{BotPrincipal, CustomerPrincipal, Principal, StaffPrincipal};
use crate::store::ParticipantRecord;
use portico_shared::cim::participant::ParticipantType;
use portico_shared::frame::ServerFrame;

/// Tells those who take part, and those who have just left.
pub(super) async fn send(
    deps: &Deps,
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
        let mut handles = deps.presence.sockets(&reader);
        // A new message is no news to a socket that has just received it.
        handles.retain(|handle| list_update == ListUpdate::Shape || !subscribers.has(handle.connection()));
        if !handles.is_empty() {
            send_one(deps, state, &reader, &handles).await;
        }
    }
}

async fn send_one(deps: &Deps, state: &State, reader: &Principal, handles: &[SendHandle]) {
    match summary(&*deps.store, &state.record, reader).await {
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

/// A participant as somebody who has sockets and reads a list. What else a principal has does not matter here.
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
