//! Signals that end the process.

use anyhow::Result;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Told to stop a second time.
const EXIT_IMPATIENT: i32 = 130;

/// The first signal asks for a drain, or a command to clean up; the second ends the process at once.
pub(crate) fn stop(stop: CancellationToken) -> Result<()> {
    let mut told = Vec::new();
    for kind in [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::quit()] {
        told.push(signal(kind)?);
    }
    if !is_hangup_ignored() {
        told.push(signal(SignalKind::hangup())?);
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "it must outlive the drain that it may cut short"
    )]
    tokio::spawn(async move {
        for times in 0_u8.. {
            futures_util::future::select_all(told.iter_mut().map(|signal| Box::pin(signal.recv()))).await;
            if times > 0 {
                std::process::exit(EXIT_IMPATIENT);
            }
            stop.cancel();
        }
    });
    Ok(())
}

/// Whether the relay was started to outlive its terminal (`nohup`). To listen for SIGHUP would undo that.
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // Signal 1 is the lowest bit.
    ignored.is_some_and(|mask| mask & 1 == 1)
}
