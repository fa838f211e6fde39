//! Where waiting requests stand, as routing last saw them: for customers who come back while they wait.

use portico_shared::frame::QueuePosition;
use portico_shared::ids::ConversationId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The position of every request that waits. A cheap handle.
#[derive(Debug, Clone, Default)]
pub struct QueueBoard {
    positions: Arc<Mutex<HashMap<ConversationId, QueuePosition>>>,
}

impl QueueBoard {
    /// Replaces all positions.
    pub(crate) fn show(&self, positions: &[QueuePosition]) {
        let named = positions
            .iter()
            .map(|position| (position.conversation.clone(), position.clone()));
        *self.lock() = named.collect();
    }

    /// Where a conversation's request stands.
    pub(super) fn position(&self, conversation: &ConversationId) -> Option<QueuePosition> {
        self.lock().get(conversation).cloned()
    }

    /// Nothing under this lock panics but for want of memory.
    fn lock(&self) -> MutexGuard<'_, HashMap<ConversationId, QueuePosition>> {
        self.positions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
