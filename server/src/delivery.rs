//! Brings stored deliveries to bots: claims what is due, calls the connector, and settles, retries or buries the row.
//!
//! A delivery row is written in the transaction of the event that caused it, so none is lost; it is settled in the
//! transaction of the bot's answer, so none is answered twice. Between claim and settlement the row is leased: if this
//! process dies, another claims it again and the bot sees the same delivery id once more. A bot sees one conversation
//! in order; a slow or dead bot delays its own rows and nobody else.

mod request;
mod retry;

use crate::bot::{BotConnector, BotReply, DeliverError};
use crate::clock::Clock;
use crate::conversation::{BotFailure, Refusal, Registry};
use crate::store::{Change, DeliveryRecord, Store, StoreError};
use crate::telemetry;
use portico_shared::ids::ParticipantId;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Deliveries that are under way at once; the rest wait as rows.
const CONCURRENCY: usize = 64;

/// How long a claimed row is left alone, in milliseconds: longer than any bot may take to answer.
const LEASE_MS: i64 = 120_000;

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
    /// No new deliveries are begun; those under way end by their own time limit.
    pub shutdown: CancellationToken,
}

/// Runs until shutdown.
pub async fn run(deps: Deps) {
    let places = Arc::new(Semaphore::new(CONCURRENCY));
    while !deps.shutdown.is_cancelled() {
        let begun = match begin_due(&deps, &places).await {
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

/// Claims as many due rows as there are free places and begins them.
async fn begin_due(deps: &Deps, places: &Arc<Semaphore>) -> Result<usize, StoreError> {
    let free = u32::try_from(places.available_permits()).unwrap_or(u32::MAX);
    if free == 0 {
        return Ok(0);
    }
    let now = deps.clock.now_ms();
    let due = deps.store.claim_deliveries(now, now + LEASE_MS, free).await?;
    let begun = due.len();
    for delivery in due {
        // Only this task takes places, so one is free for each claimed row.
        let Ok(place) = Arc::clone(places).try_acquire_owned() else {
            break;
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

/// One delivery from claim to settlement.
async fn deliver(deps: &Deps, delivery: &DeliveryRecord) {
    let outcome = match attempt(deps, delivery).await {
        Ok(reply) => answer(deps, delivery, reply).await,
        Err(error) => fail(deps, delivery, error).await,
    };
    if let Err(refusal) = outcome {
        // The lease ends by itself and the row is claimed again.
        tracing::warn!(delivery.id = delivery.id, reason = %refusal, "a delivery could not be settled yet");
    }
}

async fn attempt(deps: &Deps, delivery: &DeliveryRecord) -> Result<BotReply, DeliverError> {
    let Some(connector) = deps.connectors.get(&delivery.target) else {
        return Err(DeliverError::Refused("this bot has no webhook".to_owned()));
    };
    let messages = match request::build(deps.store.as_ref(), delivery).await {
        Ok(Some(request)) => timed(connector.as_ref(), &request).await?,
        Ok(None) => Vec::new(),
        Err(error) => return Err(DeliverError::Unavailable(error.to_string())),
    };
    Ok(BotReply {
        bot: delivery.target.clone(),
        conversation: delivery.conversation.clone(),
        delivery: delivery.id,
        messages,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "measures a duration for a metric; nothing is decided by it"
)]
async fn timed(
    connector: &dyn BotConnector,
    request: &crate::bot::BotRequest,
) -> Result<Vec<crate::bot::BotMessage>, DeliverError> {
    let begun = std::time::Instant::now();
    let result = connector.deliver(request).await;
    metrics::histogram!(telemetry::DELIVERY_SECONDS).record(begun.elapsed().as_secs_f64());
    result
}

async fn answer(deps: &Deps, delivery: &DeliveryRecord, reply: BotReply) -> Result<(), Refusal> {
    match deps.registry.bot_reply(reply).await {
        Ok(()) => {
            count("delivered");
            Ok(())
        }
        Err(refusal) if refusal.code.retryable() => Err(refusal),
        // What the bot said cannot be appended, today or later: a dead letter tells the operator why.
        Err(refusal) => bury(deps, delivery, refusal.to_string()).await,
    }
}

async fn fail(deps: &Deps, delivery: &DeliveryRecord, error: DeliverError) -> Result<(), Refusal> {
    match error {
        DeliverError::Unavailable(reason) => match retry::delay_ms(delivery.attempts, deps.clock.jitter()) {
            Some(delay) => {
                count("retried");
                tracing::info!(bot.id = %delivery.target, delivery.id = delivery.id, attempts = delivery.attempts,
                    reason, "a bot did not take a delivery; it is tried again");
                let due_at = deps.clock.now_ms() + delay;
                let retry = Change::Retry {
                    id: delivery.id,
                    due_at,
                    error: reason,
                };
                deps.store.apply(vec![retry]).await.map_err(Refusal::from)
            }
            None => bury(deps, delivery, reason).await,
        },
        DeliverError::Refused(reason) => bury(deps, delivery, reason).await,
    }
}

async fn bury(deps: &Deps, delivery: &DeliveryRecord, error: String) -> Result<(), Refusal> {
    count("dead");
    tracing::error!(bot.id = %delivery.target, delivery.id = delivery.id, error, "a delivery is a dead letter");
    let failure = BotFailure {
        bot: delivery.target.clone(),
        conversation: delivery.conversation.clone(),
        delivery: delivery.id,
        error,
    };
    deps.registry.bot_failed(failure).await
}

fn count(outcome: &'static str) {
    metrics::counter!(telemetry::DELIVERIES, "outcome" => outcome).increment(1);
}
