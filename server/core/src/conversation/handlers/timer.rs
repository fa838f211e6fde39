//! A timer is due. Each transaction that follows from one removes its row, so that it takes effect once; a timer that was
//! moved meanwhile is left to its new time.

use super::bot;
use crate::conversation::Services;
use crate::conversation::event_factory::{self, Emitter};
use crate::conversation::policy::Departure;
use crate::conversation::state::State;
use crate::conversation::transaction::Transaction;
use crate::store::{TaskPhase, Timer, TimerKind};
use portico_shared::ids::{ParticipantId, TaskId};

/// A kind that is not known stays as it is.
pub(super) fn timer<'a>(services: &'a Services, state: &State, timer: &Timer) -> Option<Transaction<'a>> {
    let mut transaction = Transaction::new(services, state);
    match &timer.kind {
        TimerKind::Reservation(task) => rona(&mut transaction, task)?,
        TimerKind::AgentAway(agent) => give_up(&mut transaction, agent),
        TimerKind::CustomerInactivity => return transaction.silence_is_over().then_some(transaction),
        TimerKind::BotAnswer => {
            if transaction.bot_leaves_waiting() {
                bot::give_up(&mut transaction);
            }
        }
        TimerKind::Unknown(_) => return None,
    }
    transaction.cancel_timer(timer.kind.clone());
    Some(transaction)
}

/// The agent did not answer in time. `None` if the reservation still runs.
fn rona(transaction: &mut Transaction<'_>, task: &TaskId) -> Option<()> {
    let ringing = transaction.state.task.clone().filter(|ringing| ringing.id == *task);
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
fn give_up(transaction: &mut Transaction<'_>, agent: &ParticipantId) {
    if transaction.services.presence.is_connected(agent) {
        return;
    }
    if let Some(agent) = transaction.state.agent(agent).cloned() {
        transaction.remove_agent(
            &agent,
            event_factory::known_user(&agent),
            Emitter::agent_manager(),
            Departure::Lost,
        );
    }
}
