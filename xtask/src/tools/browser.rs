//! Chromium, its driver, and `fiu-run`, which makes a disk fail on demand: taken from the search path, installed on
//! Debian by root.

use std::{env, fs, path::PathBuf};

use anyhow::{Context, Result, bail};

use crate::{steps, workspace::Workspace};

const INSTALLER: &str = "apt-get";
const UPDATE: &[&str] = &["update"];
const INSTALL: &[&str] = &[
    "install",
    "--yes",
    "--no-install-recommends",
    "chromium",
    "chromium-driver",
    "fiu-utils",
];

/// A browser of the same version as its driver.
pub(crate) struct Browser {
    /// The browser.
    pub(crate) chromium: PathBuf,
    /// Speaks WebDriver and starts the browser.
    pub(crate) driver: PathBuf,
}

impl Browser {
    /// Finds the programs; installs them when they are not there and this process may.
    pub(super) fn find_or_install(workspace: &Workspace) -> Result<Self> {
        if let Some(browser) = Self::find() {
            return Ok(browser);
        }
        if !(is_root() && on_search_path(&[INSTALLER]).is_some()) {
            bail!(
                "no chromium, chromedriver or fiu-run on the search path; as root: `{}`",
                both_commands()
            );
        }
        println!("   installing chromium, its driver and fiu-utils");
        for arguments in [UPDATE, INSTALL] {
            let mut command = workspace.command(INSTALLER);
            command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
            steps::run(&mut command).with_context(|| format!("cannot install the browser: `{}`", both_commands()))?;
        }
        Self::find().with_context(|| format!("no chromium after `{}`", both_commands()))
    }

    fn find() -> Option<Self> {
        let chromium = on_search_path(&["chromium", "chromium-browser", "google-chrome"])?;
        let driver = on_search_path(&["chromedriver"])?;
        on_search_path(&["fiu-run"])?;
        Some(Self { chromium, driver })
    }
}

fn both_commands() -> String {
    [UPDATE, INSTALL]
        .map(|arguments| format!("{INSTALLER} {}", arguments.join(" ")))
        .join(" && ")
}

fn on_search_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let programs = names
        .iter()
        .flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)));
    programs.into_iter().find(|program| program.is_file())
}

/// Whether this process belongs to root, as far as Linux tells.
fn is_root() -> bool {
    fs::read_to_string("/proc/self/status").is_ok_and(|status| belongs_to_root(&status))
}

fn belongs_to_root(status: &str) -> bool {
    // Real, effective, saved and file-system user: the effective one decides.
    let users = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    users.and_then(|users| users.split_whitespace().nth(1)) == Some("0")
}

#[cfg(test)]
mod tests {
    use super::{belongs_to_root, both_commands};

    #[test]
    fn the_effective_user_decides_who_is_root() {
        assert!(belongs_to_root("Name:\txtask\nUid:\t1000\t0\t0\t0\n"));
        assert!(!belongs_to_root("Name:\txtask\nUid:\t0\t1000\t0\t0\n"));
        assert!(!belongs_to_root(""));
    }

    #[test]
    fn the_remedy_is_one_line_to_paste() {
        assert_eq!(
            both_commands(),
            "apt-get update && apt-get install --yes --no-install-recommends chromium chromium-driver fiu-utils"
        );
    }
}
