//! Desks and tabs whose sockets are queues.

use portico_core::conversation::{Outgoing, SendHandle, SendQueue, Subscriptions};
use portico_core::identity::{Principal, StaffPrincipal};
use portico_shared::frame::ServerFrame;
use portico_shared::role::Agent;
use std::time::Duration;
use tokio::time::timeout;

/// How long a frame that must come is waited for.
const SOON: Duration = Duration::from_secs(10);

/// An agent's desk.
pub(super) struct Desk {
    pub(super) who: StaffPrincipal,
    pub(super) socket: Socket,
}

impl Desk {
    pub(super) fn principal(&self) -> Principal {
        Principal::Staff(self.who.clone())
    }
}

/// A socket without a network.
pub(super) struct Socket {
    pub(super) handle: SendHandle,
    pub(super) queue: SendQueue,
    pub(super) subscriptions: Subscriptions,
    _presence: Option<Box<dyn Send>>,
}

impl Socket {
    /// One that is present as long as `presence` is kept.
    pub(super) fn new(handle: SendHandle, queue: SendQueue, presence: Box<dyn Send>) -> Self {
        Self {
            handle,
            queue,
            subscriptions: Subscriptions::default(),
            _presence: Some(presence),
        }
    }

    /// It is connected no more.
    pub(super) fn hang_up(&mut self) {
        self._presence = None;
    }

    /// The next frame.
    pub(super) async fn next(&mut self) -> ServerFrame {
        match timeout(SOON, self.queue.next()).await.expect("a frame in time") {
            Outgoing::Frame(text) => ServerFrame::<Agent>::from_json(&text).expect("a frame"),
            Outgoing::Close(code) => panic!("closed with {code:?}"),
        }
    }

    /// The next frame that is asked for; others are passed over.
    pub(super) async fn until(&mut self, wanted: impl Fn(&ServerFrame) -> bool) -> ServerFrame {
        loop {
            let frame = self.next().await;
            if wanted(&frame) {
                return frame;
            }
        }
    }

    /// Everything that is queued now.
    pub(super) async fn queued(&mut self) -> Vec<ServerFrame> {
        let mut frames = Vec::new();
        while let Ok(Outgoing::Frame(text)) = timeout(Duration::from_millis(50), self.queue.next()).await {
            frames.push(ServerFrame::<Agent>::from_json(&text).expect("a frame"));
        }
        frames
    }
}
