//! The pinned tools that the commands need besides cargo, and their set-up on a fresh machine.
//!
//! Tools are kept per user, never in the checkout: `cargo clean` and a second clone do not fetch them again. What
//! cannot be installed is named with the command that would do it. The doors are [`for_build`], [`for_lints`]
//! and [`for_tests`]; all are instant once everything is there.

mod browser;
mod cache;
mod system;
mod toolchain;

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

pub(crate) use self::toolchain::WASM_TARGET;
use self::{
    browser::Browser,
    cache::{Cache, Installer, Tool},
};
use crate::{lockfile, workspace::Workspace};

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132.0.0";
const ESBUILD: &str = "0.25.10";
const AXE: &str = "4.10.3";

/// Tools that turn the browser crates into files.
pub(crate) struct BuildTools {
    trunk: PathBuf,
    wasm_opt: PathBuf,
    esbuild: PathBuf,
    path: OsString,
    versions: String,
}

/// Tools that use the finished product as a visitor would.
pub(crate) struct TestTools {
    /// The accessibility rules that are run inside the page.
    pub(crate) axe: PathBuf,
    /// The browser and its driver.
    pub(crate) browser: Browser,
}

/// Installs what the build needs.
pub(crate) fn for_build(workspace: &Workspace) -> Result<BuildTools> {
    toolchain::require_wasm_target(workspace)?;
    toolchain::fetch_crates(workspace)?;

    let bindgen = lockfile::version_in(workspace.root(), "wasm-bindgen")?;
    let cache = Cache::open()?;
    let trunk = cache.provide(&Tool {
        name: "trunk",
        version: TRUNK,
        // Debug builds: they start a compiler and copy files, so that minutes of optimizing would be wasted.
        installer: Installer::Cargo {
            arguments: &["--locked", "--debug", "--no-default-features", "--features", "rustls"],
        },
        program: "bin/trunk",
    })?;
    let wasm_bindgen = cache.provide(&Tool {
        name: "wasm-bindgen-cli",
        version: &bindgen,
        // No lock file is published with it. A little optimizing, because it walks through megabytes.
        installer: Installer::Cargo {
            arguments: &["--debug", "--config", "profile.dev.opt-level=1"],
        },
        program: "bin/wasm-bindgen",
    })?;
    let wasm_opt = cache.provide(&Tool {
        name: "binaryen",
        version: BINARYEN,
        installer: Installer::Npm,
        program: "node_modules/.bin/wasm-opt",
    })?;

    let esbuild = cache.provide(&Tool {
        name: "esbuild",
        version: ESBUILD,
        installer: Installer::Npm,
        program: "node_modules/.bin/esbuild",
    })?;

    let path = search_path([&trunk, &wasm_bindgen, &wasm_opt])?;
    let versions = format!("trunk {TRUNK}, wasm-bindgen {bindgen}, binaryen {BINARYEN}, esbuild {ESBUILD}");
    Ok(BuildTools {
        trunk,
        wasm_opt,
        esbuild,
        path,
        versions,
    })
}

/// Installs what looks at the sources.
pub(crate) fn for_lints(workspace: &Workspace) -> Result<()> {
    toolchain::require_component(workspace, "rustfmt", "fmt")?;
    toolchain::require_component(workspace, "clippy", "clippy")
}

/// Installs what the tests need and the product does not.
pub(crate) fn for_tests(workspace: &Workspace) -> Result<TestTools> {
    let axe = Cache::open()?.provide(&Tool {
        name: "axe-core",
        version: AXE,
        installer: Installer::Npm,
        program: "node_modules/axe-core/axe.min.js",
    })?;
    let browser = Browser::find_or_install(workspace)?;
    Ok(TestTools { axe, browser })
}

impl BuildTools {
    /// Trunk, which finds the other tools.
    pub(crate) fn trunk(&self, workspace: &Workspace) -> Command {
        let mut command = workspace.command(&self.trunk);
        // Trunk takes only the words true and false here, while other programs take anything.
        command.env("NO_COLOR", "true").env("PATH", &self.path);
        command
    }

    /// The WebAssembly optimizer.
    pub(crate) fn wasm_opt(&self, workspace: &Workspace) -> Command {
        let mut command = workspace.command(&self.wasm_opt);
        command.env("PATH", &self.path);
        command
    }

    /// The minifier of scripts and style sheets; it bundles nothing here.
    pub(crate) fn esbuild(&self, workspace: &Workspace) -> Command {
        let mut command = workspace.command(&self.esbuild);
        command.env("PATH", &self.path);
        command
    }

    /// All versions in one line: other tools make other files.
    pub(crate) fn versions(&self) -> &str {
        &self.versions
    }
}

fn search_path(programs: [&PathBuf; 3]) -> Result<OsString> {
    let folders = programs
        .into_iter()
        .filter_map(|program| program.parent())
        .map(Path::to_path_buf);
    let inherited = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.chain(env::split_paths(&inherited))).context("a folder's name holds the path separator")
}
