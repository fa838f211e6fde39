//! Brings stored deliveries to bots: claims what is due, calls the connector, and settles, retries or buries the row.
//!
//! A delivery row is written in the transaction of the event that caused it, so none is lost; it is settled in the
//! transaction of the bot's answer, so none is answered twice. Between claim and settlement the row is leased: if this
//! process dies, another claims it again and the bot sees the same delivery id once more. A bot sees one conversation
//! in order; a slow or dead bot delays its own rows and nobody else.

mod places;
mod request;
mod retry;
mod settle;
#[cfg(test)]
mod tests;

use crate::bot::{BotConnector, BotMessage, BotRequest, DeliverError};
use crate::clock::Clock;
use crate::config::MAX_BOT_SECONDS;
use crate::conversation::Registry;
use crate::store::{DeliveryRecord, Store, StoreError};
use crate::telemetry;
use places::Places;
use portico_shared::ids::ParticipantId;
use settle::Verdict;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long a claimed row is left alone, in milliseconds: longer than any bot may take to answer
/// and its answer may take to be appended.
const LEASE_MS: i64 = 2 * MAX_BOT_SECONDS.cast_signed() * 1_000;

/// The store is asked at least this often, so that a lost wake-up costs a second and never a delivery.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// What the worker works with.
#[derive(Clone)]
pub struct Deps {
    /// Where the rows are.
    pub store: Arc<dyn Store>,
    /// Time and jitter.
    pub clock: Arc<dyn Clock>,
    /// Where answers go.
    pub registry: Registry,
    /// How each bot is reached, by its id.
    pub connectors: Arc<HashMap<ParticipantId, Arc<dyn BotConnector>>>,
    /// Woken when a delivery was committed.
    pub wake: Arc<Notify>,
    /// Every delivery runs on it.
    pub tracker: TaskTracker,
    /// No new deliveries are begun; calls under way are given up, and made again by the next process.
    pub shutdown: CancellationToken,
}

/// Runs until shutdown.
pub async fn run(deps: Deps) {
    let mut places = Places::default();
    while !deps.shutdown.is_cancelled() {
        let begun = match begin_due(&deps, &mut places).await {
            Ok(begun) => begun,
            Err(error) => {
                tracing::error!(error = %error, "deliveries cannot be claimed");
                0
            }
        };
        if begun > 0 {
            continue;
        }
        tokio::select! {
            () = deps.wake.notified() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            () = deps.shutdown.cancelled() => {}
        }
    }
}

/// Claims as many due rows of each bot as it has free places, and begins them.
async fn begin_due(deps: &Deps, places: &mut Places) -> Result<usize, StoreError> {
    let free = places.free(deps.store.delivery_targets().await?);
    if free.is_empty() {
        return Ok(0);
    }
    let now = deps.clock.now_ms();
    let due = deps.store.claim_deliveries(now, now + LEASE_MS, free).await?;
    let begun = due.len();
    for delivery in due {
        // Only this task takes places, so one is free for each claimed row.
        let Some(place) = places.take(&delivery.target) else {
            continue;
        };
        let deps = deps.clone();
        deps.tracker.clone().spawn(async move {
            deliver(&deps, &delivery).await;
            drop(place);
            // The next row of this conversation may go now.
            deps.wake.notify_one();
        });
    }
    Ok(begun)
}

/// One delivery from claim to settlement. A stop does not wait for the bot: the row stays, and the next process makes
/// the same call with the same key.
async fn deliver(deps: &Deps, delivery: &DeliveryRecord) {
    let called = deps.shutdown.run_until_cancelled(attempt(deps, delivery)).await;
    if let Some(verdict) = called {
        settle::settle(deps, delivery, verdict).await;
    }
}

async fn attempt(deps: &Deps, delivery: &DeliveryRecord) -> Verdict {
    let Some(connector) = deps.connectors.get(&delivery.target) else {
        return Verdict::Hopeless {
            error: "this bot has no webhook".to_owned(),
        };
    };
    match request::build(deps.store.as_ref(), delivery).await {
        Ok(Some(request)) => {
            let outcome = timed(connector.as_ref(), &request).await;
            settle::judge(deps, delivery, request.kind, outcome)
        }
        Ok(None) => settle::answered(delivery, Vec::new()),
        Err(error) => settle::later(deps, delivery, error.to_string()),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "measures a duration for a metric; nothing is decided by it"
)]
async fn timed(connector: &dyn BotConnector, request: &BotRequest) -> Result<Vec<BotMessage>, DeliverError> {
    let begun = std::time::Instant::now();
    let result = connector.deliver(request).await;
    metrics::histogram!(telemetry::DELIVERY_SECONDS).record(begun.elapsed().as_secs_f64());
    result
}

fn count(outcome: &'static str) {
    metrics::counter!(telemetry::DELIVERIES, "outcome" => outcome).increment(1);
}
