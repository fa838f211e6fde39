//! Programs that run until the user has seen enough.

use std::{
    process::{Child, Command},
    sync::mpsc::{Receiver, RecvTimeoutError, sync_channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::steps;

/// How often a program is asked whether it still runs.
const POLL: Duration = Duration::from_millis(200);

/// How long a program may take to end by itself; past it, it is killed.
const GRACE: Duration = Duration::from_secs(10);

/// Programs that were started here; they end with this value.
pub(crate) struct Children {
    running: Vec<Running>,
    interrupted: Receiver<()>,
}

struct Running {
    name: &'static str,
    child: Child,
}

impl Children {
    /// Takes over Ctrl-C; once per process.
    pub(crate) fn new() -> Result<Self> {
        let (interrupt, interrupted) = sync_channel(1);
        let interrupt = move || {
            // Full when Ctrl-C came before: one is enough.
            let _ = interrupt.try_send(());
        };
        ctrlc::set_handler(interrupt).context("cannot take over Ctrl-C")?;
        Ok(Self {
            running: Vec::new(),
            interrupted,
        })
    }

    /// Starts one more.
    pub(crate) fn start(&mut self, name: &'static str, command: &mut Command) -> Result<()> {
        let line = steps::describe(command);
        println!("   $ {line}");
        let child = command.spawn().with_context(|| format!("cannot start `{line}`"))?;
        self.running.push(Running { name, child });
        Ok(())
    }

    /// Waits until `ready` says so; an error when a program ends first or Ctrl-C comes.
    pub(crate) fn wait_until(&mut self, ready: impl Fn() -> bool) -> Result<()> {
        while !ready() {
            if let Waited::Interrupted = self.wait()? {
                bail!("interrupted");
            }
        }
        Ok(())
    }

    /// Waits for Ctrl-C; an error when a program ends first.
    pub(crate) fn wait_for_interrupt(&mut self) -> Result<()> {
        while let Waited::Nothing = self.wait()? {}
        Ok(())
    }

    fn wait(&mut self) -> Result<Waited> {
        for Running { name, child } in &mut self.running {
            if let Some(status) = child.try_wait()? {
                bail!("{name} ended with {status}");
            }
        }
        match self.interrupted.recv_timeout(POLL) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => Ok(Waited::Interrupted),
            Err(RecvTimeoutError::Timeout) => Ok(Waited::Nothing),
        }
    }
}

enum Waited {
    Nothing,
    Interrupted,
}

impl Drop for Children {
    /// The last one started is the first to end: it may need the others.
    fn drop(&mut self) {
        while let Some(Running { name, mut child }) = self.running.pop() {
            if let Err(error) = stop(&mut child) {
                eprintln!("   cannot stop {name}, process {}: {error}", child.id());
            }
        }
    }
}

/// Asks a process to end and waits for it.
fn stop(child: &mut Child) -> Result<()> {
    if child.try_wait()?.is_some() {
        return Ok(());
    }
    let asked = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status();
    if asked.is_ok_and(|status| status.success()) {
        let until = Instant::now() + GRACE;
        while Instant::now() < until {
            if child.try_wait()?.is_some() {
                return Ok(());
            }
            thread::sleep(POLL);
        }
    }
    child.kill()?;
    child.wait()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_end_with_the_value_that_started_them() {
        let mut children = Children::new().expect("the only test that takes over Ctrl-C");
        children
            .start("sleep", Command::new("sleep").arg("600"))
            .expect("there is a sleep");
        children.wait_until(|| true).expect("nothing to wait for");
        let process = format!("/proc/{}", children.running[0].child.id());
        drop(children);
        assert!(!std::path::Path::new(&process).exists());
    }
}
