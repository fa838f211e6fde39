//! A deadline is over. Each step that follows from one removes its row, so that it takes effect once; a deadline that
//! was moved meanwhile is left to its new time.

use super::super::Deps;
use super::super::stamp::{self, By};
use super::super::state::State;
use super::super::step::{ANSWER, GRACE, INACTIVITY, RONA, Step};
use super::bot;
use crate::controller::Departure;
use crate::store::{Change, TaskPhase, Timer};
use portico_shared::ids::ParticipantId;

pub(super) fn timer<'a>(deps: &'a Deps, state: &State, timer: &Timer) -> Option<Step<'a>> {
    let key = timer.key.as_str();
    let mut step = Step::new(deps, state);
    if let Some(task) = key.strip_prefix(RONA) {
        rona(&mut step, task)?;
    } else if let Some(rest) = key.strip_prefix(GRACE) {
        let agent = rest
            .strip_prefix(state.record.id.as_str())
            .and_then(|rest| rest.strip_prefix(':'));
        give_up(&mut step, agent.unwrap_or_default());
    } else if key.starts_with(INACTIVITY) {
        return step.silence_is_over().then_some(step);
    } else if key.starts_with(ANSWER) && step.bot_leaves_waiting() {
        bot::give_up(&mut step);
    }
    step.change(Change::CancelTimer(timer.key.clone()));
    Some(step)
}

/// The agent let it ring. `None` if the offer rings on.
fn rona(step: &mut Step<'_>, task: &str) -> Option<()> {
    let ringing = step.state.task.clone().filter(|ringing| ringing.id.as_str() == task);
    let Some(ringing) = ringing.filter(|ringing| ringing.state == TaskPhase::Reserved) else {
        return Some(());
    };
    if ringing.offer_ends_at.is_some_and(|ends_at| ends_at > step.now) {
        return None;
    }
    if let Some(agent) = ringing.assigned_to.clone() {
        step.miss(ringing, &agent);
    }
    Some(())
}

/// The agent's connection did not come back.
fn give_up(step: &mut Step<'_>, agent: &str) {
    let agent = ParticipantId::new(agent);
    if step.deps.presence.is_connected(&agent) {
        return;
    }
    if let Some(agent) = step.state.agent(&agent).cloned() {
        step.unseat_agent(&agent, stamp::known_user(&agent), By::agent_manager(), Departure::Lost);
    }
}
