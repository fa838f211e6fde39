//! Which crates may be in the product: licences, bans and sources, as `deny.toml` lists them.
//!
//! The file is cargo-deny's own, and cargo-deny checks more (advisories first of all). Installing it takes longer
//! than all other checks together, so that this is the part of it that every change must pass.

mod licence;

use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use self::licence::Licence;
use crate::{steps, workspace::Workspace};

/// How cargo ends the name of the public registry's index, whichever mirror serves it.
const PUBLIC_INDEX: &str = "/crates.io-index";

/// Checks all crates of the lock file, for all targets.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let policy = workspace.root().join("deny.toml");
    let policy = fs::read_to_string(&policy).with_context(|| format!("cannot read {}", policy.display()))?;
    let policy: Policy = toml::from_str(&policy).context("deny.toml")?;
    let mut metadata = workspace.cargo(["metadata", "--locked", "--offline", "--format-version", "1"]);
    let Metadata { packages } = serde_json::from_str(&steps::output(&mut metadata)?)?;

    let problems: Vec<String> = packages.iter().flat_map(|package| policy.problems(package)).collect();
    if !problems.is_empty() {
        bail!("deny.toml does not allow:\n  {}", problems.join("\n  "));
    }
    println!("   {} crates, all allowed", packages.len());
    Ok(())
}

#[derive(Deserialize)]
struct Policy {
    licenses: Licences,
    bans: Bans,
}

#[derive(Deserialize)]
struct Licences {
    allow: Vec<String>,
    #[serde(default)]
    exceptions: Vec<Exception>,
}

#[derive(Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    reason: String,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

impl Policy {
    fn problems(&self, package: &Package) -> Vec<String> {
        let found = [
            self.banned(package),
            self.unknown_source(package),
            self.unknown_licence(package),
        ];
        let named = |problem| format!("{} {}: {problem}", package.name, package.version);
        found.into_iter().flatten().map(named).collect()
    }

    fn banned(&self, package: &Package) -> Option<String> {
        let ban = self.bans.deny.iter().find(|ban| ban.name == package.name)?;
        Some(format!("banned, {}", ban.reason))
    }

    fn unknown_source(&self, package: &Package) -> Option<String> {
        // A crate of this checkout has no source.
        let source = package.source.as_ref()?;
        let public = source.starts_with("registry+") && source.ends_with(PUBLIC_INDEX);
        (!public).then(|| format!("comes from {source}"))
    }

    fn unknown_licence(&self, package: &Package) -> Option<String> {
        let Some(text) = &package.license else {
            return Some("states no licence".to_owned());
        };
        let exceptions = self
            .licenses
            .exceptions
            .iter()
            .filter(|exception| exception.name == package.name);
        let allowed: Vec<&String> = exceptions
            .flat_map(|exception| &exception.allow)
            .chain(&self.licenses.allow)
            .collect();
        match Licence::parse(text) {
            Ok(licence) if licence.is_met(&|name| allowed.iter().any(|allowed| *allowed == name)) => None,
            Ok(_) => Some(format!("licensed under {text}")),
            Err(error) => Some(format!("cannot read its licence {text}: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"
[licenses]
allow = ["MIT", "Apache-2.0"]
exceptions = [{ crate = "driver", allow = ["MPL-2.0"] }]

[bans]
deny = [{ crate = "openssl", reason = "needs a C library" }]

[sources]
unknown-git = "deny"
"#;

    fn problems(name: &str, license: &str, source: Option<&str>) -> Vec<String> {
        let policy: Policy = toml::from_str(POLICY).expect("the policy is well formed");
        policy.problems(&Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: Some(license.to_owned()),
            source: source.map(str::to_owned),
        })
    }

    #[test]
    fn a_crate_of_the_checkout_or_of_the_public_registry_is_allowed() {
        assert!(problems("ours", "MIT", None).is_empty());
        assert!(problems("serde", "MIT", Some("registry+https://example.org/crates.io-index")).is_empty());
        assert_eq!(
            problems("fork", "MIT", Some("git+https://example.org/fork")),
            ["fork 1.0.0: comes from git+https://example.org/fork"]
        );
    }

    #[test]
    fn an_exception_is_for_one_crate() {
        assert!(problems("driver", "MPL-2.0", None).is_empty());
        assert_eq!(
            problems("other", "MPL-2.0", None),
            ["other 1.0.0: licensed under MPL-2.0"]
        );
    }

    #[test]
    fn a_banned_crate_is_named_with_the_reason() {
        assert_eq!(
            problems("openssl", "MIT", None),
            ["openssl 1.0.0: banned, needs a C library"]
        );
    }
}
