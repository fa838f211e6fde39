//! What the product costs and how soon it answers: a durable acknowledgement, what group commit is worth, the memory of an
//! idle connection, and a visitor's first word beside other chat widgets. Run it by `cargo xtask bench`, which builds the
//! release and says where everything is.
//!
//! Absolute numbers say as much about the machine as about the product. Ratios are therefore between sides on the same
//! machine in the same run, in rounds that take turns, so that whatever else the machine does disturbs all of them. A
//! ratio still depends on the disk or the browser, so none is a failure; only memory has a limit. `acks` measures
//! acknowledgements, `memory` connections, `first_word` and `long_chat` browsers; `client` is one connection without a browser.
#![expect(
    clippy::disallowed_methods,
    reason = "a load generator reads the clock and spawns freely"
)]

mod acks;
mod arguments;
mod client;
mod disk;
mod first_word;
mod long_chat;
mod memory;
mod spread;

use anyhow::Result;
use arguments::{Arguments, Only};
use std::process::ExitCode;

/// The load comes from one thread, so that as much as possible of the machine is left to the relay.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let mut holds = true;
    if arguments.wants(Only::Acks) {
        disk::describe()?;
        acks::measure(&arguments).await?;
    }
    if arguments.wants(Only::Memory) {
        holds &= memory::measure(&arguments).await?;
    }
    if arguments.wants(Only::FirstWord) {
        first_word::measure(&arguments).await?;
    }
    if arguments.wants(Only::LongChat) {
        long_chat::measure().await?;
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints whether an expectation holds.
fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "DOES NOT HOLD" }
}
