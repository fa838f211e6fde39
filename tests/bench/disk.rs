//! How fast this disk makes things durable: what no relay can beat one message at a time.

use anyhow::Result;
use std::io::Write;
use std::time::{Duration, Instant};

/// How long the disk is asked.
const SPAN: Duration = Duration::from_secs(1);

/// A folder in memory answers faster than any disk of the kind that this runs on.
const SUSPICIOUS_PER_SECOND: f64 = 100_000.0;

/// Prints it.
pub(crate) fn describe() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut file = std::fs::File::create(folder.path().join("disk"))?;
    let (begun, mut syncs) = (Instant::now(), 0_u32);
    while begun.elapsed() < SPAN {
        file.write_all(&[0; 4096])?;
        file.sync_data()?;
        syncs += 1;
    }
    let per_second = f64::from(syncs) / begun.elapsed().as_secs_f64();
    println!("This disk syncs 4 KiB {per_second:.0} times per second, one after the other.");
    if per_second > SUSPICIOUS_PER_SECOND {
        println!("That is no disk: set TMPDIR to a folder on one, or the comparison below means nothing.");
    }
    Ok(())
}
