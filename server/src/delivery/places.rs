//! Places for calls that are under way, each bot's own: what one bot keeps waiting, no other bot waits for.

use portico_shared::ids::ParticipantId;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Calls of one bot that are under way at once; the rest wait as rows.
pub(super) const PER_BOT: usize = 32;

/// The places of every bot that had a delivery since the start.
#[derive(Default)]
pub(super) struct Places {
    by_bot: HashMap<ParticipantId, Arc<Semaphore>>,
}

impl Places {
    /// How many calls may begin now, for each of these bots that has a free place.
    pub(super) fn free(&mut self, bots: Vec<ParticipantId>) -> Vec<(ParticipantId, u32)> {
        let free = bots.into_iter().map(|bot| {
            let places = self.of(&bot).available_permits();
            (bot, u32::try_from(places).unwrap_or(u32::MAX))
        });
        free.filter(|(_, places)| *places > 0).collect()
    }

    /// Takes a place of a bot until it is dropped.
    pub(super) fn take(&mut self, bot: &ParticipantId) -> Option<OwnedSemaphorePermit> {
        Arc::clone(self.of(bot)).try_acquire_owned().ok()
    }

    fn of(&mut self, bot: &ParticipantId) -> &Arc<Semaphore> {
        let places = self.by_bot.entry(bot.clone());
        places.or_insert_with(|| Arc::new(Semaphore::new(PER_BOT)))
    }
}
