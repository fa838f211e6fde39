//! The playground of the demo: a page on which all options of the script tag and all commands are live, and a line
//! between the page's chat and the relay that can be made bad, so that a developer sees what a customer sees.
//!
//! The relay knows nothing of it. To a browser the line is a relay of its own, at an address of its own, which the channel
//! lists among its origins. Start reading at [`fault::Fault`]; nothing of this is for a machine that others reach.
#![expect(
    clippy::disallowed_methods,
    reason = "a program of its own, which holds things back in real time and ends with its process"
)]

mod fault;
mod frames;
mod line;
mod pace;
mod page;

use clap::Parser;
use line::Line;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The demo's playground.
#[derive(Parser)]
struct Arguments {
    /// Where the page is.
    #[arg(long, default_value = "127.0.0.1:8083")]
    listen: SocketAddr,
    /// Where browsers find the relay through the line.
    #[arg(long, default_value = "127.0.0.1:8084")]
    line: SocketAddr,
    /// Where the relay is.
    #[arg(long, default_value = "127.0.0.1:8080")]
    relay: SocketAddr,
    /// The channel whose chat the page has. Its origins must have both addresses, that of the page and that of the line.
    #[arg(long, default_value = "demo")]
    channel: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let line = Arc::new(Line::new(arguments.line, arguments.relay));
    let listener = TcpListener::bind(arguments.line).await?;
    tokio::spawn(line::serve(listener, Arc::clone(&line)));
    let listener = TcpListener::bind(arguments.listen).await?;
    axum::serve(listener, page::router(line, &arguments.channel)).await?;
    Ok(())
}
