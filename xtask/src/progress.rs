//! What cargo does while it builds, a line now and then: a newcomer sees from the first second that something happens, how
//! far it is and about how long it takes, also where the output is no terminal.

use std::{
    io::{BufReader, Read},
    process::{Command, Stdio},
    sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::steps::{self, elapsed};

/// How often a line is printed while nothing else is.
const EVERY: Duration = Duration::from_secs(10);

/// Lines of cargo that wait to be read; past it, cargo waits.
const WAITING_LINES: usize = 64;

/// Lines of cargo that say less than ours.
const LESS: [&str; 5] = ["Compiling ", "Checking ", "Fresh ", "Downloaded ", "Dirty "];

/// Runs a build of cargo and says how far it is.
pub(crate) fn cargo(command: &mut Command) -> Result<()> {
    let line = steps::describe(command);
    println!("   $ {line}");
    // Cargo draws its bar for terminals only, unless it is told to, and how wide.
    command
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "120")
        .env("CARGO_TERM_COLOR", "never");
    let mut child = command
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{line}`"))?;
    let (send, lines) = sync_channel(WAITING_LINES);
    let output = child.stderr.take().context("it was piped")?;
    let reader = thread::spawn(move || read(output, &send));

    let mut report = Report::new();
    loop {
        match lines.recv_timeout(EVERY) {
            Ok(line) => report.take(&line),
            Err(RecvTimeoutError::Timeout) => report.print(),
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    // It has nothing left to read, so it has ended or failed, and what failed was the output of a program that ended.
    let _ = reader.join();
    let status = child.wait()?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Sends what cargo writes, line by line; a bar ends with a carriage return.
fn read(output: impl Read, to: &SyncSender<String>) {
    let mut line = Vec::new();
    for byte in BufReader::new(output).bytes().map_while(Result::ok) {
        if byte != b'\n' && byte != b'\r' {
            line.push(byte);
        } else if to
            .send(String::from_utf8_lossy(&std::mem::take(&mut line)).into_owned())
            .is_err()
        {
            return;
        }
    }
}

/// How far cargo is.
struct Report {
    started: Instant,
    printed: Option<Instant>,
    first: Option<Bar>,
    last: Option<Bar>,
}

/// What stands in cargo's bar.
#[derive(Debug, Clone, PartialEq)]
struct Bar {
    done: u32,
    total: u32,
    /// What is compiled just now.
    names: String,
}

impl Report {
    fn new() -> Self {
        Self {
            started: Instant::now(),
            printed: None,
            first: None,
            last: None,
        }
    }

    fn take(&mut self, line: &str) {
        if let Some(bar) = Bar::parse(line) {
            self.first.get_or_insert_with(|| bar.clone());
            self.last = Some(bar);
            if self.printed.is_none_or(|at| at.elapsed() >= EVERY) {
                self.print();
            }
        } else if !is_less(line) {
            eprintln!("{line}");
        }
    }

    fn print(&mut self) {
        self.printed = Some(Instant::now());
        let time = elapsed(self.started.elapsed());
        match &self.last {
            Some(bar) => println!("   {time:>12}  {bar}{}", self.left(bar)),
            None => println!("   {time:>12}  waiting for cargo"),
        }
    }

    /// As long again for what is left as for what was done, crate by crate.
    fn left(&self, bar: &Bar) -> String {
        let begun = self.first.as_ref().map_or(0, |first| first.done);
        match bar.done.checked_sub(begun) {
            Some(0) | None => String::new(),
            Some(done) => {
                let each = self.started.elapsed() / done;
                format!(", about {} left", elapsed(each * bar.total.saturating_sub(bar.done)))
            }
        }
    }
}

impl Bar {
    /// Reads `Building [====>   ] 12/345: serde, tokio`.
    fn parse(line: &str) -> Option<Self> {
        let (_, rest) = line.trim_start().strip_prefix("Building [")?.split_once("] ")?;
        let (count, names) = rest.split_once(':').unwrap_or((rest, ""));
        let (done, total) = count.trim().split_once('/')?;
        Some(Self {
            done: done.parse().ok()?,
            total: total.parse().ok()?,
            names: names.trim().trim_end_matches("...").trim_end_matches(", ").to_owned(),
        })
    }
}

impl std::fmt::Display for Bar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { done, total, names } = self;
        write!(f, "{done} of {total} compiled; now {names}")
    }
}

fn is_less(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || LESS.iter().any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_of_cargo_says_how_far_it_is() {
        assert_eq!(
            Bar::parse("    Building [=====>       ] 12/345: serde, tokio(build.rs), ..."),
            Some(Bar {
                done: 12,
                total: 345,
                names: "serde, tokio(build.rs)".to_owned()
            })
        );
        assert_eq!(Bar::parse("   Compiling serde v1.0.0"), None);
    }

    #[test]
    fn a_bar_ends_with_a_carriage_return_and_a_line_with_a_line_feed() {
        let (send, lines) = sync_channel(WAITING_LINES);
        read(&b"one\rtwo\nthree"[..], &send);
        drop(send);
        assert_eq!(lines.iter().collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn errors_and_warnings_are_passed_on() {
        assert!(is_less("   Compiling serde v1.0.0"));
        assert!(!is_less("error[E0308]: mismatched types"));
        assert!(!is_less("    Blocking waiting for file lock on build directory"));
    }
}
