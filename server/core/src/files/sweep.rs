//! Files whose time is over go: the bytes first, so that what failed is tried again, and then the record.

use super::Files;
use crate::store::{FileRecord, StoreError};
use crate::telemetry::FILES;
use portico_shared::ids::FileId;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How often files are looked for whose time is over.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Files that are removed before more are looked for.
const BATCH: u32 = 100;

/// The longest that one file is waited for that is being written: a write that hangs keeps no other file.
const TURN_WITHIN: Duration = Duration::from_secs(5);

/// Why files whose time is over are still there.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// Some could not be removed. The first one is named: a place that takes no removal makes one line of the log, and not one
    /// for each file.
    #[error("{count} files whose time is over were not removed, {first} among them")]
    Left {
        /// The first of them.
        first: FileId,
        /// How many.
        count: usize,
        /// Why the first one was not.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The store does not say which files they are.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sweeps until the relay stops.
pub async fn run(files: Arc<Files>) {
    let stop = files.registry.services().shutdown.clone();
    while stop
        .run_until_cancelled(tokio::time::sleep(SWEEP_EVERY))
        .await
        .is_some()
    {
        if let Err(error) = files.sweep().await {
            tracing::error!(
                error = &error as &dyn Error,
                "files whose time is over could not be removed; tried again"
            );
        }
    }
}

impl Files {
    /// Removes all files whose time is over. One that cannot be removed keeps no other from it, and is tried again with the
    /// next sweep.
    pub async fn sweep(&self) -> Result<(), SweepError> {
        let services = self.registry.services();
        let now = services.clock.now_ms();
        let (mut last, mut left) = (None, Ok(()));
        loop {
            let expired = services.store.expire_files(now, last, BATCH).await?;
            for file in &expired {
                if services.shutdown.is_cancelled() {
                    return Ok(());
                }
                if let Err(source) = self.remove(file, now).await {
                    left = Err(one_more(left, file, source));
                }
            }
            if expired.len() < BATCH as usize {
                return left;
            }
            last = expired.last().cloned();
        }
    }

    async fn remove(&self, file: &FileRecord, now: i64) -> Result<(), Box<dyn Error + Send + Sync>> {
        let store = &self.registry.services().store;
        let _turn = timeout(TURN_WITHIN, self.turns.take(&file.id)).await?;
        // What a request wrote between is known now.
        if let Some(file) = store.file(&file.id).await? {
            self.remove_pieces(&file).await?;
            store.forget_file(&file.id, now).await?;
            metrics::counter!(FILES, "state" => "expired").increment(1);
        }
        Ok(())
    }
}

fn one_more(left: Result<(), SweepError>, file: &FileRecord, error: Box<dyn Error + Send + Sync>) -> SweepError {
    match left {
        Err(SweepError::Left { first, count, source }) => SweepError::Left {
            first,
            count: count + 1,
            source,
        },
        Err(SweepError::Store(_)) | Ok(()) => SweepError::Left {
            first: file.id.clone(),
            count: 1,
            source: error,
        },
    }
}
