//! `cargo xtask test`: what a change must pass, cheap checks first.
//!
//! Only the sizes need what is released. The tests drive a debug relay that serves the fast build from its folder: the same
//! sources, put together by the same steps, in a fraction of the time.

use anyhow::{Context, Result};
use clap::ValueEnum;
use std::{env, num::NonZero, process::Command, thread};

use crate::{
    assets::{self, Build},
    package, product, progress, size,
    steps::{self, Steps},
    tools::{self, TestTools},
    workspace::Workspace,
};

/// Packages that end in a browser.
const BROWSER_PACKAGES: [&str; 4] = ["portico-ui", "portico-lazy", "portico-widget", "portico-desk"];

/// One thing to check; each can be run alone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Check {
    /// The sources are formatted
    Format,
    /// The licences, bans and sources of deny.toml
    Dependencies,
    /// Lints of everything, as it runs natively
    Lint,
    /// Lints of the widget and the desk, as browsers run them
    LintBrowser,
    /// The documentation builds without warnings
    Doc,
    /// The fuzz targets compile; running them needs a nightly compiler
    Fuzz,
    /// The declarations of the package for bundlers hold on its examples
    Package,
    /// The tests of units: no browser, no relay as a program
    Units,
    /// All tests: of units, of the relay as a program, of the widget and the desk in a browser
    Tests,
    /// What browsers download has not become larger
    Size,
}

impl Check {
    /// In the order they run: what fails most often and fastest comes first. [`Check::Tests`] has the units in it.
    const ALL: [Self; 9] = [
        Self::Format,
        Self::Dependencies,
        Self::Lint,
        Self::LintBrowser,
        Self::Doc,
        Self::Fuzz,
        Self::Package,
        Self::Tests,
        Self::Size,
    ];

    /// What is worth it at every save.
    const QUICK: [Self; 4] = [Self::Format, Self::Lint, Self::LintBrowser, Self::Units];

    const fn title(self) -> &'static str {
        match self {
            Self::Format => "Format",
            Self::Dependencies => "Licences, bans and sources",
            Self::Lint => "Lints, native",
            Self::LintBrowser => "Lints, browser",
            Self::Doc => "Documentation",
            Self::Fuzz => "Fuzz targets",
            Self::Package => "The package for bundlers",
            Self::Units => "Tests of units",
            Self::Tests => "Tests",
            Self::Size => "Sizes",
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

    /// What it needs besides the compiler. Everything at once before the first check, so that a missing tool does not show
    /// after half an hour.
    fn set_up(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Format | Self::Lint | Self::LintBrowser => tools::for_lints(workspace),
            Self::Dependencies => tools::cargo_deny().map(drop),
            Self::Doc | Self::Fuzz | Self::Units => Ok(()),
            Self::Package => tools::for_package(workspace).map(drop),
            Self::Tests => tools::for_fast_build(workspace)
                .and_then(|()| tools::for_package(workspace).map(drop))
                .and_then(|()| tools::for_tests(workspace).map(drop)),
            Self::Size => tools::for_build(workspace).map(drop),
        }
    }

    fn run(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::Format => steps::run(&mut workspace.cargo(["fmt", "--all", "--check"])),
            Self::Dependencies => dependencies(workspace),
            Self::Lint => lint(workspace),
            Self::LintBrowser => lint_browser(workspace),
            Self::Doc => document(workspace),
            Self::Fuzz => check_fuzz_targets(workspace),
            Self::Package => package::build(workspace).map(drop),
            Self::Units => test_units(workspace),
            Self::Tests => test(workspace),
            Self::Size => {
                assets::build(workspace, Build::Release(&tools::for_build(workspace)?))?;
                size::run(workspace)
            }
        }
    }
}

/// Runs one check, those for every save, or all; the first failure ends it.
pub(crate) fn run(workspace: &Workspace, only: Option<Check>, quick: bool) -> Result<()> {
    let checks = match only {
        Some(check) => vec![check],
        None if quick => Check::QUICK.to_vec(),
        None => Check::ALL.to_vec(),
    };
    let mut steps = Steps::new(1 + checks.len());
    steps.run("Set-up", || checks.iter().try_for_each(|check| check.set_up(workspace)))?;
    for check in checks {
        steps
            .run(check.title(), || check.run(workspace))
            .with_context(|| format!("to repeat it: {}", check.command()))?;
    }
    steps.summary();
    Ok(())
}

/// Advisories are left out: they need the network, and fail changes for what others published.
fn dependencies(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.command(tools::cargo_deny()?);
    steps::run(command.args(["--locked", "check", "licenses", "bans", "sources"]))
}

fn lint(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo(["clippy", "--locked", "--workspace", "--all-targets"]);
    steps::run(command.args(["--", "-D", "warnings"]))
}

fn lint_browser(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo(["clippy", "--locked", "--target", tools::WASM_TARGET]);
    command.args(BROWSER_PACKAGES.into_iter().flat_map(|package| ["--package", package]));
    steps::run(command.args(["--", "-D", "warnings"]))
}

/// Private items are documented too, so links to them lead somewhere.
const RUSTDOC: &str = "-D warnings -A rustdoc::private_intra_doc_links";

fn document(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo([
        "doc",
        "--locked",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    steps::run(command.env("RUSTDOCFLAGS", RUSTDOC))
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

/// How many tests of a file run at once, unless the variable says otherwise. A test that drives a browser or a relay mostly
/// waits for it: with one test for each processor, two of them would be idle for most of the time.
const AT_ONCE: &str = "RUST_TEST_THREADS";
const AT_ONCE_AT_LEAST: usize = 4;

/// What the tests talk to is on this machine, whatever leads to the rest of the world.
const HERE: &str = "127.0.0.1,localhost";

fn test(workspace: &Workspace) -> Result<()> {
    let TestTools {
        axe,
        browser,
        firefox,
        openid,
    } = tools::for_tests(workspace)?;
    assets::build(workspace, Build::Fast)?;
    let example = package::build(workspace)?;
    // Everything at once, here and below: for a part of the workspace, cargo would compile what it depends on anew, with
    // the features that this part wants.
    progress::cargo(&mut workspace.cargo(["build", "--locked", "--workspace", "--all-targets"]))?;
    let of_product = |mut command: Command| {
        command
            .env("PORTICO_BIN", workspace.debug_program(product::RELAY))
            .env("PORTICO_ASSETS", Build::Fast.folder(workspace))
            .env("PORTICO_DEMO_BOT", workspace.debug_program(product::BOT))
            .env("PORTICO_PLAYGROUND", workspace.debug_program(product::PLAYGROUND))
            .env("PORTICO_CHROMEDRIVER", &browser.driver)
            .env("PORTICO_CHROMIUM", &browser.chromium)
            .env("PORTICO_GECKODRIVER", &firefox.driver)
            .env("PORTICO_FIREFOX", &firefox.firefox)
            .env("PORTICO_AXE", &axe)
            .env("PORTICO_OPENID_PROVIDER", &openid)
            .env("PORTICO_PACKAGE_EXAMPLE", &example);
        command
    };
    steps::run(&mut of_product(cargo_test(workspace, &[])))?;
    // What a test process must not do to itself: disks that fail, a full file system.
    let ignored = ["--", "--ignored"];
    steps::run(cargo_test(workspace, &["--lib", "faults"]).args(ignored))?;
    let mut relay = of_product(cargo_test(workspace, &["--test", "protocol", "disk"]));
    steps::run(relay.args(ignored))
}

fn test_units(workspace: &Workspace) -> Result<()> {
    steps::run(&mut cargo_test(workspace, &["--lib", "--bins"]))
}

/// All of them run though one fails: whoever waits for the last one wants to know of each.
fn cargo_test(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = workspace.cargo(["test", "--locked", "--workspace", "--no-fail-fast"]);
    command
        .args(arguments)
        .env("NO_PROXY", HERE)
        .env("no_proxy", HERE)
        .env(CASES, env::var_os(CASES).unwrap_or_else(|| "1".into()))
        .env(
            AT_ONCE,
            env::var_os(AT_ONCE).unwrap_or_else(|| at_once().to_string().into()),
        );
    command
}

fn at_once() -> usize {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    processors.max(AT_ONCE_AT_LEAST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_the_command_that_repeats_it() {
        assert_eq!(Check::LintBrowser.command(), "cargo xtask test --only lint-browser");
    }
}
