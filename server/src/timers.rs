//! Deadlines that survive a restart: rows in the store, worked off by one task. It decides nothing: it hands each due
//! row to the actor of its conversation, whose commit removes the row together with what follows from it, so that a
//! deadline takes effect once, however often it is handed over.

use crate::conversation::Registry;
use crate::store::{StoreError, Timer};
use futures_util::StreamExt;
use futures_util::stream;
use std::time::Duration;

/// Timers that are taken from the store at once.
const BATCH: u32 = 64;

/// Conversations that are asked at the same time.
const AT_ONCE: usize = 16;

/// Longest pause between two looks at the store, so that a lost wake-up costs no more than this.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Shortest pause between two looks at the store, so that a row that cannot be worked off does not spin.
const SHORTEST_PAUSE: Duration = Duration::from_millis(50);

/// Works off deadlines until the relay stops.
pub async fn run(registry: Registry) {
    let shutdown = registry.deps().shutdown.clone();
    loop {
        let pause = match round(&registry).await {
            Ok(pause) => pause,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "deadlines cannot be read");
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
async fn round(registry: &Registry) -> Result<Duration, StoreError> {
    let deps = registry.deps();
    let due = deps.store.due_timers(deps.clock.now_ms(), BATCH).await?;
    let full = due.len() == BATCH as usize;
    stream::iter(due)
        .for_each_concurrent(AT_ONCE, |timer| fire(registry, timer))
        .await;
    if full {
        return Ok(SHORTEST_PAUSE);
    }
    let next = deps.store.next_due().await?;
    let wait = next.map_or(LONGEST_PAUSE, |at| {
        Duration::from_millis(u64::try_from(at.saturating_sub(deps.clock.now_ms())).unwrap_or(0))
    });
    Ok(wait.clamp(SHORTEST_PAUSE, LONGEST_PAUSE))
}

/// A timer that could not be handed over stays in the store and is due again at the next look.
async fn fire(registry: &Registry, timer: Timer) {
    metrics::counter!(crate::telemetry::TIMERS_FIRED).increment(1);
    let key = timer.key.clone();
    if let Err(refusal) = registry.fire(timer).await {
        tracing::warn!(timer.key = %key, %refusal, "a deadline was not handled; it stays due");
    }
}
