//! `cargo xtask dev`: a debug relay, and Trunk in front of it that rebuilds one application on every change.

use anyhow::Result;

use crate::{
    assets::App,
    children::Children,
    demo::Demo,
    product,
    steps::{self, Steps},
    tools,
    workspace::Workspace,
};

/// Where Trunk serves; `Trunk.toml` says the same.
const ORIGIN: &str = "http://127.0.0.1:8090";

/// Runs until Ctrl-C.
pub(crate) fn run(workspace: &Workspace, app: App) -> Result<()> {
    let mut steps = Steps::new(3);
    let tools = steps.run("Set-up", || tools::for_build(workspace))?;
    steps.run("Build a debug relay and the demo bot", || {
        steps::run(&mut workspace.cargo(["build", "--package", product::RELAY, "--package", product::BOT]))
    })?;

    let mut children = Children::new()?;
    let demo = Demo::prepare(workspace)?;
    steps.run("Start", || {
        let mut relay = demo.relay(workspace, &workspace.debug_program(product::RELAY));
        // The browser sees Trunk's origin, so that the relay must take it for its own.
        relay.env("PORTICO_SERVER__PUBLIC_URL", ORIGIN);
        demo.start(&mut children, workspace, &workspace.debug_program(product::BOT), relay)?;
        let mut trunk = tools.trunk(workspace);
        trunk.args(["--config", "Trunk.toml", "--skip-version-check", "serve", app.page()]);
        trunk.args(["--public-url", app.public_url()]);
        trunk
            .arg("--dist")
            .arg(workspace.scratch().join(format!("{}-dev", app.name())));
        children.start("Trunk", &mut trunk)
    })?;
    println!(
        "\n  {} rebuilds on change   {ORIGIN}{}\n{}",
        app.name(),
        app.public_url(),
        demo.addresses()
    );
    children.wait_for_interrupt()
}
