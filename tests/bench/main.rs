//! The load generator: what a durable acknowledgement costs, what group commit is worth, and how much memory an idle
//! connection takes. Run it by `cargo xtask bench`, which builds the relay and says where it is (`PORTICO_BIN`).
//!
//! Absolute numbers say as much about the machine as about the relay. Ratios are therefore between relays on the same
//! machine in the same run, in rounds that take turns, so that whatever else the machine does disturbs all of them. A
//! ratio still depends on the disk, so none is a failure; only memory has a limit. `acks` measures acknowledgements, `memory` connections; `client` is one connection.
#![expect(
    clippy::disallowed_methods,
    reason = "a load generator reads the clock and spawns freely"
)]

mod acks;
mod arguments;
mod client;
mod disk;
mod memory;

use anyhow::Result;
use arguments::{Arguments, Only};
use std::process::ExitCode;

/// The load comes from one thread, so that as much as possible of the machine is left to the relay.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let mut holds = true;
    if arguments.only != Some(Only::Memory) {
        disk::describe()?;
        acks::measure(&arguments).await?;
    }
    if arguments.only != Some(Only::Acks) {
        holds &= memory::measure(&arguments).await?;
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints whether an expectation holds.
fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "DOES NOT HOLD" }
}
