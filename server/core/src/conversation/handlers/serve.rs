//! Reserves a task for an agent, takes the answer, puts the task back, and lets the agent leave.

use super::recent;
use crate::conversation::committed::ReservationOutcome;
use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::policy::Departure;
use crate::conversation::reader_role::ServerFrame;
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::conversation::{ConnectionId, Refusal, Services, access};
use crate::identity::{Principal, StaffPrincipal, agent_key};
use crate::store::{Author, TaskPhase, TaskRecord};
use portico_shared::cim::task::TaskCloseReason;
use portico_shared::ids::{ClientId, ParticipantId, TaskId};

pub(super) fn accept<'a>(
    services: &'a Services,
    state: &State,
    who: &StaffPrincipal,
    task: &TaskId,
    client_id: &ClientId,
    via: Option<ConnectionId>,
) -> Result<Option<Transaction<'a>>, Refusal> {
    let mut transaction = Transaction::new(services, state);
    let Some(ringing) = reserved(state, task, &who.id) else {
        return Err(Refusal::offer_gone());
    };
    if ringing
        .reservation_ends_at
        .is_none_or(|ends_at| ends_at <= transaction.now)
    {
        return Err(Refusal::offer_gone());
    }
    let emitter = Emitter::agent_manager().on_request_of(Author(agent_key(&who.id)), client_id.clone());
    transaction.add_agent(ringing.clone(), who, emitter);
    // What the agent's other desks are told.
    let gone = ServerFrame::OfferRevoked {
        task: task.clone(),
        reason: TaskCloseReason::Done,
    };
    transaction.notify_others(who.id.clone(), gone, via);
    Ok(Some(transaction))
}

pub(super) fn leave<'a>(
    services: &'a Services,
    state: &State,
    who: &StaffPrincipal,
    client_id: &ClientId,
) -> Result<Option<Transaction<'a>>, Refusal> {
    access::readable(&Principal::Staff(who.clone()), state)?;
    let Some(agent) = state.agent(&who.id).cloned() else {
        return Err(Refusal::forbidden("only an agent who takes part leaves"));
    };
    let mut transaction = Transaction::new(services, state);
    let emitter = Emitter::agent_manager().on_request_of(Author(agent_key(&who.id)), client_id.clone());
    transaction.remove_agent(&agent, event_factory::cc_user(who), emitter, Departure::Left);
    Ok(Some(transaction))
}

/// Routing chose from what it last read. If that is no longer true, nothing happens and routing looks again.
pub(super) async fn reserve<'a>(
    services: &'a Services,
    state: &State,
    task: &TaskId,
    agent: &StaffPrincipal,
) -> Result<Option<Transaction<'a>>, Refusal> {
    let waiting = state
        .task
        .as_ref()
        .filter(|waiting| waiting.id == *task && waiting.state == TaskPhase::Queued);
    let (Some(waiting), true) = (waiting, services.presence.is_connected(&agent.id)) else {
        return Ok(None);
    };
    let mut transaction = Transaction::new(services, state);
    let rings_ms = i64::try_from(services.config.routing.offer_seconds)
        .unwrap_or(i64::MAX)
        .saturating_mul(1000);
    transaction.reserve(waiting.clone(), agent, transaction.now.saturating_add(rings_ms));
    let offer = recent::offer(services, &transaction.state).await?;
    if let Some(offer) = offer {
        transaction.notify(agent.id.clone(), ServerFrame::Offer(Box::new(offer)));
    }
    Ok(Some(transaction))
}

pub(super) fn withdraw<'a>(
    services: &'a Services,
    state: &State,
    task: &TaskId,
    agent: &ParticipantId,
) -> Option<Transaction<'a>> {
    let ringing = reserved(state, task, agent)?;
    let mut transaction = Transaction::new(services, state);
    transaction.requeue(
        ringing.clone(),
        agent,
        ReservationOutcome::Withdrawn,
        TaskCloseReason::Reroute,
    );
    Some(transaction)
}

fn reserved<'s>(state: &'s State, task: &TaskId, agent: &ParticipantId) -> Option<&'s TaskRecord> {
    let ringing = state.task.as_ref().filter(|ringing| ringing.id == *task)?;
    state.is_reserved_for(agent).then_some(ringing)
}
