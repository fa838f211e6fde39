//! How a command shows its progress: numbered headings, elapsed times, a table at the end.

use std::{
    ffi::OsStr,
    fmt::Write,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

/// A sequence of steps whose number is known from the start.
pub(crate) struct Steps {
    total: usize,
    done: Vec<(String, Duration)>,
}

impl Steps {
    /// Announces `total` steps.
    pub(crate) fn new(total: usize) -> Self {
        Self {
            total,
            done: Vec::with_capacity(total),
        }
    }

    /// Runs the next step under a heading.
    pub(crate) fn run<T>(&mut self, title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n== [{}/{}] {title}", self.done.len() + 1, self.total);
        let started = Instant::now();
        let result = work();
        let took = started.elapsed();
        let outcome = if result.is_ok() { "done" } else { "FAILED" };
        println!("   {outcome} in {}", elapsed(took));
        self.done.push((title.to_owned(), took));
        result.with_context(|| format!("step {} of {} failed: {title}", self.done.len(), self.total))
    }

    /// Prints what ran and how long each step took.
    pub(crate) fn summary(&self) {
        println!("\n{}", table(&self.done));
    }
}

/// Runs a command whose output goes to the terminal.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = describe(command);
    println!("   $ {line}");
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Runs a command for its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = describe(command);
    let output = command.output().with_context(|| format!("cannot start `{line}`"))?;
    if !output.status.success() {
        bail!(
            "`{line}` ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed something that is not text"))
}

/// The command as it would be typed; only the variables that were set for it, not the long search path.
pub(crate) fn describe(command: &Command) -> String {
    let mut words = Vec::new();
    for (name, value) in command.get_envs() {
        match value {
            Some(value) if name != "PATH" => words.push(format!("{}={}", name.display(), quote(value))),
            Some(_) | None => {}
        }
    }
    words.push(quote(command.get_program()));
    words.extend(command.get_args().map(quote));
    words.join(" ")
}

/// A duration for people: `0.4 s`, `12 s`, `3 min 05 s`.
pub(crate) fn elapsed(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        _ => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

fn quote(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    // A shell has no way to escape inside single quotes: leave them, quote one, enter again.
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn table(rows: &[(String, Duration)]) -> String {
    let width = rows.iter().map(|(title, _)| title.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (title, took) in rows {
        writeln!(text, "  {title:width$}  {:>12}", elapsed(*took)).expect("a String takes any text");
    }
    let total = rows.iter().map(|(_, took)| *took).sum();
    write!(text, "  {:width$}  {:>12}", "total", elapsed(total)).expect("a String takes any text");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well_at_every_size() {
        assert_eq!(elapsed(Duration::from_millis(420)), "0.4 s");
        assert_eq!(elapsed(Duration::from_secs(59)), "59 s");
        assert_eq!(elapsed(Duration::from_secs(185)), "3 min 05 s");
    }

    #[test]
    fn a_command_is_described_so_that_it_can_be_typed_again() {
        let mut command = Command::new("cargo");
        command
            .args(["doc", "two words", "it's"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .env("PATH", "/long")
            .env_remove("OUT_DIR");
        assert_eq!(
            describe(&command),
            "RUSTDOCFLAGS='-D warnings' cargo doc 'two words' 'it'\\''s'"
        );
    }

    #[test]
    fn the_summary_ends_with_the_total() {
        let rows = [
            ("Format".to_owned(), Duration::from_secs(2)),
            ("Lints, native".to_owned(), Duration::from_secs(61)),
        ];
        assert_eq!(
            table(&rows),
            "  Format                2.0 s\n  Lints, native    1 min 01 s\n  total            1 min 03 s"
        );
    }

    #[test]
    fn a_failed_step_says_which_one_it_was() {
        let mut steps = Steps::new(2);
        steps.run("first", || Ok(())).expect("the step does nothing");
        let error = steps
            .run("second", || -> Result<()> { bail!("no room") })
            .expect_err("the step fails");
        assert_eq!(format!("{error:#}"), "step 2 of 2 failed: second: no room");
    }
}
