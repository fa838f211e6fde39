//! A few connections that read beside the writer, each on a thread of its own.

use crate::fault::Fault;
use portico_core::store::StoreError;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Reads at the same time.
pub(super) const READERS: usize = 4;

/// Reads that may wait. Past it a read is refused as [`StoreError::Busy`].
const QUEUE: usize = 1024;

type Read = Box<dyn FnOnce(&mut Connection) + Send>;

/// The way to the reading threads. Dropping it waits for them.
#[derive(Debug)]
pub(super) struct Readers {
    /// Taken when it is dropped, which ends the threads.
    queue: Option<SyncSender<Read>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    /// Starts one thread for each connection.
    pub(super) fn start(connections: Vec<Connection>) -> std::io::Result<Self> {
        let (queue, reads) = sync_channel::<Read>(QUEUE);
        let reads = Arc::new(Mutex::new(reads));
        let mut threads = Vec::with_capacity(connections.len());
        for (number, connection) in connections.into_iter().enumerate() {
            let reads = Arc::clone(&reads);
            let name = format!("portico-read-{number}");
            threads.push(
                std::thread::Builder::new()
                    .name(name)
                    .spawn(move || run(connection, &reads))?,
            );
        }
        Ok(Self {
            queue: Some(queue),
            threads,
        })
    }

    /// Does `work` on a connection that sees one state of the store: what was on disk when it began.
    pub(super) async fn read<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let read = Box::new(move |connection: &mut Connection| {
            // A caller that has left does not want to know.
            let _ = answer.send(consistently(connection, work).map_err(Fault::of_read));
        });
        let queue = self.queue.as_ref().ok_or(StoreError::Busy)?;
        queue.try_send(read).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Stopped("its readers have ended".to_owned()),
        })?;
        answered
            .await
            .unwrap_or_else(|_| Err(StoreError::Failed("a read panicked".into())))
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            // Reads that panic are caught in the loop.
            let _ = thread.join();
        }
    }
}

fn run(mut connection: Connection, reads: &Mutex<Receiver<Read>>) {
    loop {
        // The lock is held while waiting: the thread that gets the next read lets the next one wait.
        let next = reads.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(read) = next else { return };
        // The caller learns of a panic by its answer's absence; the connection has rolled back and is sound.
        let _ = catch_unwind(AssertUnwindSafe(|| read(&mut connection)));
    }
}

fn consistently<T>(
    connection: &mut Connection,
    work: impl FnOnce(&Connection) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let snapshot = connection.transaction()?;
    work(&snapshot)
}
