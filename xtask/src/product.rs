//! The whole product: `dist/` first, because the relay's release build embeds it, then the programs.

use anyhow::Result;

use crate::{
    assets::{self, Build},
    progress, size,
    steps::Steps,
    tools::{self, BuildTools},
    workspace::Workspace,
};

/// The relay's program.
pub(crate) const RELAY: &str = "portico";

/// The demo bot's program and package.
pub(crate) const BOT: &str = "portico-demo-bot";

/// The playground's program and package, for the demo alone.
pub(crate) const PLAYGROUND: &str = "portico-playground";

/// The steps that [`build`] takes.
pub(crate) const BUILD_STEPS: usize = 2;

/// Set-up and build, as a command.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let mut steps = Steps::new(2 + BUILD_STEPS);
    let tools = steps.run("Set-up", || tools::for_build(workspace))?;
    build(workspace, &tools, &mut steps)?;
    steps.run("Sizes", || size::run(workspace))?;
    steps.summary();
    println!(
        "\n{}\n{}",
        workspace.release_program(RELAY).display(),
        workspace.release_program(BOT).display()
    );
    Ok(())
}

/// Builds everything that is released.
pub(crate) fn build(workspace: &Workspace, tools: &BuildTools, steps: &mut Steps) -> Result<()> {
    steps.run("Build the widget and the desk", || {
        assets::build(workspace, Build::Release(tools))
    })?;
    steps.run("Build the relay and the demo bot", || {
        let mut command = workspace.cargo(["build", "--locked", "--release", "--package", RELAY, "--package", BOT]);
        // Cargo does not know that the relay embeds these files; a variable that the relay reads makes it look.
        command.env("PORTICO_DIST_HASH", assets::fingerprint(workspace)?);
        progress::cargo(&mut command)
    })
}
