//! `cargo xtask dev`: a debug relay, and Trunk beside it that rebuilds one application on every change and reloads it.

mod door;

use std::net::{Ipv4Addr, SocketAddr, TcpStream};

use anyhow::Result;

use self::door::Plan;
use crate::{
    assets::{self, App},
    children::Children,
    demo::Demo,
    product,
    steps::{self, Steps},
    tools::{self, BuildTools},
    workspace::Workspace,
};

/// Where browsers go.
const DOOR: SocketAddr = local(8090);

/// Where Trunk serves; only the door asks it.
const TRUNK: SocketAddr = local(8091);

const fn local(port: u16) -> SocketAddr {
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

/// Runs until Ctrl-C.
pub(crate) fn run(workspace: &Workspace, app: App) -> Result<()> {
    let mut steps = Steps::new(5);
    let tools = steps.run("Set-up", || tools::for_build(workspace))?;
    steps.run("Build what the relay serves beside", || {
        assets::build_beside(workspace, &tools, app)
    })?;
    steps.run("Build a debug relay and the demo bot", || {
        steps::run(&mut workspace.cargo(["build", "--package", product::RELAY, "--package", product::BOT]))
    })?;

    let mut children = Children::new()?;
    let demo = Demo::prepare(workspace)?;
    let origin = format!("http://{DOOR}");
    steps.run("Start the relay and the bot", || {
        let mut relay = demo.relay(workspace, &workspace.debug_program(product::RELAY));
        // The browser sees the door's origin, so that the relay must take it for its own.
        relay.env("PORTICO_SERVER__PUBLIC_URL", &origin);
        demo.start(&mut children, workspace, &workspace.debug_program(product::BOT), relay)
    })?;
    steps.run("Build and serve the application", || {
        children.start("Trunk", &mut serve(workspace, &tools, app))?;
        children.wait_until(|| TcpStream::connect(TRUNK).is_ok())?;
        door::open(
            DOOR,
            Plan {
                path: app.public_url().trim_end_matches('/'),
                trunk: TRUNK,
                relay: demo.relay_address(),
            },
        )
    })?;
    println!(
        "\n{}\n\n  The {} is rebuilt and reloaded on change; Ctrl-C stops it.",
        demo.addresses(&origin),
        app.name()
    );
    children.wait_for_interrupt()
}

fn serve(workspace: &Workspace, tools: &BuildTools, app: App) -> std::process::Command {
    let mut trunk = tools.trunk(workspace);
    trunk.args(["--config", "Trunk.toml", "--skip-version-check", "serve", app.page()]);
    trunk.args(["--public-url", app.public_url()]);
    trunk.args([
        "--address",
        &TRUNK.ip().to_string(),
        "--port",
        &TRUNK.port().to_string(),
    ]);
    let dist = workspace.scratch().join(format!("{}-dev", app.name()));
    trunk.arg("--dist").arg(dist);
    // It would print its own addresses, at which there is no relay.
    trunk.env("RUST_LOG", "info,trunk::serve=warn");
    trunk
}
