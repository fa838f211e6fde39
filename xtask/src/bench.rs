//! `cargo xtask bench`: the load generator against the release build.

use anyhow::Result;

use crate::{
    product,
    steps::{self, Steps},
    tools,
    workspace::Workspace,
};

/// Builds, then measures; `arguments` are the load generator's.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let mut steps = Steps::new(2 + product::BUILD_STEPS);
    let tools = steps.run("Set-up", || tools::for_build(workspace))?;
    product::build(workspace, &tools, &mut steps)?;
    steps.run("Measure", || {
        let mut command = workspace.cargo(["run", "--release", "--package", "portico-tests", "--bin", "bench", "--"]);
        command
            .args(arguments)
            .env("PORTICO_BIN", workspace.release_program(product::RELAY));
        steps::run(&mut command)
    })
}
