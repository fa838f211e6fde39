//! What the command line may say.

use anyhow::{Context, Result, bail};
use std::str::FromStr;
use std::time::Duration;

const USAGE: &str =
    "usage: bench [--rounds N] [--seconds N] [--connections N] [--only acks|memory|first-word|long-chat]";

/// One of the measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Only {
    Acks,
    Memory,
    FirstWord,
    LongChat,
}

/// The command line.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// How often each measurement is taken that is taken several times; none: as often as it says itself.
    pub(crate) rounds: Option<usize>,
    /// How long each of acknowledgements lasts.
    pub(crate) span: Duration,
    /// Idle connections.
    pub(crate) connections: usize,
    only: Option<Only>,
}

impl Arguments {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut arguments = Self {
            rounds: None,
            span: Duration::from_secs(3),
            connections: 5_000,
            only: None,
        };
        while let Some(name) = words.next() {
            let mut value = || words.next().with_context(|| format!("{name} needs a value; {USAGE}"));
            match name.as_str() {
                "--rounds" => arguments.rounds = Some(positive(&value()?)?),
                "--seconds" => arguments.span = Duration::from_secs(positive(&value()?)?),
                "--connections" => arguments.connections = positive(&value()?)?,
                "--only" => arguments.only = Some(only(&value()?)?),
                _ => bail!("{name} is not known; {USAGE}"),
            }
        }
        Ok(arguments)
    }

    /// Whether this is measured.
    pub(crate) fn wants(&self, measurement: Only) -> bool {
        self.only.is_none_or(|only| only == measurement)
    }
}

fn only(text: &str) -> Result<Only> {
    match text {
        "ack" | "acks" => Ok(Only::Acks),
        "memory" => Ok(Only::Memory),
        "first-word" => Ok(Only::FirstWord),
        "long-chat" => Ok(Only::LongChat),
        _ => bail!("--only takes acks, memory, first-word or long-chat, not {text}"),
    }
}

fn positive<T: FromStr + Default + PartialOrd>(text: &str) -> Result<T> {
    let number = text.parse::<T>().ok().filter(|number| *number > T::default());
    number.with_context(|| format!("{text} is not a number above 0"))
}
