//! Brings waiting requests and ready agents together. [`choose`] is the pure choice; the task around it reads the
//! store, asks the conversations' actors to reserve, one after the other, and is woken whenever a request or an agent
//! changed. It waits for actors and no actor ever waits for it.

mod choice;
mod queue;
mod wait_times;
mod waiting_room;

pub use waiting_room::WaitingRoom;

use crate::conversation::{Connected, Refusal, Registry, Services};
use crate::store::{StoreError, TaskPhase, TaskRecord};
use crate::telemetry;
use choice::{Candidate, choose};
use portico_shared::ids::ParticipantId;
use std::collections::BTreeMap;
use std::time::Duration;

/// Longest pause between two looks, so that a lost wake-up or a busy conversation costs no more than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How long an agent to whom a request rings may be without a connection before the request goes on, in
/// milliseconds: long enough to reload a page.
const OFFER_GRACE_MS: i64 = 5_000;

/// How much longer than the timer this task waits before it gives up on an agent, in milliseconds.
const TIMER_FIRST_MS: i64 = 5_000;

/// Offers requests to agents until the relay stops.
pub async fn run(registry: Registry) {
    let services = registry.services();
    let began = services.clock.now_ms();
    let mut expected = false;
    let mut waiting_room = WaitingRoom::default();
    loop {
        if !expected {
            expected = log_failure(registry.expect_agents().await);
        }
        log_failure(round(&registry, began, &mut waiting_room).await);
        tokio::select! {
            () = services.shutdown.cancelled() => return,
            () = services.wake_routing.notified() => {}
            () = tokio::time::sleep(LONGEST_PAUSE) => {}
        }
    }
}

/// A store that fails is asked again after the next pause.
fn log_failure(result: Result<(), StoreError>) -> bool {
    if let Err(error) = &result {
        tracing::error!(
            error = error as &dyn std::error::Error,
            "requests for an agent cannot be read or kept"
        );
    }
    result.is_ok()
}

/// Matches all waiting tasks with all agents who could serve them, and tells those who wait where they stand.
pub async fn round(registry: &Registry, began: i64, waiting_room: &mut WaitingRoom) -> Result<(), StoreError> {
    let services = registry.services();
    let tasks = services.store.open_tasks().await?;
    count_waiting(services, &tasks);
    tell_positions(registry, waiting_room, &tasks);
    give_up(registry, &tasks, began).await;
    if tasks.iter().all(|task| task.state == TaskPhase::Active) {
        return Ok(());
    }
    let states = services.store.agent_states().await?;
    let ready: Ready = states
        .into_iter()
        .filter(|state| state.ready)
        .map(|state| (state.agent, state.since))
        .collect();
    withdraw(registry, &tasks, &ready, began).await;
    let connected = services.presence.staff();
    let candidates: Vec<Candidate> = connected
        .iter()
        .filter(|agent| agent.principal.serves())
        .filter_map(|agent| {
            let ready_since = *ready.get(&agent.principal.id)?;
            let since = available_since(services, agent, ready_since, began);
            Some(Candidate::new(&agent.principal, since, &tasks))
        })
        .collect();
    for choice in choose(&tasks, &candidates) {
        let Some(agent) = connected.iter().find(|agent| agent.principal.id == choice.agent) else {
            continue;
        };
        let reserved = registry
            .reserve(&choice.conversation, choice.task, agent.principal.clone())
            .await;
        note("offered", reserved);
    }
    Ok(())
}

/// Tells those whose place or expected wait has changed.
fn tell_positions(registry: &Registry, waiting_room: &mut WaitingRoom, tasks: &[TaskRecord]) {
    let services = registry.services();
    let now = services.clock.now_ms();
    let counts = |task: &TaskRecord| services.config.is_staffed(&task.queue, task.enqueued_at, now);
    let positions = waiting_room.positions(tasks, now, counts);
    services.queue_board.show(&positions);
    for position in waiting_room.due(positions, services.clock.elapsed_ms()) {
        registry.tell_position(position);
    }
}

/// Since when an agent has been ready, free of its last conversation, and connected. A restart of the relay cuts
/// everybody off and takes nobody's place.
fn available_since(services: &Services, agent: &Connected, ready_since: i64, began: i64) -> i64 {
    if agent.since <= began.saturating_add(services.config.routing.grace_ms()) {
        return ready_since;
    }
    ready_since.max(agent.since)
}

/// Agents who take offers, and since when, in epoch milliseconds.
type Ready = BTreeMap<ParticipantId, i64>;

/// Puts reserved tasks back whose agent is no longer ready or connected.
async fn withdraw(registry: &Registry, tasks: &[TaskRecord], ready: &Ready, began: i64) {
    for task in tasks.iter().filter(|task| task.state == TaskPhase::Reserved) {
        let Some(agent) = &task.assigned_to else { continue };
        if ready.contains_key(agent) && !is_gone(registry.services(), agent, began, OFFER_GRACE_MS) {
            continue;
        }
        let outcome = registry
            .withdraw(&task.conversation, task.id.clone(), agent.clone())
            .await;
        note("withdrawn", outcome);
    }
}

/// Lets conversations go on whose agent is gone for good. A timer does that, unless it could not be set when the agent
/// left.
async fn give_up(registry: &Registry, tasks: &[TaskRecord], began: i64) {
    let services = registry.services();
    let grace_ms = services.config.routing.grace_ms().saturating_add(TIMER_FIRST_MS);
    for task in tasks.iter().filter(|task| task.state == TaskPhase::Active) {
        let Some(agent) = &task.assigned_to else { continue };
        if is_gone(services, agent, began, grace_ms) {
            note("given up", registry.agent_is_gone(&task.conversation, agent).await);
        }
    }
}

/// Whether an agent has been without a connection for so long. After a start no agent is connected yet.
fn is_gone(services: &Services, agent: &ParticipantId, began: i64, for_ms: i64) -> bool {
    if services.presence.is_connected(agent) {
        return false;
    }
    let since = services.presence.gone_since(agent).unwrap_or(began);
    services.clock.now_ms() >= since.saturating_add(for_ms)
}

/// A conversation that is busy is asked again at the next look.
fn note(wanted: &'static str, result: Result<(), Refusal>) {
    if let Err(refusal) = result {
        tracing::warn!(%refusal, "a request could not be {wanted}; it is tried again");
    }
}

fn count_waiting(services: &Services, tasks: &[TaskRecord]) {
    for queue in services.config.queues.keys() {
        let waiting = tasks
            .iter()
            .filter(|task| task.queue == *queue && task.state != TaskPhase::Active)
            .count();
        metrics::gauge!(telemetry::TASKS_WAITING, "queue" => queue.clone()).set(waiting as f64);
    }
}
