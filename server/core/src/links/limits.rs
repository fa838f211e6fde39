//! How many pages the relay asks for: of one site, for one conversation, and in all.

use crate::clock::Clock;
use crate::rate::{LimiterClock, PerKey, Single, per_key, quota, single};
use portico_shared::ids::ConversationId;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Previews of one conversation at once, and per minute after that.
const OF_CONVERSATION: (u32, u32) = (10, 5);

/// Pages that are read at once, of all conversations together, and per minute after that.
const OF_ALL: (u32, u32) = (120, 240);

/// Pages of one host that are read at once, and per minute after that.
const OF_HOST: (u32, u32) = (20, 20);

/// Links of one conversation that wait or are read at the same time: fewer than there are places.
const PENDING: usize = 3;

/// Conversations and hosts that are kept in mind before those are forgotten that may do all again.
const KEPT: usize = 1_000;

pub(super) struct Limits {
    conversations: PerKey<ConversationId>,
    hosts: PerKey<String>,
    all: Single,
    pending: Mutex<HashMap<ConversationId, usize>>,
}

/// A link of a conversation is pending, until this is dropped.
pub(super) struct Pending {
    limits: Arc<Limits>,
    conversation: ConversationId,
}

impl Limits {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        let clock = LimiterClock::new(clock);
        Self {
            conversations: per_key(quota(OF_CONVERSATION.0, OF_CONVERSATION.1), &clock),
            hosts: per_key(quota(OF_HOST.0, OF_HOST.1), &clock),
            all: single(quota(OF_ALL.0, OF_ALL.1), &clock),
            pending: Mutex::default(),
        }
    }

    /// Begins one more link of a conversation; nothing if it has had enough.
    pub(super) fn begin(self: &Arc<Self>, conversation: &ConversationId) -> Option<Pending> {
        sweep(&self.conversations);
        let mut pending = self.lock();
        if pending.get(conversation).is_some_and(|count| *count >= PENDING) {
            return None;
        }
        self.conversations.check_key(conversation).ok()?;
        *pending.entry(conversation.clone()).or_default() += 1;
        Some(Pending {
            limits: self.clone(),
            conversation: conversation.clone(),
        })
    }

    /// Whether one more page of a host may be read now.
    pub(super) fn allow(&self, site: String) -> bool {
        sweep(&self.hosts);
        self.hosts.check_key(&site).is_ok() && self.all.check().is_ok()
    }

    /// A panic while the lock was held leaves whole counts behind.
    fn lock(&self) -> MutexGuard<'_, HashMap<ConversationId, usize>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        let mut pending = self.limits.lock();
        if let Some(count) = pending.get_mut(&self.conversation) {
            *count -= 1;
            if *count == 0 {
                pending.remove(&self.conversation);
            }
        }
    }
}

fn sweep<K: Clone + Hash + Eq>(limiter: &PerKey<K>) {
    if limiter.len() > KEPT {
        limiter.retain_recent();
    }
}
