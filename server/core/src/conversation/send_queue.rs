//! The bounded queue between everything that sends frames to a connection and the task that writes its socket. A full
//! queue closes that connection as slow and delays no other: its client resumes from its cursors, and nothing is lost.

use crate::conversation::reader_role::ServerFrame;
use portico_shared::close::CloseCode;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Most frames that wait for one socket. One more closes it as slow.
pub(crate) const MAX_QUEUED_FRAMES: usize = 256;

/// Most bytes that wait for one socket. One more closes it as slow.
pub(crate) const MAX_QUEUED_BYTES: usize = 1024 * 1024;

/// A socket must be able to buffer this many bytes in one write, or a full page could never be written.
pub const MAX_WRITE_BUFFER_BYTES: usize = 1024 * 1024;

/// One socket of this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(u64);

impl ConnectionId {
    /// The next one of this process.
    pub fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl std::fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// The sending half: cheap to clone, never waits.
#[derive(Debug, Clone)]
pub struct SendHandle {
    shared: Arc<Shared>,
    frames: mpsc::Sender<String>,
}

#[derive(Debug)]
struct Shared {
    connection: ConnectionId,
    queued_bytes: AtomicUsize,
    /// Why the connection is to end; the first reason counts.
    reason: OnceLock<CloseCode>,
    closed: CancellationToken,
}

/// The receiving half, owned by the connection's task.
#[derive(Debug)]
pub struct SendQueue {
    shared: Arc<Shared>,
    frames: mpsc::Receiver<String>,
    /// One future for the queue's whole life: a new one for each frame would register and unregister a waiter each time.
    closed: Pin<Box<WaitForCancellationFutureOwned>>,
}

/// What a connection's task has to do next.
#[derive(Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// Write this text frame.
    Frame(String),
    /// Close the socket. What is still queued is not written.
    Close(CloseCode),
}

/// Both halves of a connection's queue.
pub fn send_queue(connection: ConnectionId) -> (SendHandle, SendQueue) {
    let (sender, receiver) = mpsc::channel(MAX_QUEUED_FRAMES);
    let shared = Arc::new(Shared {
        connection,
        queued_bytes: AtomicUsize::new(0),
        reason: OnceLock::new(),
        closed: CancellationToken::new(),
    });
    (
        SendHandle {
            shared: Arc::clone(&shared),
            frames: sender,
        },
        SendQueue {
            closed: Box::pin(shared.closed.clone().cancelled_owned()),
            shared,
            frames: receiver,
        },
    )
}

impl SendHandle {
    /// The connection that it sends to.
    pub fn connection(&self) -> ConnectionId {
        self.shared.connection
    }

    /// Queues a frame. A queue without room closes its connection as slow.
    pub fn push(&self, frame: &ServerFrame) {
        if self.is_open() {
            self.push_text(frame.to_json());
        }
    }

    fn push_text(&self, text: String) {
        let length = text.len();
        let queued = self.shared.queued_bytes.fetch_add(length, Ordering::AcqRel) + length;
        if queued > MAX_QUEUED_BYTES {
            return self.close(CloseCode::Slow);
        }
        match self.frames.try_send(text) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => self.close(CloseCode::Slow),
            // The connection has closed; its client resumes from its cursors.
            Err(mpsc::error::TrySendError::Closed(_)) => {}
        }
    }

    /// Ends the connection. Only the first reason counts.
    pub fn close(&self, code: CloseCode) {
        let _ = self.shared.reason.set(code);
        self.shared.closed.cancel();
    }

    /// Whether the connection still takes frames.
    pub fn is_open(&self) -> bool {
        self.shared.reason.get().is_none() && !self.frames.is_closed()
    }
}

impl SendQueue {
    /// The next thing to do. Cancel-safe.
    pub async fn next(&mut self) -> Outgoing {
        // Biased: a connection that is to be closed must not go on working off its queue.
        tokio::select! {
            biased;
            () = &mut self.closed => Outgoing::Close(self.reason()),
            frame = self.frames.recv() => match frame {
                Some(text) => {
                    self.shared.queued_bytes.fetch_sub(text.len(), Ordering::AcqRel);
                    Outgoing::Frame(text)
                }
                None => Outgoing::Close(self.reason()),
            },
        }
    }

    /// The next frame, if there is one already and the connection goes on.
    pub fn ready(&mut self) -> Option<String> {
        if self.shared.reason.get().is_some() {
            return None;
        }
        let text = self.frames.try_recv().ok()?;
        self.shared.queued_bytes.fetch_sub(text.len(), Ordering::AcqRel);
        Some(text)
    }

    /// Waits until the connection is to be closed, and says why.
    pub async fn closed(&mut self) -> CloseCode {
        (&mut self.closed).await;
        self.reason()
    }

    fn reason(&self) -> CloseCode {
        self.shared.reason.get().copied().unwrap_or(CloseCode::Internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn frames_leave_in_order() {
        let (handle, mut queue) = send_queue(ConnectionId::next());
        handle.push_text("a".to_owned());
        handle.push_text("b".to_owned());
        assert_eq!(queue.next().await, Outgoing::Frame("a".to_owned()));
        assert_eq!(queue.next().await, Outgoing::Frame("b".to_owned()));
    }

    #[tokio::test]
    async fn one_frame_too_many_closes_the_connection_as_slow() {
        let (handle, mut queue) = send_queue(ConnectionId::next());
        for _ in 0..=MAX_QUEUED_FRAMES {
            handle.push_text("x".to_owned());
        }
        assert!(!handle.is_open());
        assert_eq!(queue.next().await, Outgoing::Close(CloseCode::Slow));
    }

    #[tokio::test]
    async fn one_byte_too_many_closes_the_connection_as_slow() {
        let (handle, mut queue) = send_queue(ConnectionId::next());
        handle.push_text("x".repeat(MAX_QUEUED_BYTES));
        assert!(handle.is_open());
        handle.push_text("x".to_owned());
        assert_eq!(queue.next().await, Outgoing::Close(CloseCode::Slow));
    }

    #[tokio::test]
    async fn what_was_taken_makes_room_again() {
        let (handle, mut queue) = send_queue(ConnectionId::next());
        for _ in 0..10 {
            handle.push_text("x".repeat(MAX_QUEUED_BYTES / 2 + 1));
            assert!(matches!(queue.next().await, Outgoing::Frame(_)));
        }
        assert!(handle.is_open());
    }

    #[test]
    fn what_is_ready_is_taken_until_the_connection_is_to_be_closed() {
        let (handle, mut queue) = send_queue(ConnectionId::next());
        handle.push_text("a".to_owned());
        handle.push_text("b".to_owned());
        assert_eq!(queue.ready().as_deref(), Some("a"));
        handle.close(CloseCode::Replaced);
        assert_eq!(queue.ready(), None);
    }

    #[tokio::test]
    async fn the_first_reason_to_close_counts() {
        let (handle, mut queue) = send_queue(ConnectionId::next());
        handle.close(CloseCode::Replaced);
        handle.close(CloseCode::Slow);
        assert_eq!(queue.closed().await, CloseCode::Replaced);
    }

    #[test]
    fn a_handle_without_a_connection_is_closed() {
        let (handle, queue) = send_queue(ConnectionId::next());
        drop(queue);
        assert!(!handle.is_open());
    }
}
