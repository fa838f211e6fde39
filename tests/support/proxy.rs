//! A TCP link between a client and the relay that can be cut, stalled, and left half open.

use std::net::SocketAddr;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// What the link does with bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Carries them.
    Open,
    /// Holds those towards the relay.
    StalledUp,
    /// Holds those towards the client.
    StalledDown,
    /// Holds everything in both directions, also that an end is gone: either end sees a connection at which nobody is.
    HalfOpen,
    /// Ends every connection and takes no new one.
    Cut,
}

/// One of a connection's two directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Up,
    Down,
}

impl Link {
    /// Whether nothing passes in this direction.
    fn holds(self, direction: Direction) -> bool {
        match self {
            Self::Open | Self::Cut => false,
            Self::StalledUp => direction == Direction::Up,
            Self::StalledDown => direction == Direction::Down,
            Self::HalfOpen => true,
        }
    }
}

/// The link.
pub struct Proxy {
    /// Where clients connect.
    pub address: SocketAddr,
    state: Arc<watch::Sender<Link>>,
    task: AbortHandle,
}

impl Proxy {
    /// Opens a link to `target`.
    pub async fn start(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(watch::Sender::new(Link::Open));
        let sender = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *sender.borrow() != Link::Cut {
                    tokio::spawn(carry(client, target, sender.subscribe()));
                }
            }
        });
        Self {
            address,
            state,
            task: task.abort_handle(),
        }
    }

    /// Changes what the link does.
    pub fn set(&self, link: Link) {
        self.state.send_replace(link);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.set(Link::Cut);
        self.task.abort();
    }
}

async fn carry(client: TcpStream, target: SocketAddr, mut state: watch::Receiver<Link>) {
    let Ok(relay) = TcpStream::connect(target).await else {
        return;
    };
    let (client_read, client_write) = client.into_split();
    let (relay_read, relay_write) = relay.into_split();
    let up = copy(client_read, relay_write, state.clone(), Direction::Up);
    let down = copy(relay_read, client_write, state.clone(), Direction::Down);
    tokio::select! {
        () = up => {}
        () = down => {}
        // Both ends are dropped: the connection is cut.
        _ = state.wait_for(|link| *link == Link::Cut) => {}
    }
}

async fn copy(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut state: watch::Receiver<Link>,
    direction: Direction,
) {
    let mut buffer = [0_u8; 4096];
    loop {
        let read = from.read(&mut buffer).await;
        // That an end is gone is told as late as everything else.
        if state.wait_for(|link| !link.holds(direction)).await.is_err() {
            return;
        }
        let Ok(read @ 1..) = read else { return };
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
