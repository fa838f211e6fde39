//! `cargo xtask dev`: the demo, and Trunk beside it that builds one application anew on every change, into the folder that
//! the relay serves.

use std::{env, fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::{
    assets::{self, App, Build},
    children::Children,
    demo::{self, Demo},
    steps::Steps,
    tools::{self, DevTools},
    workspace::Workspace,
};

/// Runs until Ctrl-C.
pub(crate) fn run(workspace: &Workspace, app: App) -> Result<()> {
    let demo = Demo::prepare(workspace, None)?;
    let mut steps = Steps::new(2 + demo::BUILD_STEPS);
    let tools = steps.run("Set-up", || tools::for_dev(workspace))?;
    demo::build(workspace, &mut steps)?;

    let mut children = Children::new()?;
    steps.run("Start", || {
        demo.start(&mut children, workspace)?;
        children.start("Trunk", &mut watch(workspace, &tools, app))
    })?;
    println!(
        "\n{}\n\n  The {} is built anew on every change: then reload its page. Ctrl-C stops everything.",
        demo.addresses(),
        app.name()
    );
    let ended = children.wait_for_interrupt();
    // What Trunk put there is not what the demo would.
    fs::remove_dir_all(Build::Fast.folder(workspace).join(app.name()))?;
    ended
}

fn watch(workspace: &Workspace, tools: &DevTools, app: App) -> Command {
    let mut trunk = tools.trunk(workspace);
    trunk.args(["--config", "Trunk.toml", "--skip-version-check", "watch", app.page()]);
    trunk.args(["--public-url", app.public_url(), "--locked", "true"]);
    trunk.arg("--dist").arg(Build::Fast.folder(workspace).join(app.name()));
    trunk
}

/// Replaces what Trunk made of a program by what the other builds make of it. Trunk's variables say which one it is.
pub(crate) fn link(workspace: &Workspace) -> Result<()> {
    let variable = |name: &str| {
        env::var_os(name)
            .map(PathBuf::from)
            .with_context(|| format!("Trunk sets {name}"))
    };
    let page = variable("TRUNK_HTML_FILE")?;
    let app = App::ALL.into_iter().find(|app| page.ends_with(app.page()));
    let app = app.with_context(|| format!("no application has the page {}", page.display()))?;
    assets::link(workspace, app, &variable("TRUNK_STAGING_DIR")?)
}
