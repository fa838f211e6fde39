//! What the crash test writes down while it runs: one JSON object a line, in the order in which things happened. A
//! program of its own (`tests/history`) reads the file and judges it; it shares no code with this module or with the
//! relay, so that a mistake in one of them is not made twice.

use serde::Serialize;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// One line.
#[derive(Debug, Serialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record<'a> {
    /// The first line.
    Run {
        /// What the random numbers came from.
        seed: u64,
    },
    /// Somebody who posts. Stated before its first post.
    Sender {
        /// Its name in this file.
        sender: &'a str,
        /// Where it posts.
        conversation: &'a str,
        /// Who it is to the relay: what its messages must be stamped with.
        principal: &'a str,
    },
    /// A post is about to be sent. Stated again on every retry.
    Post {
        /// Who.
        sender: &'a str,
        /// The same on every retry.
        client_id: &'a str,
        /// The content: no two posts of a run have the same.
        text: &'a str,
    },
    /// The relay acknowledged a post.
    Accepted {
        /// Whose.
        sender: &'a str,
        /// Which.
        client_id: &'a str,
        /// The store's incarnation.
        epoch: &'a str,
        /// Its position.
        seq: u64,
    },
    /// The relay was killed.
    Killed {
        /// Counted from 1.
        number: u32,
    },
    /// One event of a conversation's log, read when all was over.
    Read {
        /// Who reads, and so what it may see.
        reader: Reader,
        /// Which log.
        conversation: &'a str,
        /// The store's incarnation.
        epoch: &'a str,
        /// Its position.
        seq: u64,
        /// Its text, where it is a message with one.
        text: Option<&'a str>,
        /// Who the relay says caused it.
        emitter: &'a str,
        /// Its client id, which only its own sender is told.
        client_id: Option<&'a str>,
    },
    /// A log was read to its end.
    ReadTo {
        /// Who read.
        reader: Reader,
        /// Which log.
        conversation: &'a str,
        /// Its last position.
        head: u64,
    },
}

/// Through whose eyes a log is read.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// Staff sees every position.
    Staff,
    /// The customer sees what is for customers.
    Customer,
}

/// The file.
pub struct History(Mutex<BufWriter<File>>);

impl History {
    /// Creates or empties the file.
    pub fn create(path: &Path) -> Self {
        Self(Mutex::new(BufWriter::new(File::create(path).expect("a history file"))))
    }

    /// Adds a line. Lines of different senders stand in the order in which they were added.
    pub fn add(&self, record: &Record<'_>) {
        let line = serde_json::to_string(record).expect("records are JSON");
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(file, "{line}").expect("the history file takes lines");
    }

    /// Makes the file complete for its reader.
    pub fn flush(&self) {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.flush().expect("the history file takes lines");
    }
}
