//! A gate in front of what an archive is written to.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

/// Passes on what is written until it is shut, by the first error or by the end of its [`Opened`]. What comes later is dropped, and
/// not refused: who writes it is on the way out, and has heard of the error.
pub(super) struct Gate<W> {
    into: W,
    is_open: Rc<Cell<bool>>,
}

/// Shuts a gate when it is dropped.
pub(super) struct Opened(Rc<Cell<bool>>);

impl<W: Write> Gate<W> {
    /// An open one.
    pub(super) fn new(into: W) -> (Self, Opened) {
        let is_open = Rc::new(Cell::new(true));
        let gate = Self {
            into,
            is_open: Rc::clone(&is_open),
        };
        (gate, Opened(is_open))
    }

    fn passed<T>(&self, done: io::Result<T>) -> io::Result<T> {
        // Whoever is interrupted tries again.
        let is_over = |error: &io::Error| error.kind() != io::ErrorKind::Interrupted;
        if done.as_ref().is_err_and(is_over) {
            self.is_open.set(false);
        }
        done
    }
}

impl<W: Write> Write for Gate<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_open.get() {
            return Ok(bytes.len());
        }
        let written = self.into.write(bytes);
        self.passed(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.is_open.get() {
            return Ok(());
        }
        let flushed = self.into.flush();
        self.passed(flushed)
    }
}

impl Opened {
    /// All is written.
    ///
    /// # Errors
    /// It is not: the gate was shut before.
    pub(super) fn keep(self) -> io::Result<()> {
        match self.0.get() {
            true => Ok(()),
            false => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.0.set(false);
    }
}
