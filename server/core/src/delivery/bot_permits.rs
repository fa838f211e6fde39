//! Permits for calls that are under way, each bot's own: a bot that is slow to answer delays no other bot, and one that is
//! away has a single permit until it is back.

use super::breaker::{Breaker, Turn};
use crate::telemetry;
use portico_shared::ids::ParticipantId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Calls of one bot that are under way at once; the rest wait as rows.
pub const PER_BOT: usize = 32;

/// Deliveries of a bot that is away which are given up at once; the rest wait as rows.
const GIVEN_UP_AT_ONCE: usize = 8;

/// The permits of every bot that had a delivery since the start.
#[derive(Default)]
pub(super) struct BotPermits {
    by_bot: HashMap<ParticipantId, Arc<Bot>>,
}

struct Bot {
    id: ParticipantId,
    calls: Arc<Semaphore>,
    given_up: Arc<Semaphore>,
    breaker: Mutex<Breaker>,
}

/// A permit of a bot, held until it is dropped.
pub(super) struct BotPermit {
    bot: Arc<Bot>,
    _taken: OwnedSemaphorePermit,
}

/// Whether a bot takes calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BotPresence {
    /// It does, or has not failed often enough to say that it does not.
    There,
    /// It fails again and again: the breaker says when it is called.
    Away,
}

impl BotPermits {
    /// How many calls may begin now, for each of these bots to which one may.
    pub(super) fn free(&mut self, bots: &[ParticipantId], now: i64) -> Vec<(ParticipantId, u32)> {
        self.count(bots, |bot| {
            let free = bot.calls.available_permits();
            bot.breaker().allows(free, PER_BOT.saturating_sub(free), now)
        })
    }

    /// How many deliveries may be given up now, for each of these bots that is away.
    pub(super) fn away(&mut self, bots: &[ParticipantId]) -> Vec<(ParticipantId, u32)> {
        self.count(bots, |bot| {
            let away = bot.breaker().is_away();
            if away { bot.given_up.available_permits() } else { 0 }
        })
    }

    /// Before the relay was started anew the bot had asked to be left alone until then.
    pub(super) fn rest(&mut self, bot: &ParticipantId, until: i64) {
        self.of(bot).breaker().rest(until);
    }

    /// A bot that is disabled may be another one when it is enabled: that it was away says nothing then, and what has waited for it
    /// meanwhile is not given up.
    pub(super) fn forget(&mut self, bot: &ParticipantId) {
        let Some(bot) = self.by_bot.get(bot) else { return };
        if bot.breaker().answered() == Turn::Back {
            metrics::gauge!(telemetry::BOTS_AWAY).decrement(1.0);
        }
    }

    /// Takes a permit for a call.
    pub(super) fn take(&mut self, bot: &ParticipantId) -> Option<BotPermit> {
        let bot = self.of(bot);
        BotPermit::taken(bot, &bot.calls)
    }

    /// Takes a permit for giving a delivery up.
    pub(super) fn take_to_give_up(&mut self, bot: &ParticipantId) -> Option<BotPermit> {
        let bot = self.of(bot);
        BotPermit::taken(bot, &bot.given_up)
    }

    fn count(&mut self, bots: &[ParticipantId], permits: impl Fn(&Bot) -> usize) -> Vec<(ParticipantId, u32)> {
        let counted = bots.iter().map(|bot| {
            let free = permits(self.of(bot));
            (bot.clone(), u32::try_from(free).unwrap_or(u32::MAX))
        });
        counted.filter(|(_, free)| *free > 0).collect()
    }

    fn of(&mut self, bot: &ParticipantId) -> &Arc<Bot> {
        self.by_bot.entry(bot.clone()).or_insert_with(|| {
            Arc::new(Bot {
                id: bot.clone(),
                calls: Arc::new(Semaphore::new(PER_BOT)),
                given_up: Arc::new(Semaphore::new(GIVEN_UP_AT_ONCE)),
                breaker: Mutex::default(),
            })
        })
    }
}

impl Bot {
    /// A panic while the lock was held leaves a breaker behind that is as good as any.
    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BotPermit {
    fn taken(bot: &Arc<Bot>, of: &Arc<Semaphore>) -> Option<Self> {
        let taken = Arc::clone(of).try_acquire_owned().ok()?;
        Some(Self {
            bot: Arc::clone(bot),
            _taken: taken,
        })
    }

    /// The bot took the call, or refused it.
    pub(super) fn answered(&self) {
        self.turned(self.bot.breaker().answered());
    }

    /// The bot did not take the call. Answers what that makes of it.
    pub(super) fn failed(&self, now: i64, random: f64) -> BotPresence {
        let (turn, is_away) = {
            let mut breaker = self.bot.breaker();
            (breaker.failed(now, random), breaker.is_away())
        };
        self.turned(turn);
        if is_away { BotPresence::Away } else { BotPresence::There }
    }

    /// The bot has asked to be left alone until then.
    pub(super) fn rest(&self, until: i64) {
        self.bot.breaker().rest(until);
    }

    fn turned(&self, turn: Turn) {
        let bot = &self.bot.id;
        match turn {
            Turn::None => {}
            Turn::Away => {
                metrics::gauge!(telemetry::BOTS_AWAY).increment(1.0);
                tracing::warn!(bot.id = %bot, "a bot fails again and again; it is tried one call at a time");
            }
            Turn::Back => {
                metrics::gauge!(telemetry::BOTS_AWAY).decrement(1.0);
                tracing::info!(bot.id = %bot, "a bot is back and takes calls again");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bot_that_is_away_takes_no_place_of_another() {
        let mut permits = BotPermits::default();
        let bots = ["dead", "well"].map(ParticipantId::new);
        let all = u32::try_from(PER_BOT).expect("few");
        let call = permits.take(&bots[0]).expect("a permit");
        while call.failed(0, 0.0) == BotPresence::There {}
        assert_eq!(permits.free(&bots, 0), [(bots[1].clone(), all)]);
        assert_eq!(permits.away(&bots).len(), 1);
        assert_eq!(permits.free(&bots, 60_000).len(), 1, "a call to it is still under way");
        drop(call);
        assert_eq!(
            permits.free(&bots, 60_000),
            [(bots[0].clone(), 1), (bots[1].clone(), all)]
        );
        permits.take(&bots[0]).expect("the one permit").answered();
        assert_eq!(permits.free(&bots, 60_000), bots.clone().map(|bot| (bot, all)));
        assert!(permits.away(&bots).is_empty());
    }

    #[test]
    fn nothing_is_given_up_for_a_bot_that_was_away_before_it_was_disabled() {
        let mut permits = BotPermits::default();
        let bots = ["dead"].map(ParticipantId::new);
        let call = permits.take(&bots[0]).expect("a permit");
        while call.failed(0, 0.0) == BotPresence::There {}
        drop(call);
        permits.forget(&bots[0]);
        assert!(permits.away(&bots).is_empty());
        let all = u32::try_from(PER_BOT).expect("few");
        assert_eq!(permits.free(&bots, 0), [(bots[0].clone(), all)]);
    }
}
