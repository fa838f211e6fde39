//! Where the sources are and where what is built from them goes.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::steps;

/// The checkout this program was started from.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the checkout from what `cargo xtask` passes on.
    pub(crate) fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").context("run this program as `cargo xtask`")?;
        let root = Path::new(&manifest)
            .parent()
            .context("xtask/ is not inside a checkout")?
            .to_path_buf();
        let mut metadata = Command::new("cargo");
        metadata
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .current_dir(&root);
        let Metadata { target_directory } = serde_json::from_str(&steps::output(&mut metadata)?)?;
        Ok(Self {
            root,
            target: target_directory,
        })
    }

    /// The folder with the root `Cargo.toml`.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What browsers download; the relay's release build embeds it.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Where cargo puts what it builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// A folder of our own in cargo's target folder: stamps, staging, the demo's data.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.target.join("xtask")
    }

    /// A program of the release build.
    pub(crate) fn release_program(&self, name: &str) -> PathBuf {
        self.target
            .join("release")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// A program of the debug build.
    pub(crate) fn debug_program(&self, name: &str) -> PathBuf {
        self.target
            .join("debug")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// A command that runs in the root folder, as if typed there.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(&self.root);
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(describes_this_package) {
                command.env_remove(name);
            }
        }
        command
    }

    /// A cargo command that runs in the root folder.
    pub(crate) fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }
}

#[derive(Deserialize)]
struct Metadata {
    target_directory: PathBuf,
}

/// Whether `cargo run` set the variable to describe xtask. Build scripts of others read some of them, so that
/// passing them on would rebuild these crates each time cargo and `cargo xtask` take turns.
fn describes_this_package(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || ["CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::describes_this_package;

    #[test]
    fn only_the_variables_that_describe_xtask_are_withheld() {
        assert!(describes_this_package("CARGO_PKG_VERSION"));
        assert!(describes_this_package("CARGO_MANIFEST_DIR"));
        assert!(!describes_this_package("CARGO_TARGET_DIR"));
        assert!(!describes_this_package("CARGO_HOME"));
        assert!(!describes_this_package("CARGO_NET_OFFLINE"));
    }
}
