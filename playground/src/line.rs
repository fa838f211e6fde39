//! The line: connections to the relay, each carried as the present fault lets it.

use crate::fault::Fault;
use crate::frames;
use crate::pace::carry;
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use std::collections::HashSet;
use std::future::ready;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::AsyncRead;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_util::codec::{BytesCodec, FramedRead, FramedWrite};

/// How a request for a socket begins. It has a connection of its own in every browser.
const SOCKET: &[u8] = b"GET /ws ";

/// The way between browsers and the relay.
pub(crate) struct Line {
    /// Where it begins.
    pub(crate) address: SocketAddr,
    /// Where it leads.
    pub(crate) relay: SocketAddr,
    fault: watch::Sender<Fault>,
    /// What has gone wrong once and may pass when it comes again.
    seen: Mutex<HashSet<String>>,
}

impl Line {
    /// One that is in order.
    pub(crate) fn new(address: SocketAddr, relay: SocketAddr) -> Self {
        Self {
            address,
            relay,
            fault: watch::Sender::default(),
            seen: Mutex::default(),
        }
    }

    /// What is wrong with it now.
    pub(crate) fn fault(&self) -> Fault {
        *self.fault.borrow()
    }

    /// The present fault, as a channel that tells of changes.
    pub(crate) fn faults(&self) -> watch::Receiver<Fault> {
        self.fault.subscribe()
    }

    /// Changes it, also for what is under way.
    pub(crate) fn set(&self, fault: Fault) {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.fault.send_replace(fault);
    }

    /// Whether this is told for the first time since the fault is the present one.
    pub(crate) fn is_new(&self, what: String) -> bool {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).insert(what)
    }
}

/// Takes connections until the process ends.
pub(crate) async fn serve(listener: TcpListener, line: Arc<Line>) {
    loop {
        let Ok((browser, _)) = listener.accept().await else {
            continue;
        };
        let line = Arc::clone(&line);
        tokio::spawn(async move {
            let mut faults = line.faults();
            tokio::select! {
                biased;
                // Both ends are dropped: the connection is cut.
                _ = faults.wait_for(|fault| *fault == Fault::Cut) => {}
                () = connect(browser, &line) => {}
            }
        });
    }
}

async fn connect(browser: TcpStream, line: &Line) {
    let mut begins = [0; SOCKET.len()];
    match browser.peek(&mut begins).await {
        Ok(_) if begins == SOCKET => frames::carry_all(browser, line).await,
        Ok(_) => carry_bytes(browser, line).await,
        Err(_) => {}
    }
}

async fn carry_bytes(browser: TcpStream, line: &Line) {
    let Ok(relay) = TcpStream::connect(line.relay).await else {
        return;
    };
    let (from_browser, to_browser) = browser.into_split();
    let (from_relay, to_relay) = relay.into_split();
    let to_relay = FramedWrite::new(to_relay, BytesCodec::new());
    let to_browser = FramedWrite::new(to_browser, BytesCodec::new());
    tokio::select! {
        () = carry(bytes_of(from_browser), to_relay, Bytes::len, line.faults()) => {}
        () = carry(bytes_of(from_relay), to_browser, Bytes::len, line.faults()) => {}
    }
}

fn bytes_of(end: impl AsyncRead) -> impl Stream<Item = Bytes> {
    FramedRead::new(end, BytesCodec::new()).scan((), |(), read| ready(read.ok().map(BytesMut::freeze)))
}
