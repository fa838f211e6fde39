//! The one thread that writes.
//!
//! It takes all that is queued, does it in one transaction, and answers after that transaction is on disk: the fsync
//! of one batch is the time in which the next one gathers, so nothing waits on purpose. A job that is refused leaves no
//! trace and does not disturb its neighbours: should it have begun to write, which only a bug brings about, the batch is
//! done again with a savepoint for each job. After the first error
//! that leaves the state of the disk unknown (above all a failed fsync, after which the kernel forgets what was not
//! written) it never writes again.

mod scrub;

use crate::fault::{ErrorScope, FatalError, FatalSignal, Fault, TransientError};
use crate::generation::{self, WriterPhase};
use portico_core::store::StoreError;
use portico_core::telemetry::{BATCH_SIZE, COMMIT_SECONDS, STORE_QUEUE};
use rusqlite::Connection;
use scrub::Scrubs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Jobs that may wait. Past it a write is refused as [`StoreError::Busy`].
pub(super) const QUEUE: usize = 4096;

/// Most jobs in one transaction; the rest is taken by the next.
const MAX_BATCH: usize = 512;

/// Rows that are changed before the WAL is copied into the file, which costs two syncs and each changed page once. A
/// changed row is about half a page of WAL where many are committed together and three where they are not, so the WAL
/// stays between 8 and 48 MiB.
const CHECKPOINT_ROWS: u64 = 4000;

/// A WAL of more pages than this (64 MiB) is started anew, for which the writer waits until readers have left it.
const MAX_WAL_PAGES: i64 = 16 * 1024;

/// Copies what no reader needs in the WAL any more, without waiting for anybody.
pub(super) const COPY: &str = "pragma wal_checkpoint(passive)";
/// Copies all of it and lets the next write start at its beginning.
const START_ANEW: &str = "pragma wal_checkpoint(restart)";
/// Copies all of it and empties it.
const CLOSE: &str = "pragma wal_checkpoint(truncate)";

/// Whether jobs that wait are committed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupCommit {
    /// All that waits is one transaction.
    On,
    /// Every job is its own transaction; only to measure what grouping is worth.
    Off,
}

/// The way to the writing thread. Dropping it waits until everything queued is on disk.
#[derive(Debug)]
pub(super) struct Writer {
    /// Taken when it is dropped, which ends the thread.
    queue: Option<SyncSender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
    /// Whether a write met a full disk since [`Writer::forget_full`].
    met_full: Arc<AtomicBool>,
    scrubs: Arc<Scrubs>,
    fatal_signal: FatalSignal,
}

impl Writer {
    /// Starts the thread, which owns `connection` from now on.
    pub(super) fn start(
        connection: Connection,
        group_commit: GroupCommit,
        mark_due: bool,
        fatal_signal: FatalSignal,
    ) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let max_batch = match group_commit {
            GroupCommit::On => MAX_BATCH,
            GroupCommit::Off => 1,
        };
        let met_full = Arc::new(AtomicBool::new(mark_due));
        let scrubs = Arc::new(Scrubs::default());
        let thread = WriterThread {
            connection,
            jobs,
            max_batch,
            checkpointed: 0,
            mark_due,
            met_full: Arc::clone(&met_full),
            scrubs: Arc::clone(&scrubs),
            scrubbed: 0,
            fatal_signal: fatal_signal.clone(),
        };
        let thread = std::thread::Builder::new()
            .name("portico-store".to_owned())
            .spawn(|| thread.run())?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
            met_full,
            scrubs,
            fatal_signal,
        })
    }

    /// Whether a write met a full disk since this was last asked.
    pub(super) fn forget_full(&self) -> bool {
        self.met_full.swap(false, Ordering::SeqCst)
    }

    /// Remembers that the disk is full, although it could not be seen by a write.
    pub(super) fn remember_full(&self) {
        self.met_full.store(true, Ordering::SeqCst);
    }

    /// Does `work` in a transaction and answers once it is on disk. It may be done twice, the first time in vain. A caller
    /// that stops waiting does not undo it.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: Fn(&Connection) -> Result<T, Fault> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(Write {
            work,
            result: None,
            answer,
        });
        let queue = self.queue.as_ref().ok_or_else(|| self.fatal_signal.error())?;
        // Counted before it can be taken, so that the gauge never falls below zero.
        metrics::gauge!(STORE_QUEUE).increment(1.0);
        queue.try_send(job).map_err(|refused| {
            metrics::gauge!(STORE_QUEUE).decrement(1.0);
            match refused {
                TrySendError::Full(_) => StoreError::Busy,
                TrySendError::Disconnected(_) => self.fatal_signal.error(),
            }
        })?;
        match answered.await {
            Ok((result, _work)) => result,
            Err(_) => Err(self.fatal_signal.error()),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            // A panic has raised the signal already.
            let _ = thread.join();
        }
    }
}

/// One write, whatever its result type is.
trait Job: Send {
    /// Does the work and keeps its result until [`Job::answer`]. Doing it again replaces the result.
    fn run(&mut self, connection: &Connection) -> Result<(), Fault>;

    /// Keeps a refusal instead.
    fn refuse(&mut self, error: StoreError);

    /// Tells the caller what was kept. Only ever called when that is on disk, or nothing was written.
    fn answer(self: Box<Self>);
}

struct Write<T, W> {
    work: W,
    result: Option<Result<T, StoreError>>,
    /// The work goes back with its result, so that the writer need not spend time on taking it apart.
    answer: oneshot::Sender<(Result<T, StoreError>, W)>,
}

impl<T, W> Job for Write<T, W>
where
    T: Send,
    W: Fn(&Connection) -> Result<T, Fault> + Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), Fault> {
        self.result = Some(Ok((self.work)(connection)?));
        Ok(())
    }

    fn refuse(&mut self, error: StoreError) {
        self.result = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        if let Some(result) = self.result {
            // A caller that has left does not want to know.
            let _ = self.answer.send((result, self.work));
        }
    }
}

type Batch = Vec<Box<dyn Job>>;

/// The thread's state.
struct WriterThread {
    connection: Connection,
    jobs: Receiver<Box<dyn Job>>,
    max_batch: usize,
    /// [`Connection::total_changes`] at the last checkpoint.
    checkpointed: u64,
    /// Whether the next transaction must begin with a mark ([`generation`]): the log may begin anew with it.
    mark_due: bool,
    met_full: Arc<AtomicBool>,
    scrubs: Arc<Scrubs>,
    /// The last time that was tried.
    scrubbed: u64,
    fatal_signal: FatalSignal,
}

impl WriterThread {
    /// Works until the queue is closed or the store must stop. Jobs that are dropped unanswered read the signal, which
    /// is why it is raised first.
    fn run(mut self) {
        let _panics = RaiseOnPanic(self.fatal_signal.clone());
        let outcome = self.work();
        if let Err(fatal) = outcome {
            tracing::error!(
                reason = fatal.0,
                "the store has stopped: what is on disk is no longer known"
            );
            self.fatal_signal.raise(fatal);
        }
    }

    fn work(&mut self) -> Result<(), FatalError> {
        while let Ok(first) = self.jobs.recv() {
            let mut batch = vec![first];
            batch.extend(self.jobs.try_iter().take(self.max_batch - 1));
            metrics::gauge!(STORE_QUEUE).decrement(batch.len() as f64);
            let transient = self.settle(batch)?;
            self.checkpoint_when_due(transient)?;
            self.scrub_when_due()?;
        }
        self.mark(WriterPhase::Closed)?;
        self.checkpoint(CLOSE).map(drop)
    }

    /// Commits one batch and answers it.
    fn settle(&mut self, mut batch: Batch) -> Result<Option<TransientError>, FatalError> {
        let size = batch.len();
        let (written, elapsed) = timed(|| self.write(&mut batch));
        let transient = match written {
            Ok(()) => {
                self.mark_due = false;
                None
            }
            Err(ErrorScope::Batch(transient)) => Some(transient),
            Err(ErrorScope::Job(error)) => return Err(FatalError(format!("a transaction was refused: {error}"))),
            Err(ErrorScope::Store(fatal)) => return Err(fatal),
        };
        if let Some(transient) = transient {
            self.note(transient);
            self.roll_back()?;
            batch.iter_mut().for_each(|job| job.refuse(transient.into()));
        }
        metrics::histogram!(BATCH_SIZE).record(size as f64);
        metrics::histogram!(COMMIT_SECONDS).record(elapsed.as_secs_f64());
        batch.into_iter().for_each(Job::answer);
        Ok(transient)
    }

    fn note(&self, transient: TransientError) {
        if transient == TransientError::Full {
            self.met_full.store(true, Ordering::SeqCst);
        }
    }

    /// One transaction.
    fn write(&self, batch: &mut Batch) -> Result<(), ErrorScope> {
        self.begin()?;
        if !self.run_freely(batch)? {
            self.execute("rollback")?;
            self.begin()?;
            self.run_guarded(batch)?;
        }
        self.execute("commit")
    }

    fn begin(&self) -> Result<(), ErrorScope> {
        self.execute("begin immediate")?;
        if self.mark_due {
            generation::advance(&self.connection, WriterPhase::Writing)
                .map_err(|error| Fault::from(error).of_write())?;
        }
        Ok(())
    }

    /// Runs the jobs one after the other. False if one failed after it had changed something. That never happens but for
    /// a bug, and savepoints would copy every page that a job changes.
    fn run_freely(&self, batch: &mut Batch) -> Result<bool, ErrorScope> {
        for job in batch {
            let changed = self.connection.total_changes();
            if let Err(fault) = job.run(&self.connection) {
                match fault.of_write() {
                    ErrorScope::Job(_) if self.connection.total_changes() != changed => return Ok(false),
                    ErrorScope::Job(error) => job.refuse(error),
                    further => return Err(further),
                }
            }
        }
        Ok(true)
    }

    /// Runs each job in a savepoint of its own.
    fn run_guarded(&self, batch: &mut Batch) -> Result<(), ErrorScope> {
        for job in batch {
            self.execute("savepoint job")?;
            if let Err(fault) = job.run(&self.connection) {
                match fault.of_write() {
                    ErrorScope::Job(error) => job.refuse(error),
                    further => return Err(further),
                }
                self.execute("rollback to job")?;
            }
            self.execute("release job")?;
        }
        Ok(())
    }

    fn execute(&self, statement: &'static str) -> Result<(), ErrorScope> {
        let done = self
            .connection
            .prepare_cached(statement)
            .and_then(|mut statement| statement.execute([]));
        done.map(drop).map_err(|error| Fault::from(error).of_write())
    }

    /// Leaves the transaction that failed, unless SQLite did so itself.
    fn roll_back(&self) -> Result<(), FatalError> {
        if self.connection.is_autocommit() {
            return Ok(());
        }
        self.execute("rollback")
            .map_err(|scope| FatalError(format!("a rollback failed: {scope:?}")))
    }

    /// Copies the WAL into the file now and then, after the answers. A full disk is worth a try at any time: the
    /// room that the WAL takes becomes free for new writes.
    fn checkpoint_when_due(&mut self, transient: Option<TransientError>) -> Result<(), FatalError> {
        let changed = self.connection.total_changes().saturating_sub(self.checkpointed);
        if changed < CHECKPOINT_ROWS && transient != Some(TransientError::Full) {
            return Ok(());
        }
        self.mark(WriterPhase::Checkpointing)?;
        let pages = self.checkpoint(COPY)?;
        if pages > MAX_WAL_PAGES {
            self.checkpoint(START_ANEW)?;
        }
        self.mark_due = !self.mark(WriterPhase::Writing)?;
        self.checkpointed = self.connection.total_changes();
        Ok(())
    }

    /// Writes a mark as a transaction of its own. False if there is no room for it: then a copy of the file that was
    /// made since the last one cannot be told from the file as it is now, and all else holds.
    fn mark(&self, phase: WriterPhase) -> Result<bool, FatalError> {
        match generation::advance(&self.connection, phase).map_err(|error| Fault::from(error).of_write()) {
            Ok(()) => Ok(true),
            Err(ErrorScope::Batch(_)) => Ok(false),
            Err(ErrorScope::Store(fatal)) => Err(fatal),
            Err(ErrorScope::Job(error)) => Err(FatalError(format!("a mark was refused: {error}"))),
        }
    }

    /// The WAL's length in pages. A checkpoint that finds the disk full is not done, and loses nothing.
    fn checkpoint(&self, statement: &'static str) -> Result<i64, FatalError> {
        let pages = self
            .connection
            .prepare_cached(statement)
            .and_then(|mut pragma| pragma.query_row([], |row| row.get(1)));
        match pages.map_err(|error| Fault::from(error).of_write()) {
            Ok(pages) => Ok(pages),
            Err(ErrorScope::Batch(transient)) => {
                self.note(transient);
                tracing::warn!(
                    ?transient,
                    "the write-ahead log could not be copied into the store; it grows until it can"
                );
                Ok(0)
            }
            Err(ErrorScope::Store(fatal)) => Err(fatal),
            Err(ErrorScope::Job(error)) => Err(FatalError(format!("a checkpoint was refused: {error}"))),
        }
    }
}

/// Raises the signal when the writer panics.
struct RaiseOnPanic(FatalSignal);

impl Drop for RaiseOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.raise(FatalError("the writer panicked".to_owned()));
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "measures how long the disk takes and decides nothing"
)]
fn timed<T>(work: impl FnOnce() -> T) -> (T, std::time::Duration) {
    let begun = std::time::Instant::now();
    let result = work();
    (result, begun.elapsed())
}
