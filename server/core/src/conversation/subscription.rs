//! Counts the conversations that a connection reads live. The connection begins a [`Subscription`], and it ends when the
//! actor drops it, so that a connection which serves many conversations in turn is limited by the open ones alone.

use portico_shared::ids::ConversationId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The conversations of one connection. A cheap handle.
#[derive(Debug, Clone, Default)]
pub struct Subscriptions {
    /// Subscriptions by conversation: joining again begins the second before the first ends.
    ids: Arc<Mutex<HashMap<ConversationId, u32>>>,
}

/// One conversation that a connection reads live, until this is dropped.
#[derive(Debug)]
pub struct Subscription {
    subscriptions: Subscriptions,
    conversation: ConversationId,
}

impl Subscriptions {
    /// Begins a subscription, unless that would be one more conversation than `most`.
    pub fn begin(&self, conversation: &ConversationId, most: usize) -> Option<Subscription> {
        let mut ids = self.lock();
        if ids.len() >= most && !ids.contains_key(conversation) {
            return None;
        }
        *ids.entry(conversation.clone()).or_default() += 1;
        drop(ids);
        Some(Subscription {
            subscriptions: self.clone(),
            conversation: conversation.clone(),
        })
    }

    /// The ids of all conversations.
    pub fn all(&self) -> Vec<ConversationId> {
        self.lock().keys().cloned().collect()
    }

    /// A panic under this lock leaves whole entries behind: every change is one insert, count or remove.
    fn lock(&self) -> MutexGuard<'_, HashMap<ConversationId, u32>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut ids = self.subscriptions.lock();
        if let Some(count) = ids.get_mut(&self.conversation) {
            *count -= 1;
            if *count == 0 {
                ids.remove(&self.conversation);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ended_makes_room_and_what_is_read_already_needs_none() {
        let subscriptions = Subscriptions::default();
        let id = ConversationId::new;
        let first = subscriptions.begin(&id("a"), 2);
        let again = subscriptions.begin(&id("a"), 2);
        let second = subscriptions.begin(&id("b"), 2);
        assert!(first.is_some() && again.is_some() && second.is_some());
        assert!(subscriptions.begin(&id("c"), 2).is_none());
        drop(first);
        assert!(subscriptions.begin(&id("c"), 2).is_none(), "it is still read");
        drop(again);
        assert!(subscriptions.begin(&id("c"), 2).is_some());
    }
}
