//! What the registry, its actors and their handlers work with.

use super::{Presence, QueueBoard};
use crate::clock::Clock;
use crate::config::Config;
use crate::identity::Origin;
use crate::links::LinkQueue;
use crate::programs::ProgramDirectory;
use crate::store::{Posted, Store};
use portico_shared::frame::Accepted;
use portico_shared::ids::ClientId;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What the registry and its actors work with.
#[derive(Clone)]
pub struct Services {
    /// The log and its projections.
    pub store: Arc<dyn Store>,
    /// Time and ids.
    pub clock: Arc<dyn Clock>,
    /// What the operator set.
    pub config: Arc<Config>,
    /// The relay's own origin, under which its files lie.
    pub own: Origin,
    /// Every actor runs on it.
    pub tracker: TaskTracker,
    /// Actors finish the commands in their mailboxes, then end.
    pub shutdown: CancellationToken,
    /// Woken when a task or an agent changed.
    pub wake_routing: Arc<Notify>,
    /// Woken when a delivery to a bot was committed.
    pub wake_delivery: Arc<Notify>,
    /// Woken when a timer was set.
    pub wake_timers: Arc<Notify>,
    /// Who is connected.
    pub presence: Presence,
    /// Where waiting requests stand, as routing last saw them.
    pub queue_board: QueueBoard,
    /// Which bots and apps there are.
    pub programs: ProgramDirectory,
    /// Links that wait for a preview.
    pub links: LinkQueue,
}

impl Services {
    /// The first result of a client id.
    pub(super) fn repeated(&self, client_id: ClientId, posted: Posted) -> Accepted {
        Accepted {
            client_id,
            conversation: posted.conversation,
            epoch: self.store.epoch().clone(),
            seq: posted.seq,
            message_id: posted.message_id,
            timestamp: posted.timestamp,
        }
    }
}
