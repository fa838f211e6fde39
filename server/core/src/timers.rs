//! Deadlines that survive a restart: rows in the store, worked off by one task. It decides nothing: it hands each due
//! row to the actor of its conversation, whose commit removes the row together with what follows from it, so that a
//! deadline takes effect once, however often it is handed over.

use crate::conversation::Registry;
use crate::store::{Change, StoreError, Timer, TimerKind};
use futures_util::StreamExt;
use futures_util::stream;
use std::time::Duration;

/// Timers that are taken from the store at once.
pub const BATCH: u32 = 64;

/// Conversations that are asked at the same time.
const AT_ONCE: usize = 16;

/// Longest pause between two looks at the store, so that a lost wake-up costs no more than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Pause after a look at the store of which something could not be worked off.
pub const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// How much later a timer is due again that could not be worked off, in milliseconds: those behind it come first.
const PUT_OFF_MS: i64 = 10_000;

/// How much later a timer of an unknown kind is looked at again, in milliseconds.
const UNKNOWN_AGAIN_MS: i64 = 60 * 60 * 1000;

/// Shortest pause between two looks at the store.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);

/// Works off deadlines until the relay stops.
pub async fn run(registry: Registry) {
    let shutdown = registry.services().shutdown.clone();
    loop {
        let pause = match round(&registry).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "deadlines cannot be read or moved"
                );
                LONGEST_PAUSE
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = registry.wake_timers().notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Hands over what is due, and says how long nothing will be.
pub async fn round(registry: &Registry) -> Result<Duration, StoreError> {
    let services = registry.services();
    let due = services.store.due_timers(services.clock.now_ms(), BATCH).await?;
    let full = due.len() == BATCH as usize;
    let (unknown, known): (Vec<_>, Vec<_>) = due
        .into_iter()
        .partition(|timer| matches!(timer.kind, TimerKind::Unknown(_)));
    keep(registry, unknown).await?;
    let failed = stream::iter(known)
        .map(|timer| fire(registry, timer))
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect::<Vec<_>>()
        .await;
    if !failed.is_empty() {
        put_off(registry, failed, PUT_OFF_MS).await?;
        return Ok(AFTER_FAILURE);
    }
    if full {
        return Ok(SHORTEST_PAUSE);
    }
    let next = services.store.next_due().await?;
    let wait = next.map_or(LONGEST_PAUSE, |at| {
        Duration::from_millis(u64::try_from(at.saturating_sub(services.clock.now_ms())).unwrap_or(0))
    });
    Ok(wait.clamp(SHORTEST_PAUSE, LONGEST_PAUSE))
}

/// Answers a timer that could not be handed over.
async fn fire(registry: &Registry, timer: Timer) -> Option<Timer> {
    metrics::counter!(crate::telemetry::TIMERS_FIRED).increment(1);
    let refusal = registry.fire(timer.clone()).await.err()?;
    tracing::warn!(timer.key = %timer.key(), %refusal, "a deadline was not handled; it is tried again");
    Some(timer)
}

/// Leaves timers of a kind that this release does not know to one that does.
async fn keep(registry: &Registry, unknown: Vec<Timer>) -> Result<(), StoreError> {
    if unknown.is_empty() {
        return Ok(());
    }
    for timer in &unknown {
        tracing::warn!(timer.key = %timer.key(), "a deadline is of an unknown kind and is kept");
    }
    put_off(registry, unknown, UNKNOWN_AGAIN_MS).await
}

/// Moves timers behind those that can be handed over.
async fn put_off(registry: &Registry, timers: Vec<Timer>, by_ms: i64) -> Result<(), StoreError> {
    let services = registry.services();
    let due_at = services.clock.now_ms().saturating_add(by_ms);
    let moved = timers.into_iter().map(|timer| Change::PostponeTimer { timer, due_at });
    services.store.apply(moved.collect()).await
}
