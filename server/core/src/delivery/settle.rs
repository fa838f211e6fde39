//! What becomes of a delivery after the call: its answer is appended, it is tried again, or it is buried. Whatever it
//! is, it is asked for until it is done or cannot be.

use super::bot_permits::BotPresence;
use super::{Context, count, retry};
use crate::bot::{BotAnswer, BotReply, BotRequestKind, DeliverError, ReplyOutcome};
use crate::conversation::{BotFailure, Refusal};
use crate::store::{Change, DeliveryRecord};
use crate::telemetry::quoted;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Waits before a settlement that was refused for the moment is asked for again, in milliseconds. With the longest call
/// before them they stay within the lease, so no other worker claims the row meanwhile.
const ASK_AGAIN_MS: [u64; 9] = [250, 500, 1_000, 2_000, 5_000, 5_000, 5_000, 5_000, 5_000];

/// A delivery that was claimed this often and could not be settled is buried without its conversation.
const MOST_CLAIMS: u32 = 8;

/// What is to become of a delivery.
pub(super) enum Verdict {
    /// The bot answered.
    Answered(BotReply),
    /// It is called again at `due_at`, and the bot not before `rest_until`, which it has asked for; in epoch milliseconds.
    Again {
        due_at: i64,
        rest_until: Option<i64>,
        error: String,
    },
    /// The bot wants no farewell: that is the end of it.
    Declined { error: String },
    /// It becomes a dead letter.
    Hopeless { error: String },
}

/// Judges the outcome of a call.
pub(super) fn judge(
    context: &Context,
    delivery: &DeliveryRecord,
    kind: BotRequestKind,
    outcome: Result<BotAnswer, DeliverError>,
    presence: BotPresence,
) -> Verdict {
    match (outcome, kind) {
        (Ok(messages), _) => answered(delivery, messages),
        // The chat is over: no customer waits for the answer, and there is nothing for an operator to mend.
        (Err(DeliverError::Refused(error)), BotRequestKind::Farewell) => Verdict::Declined { error },
        (Err(DeliverError::Refused(error)), BotRequestKind::Message | BotRequestKind::Intent) => {
            Verdict::Hopeless { error }
        }
        (Err(DeliverError::Unavailable { reason, retry_after }), _) => match presence {
            BotPresence::There => later(context, delivery, reason, retry_after),
            BotPresence::Away => when_it_is_called(context.clock.now_ms(), reason, retry_after),
        },
    }
}

/// The bot said this, or nothing.
pub(super) fn answered(delivery: &DeliveryRecord, messages: BotAnswer) -> Verdict {
    Verdict::Answered(BotReply {
        bot: delivery.target.clone(),
        conversation: delivery.conversation.clone(),
        delivery: delivery.id,
        messages,
    })
}

/// It did not work out this time, and is tried again no earlier than the bot has asked for.
pub(super) fn later(
    context: &Context,
    delivery: &DeliveryRecord,
    error: String,
    retry_after: Option<Duration>,
) -> Verdict {
    let delay = retry::delay_ms(delivery.attempts, context.clock.jitter());
    match delay.map(|delay| delay.max(retry::asked_ms(retry_after))) {
        Some(delay) => {
            let now = context.clock.now_ms();
            Verdict::Again {
                due_at: now + delay,
                rest_until: rest_until(now, retry_after),
                error,
            }
        }
        None => Verdict::Hopeless { error },
    }
}

/// It was a try whether the bot is back, or the one that found it away. The breaker says when the bot is called next, so the
/// delivery waits like all others: it goes with them when the bot is back, and is given up with them if it is not.
fn when_it_is_called(now: i64, error: String, retry_after: Option<Duration>) -> Verdict {
    Verdict::Again {
        due_at: now + retry::asked_ms(retry_after),
        rest_until: rest_until(now, retry_after),
        error,
    }
}

/// Until when a bot that asks for it is left alone, in epoch milliseconds.
fn rest_until(now: i64, retry_after: Option<Duration>) -> Option<i64> {
    retry_after.map(|_| now + retry::asked_ms(retry_after))
}

/// The verdict on a delivery that has waited long enough for a bot that is away. What its last call came to says more
/// than that.
pub(super) fn given_up(delivery: &DeliveryRecord) -> Verdict {
    let error = delivery.error.clone().filter(|error| !error.is_empty());
    Verdict::Hopeless {
        error: error.unwrap_or_else(|| "the bot is away".to_owned()),
    }
}

/// Carries a verdict out. What cannot be done now is asked for again; what never can be is a dead letter.
pub(super) async fn settle(context: &Context, delivery: &DeliveryRecord, verdict: Verdict) {
    let refusal = match patiently(&context.shutdown, || carry_out(context, delivery, &verdict)).await {
        Ok(()) => return,
        Err(refusal) => refusal,
    };
    if is_over(&refusal, delivery.attempts) {
        bury_alone(context, delivery, refusal.to_string()).await;
    } else {
        // The lease ends by itself and the row is claimed again.
        tracing::warn!(
            delivery.id = delivery.id,
            reason = quoted(&refusal.to_string()),
            "a delivery could not be settled yet"
        );
    }
}

/// Whether a settlement that was refused to the end will never be granted. `attempts` is how often the delivery was
/// claimed before.
fn is_over(refusal: &Refusal, attempts: u32) -> bool {
    !refusal.code.retryable() || attempts + 1 >= MOST_CLAIMS
}

/// Asks until the answer is not "not now", the waits are used up, or the relay stops.
async fn patiently<F: Future<Output = Result<(), Refusal>>>(
    stop: &CancellationToken,
    mut ask: impl FnMut() -> F,
) -> Result<(), Refusal> {
    for wait in ASK_AGAIN_MS {
        match ask().await {
            Err(refusal) if refusal.code.retryable() => {}
            answer => return answer,
        }
        let wait = tokio::time::sleep(Duration::from_millis(wait));
        if stop.run_until_cancelled(wait).await.is_none() {
            break;
        }
    }
    ask().await
}

async fn carry_out(context: &Context, delivery: &DeliveryRecord, verdict: &Verdict) -> Result<(), Refusal> {
    match verdict {
        Verdict::Answered(reply) => match context.registry.bot_reply(reply.clone()).await {
            // What the bot said cannot be appended, today or later: a dead letter tells the operator why.
            Err(refusal) if !refusal.code.retryable() => bury(context, delivery, refusal.to_string()).await,
            answer => answer.map(|outcome| count(named(outcome))),
        },
        Verdict::Declined { error } => declined(context, delivery, error).await,
        Verdict::Again {
            due_at,
            rest_until,
            error,
        } => again(context, delivery, *due_at, *rest_until, error).await,
        Verdict::Hopeless { error } => bury(context, delivery, error.clone()).await,
    }
}

/// The outcome in the metric. Why a letter is dead was logged where it was found.
fn named(outcome: ReplyOutcome) -> &'static str {
    match outcome {
        ReplyOutcome::Delivered => "delivered",
        ReplyOutcome::DeadLetter => "dead",
    }
}

async fn again(
    context: &Context,
    delivery: &DeliveryRecord,
    due_at: i64,
    rest_until: Option<i64>,
    error: &str,
) -> Result<(), Refusal> {
    let rest = rest_until.map(|until| Change::Rest {
        bot: delivery.target.clone(),
        until,
    });
    let retry = Change::Retry {
        id: delivery.id,
        due_at,
        error: error.to_owned(),
    };
    context.store.apply(rest.into_iter().chain([retry]).collect()).await?;
    count("retried");
    tracing::info!(bot.id = %delivery.target, delivery.id = delivery.id, attempts = delivery.attempts,
        reason = quoted(error), "a bot did not take a delivery; it is tried again");
    Ok(())
}

async fn declined(context: &Context, delivery: &DeliveryRecord, error: &str) -> Result<(), Refusal> {
    context.store.apply(vec![Change::Settle(delivery.id)]).await?;
    count("declined");
    tracing::info!(bot.id = %delivery.target, delivery.id = delivery.id, reason = quoted(error),
        "a bot refused to hear that a chat is over");
    Ok(())
}

/// Turns a delivery into a dead letter and lets an agent answer the customer.
async fn bury(context: &Context, delivery: &DeliveryRecord, error: String) -> Result<(), Refusal> {
    let failure = BotFailure {
        bot: delivery.target.clone(),
        conversation: delivery.conversation.clone(),
        delivery: delivery.id,
        error: error.clone(),
    };
    context.registry.bot_failed(failure).await?;
    buried(delivery, &error);
    Ok(())
}

/// Buries a delivery whose conversation takes nothing: calling the bot again and again would not help.
async fn bury_alone(context: &Context, delivery: &DeliveryRecord, error: String) {
    let dead = Change::Dead {
        id: delivery.id,
        error: error.clone(),
    };
    match context.store.apply(vec![dead]).await {
        Ok(()) => buried(delivery, &error),
        Err(failed) => tracing::warn!(delivery.id = delivery.id, error = %failed, "a delivery could not be buried yet"),
    }
}

fn buried(delivery: &DeliveryRecord, error: &str) {
    count("dead");
    tracing::error!(bot.id = %delivery.target, delivery.id = delivery.id, error = quoted(error), "a delivery is a dead letter");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::LEASE_MS;
    use crate::delivery::MAX_BOT_SECONDS;
    use portico_shared::frame::RefusalCode;
    use std::cell::Cell;

    fn refused(code: RefusalCode) -> Result<(), Refusal> {
        Err(Refusal::new(code, "a test"))
    }

    #[test]
    fn the_longest_call_and_all_waits_are_within_the_lease() {
        let waits: u64 = ASK_AGAIN_MS.iter().sum();
        assert!(i64::try_from(MAX_BOT_SECONDS * 1_000 + waits).is_ok_and(|longest| longest < LEASE_MS));
    }

    #[tokio::test(start_paused = true)]
    async fn a_settlement_that_is_refused_for_the_moment_is_asked_for_again() {
        let asked = Cell::new(0);
        let busy_twice = || {
            asked.set(asked.get() + 1);
            std::future::ready(if asked.get() < 3 {
                refused(RefusalCode::Busy)
            } else {
                Ok(())
            })
        };
        assert_eq!(patiently(&CancellationToken::new(), busy_twice).await, Ok(()));
        assert_eq!(asked.get(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_asked_for_once_when_it_can_never_be_granted_and_not_for_ever_otherwise() {
        for (code, times) in [
            (RefusalCode::InvalidBody, 1),
            (RefusalCode::Unavailable, ASK_AGAIN_MS.len() + 1),
        ] {
            let asked = Cell::new(0);
            let always = || {
                asked.set(asked.get() + 1);
                std::future::ready(refused(code.clone()))
            };
            assert_eq!(
                patiently(&CancellationToken::new(), always).await,
                refused(code.clone())
            );
            assert_eq!(asked.get(), times, "{code:?}");
        }
    }

    #[test]
    fn a_delivery_that_found_the_bot_away_waits_for_nothing_else() {
        for (asked, due, rest) in [(None, 1_000, None), (Some(Duration::from_secs(7)), 8_000, Some(8_000))] {
            let Verdict::Again { due_at, rest_until, .. } = when_it_is_called(1_000, "503".to_owned(), asked) else {
                panic!("it is tried again")
            };
            assert_eq!((due_at, rest_until), (due, rest), "{asked:?}");
        }
    }

    #[test]
    fn a_delivery_is_not_claimed_for_ever() {
        let busy = Refusal::new(RefusalCode::Busy, "a test");
        assert!(!is_over(&busy, 0));
        assert!(is_over(&busy, MOST_CLAIMS - 1));
        assert!(is_over(&Refusal::new(RefusalCode::NotFound, "a test"), 0));
    }
}
