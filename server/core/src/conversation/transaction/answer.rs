//! A bot that connects by itself is not called, so nothing fails when it is away: a deadline says how long its customer
//! waits for it.

use super::Transaction;
use crate::conversation::policy::{BotRole, TaskProgress};
use crate::identity::bot_key;
use crate::store::{ParticipantRecord, TimerKind};
use portico_shared::cim::EventName;

impl Transaction<'_> {
    /// Sets the deadline when the customer has spoken to such a bot, and takes it back when the bot has, or when
    /// somebody else is asked.
    pub(super) fn watch_bot(&mut self) {
        let Some(seconds) = self.state.bot().and_then(|bot| self.patience(bot)) else {
            return;
        };
        let answers = self.bot_is_to_answer();
        let due_at = self
            .now
            .saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000));
        if answers && self.customer_has_the_last_word() {
            self.set_timer(TimerKind::BotAnswer, due_at);
        } else if !answers || self.bot_spoke() {
            self.cancel_timer(TimerKind::BotAnswer);
        }
    }

    /// Whether the customer waits for a bot that connects by itself, and for no agent.
    pub(in crate::conversation) fn bot_leaves_waiting(&self) -> bool {
        let watched = self.state.bot().is_some_and(|bot| self.patience(bot).is_some());
        watched && self.bot_is_to_answer() && self.state.record.waiting_since.is_some()
    }

    /// How long the customer waits for this bot, in seconds; `None` for one that is called. One that is known no longer will
    /// never answer.
    fn patience(&self, bot: &ParticipantRecord) -> Option<u64> {
        self.services
            .programs
            .bot(&bot.id)
            .map_or(Some(0), |known| known.patience())
    }

    fn bot_is_to_answer(&self) -> bool {
        let snapshot = self.state.snapshot(None);
        let primary = snapshot.bot.is_some_and(|bot| bot.role == BotRole::Primary);
        primary && snapshot.customer_present && snapshot.agents == 0 && snapshot.task == TaskProgress::None
    }

    fn customer_has_the_last_word(&self) -> bool {
        let mut spoken = self.events.iter().rev();
        let last = spoken.find(|new| new.event.name == EventName::CustomerMessage || self.is_bots(&new.author.0));
        last.is_some_and(|new| new.event.name == EventName::CustomerMessage)
    }

    fn bot_spoke(&self) -> bool {
        self.events.iter().any(|new| self.is_bots(&new.author.0))
    }

    fn is_bots(&self, author: &str) -> bool {
        self.state.bot().is_some_and(|bot| bot_key(&bot.id) == author)
    }
}
