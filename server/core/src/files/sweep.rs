//! Files whose time is over go: the bytes first, so that what failed is tried again, and then the record.

use super::{FileError, Files};
use crate::telemetry::FILES;
use std::sync::Arc;
use std::time::Duration;

/// How often files are looked for whose time is over.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Files that are removed before more are looked for.
const BATCH: u32 = 100;

/// Sweeps until the relay stops.
pub async fn run(files: Arc<Files>) {
    let stop = files.registry.services().shutdown.clone();
    while stop
        .run_until_cancelled(tokio::time::sleep(SWEEP_EVERY))
        .await
        .is_some()
    {
        if let Err(error) = files.sweep().await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "files whose time is over could not be removed; tried again"
            );
        }
    }
}

impl Files {
    /// Removes all files whose time is over.
    pub async fn sweep(&self) -> Result<(), FileError> {
        let services = self.registry.services();
        loop {
            let now = services.clock.now_ms();
            let expired = services.store.expire_files(now, BATCH).await?;
            for file in &expired {
                let turn = self.turns.take(&file.id).await;
                // What a request wrote between is known now.
                if let Some(file) = services.store.file(&file.id).await? {
                    self.remove_pieces(&file).await?;
                    services.store.forget_file(&file.id, now).await?;
                    metrics::counter!(FILES, "state" => "expired").increment(1);
                }
                drop(turn);
                if services.shutdown.is_cancelled() {
                    return Ok(());
                }
            }
            if expired.len() < BATCH as usize {
                return Ok(());
            }
        }
    }
}
