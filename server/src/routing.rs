//! Brings waiting requests and ready agents together. [`choose`] is the pure choice; the task around it reads the
//! store, asks the conversations' actors to reserve, one after the other, and is woken whenever a request or an agent
//! changed. It waits for actors and no actor ever waits for it.

mod choice;

use crate::conversation::{Deps, Refusal, Registry};
use crate::identity::StaffPrincipal;
use crate::store::{StoreError, TaskPhase, TaskRecord};
use crate::telemetry;
use choice::{Candidate, choose};
use std::collections::BTreeMap;
use std::time::Duration;

/// Longest pause between two looks, so that a lost wake-up or a busy conversation costs no more than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How long an agent to whom a request rings may be without a connection before the request goes on, in
/// milliseconds: long enough to reload a page.
const OFFER_GRACE_MS: i64 = 5_000;

/// Pause before deadlines are set again after the store refused them at the start.
const START_RETRY: Duration = Duration::from_secs(1);

/// Offers requests to agents until the relay stops.
pub async fn run(registry: Registry) {
    let deps = registry.deps();
    let began = deps.clock.now_ms();
    while let Err(error) = registry.expect_agents().await {
        tracing::error!(
            error = &error as &dyn std::error::Error,
            "no deadlines were set for agents who were serving"
        );
        if deps
            .shutdown
            .run_until_cancelled(tokio::time::sleep(START_RETRY))
            .await
            .is_none()
        {
            return;
        }
    }
    loop {
        if let Err(error) = round(&registry, began).await {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "requests for an agent cannot be read"
            );
        }
        tokio::select! {
            () = deps.shutdown.cancelled() => return,
            () = deps.wake_routing.notified() => {}
            () = tokio::time::sleep(LONGEST_PAUSE) => {}
        }
    }
}

/// One look at everything that waits and everybody who could serve it.
async fn round(registry: &Registry, began: i64) -> Result<(), StoreError> {
    let deps = registry.deps();
    let tasks = deps.store.open_tasks().await?;
    count_waiting(&tasks);
    if tasks.iter().all(|task| task.state == TaskPhase::Active) {
        return Ok(());
    }
    let ready: BTreeMap<_, _> = {
        let states = deps.store.agent_states().await?;
        states
            .into_iter()
            .filter(|state| state.ready)
            .map(|state| (state.agent, state.since))
            .collect()
    };
    for task in tasks.iter().filter(|task| task.state == TaskPhase::Reserved) {
        let Some(agent) = &task.assigned_to else { continue };
        if !ready.contains_key(agent) || is_gone(deps, agent, began) {
            let outcome = registry
                .withdraw(&task.conversation, task.id.clone(), agent.clone())
                .await;
            note("withdrawn", outcome);
        }
    }
    let connected = deps.presence.staff();
    let principals: BTreeMap<_, StaffPrincipal> = connected
        .iter()
        .map(|agent| (agent.principal.id.clone(), agent.principal.clone()))
        .collect();
    let candidates: Vec<Candidate> = connected
        .into_iter()
        .filter_map(|agent| {
            let ready_since = *ready.get(&agent.principal.id)?;
            Some(Candidate::new(agent.principal, ready_since.max(agent.since), &tasks))
        })
        .collect();
    for choice in choose(&tasks, &candidates) {
        let Some(agent) = principals.get(&choice.agent) else {
            continue;
        };
        let outcome = registry.reserve(&choice.conversation, choice.task, agent.clone()).await;
        note("offered", outcome);
    }
    Ok(())
}

/// Whether an agent has been without a connection for too long to answer. After a start nobody is connected yet.
fn is_gone(deps: &Deps, agent: &portico_shared::ids::ParticipantId, began: i64) -> bool {
    if deps.presence.is_connected(agent) {
        return false;
    }
    let since = deps.presence.gone_since(agent).unwrap_or(began);
    deps.clock.now_ms() >= since.saturating_add(OFFER_GRACE_MS)
}

/// A conversation that is busy is asked again at the next look.
fn note(outcome: &'static str, result: Result<(), Refusal>) {
    match result {
        Ok(()) => metrics::counter!(telemetry::OFFERS, "outcome" => outcome).increment(1),
        Err(refusal) => tracing::warn!(%refusal, "a request could not be {outcome}; it is tried again"),
    }
}

fn count_waiting(tasks: &[TaskRecord]) {
    let waiting = tasks.iter().filter(|task| task.state != TaskPhase::Active).count();
    metrics::gauge!(telemetry::TASKS_WAITING).set(waiting as f64);
}
