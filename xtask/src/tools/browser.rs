//! What tests need of the system: Chromium with its driver, and what makes a disk fail or fill on demand.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use super::system;
use crate::{steps, workspace::Workspace};

const PACKAGES: &[&str] = &["chromium", "chromium-driver", "fiu-utils", "util-linux"];

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
        let browser = match Self::find() {
            Some(browser) => browser,
            None => {
                system::install(PACKAGES)
                    .context("the tests need chromium, chromedriver, fiu-run and unshare on the search path")?;
                Self::find().with_context(|| format!("no chromium after `{}`", system::remedy(PACKAGES)))?
            }
        };
        require_namespaces(workspace)?;
        Ok(browser)
    }

    fn find() -> Option<Self> {
        let chromium = system::on_search_path(&["chromium", "chromium-browser", "google-chrome"])?;
        let driver = system::on_search_path(&["chromedriver"])?;
        system::on_search_path(&["fiu-run"])?;
        system::on_search_path(&["unshare"])?;
        Some(Self { chromium, driver })
    }
}

/// The test of a full file system mounts a small one that only it sees, which the kernel may forbid. Better to know
/// now than after half an hour.
fn require_namespaces(workspace: &Workspace) -> Result<()> {
    let mut unshare = workspace.command("unshare");
    let allowed = steps::output(unshare.args(["-rm", "true"]));
    ensure!(
        allowed.is_ok(),
        "`unshare -rm true` fails, and a test mounts a file system of its own: allow it as root by \
         `sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0` (whichever of \
         the two exists), or run the container with `--privileged`"
    );
    Ok(())
}
