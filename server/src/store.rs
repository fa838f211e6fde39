//! Copies of the store, from the command line. They need no relay: they work on files, and on those of a running relay as
//! SQLite lets other processes.

use crate::arguments::StoreVerb;
use anyhow::{Result, bail};
use portico::{app, config};
use portico_core::config::Config;
use portico_core::files::pieces;
use portico_core::store::FileRecord;
use portico_sqlite::{Incomplete, Report};
use std::fmt::Write as _;

/// Does it, and answers what to tell the operator.
pub(crate) fn perform(verb: StoreVerb) -> Result<String> {
    match verb {
        StoreVerb::Backup { copy, file } => {
            let config = config::load(file.config.as_deref())?;
            let report = portico_sqlite::backup(&config.store.path, &copy)?;
            let place = place(&config);
            Ok(format!(
                "copied to {}: {}\nfiles are not in it: copy {place} as well, now",
                copy.display(),
                held(&report)
            ))
        }
        StoreVerb::Restore { copy, incomplete, file } => {
            let config = config::load(file.config.as_deref())?;
            let incomplete = match incomplete {
                true => Incomplete::Taken,
                false => Incomplete::Refused,
            };
            let suffix = format!(".replaced-{}", app::system_clock().now_ms());
            let report = portico_sqlite::restore(&config.store.path, &copy, incomplete, &suffix)?;
            let mut told = format!(
                "restored {}: {}\nfiles are not in it: they are read from {}",
                copy.display(),
                held(&report),
                place(&config)
            );
            if let Some(aside) = report.aside {
                let _ = write!(told, "\nwhat was there is kept as {}", aside.display());
            }
            Ok(told)
        }
        StoreVerb::Check { copy: Some(copy), .. } => {
            let report = portico_sqlite::check(&copy)?;
            Ok(format!("{} holds together: {}", copy.display(), held(&report)))
        }
        StoreVerb::Check { copy: None, file } => {
            let config = config::load(file.config.as_deref())?;
            let report = portico_sqlite::check(&config.store.path)?;
            check_files(&config, &report.files)?;
            Ok(format!(
                "{} holds together: {}",
                config.store.path.display(),
                held(&report)
            ))
        }
    }
}

/// Refuses a store with files whose bytes are not all in the folder. A bucket is not asked.
fn check_files(config: &Config, files: &[FileRecord]) -> Result<()> {
    if !config.files.bucket.is_empty() {
        return Ok(());
    }
    let folder = config.files_folder();
    let is_there = |(key, length): (String, u64)| {
        let found = std::fs::metadata(folder.join(key));
        found.is_ok_and(|found| found.len() == length)
    };
    let lacking: Vec<_> = files.iter().filter(|file| !pieces(file).all(is_there)).collect();
    match lacking.first() {
        None => Ok(()),
        Some(first) => bail!(
            "the store holds together, but bytes of {} of its {} files are missing in {}: the first is {}",
            lacking.len(),
            files.len(),
            folder.display(),
            first.id
        ),
    }
}

/// Where the bytes of files lie.
fn place(config: &Config) -> String {
    match config.files.bucket.as_str() {
        "" => config.files_folder().display().to_string(),
        bucket => format!("the bucket {bucket}"),
    }
}

fn held(report: &Report) -> String {
    let Report {
        conversations,
        bytes,
        files,
        ..
    } = report;
    format!("{conversations} conversations, {} files, {bytes} bytes", files.len())
}
