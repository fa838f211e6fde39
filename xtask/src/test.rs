//! `cargo xtask test`: what a change must pass, cheap checks first, the product built before the tests that drive it.

use anyhow::{Context, Result};
use clap::ValueEnum;
use std::process::Command;

use crate::{
    dependencies, product, size,
    steps::{self, Steps},
    tools::{self, BuildTools, TestTools},
    workspace::Workspace,
};

/// Packages that build for the browser only.
const BROWSER_PACKAGES: [&str; 3] = ["portico-ui", "portico-widget", "portico-desk"];

/// One thing to check; each can be run alone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Check {
    /// The sources are formatted
    Format,
    /// The licences, bans and sources of deny.toml
    Dependencies,
    /// Lints of everything that runs natively
    Lint,
    /// Lints of the widget and the desk
    LintBrowser,
    /// The documentation builds without warnings
    Doc,
    /// The fuzz targets compile; running them needs a nightly compiler
    Fuzz,
    /// What browsers download has not become larger
    Size,
    /// All tests: of units, of the relay as a program, of the widget and the desk in a browser
    Tests,
}

impl Check {
    /// In the order they run: what fails most often and fastest comes first.
    const ALL: [Self; 8] = [
        Self::Format,
        Self::Dependencies,
        Self::Lint,
        Self::LintBrowser,
        Self::Doc,
        Self::Fuzz,
        Self::Size,
        Self::Tests,
    ];

    const fn title(self) -> &'static str {
        match self {
            Self::Format => "Format",
            Self::Dependencies => "Licences, bans and sources",
            Self::Lint => "Lints, native",
            Self::LintBrowser => "Lints, browser",
            Self::Doc => "Documentation",
            Self::Fuzz => "Fuzz targets",
            Self::Size => "Sizes",
            Self::Tests => "Tests",
        }
    }

    /// What to type to run it again.
    fn command(self) -> String {
        let name = self
            .to_possible_value()
            .map(|value| value.get_name().to_owned())
            .unwrap_or_default();
        format!("cargo xtask test --only {name}")
    }

    /// Whether it looks at the built product.
    const fn needs_product(self) -> bool {
        match self {
            Self::Format | Self::Dependencies | Self::Lint | Self::LintBrowser | Self::Doc | Self::Fuzz => false,
            Self::Size | Self::Tests => true,
        }
    }

    fn run(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Format => steps::run(&mut workspace.cargo(["fmt", "--all", "--check"])),
            Self::Dependencies => dependencies::check(workspace),
            Self::Lint => lint(workspace),
            Self::LintBrowser => lint_browser(workspace),
            Self::Doc => document(workspace),
            Self::Fuzz => check_fuzz_targets(workspace),
            Self::Size => size::run(workspace),
            Self::Tests => test(workspace),
        }
    }
}

/// Runs one check or all of them; the first failure ends it.
pub(crate) fn run(workspace: &Workspace, only: Option<Check>) -> Result<()> {
    let checks: Vec<Check> = only.map_or_else(|| Check::ALL.to_vec(), |check| vec![check]);
    let (early, late): (Vec<Check>, Vec<Check>) = checks.into_iter().partition(|check| !check.needs_product());
    let build_steps = if late.is_empty() { 0 } else { product::BUILD_STEPS };
    let mut steps = Steps::new(1 + early.len() + build_steps + late.len());

    let tools = steps.run("Set-up", || set_up(workspace, &late))?;
    check_all(&early, workspace, &mut steps)?;
    if !late.is_empty() {
        product::build(workspace, &tools, &mut steps).context("to repeat it: cargo xtask build")?;
    }
    check_all(&late, workspace, &mut steps)?;
    steps.summary();
    Ok(())
}

/// Everything at once, so that a missing tool does not show after half an hour.
fn set_up(workspace: &Workspace, late: &[Check]) -> Result<BuildTools> {
    tools::for_lints(workspace)?;
    if late.contains(&Check::Tests) {
        tools::for_tests(workspace)?;
    }
    tools::for_build(workspace)
}

fn check_all(checks: &[Check], workspace: &Workspace, steps: &mut Steps) -> Result<()> {
    for check in checks {
        steps
            .run(check.title(), || check.run(workspace))
            .with_context(|| format!("to repeat it: {}", check.command()))?;
    }
    Ok(())
}

fn lint(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo(["clippy", "--locked", "--workspace", "--all-targets"]);
    command.args(without_browser_packages()).args(["--", "-D", "warnings"]);
    steps::run(&mut command)
}

fn lint_browser(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo(["clippy", "--locked"]);
    command.args(only_browser_packages()).args(["--", "-D", "warnings"]);
    steps::run(&mut command)?;
    // The desk brings along what only agents need; visitors get the shared parts without.
    let visitors = ["portico-client", "portico-ui", "portico-widget"];
    let mut command = workspace.cargo(["clippy", "--locked", "--no-default-features"]);
    command.args(["--target", tools::WASM_TARGET]);
    command.args(visitors.into_iter().flat_map(|package| ["--package", package]));
    steps::run(command.args(["--", "-D", "warnings"]))
}

/// Private items are documented too, so links to them lead somewhere.
const RUSTDOC: &str = "-D warnings -A rustdoc::private_intra_doc_links";

fn document(workspace: &Workspace) -> Result<()> {
    let arguments = ["doc", "--locked", "--no-deps", "--document-private-items"];
    let native = ["--workspace"].into_iter().chain(without_browser_packages());
    steps::run(workspace.cargo(arguments).args(native).env("RUSTDOCFLAGS", RUSTDOC))?;
    steps::run(
        workspace
            .cargo(arguments)
            .args(only_browser_packages())
            .env("RUSTDOCFLAGS", RUSTDOC),
    )
}

/// They are a workspace of their own, with what they build beside everybody else's.
fn check_fuzz_targets(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo(["check", "--locked", "--quiet", "--no-default-features"]);
    command.args(["--manifest-path", "shared/fuzz/Cargo.toml", "--target-dir"]);
    steps::run(command.arg(workspace.scratch().join("fuzz")))
}

/// The cases of property tests are the same in each run, so that no change fails for what it has not touched. With this
/// variable set to another number, other cases are tried.
const CASES: &str = "PROPTEST_RNG_SEED";

/// What the tests talk to is on this machine, whatever leads to the rest of the world.
const HERE: &str = "127.0.0.1,localhost";

fn test(workspace: &Workspace) -> Result<()> {
    let TestTools { axe, browser } = tools::for_tests(workspace)?;
    let cargo_test = |arguments: &[&str]| {
        let mut command = workspace.cargo(["test", "--locked"]);
        command
            .args(arguments)
            .env("NO_PROXY", HERE)
            .env("no_proxy", HERE)
            .env(CASES, std::env::var_os(CASES).unwrap_or_else(|| "1".into()));
        command
    };
    let of_product = |mut command: Command| {
        command
            .env("PORTICO_BIN", workspace.release_program(product::RELAY))
            .env("PORTICO_DEMO_BOT", workspace.release_program(product::BOT))
            .env("PORTICO_CHROMEDRIVER", &browser.driver)
            .env("PORTICO_CHROMIUM", &browser.chromium)
            .env("PORTICO_AXE", &axe);
        command
    };
    let mut command = of_product(cargo_test(&["--workspace"]));
    steps::run(command.args(without_browser_packages()))?;
    // What a test process must not do to itself: disks that fail, a full file system.
    let ignored = ["--", "--ignored"];
    let mut store = cargo_test(&["--package", "portico", "--lib", "faults"]);
    steps::run(store.args(ignored))?;
    let mut relay = of_product(cargo_test(&[
        "--package",
        "portico-tests",
        "--test",
        "protocol",
        "disk",
    ]));
    steps::run(relay.args(ignored))
}

fn without_browser_packages() -> impl Iterator<Item = &'static str> {
    BROWSER_PACKAGES.into_iter().flat_map(|package| ["--exclude", package])
}

fn only_browser_packages() -> impl Iterator<Item = &'static str> {
    let packages = BROWSER_PACKAGES.into_iter().flat_map(|package| ["--package", package]);
    ["--target", tools::WASM_TARGET].into_iter().chain(packages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_that_repeats_it() {
        assert_eq!(Check::LintBrowser.command(), "cargo xtask test --only lint-browser");
    }

    #[test]
    fn checks_of_the_product_come_last() {
        assert!(Check::ALL.is_sorted_by_key(|check| check.needs_product()));
    }
}
