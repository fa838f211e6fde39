//! The developer commands, the same in README, CI and at a desk: `cargo xtask demo|dev|test|build|size|bench`.
//!
//! This crate owns `dist/` (what browsers download) and the per-user cache of pinned tools. It must never write
//! anywhere else: not into the sources, not into the system, except for the browser that the tests drive.
//! Start reading at [`assets`] for the build, [`tools`] for the set-up and [`mod@test`] for what a change must pass.

#![expect(
    clippy::disallowed_methods,
    reason = "elapsed times are printed for people; threads end with the command"
)]

mod assets;
mod bench;
mod children;
mod demo;
mod dev;
mod lockfile;
mod package;
mod product;
mod progress;
mod size;
mod steps;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::{assets::App, test::Check, workspace::Workspace};

/// Build, try and check Portico; missing tools are installed into a per-user cache first.
#[derive(Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Build quickly and run a shop, the relay, the desk, a bot and the playground on this machine
    Demo {
        /// Open the shop in the browser
        #[arg(long)]
        open: bool,
        /// The relay's port instead of 8080; the shop, the bot, the playground and its line take the next four
        #[arg(long)]
        port: Option<u16>,
    },
    /// Run the demo and rebuild one browser application on every change
    Dev {
        /// Which application to rebuild
        #[arg(long, value_enum, default_value = "widget")]
        app: App,
    },
    /// Run every check that a change must pass
    Test {
        /// Run only this check
        #[arg(long, value_enum)]
        only: Option<Check>,
        /// Run only what is worth it at every save: format, lints and the tests of units
        #[arg(long, conflicts_with = "only")]
        quick: bool,
    },
    /// Build what is released: the browser applications into `dist/`, and the programs
    Build,
    /// Finish what Trunk has built; Trunk starts it
    #[command(hide = true)]
    Link,
    /// Show what browsers download, and fail when it is too much
    Size,
    /// Measure the release build: under load, and beside other chats
    Bench {
        /// Passed on to the benchmark
        #[arg(last = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().action) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
            eprintln!("\nerror: {}", causes.join("\n       "));
            ExitCode::FAILURE
        }
    }
}

fn run(action: Action) -> anyhow::Result<()> {
    let workspace = Workspace::find()?;
    match action {
        Action::Demo { open, port } => demo::run(&workspace, port, open),
        Action::Dev { app } => dev::run(&workspace, app),
        Action::Test { only, quick } => test::run(&workspace, only, quick),
        Action::Build => product::run(&workspace),
        Action::Link => dev::link(&workspace),
        Action::Size => size::run(&workspace),
        Action::Bench { arguments } => bench::run(&workspace, &arguments),
    }
}
