//! A timer is due. Each transaction that follows from one removes its row, so that it takes effect once; a timer that was
//! moved meanwhile is left to its new time.

use super::bot;
use crate::conversation::Services;
use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::policy::Departure;
use crate::conversation::state::State;
use crate::conversation::transaction::{ANSWER, GRACE, INACTIVITY, RONA, Transaction};
use crate::store::{Change, TaskPhase, Timer};
use portico_shared::ids::ParticipantId;

pub(super) fn timer<'a>(services: &'a Services, state: &State, timer: &Timer) -> Option<Transaction<'a>> {
    let key = timer.key.as_str();
    let mut transaction = Transaction::new(services, state);
    if let Some(task) = key.strip_prefix(RONA) {
        rona(&mut transaction, task)?;
    } else if let Some(rest) = key.strip_prefix(GRACE) {
        let agent = rest
            .strip_prefix(state.record.id.as_str())
            .and_then(|rest| rest.strip_prefix(':'));
        give_up(&mut transaction, agent.unwrap_or_default());
    } else if key.starts_with(INACTIVITY) {
        return transaction.silence_is_over().then_some(transaction);
    } else if key.starts_with(ANSWER) && transaction.bot_leaves_waiting() {
        bot::give_up(&mut transaction);
    }
    transaction.change(Change::CancelTimer(timer.key.clone()));
    Some(transaction)
}

/// The agent did not answer in time. `None` if the reservation still runs.
fn rona(transaction: &mut Transaction<'_>, task: &str) -> Option<()> {
    let ringing = transaction
        .state
        .task
        .clone()
        .filter(|ringing| ringing.id.as_str() == task);
    let Some(ringing) = ringing.filter(|ringing| ringing.state == TaskPhase::Reserved) else {
        return Some(());
    };
    if ringing
        .reservation_ends_at
        .is_some_and(|ends_at| ends_at > transaction.now)
    {
        return None;
    }
    if let Some(agent) = ringing.assigned_to.clone() {
        transaction.miss(ringing, &agent);
    }
    Some(())
}

/// The agent's connection did not come back.
fn give_up(transaction: &mut Transaction<'_>, agent: &str) {
    let agent = ParticipantId::new(agent);
    if transaction.services.presence.is_connected(&agent) {
        return;
    }
    if let Some(agent) = transaction.state.agent(&agent).cloned() {
        transaction.remove_agent(
            &agent,
            event_factory::known_user(&agent),
            Emitter::agent_manager(),
            Departure::Lost,
        );
    }
}
