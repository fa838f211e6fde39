//! `cargo xtask bench`: the benchmark against the release build.

use anyhow::Result;

use crate::{
    product,
    steps::{self, Steps},
    tools::{self, BenchTools},
    workspace::Workspace,
};

/// Builds, then measures; `arguments` are the benchmark's.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let mut steps = Steps::new(2 + product::BUILD_STEPS);
    let (tools, BenchTools { browser, chats }) = steps.run("Set-up", || {
        Ok((tools::for_build(workspace)?, tools::for_bench(workspace)?))
    })?;
    product::build(workspace, &tools, &mut steps)?;
    steps.run("Measure", || {
        let mut command = workspace.cargo(["run", "--release", "--package", "portico-tests", "--bin", "bench", "--"]);
        command
            .args(arguments)
            .env("PORTICO_BIN", workspace.release_program(product::RELAY))
            .env("PORTICO_CHROMEDRIVER", &browser.driver)
            .env("PORTICO_CHROMIUM", &browser.chromium)
            .envs(chats);
        steps::run(&mut command)
    })
}
