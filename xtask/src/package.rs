//! The package for bundlers, `packages/portico`: its declarations are checked on examples that use every verb, and its example
//! is put together into the page that a browser test opens.

use std::{
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{steps, tools, workspace::Workspace};

/// Where the package is, and where its tools are pinned.
pub(crate) const PACKAGE: &str = "packages/portico";

/// What the package is called by those who use it, and what that is here.
const ENTRIES: [&str; 2] = ["portico-chat=./index.js", "portico-chat/react=./react.js"];

/// Checks it, and answers the script of its example.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    let modules = tools::for_package(workspace)?;
    let folder = stage(workspace, &modules)?;
    let mut check = workspace.command("node");
    check.arg(modules.join("typescript/bin/tsc")).args(["--project", "."]);
    steps::run(check.current_dir(&folder)).context("the declarations of the package do not fit its examples")?;

    let script = folder.join("app.js");
    let mut bundle = workspace.command(tools::bundler()?);
    bundle.args(["--bundle", "--format=iife", "--jsx=automatic", "--log-level=warning"]);
    bundle.args(ENTRIES.map(|entry| format!("--alias:{entry}")));
    // As it is developed with: in strict mode each effect is then run, undone and run again.
    bundle.arg("--define:process.env.NODE_ENV=\"development\"");
    bundle.args(["example/app.tsx", "--outfile=app.js"]);
    steps::run(bundle.current_dir(&folder))?;
    Ok(script)
}

/// Puts the package beside the modules that it is checked with: in the sources it has none.
fn stage(workspace: &Workspace, modules: &Path) -> Result<PathBuf> {
    let folder = workspace.scratch().join("package");
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    copy(&workspace.root().join(PACKAGE), &folder)?;
    symlink(modules, folder.join("node_modules"))?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if !entry.file_type()?.is_dir() {
            fs::copy(entry.path(), target)?;
        } else if entry.file_name() != "node_modules" {
            copy(&entry.path(), &target)?;
        }
    }
    Ok(())
}
