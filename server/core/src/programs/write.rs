//! Writes a change of a program, and has all that runs know it.

use super::{ProgramError, Programs};
use crate::store::{Change, ProgramRecord, StoreError, Timer, TimerKind};
use tokio::sync::OwnedMutexGuard;

/// Held while a program is read, checked against all others and written.
pub(super) type Turn = OwnedMutexGuard<()>;

impl Programs {
    /// Waits for the turn. One process has the store, so this is enough.
    pub(super) async fn turn(&self) -> Turn {
        self.turn.clone().lock_owned().await
    }

    /// Writes changes and takes them into the directory. It goes on by itself if the caller hangs up: what the store has and what
    /// runs by the directory are the same when the turn is over.
    pub(super) async fn write(&self, turn: Turn, changes: Vec<Change>) -> Result<(), ProgramError> {
        self.write_and(turn, changes, None).await
    }

    /// The same. Customers whose words wait for a bot that is disabled by it have an agent asked for when its time is over, as
    /// with a bot that does not answer; whether they still wait is looked at then.
    pub(super) async fn disable(
        &self,
        turn: Turn,
        changes: Vec<Change>,
        bot: ProgramRecord,
    ) -> Result<(), ProgramError> {
        self.write_and(turn, changes, Some(bot)).await
    }

    async fn write_and(
        &self,
        turn: Turn,
        mut changes: Vec<Change>,
        disabled: Option<ProgramRecord>,
    ) -> Result<(), ProgramError> {
        let programs = self.clone();
        let writing = self.tracker.spawn(async move {
            if let Some(bot) = &disabled {
                changes.extend(programs.answer_timers(bot).await?);
            }
            programs.store.apply(changes).await?;
            programs.reload().await?;
            if let Some(bot) = &disabled {
                // Who spoke in between was still told to wait for a call.
                programs.store.apply(programs.answer_timers(bot).await?).await?;
            }
            drop(turn);
            Ok::<(), StoreError>(())
        });
        match writing.await {
            Ok(written) => Ok(written?),
            Err(_) => Err(ProgramError::Stopped),
        }
    }

    async fn answer_timers(&self, bot: &ProgramRecord) -> Result<Vec<Change>, StoreError> {
        let seconds = i64::try_from(bot.answer_seconds).unwrap_or(i64::MAX);
        let due_at = self.clock.now_ms().saturating_add(seconds.saturating_mul(1_000));
        let conversations = self.store.conversation_ids_of_participant(&bot.id).await?;
        let timers = conversations.into_iter().map(|conversation| {
            Change::SetTimer(Timer {
                conversation,
                kind: TimerKind::BotAnswer,
                due_at,
            })
        });
        Ok(timers.collect())
    }
}
