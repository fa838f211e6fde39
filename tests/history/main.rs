//! Judges what the crash test wrote down: nothing that was acknowledged is lost, nothing stands in a log twice, each
//! sender's messages stand in the order in which they were posted.
//!
//! A program of its own with its own reading of the file, on purpose: nothing of the relay, its client or the test that
//! wrote the file is used here, so that no mistake of theirs can hide itself. `record` reads the file, `judge` holds
//! the rules, `finding` names what can be wrong.

mod finding;
mod judge;
mod record;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::process::ExitCode;

/// Most findings that are printed; the rest is counted.
const SHOWN: usize = 40;

fn main() -> ExitCode {
    let files: Vec<_> = std::env::args_os().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: check-history FILE...");
        return ExitCode::from(2);
    }
    let clean = files.iter().filter(|file| is_clean(Path::new(file))).count();
    if clean == files.len() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Judges one file and prints the verdict.
fn is_clean(file: &Path) -> bool {
    let verdict = std::fs::read_to_string(file)
        .map_err(|error| error.to_string())
        .and_then(|text| record::read(&text))
        .and_then(|history| judge::judge(&history));
    let verdict = match verdict {
        Ok(verdict) => verdict,
        Err(reason) => {
            println!("{}: this proves nothing: {reason}", file.display());
            return false;
        }
    };
    println!("{}: {}", file.display(), verdict.summary);
    for finding in verdict.findings.iter().take(SHOWN) {
        println!("  {finding}");
    }
    if verdict.findings.len() > SHOWN {
        println!("  and {} more", verdict.findings.len() - SHOWN);
    }
    verdict.findings.is_empty()
}
