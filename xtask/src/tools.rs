//! The pinned tools that the commands need besides cargo, and their set-up on a fresh machine.
//!
//! Tools are kept per user, never in the checkout: `cargo clean` and a second clone do not fetch them again. What
//! cannot be installed is named with the command that would do it. Each door (`for_…`) is for one kind of work and installs no
//! more than that takes; all are instant once everything is there.

mod browser;
mod cache;
mod chats;
mod firefox;
mod languages;
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
    firefox::Firefox,
};
use crate::{assets::Fingerprint, lockfile, package, workspace::Workspace};

const TRUNK: &str = "0.21.14";
const BINARYEN: &str = "132.0.0";
const ESBUILD: &str = "0.25.10";
const CARGO_DENY: &str = "0.20.2";
const AXE: &str = "4.10.3";

/// Tools that make the browser files small.
pub(crate) struct BuildTools {
    wasm_opt: PathBuf,
    esbuild: PathBuf,
}

/// Trunk, and what it starts.
pub(crate) struct DevTools {
    trunk: PathBuf,
    path: OsString,
}

/// Tools that use the finished product as a visitor would.
pub(crate) struct TestTools {
    /// The accessibility rules that are run inside the page.
    pub(crate) axe: PathBuf,
    /// The browser that most tests are about, and its driver.
    pub(crate) browser: Browser,
    /// The other one, for the main tests.
    pub(crate) firefox: Firefox,
    /// The OpenID provider at which users sign in.
    pub(crate) openid: PathBuf,
}

/// What the product is measured with.
pub(crate) struct BenchTools {
    /// The browser and its driver.
    pub(crate) browser: Browser,
    /// Other chats: the variable that says where each is, and its script.
    pub(crate) chats: Vec<(&'static str, PathBuf)>,
}

/// Installs what the release needs besides the compiler.
pub(crate) fn for_build(workspace: &Workspace) -> Result<BuildTools> {
    toolchain::require_wasm_target(workspace)?;
    let cache = Cache::open()?;
    let wasm_opt = cache.provide(&Tool {
        name: "binaryen",
        version: BINARYEN,
        installer: Installer::Npm,
        program: "node_modules/.bin/wasm-opt",
    })?;
    let esbuild = bundler()?;
    Ok(BuildTools { wasm_opt, esbuild })
}

/// Installs what makes one script of many modules.
pub(crate) fn bundler() -> Result<PathBuf> {
    Cache::open()?.provide(&Tool {
        name: "esbuild",
        version: ESBUILD,
        installer: Installer::Npm,
        program: "node_modules/.bin/esbuild",
    })
}

/// Installs Trunk.
pub(crate) fn for_dev(workspace: &Workspace) -> Result<DevTools> {
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
    let path = search_path([&trunk, &wasm_bindgen])?;
    Ok(DevTools { trunk, path })
}

/// Installs what the fast build needs: the compiler's part for browsers, and the bundler of the script tag.
pub(crate) fn for_fast_build(workspace: &Workspace) -> Result<()> {
    toolchain::require_wasm_target(workspace)?;
    bundler().map(drop)
}

/// Installs what looks at the crates that are depended on.
pub(crate) fn cargo_deny() -> Result<PathBuf> {
    Cache::open()?.provide(&Tool {
        name: "cargo-deny",
        version: CARGO_DENY,
        installer: Installer::Cargo {
            arguments: &["--locked", "--debug", "--no-default-features"],
        },
        program: "bin/cargo-deny",
    })
}

/// Installs what looks at the sources.
pub(crate) fn for_lints(workspace: &Workspace) -> Result<()> {
    toolchain::require_component(workspace, "rustfmt", "fmt")?;
    toolchain::require_component(workspace, "clippy", "clippy")
}

/// Installs what the product is measured with: a browser, and the chats beside it.
pub(crate) fn for_bench(workspace: &Workspace) -> Result<BenchTools> {
    let browser = Browser::find_or_install(workspace)?;
    let chats = chats::provide(&Cache::open()?)?;
    Ok(BenchTools { browser, chats })
}

/// Installs what the package for bundlers is checked with, as its lock file says, and answers the folder of modules.
pub(crate) fn for_package(workspace: &Workspace) -> Result<PathBuf> {
    let package = workspace.root().join(package::PACKAGE);
    let compiler = locked("package", &package, "node_modules/typescript/bin/tsc")?;
    let modules = compiler.ancestors().find(|folder| folder.ends_with("node_modules"));
    Ok(modules.context("the compiler is a module")?.to_owned())
}

/// Installs what the tests need and the product does not.
pub(crate) fn for_tests(workspace: &Workspace) -> Result<TestTools> {
    let cache = Cache::open()?;
    let axe = cache.provide(&Tool {
        name: "axe-core",
        version: AXE,
        installer: Installer::Npm,
        program: "node_modules/axe-core/axe.min.js",
    })?;
    let browser = Browser::find_or_install(workspace)?;
    let firefox = Firefox::find_or_install(&cache)?;
    languages::find_or_install()?;
    let openid = workspace.root().join("tests/openid");
    let openid = locked("openid", &openid, "node_modules/oidc-provider/lib/index.js")?;
    Ok(TestTools {
        axe,
        browser,
        firefox,
        openid,
    })
}

/// Installs what the lock file in a folder names, and answers a file of it.
fn locked(name: &str, package: &Path, program: &str) -> Result<PathBuf> {
    let version = Fingerprint::new().file(&package.join("package-lock.json"))?.short();
    Cache::open()?.provide(&Tool {
        name,
        version: &version,
        installer: Installer::Lock { package },
        program,
    })
}

impl BuildTools {
    /// The WebAssembly optimizer.
    pub(crate) fn wasm_opt(&self, workspace: &Workspace) -> Command {
        workspace.command(&self.wasm_opt)
    }

    /// The bundler and minifier of scripts and style sheets.
    pub(crate) fn esbuild(&self, workspace: &Workspace) -> Command {
        workspace.command(&self.esbuild)
    }

    /// All versions in one line: other tools make other files.
    pub(crate) fn versions(&self) -> String {
        format!("binaryen {BINARYEN}, esbuild {ESBUILD}")
    }
}

impl DevTools {
    /// Trunk, which finds the other tools.
    pub(crate) fn trunk(&self, workspace: &Workspace) -> Command {
        let mut command = workspace.command(&self.trunk);
        // Trunk takes only the words true and false here, while other programs take anything.
        command.env("NO_COLOR", "true").env("PATH", &self.path);
        command
    }
}

fn search_path(programs: [&PathBuf; 2]) -> Result<OsString> {
    let folders = programs
        .into_iter()
        .filter_map(|program| program.parent())
        .map(Path::to_path_buf);
    let inherited = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.chain(env::split_paths(&inherited))).context("a folder's name holds the path separator")
}
