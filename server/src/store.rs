//! Copies of the store, from the command line. They need no relay: they work on files, and on those of a running relay as
//! SQLite lets other processes.

use crate::arguments::StoreVerb;
use anyhow::Result;
use portico::{app, config};
use portico_core::config::Config;
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
            let mut told = format!("restored {}: {}", copy.display(), held(&report));
            if let Some(aside) = report.aside {
                let _ = write!(told, "\nwhat was there is kept as {}", aside.display());
            }
            Ok(told)
        }
        StoreVerb::Check { copy, file } => {
            let path = match copy {
                Some(copy) => copy,
                None => config::load(file.config.as_deref())?.store.path,
            };
            let report = portico_sqlite::check(&path)?;
            Ok(format!("{} holds together: {}", path.display(), held(&report)))
        }
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
    format!("{} conversations, {} bytes", report.conversations, report.bytes)
}
