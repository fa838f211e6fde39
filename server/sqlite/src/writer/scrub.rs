//! Cuts the write-ahead log off where it is not in use, so that nothing that was overwritten lies in it.

use super::{START_ANEW, Writer, WriterThread};
use crate::fault::{ErrorScope, FatalError, Fault};
use crate::file;
use crate::generation::WriterPhase;
use portico_core::store::StoreError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// How long writes wait for readers of an older state when a log is to be cut off. The relay's own are done by then; a copy
/// of the store that is being made is not.
const READER_WAIT: Duration = Duration::from_millis(100);

/// A log that begins anew is cut off behind its first transaction.
const NOTHING: i64 = 0;
/// It keeps its length, so that writing it needs no room.
const NO_LIMIT: i64 = -1;

/// How often it was asked to cut the log off where it is not in use, and up to which of these times that was done.
#[derive(Debug, Default)]
pub(super) struct Scrubs {
    asked: AtomicU64,
    done: AtomicU64,
}

impl Writer {
    /// Copies the log into the file and cuts off what it held, so that nothing that was overwritten lies in either. False
    /// if an older state is still read, or there is no room.
    pub(crate) async fn scrub(&self) -> Result<bool, StoreError> {
        let asked = self.scrubs.asked.fetch_add(1, Ordering::SeqCst) + 1;
        // The thread looks after each batch; the second one is answered after it has looked.
        self.write(crate::schema::probe).await?;
        self.write(crate::schema::probe).await?;
        Ok(self.scrubs.done.load(Ordering::SeqCst) >= asked)
    }
}

impl WriterThread {
    /// Copies all of the log, and lets the next transaction, which is a mark, begin it anew and cut it off behind itself. A log
    /// that was emptied instead would be missed by a start after a crash.
    pub(super) fn scrub_when_due(&mut self) -> Result<(), FatalError> {
        let asked = self.scrubs.asked.load(Ordering::SeqCst);
        if asked <= self.scrubbed {
            return Ok(());
        }
        self.scrubbed = asked;
        self.mark(WriterPhase::Checkpointing)?;
        self.wait_at_most(READER_WAIT)?;
        let is_copied = self.is_copied_whole()?;
        self.wait_at_most(file::LOCK_WAIT)?;
        self.limit_log(if is_copied { NOTHING } else { NO_LIMIT })?;
        let has_begun = self.mark(WriterPhase::Writing)?;
        self.limit_log(NO_LIMIT)?;
        self.mark_due = !has_begun;
        self.checkpointed = self.connection.total_changes();
        if is_copied && has_begun {
            self.scrubs.done.store(asked, Ordering::SeqCst);
        }
        Ok(())
    }

    /// Copies the log, and says whether no reader needs it any more.
    fn is_copied_whole(&self) -> Result<bool, FatalError> {
        let is_busy = self
            .connection
            .prepare_cached(START_ANEW)
            .and_then(|mut pragma| pragma.query_row([], |row| row.get::<_, bool>(0)));
        match is_busy.map_err(|error| Fault::from(error).of_write()) {
            Ok(is_busy) => Ok(!is_busy),
            Err(ErrorScope::Batch(transient)) => {
                self.note(transient);
                Ok(false)
            }
            Err(ErrorScope::Store(fatal)) => Err(fatal),
            Err(ErrorScope::Job(error)) => Err(FatalError(format!("a checkpoint was refused: {error}"))),
        }
    }

    /// How long locks are waited for.
    fn wait_at_most(&self, wait: Duration) -> Result<(), FatalError> {
        let set = self.connection.busy_timeout(wait);
        set.map_err(|error| FatalError(format!("no wait could be set: {error}")))
    }

    /// How long the log's file stays when it begins anew, in bytes.
    fn limit_log(&self, bytes: i64) -> Result<(), FatalError> {
        let set = self
            .connection
            .pragma_update_and_check(None, "journal_size_limit", bytes, |_| Ok(()));
        set.map_err(|error| FatalError(format!("the log's length could not be limited: {error}")))
    }
}
