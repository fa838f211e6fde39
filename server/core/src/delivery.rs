//! Brings stored deliveries to bots: claims what is due, calls the connector, and settles, retries or buries the row.
//!
//! A delivery row is written in the transaction of the event that caused it, so none is lost; it is settled in the
//! transaction of the bot's answer, so none is answered twice. Between claim and settlement the row is leased: if this
//! process dies, another claims it again and the bot sees the same delivery id once more. A bot sees one conversation
//! in order; a slow or dead bot delays its own rows and no others. One that fails again and again is left alone but for
//! one call at a time; what has then waited as long as a delivery is tried at all goes to an agent without a call.

mod bot_permits;
mod breaker;
mod request;
mod retry;
mod settle;

use crate::bot::{BotAnswer, BotConnector, BotRequest, Connectors, DeliverError};
use crate::clock::Clock;
use crate::conversation::Registry;
use crate::store::{DeliveryRecord, Store, StoreError};
use crate::telemetry;
pub use bot_permits::PER_BOT;

use bot_permits::{BotPermit, BotPermits, BotPresence};
use portico_shared::ids::ParticipantId;
use settle::Verdict;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Longest time limit of one call to a bot, in seconds: a delivery's lease must outlast it.
pub const MAX_BOT_SECONDS: u64 = 60;

/// How long a claimed row is left alone, in milliseconds: longer than any bot may take to answer
/// and its answer may take to be appended.
const LEASE_MS: i64 = 2 * MAX_BOT_SECONDS.cast_signed() * 1_000;

/// The store is asked at least this often, so that a lost wake-up costs a second and never a delivery.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// How long a delivery to a bot that is away may wait since it was first due, in milliseconds, before it is given up: about
/// as long as one that is called again and again.
pub const WAITED_ENOUGH_MS: i64 = 90_000;

/// What the worker works with.
#[derive(Clone)]
pub struct Context {
    /// Where the rows are.
    pub store: Arc<dyn Store>,
    /// Time and jitter.
    pub clock: Arc<dyn Clock>,
    /// Where answers go.
    pub registry: Registry,
    /// How each bot is called.
    pub connectors: Arc<dyn Connectors>,
    /// Woken when a delivery was committed.
    pub wake: Arc<Notify>,
    /// Every delivery runs on it.
    pub tracker: TaskTracker,
    /// No new deliveries are begun; calls under way are given up, and made again by the next process.
    pub shutdown: CancellationToken,
}

/// Runs until shutdown.
pub async fn run(context: Context) {
    let mut permits = BotPermits::default();
    match context.store.bot_rests().await {
        Ok(rests) => {
            // One that was written under a clock that ran ahead ends like any other.
            let latest = context.clock.now_ms() + retry::LONGEST_ASKED_MS;
            rests
                .iter()
                .for_each(|(bot, until)| permits.rest(bot, *until.min(&latest)));
        }
        Err(error) => tracing::error!(error = %error, "which bots have asked to be left alone is not known"),
    }
    while !context.shutdown.is_cancelled() {
        let begun = match begin_due(&context, &mut permits).await {
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
            () = context.wake.notified() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            () = context.shutdown.cancelled() => {}
        }
    }
}

/// Claims as many due rows of each bot as it has free places, and begins them.
async fn begin_due(context: &Context, permits: &mut BotPermits) -> Result<usize, StoreError> {
    let mut bots = context.store.delivery_targets().await?;
    // What waits for a bot that is disabled is kept, neither called nor given up, until it is enabled.
    bots.retain(|bot| {
        let is_disabled = context.registry.services().programs.is_disabled(bot);
        if is_disabled {
            permits.forget(bot);
        }
        !is_disabled
    });
    let now = context.clock.now_ms();
    let mut begun = give_up_late(context, permits, &bots, now).await?;
    let free = permits.free(&bots, now);
    if free.is_empty() {
        return Ok(begun);
    }
    let due = context.store.claim_deliveries(now, now + LEASE_MS, free).await?;
    begun += due.len();
    for delivery in due {
        // Only this task takes places, so one is free for each claimed row.
        let Some(permit) = permits.take(&delivery.target) else {
            continue;
        };
        begin(context, deliver(context.clone(), permit, delivery));
    }
    Ok(begun)
}

/// Gives up what has waited long enough for bots that are away.
async fn give_up_late(
    context: &Context,
    permits: &mut BotPermits,
    bots: &[ParticipantId],
    now: i64,
) -> Result<usize, StoreError> {
    let away = permits.away(bots);
    if away.is_empty() {
        return Ok(0);
    }
    let late = context
        .store
        .claim_overdue_deliveries(now - WAITED_ENOUGH_MS, now, now + LEASE_MS, away)
        .await?;
    let given_up = late.len();
    for delivery in late {
        let Some(permit) = permits.take_to_give_up(&delivery.target) else {
            continue;
        };
        begin(context, give_up(context.clone(), permit, delivery));
    }
    Ok(given_up)
}

/// Settles a delivery aside.
fn begin(context: &Context, settled: impl Future<Output = ()> + Send + 'static) {
    let wake = context.wake.clone();
    context.tracker.spawn(async move {
        settled.await;
        // The next row of this conversation may go now.
        wake.notify_one();
    });
}

/// One delivery from claim to settlement, in its place. A stop does not wait for the bot: the row stays, and the next
/// process makes the same call with the same key.
async fn deliver(context: Context, permit: BotPermit, delivery: DeliveryRecord) {
    let attempt = attempt(&context, &permit, &delivery);
    if let Some(verdict) = context.shutdown.run_until_cancelled(attempt).await {
        settle::settle(&context, &delivery, verdict).await;
    }
}

/// One delivery that is not made.
async fn give_up(context: Context, _permit: BotPermit, delivery: DeliveryRecord) {
    let verdict = settle::given_up(&delivery);
    settle::settle(&context, &delivery, verdict).await;
}

async fn attempt(context: &Context, permit: &BotPermit, delivery: &DeliveryRecord) -> Verdict {
    let Some(connector) = context.connectors.of(&delivery.target) else {
        return Verdict::Hopeless {
            error: "this bot has no webhook that may be called".to_owned(),
        };
    };
    match request::build(context.store.as_ref(), delivery).await {
        Ok(Some(request)) => {
            let outcome = timed(connector.as_ref(), &request).await;
            let presence = match &outcome {
                Ok(_) | Err(DeliverError::Refused(_)) => {
                    permit.answered();
                    BotPresence::There
                }
                // A call that was under way when it was disabled has its place among those that wait.
                Err(DeliverError::Unavailable { .. }) if is_disabled(context, delivery) => BotPresence::Away,
                Err(DeliverError::Unavailable { retry_after, .. }) => {
                    let now = context.clock.now_ms();
                    permit.rest(now + retry::asked_ms(*retry_after));
                    permit.failed(now, context.clock.jitter())
                }
            };
            settle::judge(context, delivery, request.kind, outcome, presence)
        }
        Ok(None) => settle::answered(delivery, Vec::new()),
        Err(error) => settle::later(context, delivery, error.to_string(), None),
    }
}

fn is_disabled(context: &Context, delivery: &DeliveryRecord) -> bool {
    context.registry.services().programs.is_disabled(&delivery.target)
}

#[expect(
    clippy::disallowed_methods,
    reason = "measures a duration for a metric; nothing is decided by it"
)]
async fn timed(connector: &dyn BotConnector, request: &BotRequest) -> Result<BotAnswer, DeliverError> {
    let begun = std::time::Instant::now();
    let result = connector.deliver(request).await;
    metrics::histogram!(telemetry::DELIVERY_SECONDS).record(begun.elapsed().as_secs_f64());
    result
}

fn count(outcome: &'static str) {
    metrics::counter!(telemetry::DELIVERIES, "outcome" => outcome).increment(1);
}
