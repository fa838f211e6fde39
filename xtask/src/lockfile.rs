//! Versions that `Cargo.lock` decides.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// The version of the one package of this name in the lock file of `root`.
pub(crate) fn version_in(root: &Path, name: &str) -> Result<String> {
    let path = root.join("Cargo.lock");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    locked_version(&text, name)
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
}

fn locked_version(text: &str, name: &str) -> Result<String> {
    let lock: Lock = toml::from_str(text).context("Cargo.lock is not a lock file")?;
    let mut versions = lock
        .package
        .into_iter()
        .filter(|package| package.name == name)
        .map(|package| package.version);
    match (versions.next(), versions.next()) {
        (Some(version), None) => Ok(version),
        (None, _) => bail!("no package {name} in Cargo.lock"),
        (Some(one), Some(other)) => bail!("two versions of {name} in Cargo.lock: {one} and {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    const LOCK: &str = r#"
version = 4

[[package]]
name = "wasm-bindgen"
version = "0.2.130"
dependencies = ["syn"]

[[package]]
name = "syn"
version = "2.0.1"

[[package]]
name = "syn"
version = "3.0.0"
"#;

    #[test]
    fn the_locked_version_is_found_by_the_whole_name() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen").expect("it is there"), "0.2.130");
        assert!(locked_version(LOCK, "wasm").is_err());
    }

    #[test]
    fn two_versions_are_a_question_that_is_not_guessed() {
        let error = locked_version(LOCK, "syn").expect_err("there are two");
        assert_eq!(error.to_string(), "two versions of syn in Cargo.lock: 2.0.1 and 3.0.0");
    }
}
