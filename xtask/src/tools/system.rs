//! Programs of the system: taken from the search path, installed on Debian by root, named with the command elsewhere.

use std::{env, fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use crate::steps;

const INSTALLER: &str = "apt-get";
const UPDATE: &[&str] = &["update"];
const INSTALL: &[&str] = &["install", "--yes", "--no-install-recommends"];

/// Installs packages of Debian, if this process may.
pub(super) fn install(packages: &[&str]) -> Result<()> {
    let remedy = remedy(packages);
    if !(is_root() && on_search_path(&[INSTALLER]).is_some()) {
        bail!("on Debian, as root: `{remedy}`");
    }
    println!("   installing {}", packages.join(", "));
    for arguments in [UPDATE.to_vec(), [INSTALL, packages].concat()] {
        let mut command = Command::new(INSTALLER);
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
        steps::run(&mut command).with_context(|| format!("cannot install by `{remedy}`"))?;
    }
    Ok(())
}

/// What to type to have them.
pub(super) fn remedy(packages: &[&str]) -> String {
    [UPDATE.to_vec(), [INSTALL, packages].concat()]
        .map(|arguments| format!("{INSTALLER} {}", arguments.join(" ")))
        .join(" && ")
}

/// The first of these programs that the search path has.
pub(super) fn on_search_path(names: &[&str]) -> Option<PathBuf> {
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
    use super::*;

    #[test]
    fn the_effective_user_decides_who_is_root() {
        assert!(belongs_to_root("Name:\txtask\nUid:\t1000\t0\t0\t0\n"));
        assert!(!belongs_to_root("Name:\txtask\nUid:\t0\t1000\t0\t0\n"));
        assert!(!belongs_to_root(""));
    }

    #[test]
    fn the_remedy_is_one_line_to_paste() {
        assert_eq!(
            remedy(&["nodejs", "npm"]),
            "apt-get update && apt-get install --yes --no-install-recommends nodejs npm"
        );
    }

    #[test]
    fn a_program_is_found_by_any_of_its_names() {
        let shell = on_search_path(&["no-such-program", "sh"]).expect("there is a shell");
        assert!(shell.ends_with("sh"));
        assert_eq!(on_search_path(&["no-such-program"]), None);
    }
}
