//! The languages of the programs in `docs/embedding.md`, which a test runs.

use anyhow::{Context, Result};

use super::system;

/// What runs a program, and Debian's package of it.
const LANGUAGES: [(&str, &str); 5] = [
    ("node", "nodejs"),
    ("python3", "python3"),
    ("php", "php-cli"),
    ("ruby", "ruby"),
    ("go", "golang-go"),
];

/// Installs those that are not there, if this process may.
pub(super) fn find_or_install() -> Result<()> {
    let missing: Vec<&str> = LANGUAGES
        .iter()
        .filter(|(program, _)| system::on_search_path(&[program]).is_none())
        .map(|(_, package)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    system::install(&missing).context("a test runs the programs of docs/embedding.md in their languages")
}
