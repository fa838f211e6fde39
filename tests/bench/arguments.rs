//! What the command line may say.

use anyhow::{Context, Result, bail};
use std::str::FromStr;
use std::time::Duration;

const USAGE: &str = "usage: bench [--rounds N] [--seconds N] [--connections N] [--only acks|memory]";

/// One half of the measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Only {
    Acks,
    Memory,
}

/// The command line.
#[derive(Debug)]
pub(crate) struct Arguments {
    /// How often each measurement of acknowledgements is taken.
    pub(crate) rounds: usize,
    /// How long each lasts.
    pub(crate) span: Duration,
    /// Idle connections.
    pub(crate) connections: usize,
    pub(crate) only: Option<Only>,
}

impl Arguments {
    pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut arguments = Self {
            rounds: 5,
            span: Duration::from_secs(3),
            connections: 5_000,
            only: None,
        };
        while let Some(name) = words.next() {
            let mut value = || words.next().with_context(|| format!("{name} needs a value; {USAGE}"));
            match name.as_str() {
                "--rounds" => arguments.rounds = positive(&value()?)?,
                "--seconds" => arguments.span = Duration::from_secs(positive(&value()?)?),
                "--connections" => arguments.connections = positive(&value()?)?,
                "--only" => arguments.only = Some(only(&value()?)?),
                _ => bail!("{name} is not known; {USAGE}"),
            }
        }
        Ok(arguments)
    }
}

fn only(text: &str) -> Result<Only> {
    match text {
        "ack" | "acks" => Ok(Only::Acks),
        "memory" => Ok(Only::Memory),
        _ => bail!("--only takes acks or memory, not {text}"),
    }
}

fn positive<T: FromStr + Default + PartialOrd>(text: &str) -> Result<T> {
    let number = text.parse::<T>().ok().filter(|number| *number > T::default());
    number.with_context(|| format!("{text} is not a number above 0"))
}
