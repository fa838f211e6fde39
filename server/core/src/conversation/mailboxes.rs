//! The mailboxes of the conversations that this node has in memory.

use super::command::Envelope;
use super::refusal::Refusal;
use portico_shared::frame::RefusalCode;
use portico_shared::ids::ConversationId;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc;

/// Independent locks over the conversations of this node; a power of two.
pub(super) const SHARDS: usize = 64;

/// A mailbox for each conversation in memory. A cheap handle.
#[derive(Clone)]
pub(super) struct Mailboxes {
    inner: Arc<Inner>,
}

struct Inner {
    /// How long an actor without subscribers and commands stays at least.
    idle: Duration,
    hasher: RandomState,
    shards: Vec<Mutex<HashMap<ConversationId, mpsc::Sender<Envelope>>>>,
}

impl Mailboxes {
    /// Without conversations.
    pub(super) fn new(idle: Duration) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "nobody outside may choose ids that all fall into one shard"
        )]
        let hasher = RandomState::new();
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        let inner = Inner { idle, hasher, shards };
        Self { inner: Arc::new(inner) }
    }

    /// How long an actor without subscribers and commands stays at least.
    pub(super) fn idle(&self) -> Duration {
        self.inner.idle
    }

    /// Puts an envelope into a conversation's mailbox, which `spawn` makes with its actor if there is none. A full mailbox
    /// refuses the command.
    pub(super) fn send(
        &self,
        conversation: &ConversationId,
        envelope: Envelope,
        spawn: impl Fn() -> mpsc::Sender<Envelope>,
    ) {
        // Sending under the lock is what makes `retire` safe: no envelope can arrive behind its last look.
        let mut shard = self.shard(conversation);
        let mailbox = shard.entry(conversation.clone()).or_insert_with(&spawn);
        let envelope = match mailbox.try_send(envelope) {
            Ok(()) => return,
            Err(mpsc::error::TrySendError::Full(envelope)) => {
                drop(shard);
                return envelope.reply.send(Err(Refusal::new(
                    RefusalCode::Busy,
                    "the conversation has too much to do",
                )));
            }
            // Its actor panicked: what it had acknowledged is in the store, where the next one finds it.
            Err(mpsc::error::TrySendError::Closed(envelope)) => envelope,
        };
        let mailbox = spawn();
        // A fresh mailbox has room; should that ever fail, dropping the envelope refuses the command.
        let _ = mailbox.try_send(envelope);
        shard.insert(conversation.clone(), mailbox);
    }

    /// Puts an envelope into a mailbox if there is one. Best effort.
    pub(super) fn send_if_loaded(&self, conversation: &ConversationId, envelope: Envelope) {
        if let Some(mailbox) = self.shard(conversation).get(conversation) {
            let _ = mailbox.try_send(envelope);
        }
    }

    /// Forgets an idle actor. True if it may end: no command can reach it any more.
    pub(super) fn retire(&self, conversation: &ConversationId, envelopes: &mpsc::Receiver<Envelope>) -> bool {
        let mut shard = self.shard(conversation);
        let idle = envelopes.sender_strong_count() == 1 && envelopes.is_empty();
        if idle {
            shard.remove(conversation);
        }
        idle
    }

    fn shard(&self, conversation: &ConversationId) -> MutexGuard<'_, HashMap<ConversationId, mpsc::Sender<Envelope>>> {
        let shard = &self.inner.shards[self.shard_of(conversation)];
        // A panic under this lock leaves whole entries behind: every change is one insert or remove.
        shard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lock that a key falls under.
    pub(super) fn shard_of(&self, key: &impl std::hash::Hash) -> usize {
        let hash = self.inner.hasher.hash_one(key);
        usize::try_from(hash % SHARDS as u64).unwrap_or(0)
    }
}
