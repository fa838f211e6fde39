//! The second browser of the tests: Debian's Firefox, and its driver, which Debian does not have.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{
    cache::{Cache, Installer, Tool},
    system,
};

const PACKAGES: &[&str] = &["firefox-esr"];
const GECKODRIVER: &str = "0.37.1";

/// A browser and its driver, which drives any of its versions.
pub(crate) struct Firefox {
    /// The browser.
    pub(crate) firefox: PathBuf,
    /// Speaks WebDriver and starts the browser.
    pub(crate) driver: PathBuf,
}

impl Firefox {
    /// Finds the browser, or installs it when this process may, and builds the driver when it is not there.
    pub(super) fn find_or_install(cache: &Cache) -> Result<Self> {
        let firefox = match Self::find() {
            Some(firefox) => firefox,
            None => {
                system::install(PACKAGES).context("the tests need firefox-esr or firefox on the search path")?;
                Self::find().with_context(|| format!("no firefox after `{}`", system::remedy(PACKAGES)))?
            }
        };
        let driver = cache.provide(&Tool {
            name: "geckodriver",
            version: GECKODRIVER,
            // A debug build: it passes commands on.
            installer: Installer::Cargo {
                arguments: &["--locked", "--debug"],
            },
            program: "bin/geckodriver",
        })?;
        Ok(Self { firefox, driver })
    }

    fn find() -> Option<PathBuf> {
        system::on_search_path(&["firefox-esr", "firefox"])
    }
}
