//! What rustup and cargo bring: the browser target, the components, the crates of the lock file.

use std::path::Path;

use anyhow::{Context, Result};

use crate::{steps, workspace::Workspace};

/// The target of everything that runs in a browser.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the compiler can build for the browser.
pub(super) fn require_wasm_target(workspace: &Workspace) -> Result<()> {
    let sysroot = steps::output(workspace.command("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    println!("   adding the target {WASM_TARGET}");
    steps::run(workspace.command("rustup").args(["target", "add", WASM_TARGET]))
        .with_context(|| format!("the compiler lacks a target: install it with `rustup target add {WASM_TARGET}`"))
}

/// Makes sure that a component of the toolchain is there, which `cargo <subcommand>` would start.
pub(super) fn require_component(workspace: &Workspace, component: &str, subcommand: &str) -> Result<()> {
    if steps::output(&mut workspace.cargo([subcommand, "--version"])).is_ok() {
        return Ok(());
    }
    println!("   adding the component {component}");
    steps::run(workspace.command("rustup").args(["component", "add", component]))
        .with_context(|| format!("the toolchain lacks {component}: install it with `rustup component add {component}`"))
}

/// Fetches the crates for all targets, because Trunk builds without the network.
pub(super) fn fetch_crates(workspace: &Workspace) -> Result<()> {
    steps::run(&mut workspace.cargo(["fetch", "--locked", "--quiet"]))
}
