//! The scripts that customers' pages load: each is bundled from modules, in every build by the same bundler.

use std::{fs, path::Path};

use anyhow::Result;

use super::{Build, fingerprint::Fingerprint, shrink::MINIFIER};
use crate::{steps, tools, workspace::Workspace};

/// A script, by its first module below `public/`.
struct Script {
    entry: &'static str,
    /// How it is loaded: `iife` by any tag, `esm` by `import`.
    format: &'static str,
    /// Its place on the relay.
    output: &'static str,
}

/// What the script tag fetches later.
const SECOND: Script = Script {
    entry: "embed/chat/main.js",
    format: "esm",
    output: "embed/chat.js",
};

/// How the script tag calls the version of the second script.
const VERSION: &str = "CHAT_VERSION";

const OTHERS: [Script; 5] = [
    Script {
        entry: "embed/main.js",
        format: "iife",
        output: "embed.js",
    },
    shim("shims/chatwoot.js"),
    shim("shims/intercom.js"),
    shim("shims/zendesk.js"),
    shim("shims/cim.js"),
];

/// What lets a page work that was written for another chat.
const fn shim(name: &'static str) -> Script {
    Script {
        entry: name,
        format: "iife",
        output: name,
    }
}

/// Bundles them into a folder; small for a release. The script tag names the content of the second script.
pub(super) fn bundle(workspace: &Workspace, build: Build<'_>, folder: &Path) -> Result<()> {
    bundle_one(workspace, build, folder, &SECOND, "")?;
    let version = Fingerprint::new().file(&folder.join(SECOND.output))?.short();
    for script in &OTHERS {
        bundle_one(workspace, build, folder, script, &version)?;
    }
    Ok(())
}

fn bundle_one(workspace: &Workspace, build: Build<'_>, folder: &Path, script: &Script, version: &str) -> Result<()> {
    let output = folder.join(script.output);
    let mut command = workspace.command(tools::bundler()?);
    if let Build::Release(_) = build {
        command.args(MINIFIER);
    }
    command
        .args([
            "--bundle",
            "--charset=utf8",
            "--log-level=warning",
            "--loader:.css=text",
        ])
        .arg(format!("--define:{VERSION}={version:?}"))
        .arg(format!("--format={}", script.format))
        .arg(workspace.root().join("public").join(script.entry))
        .arg(format!("--outfile={}", output.display()));
    steps::run(&mut command)?;
    if let Build::Release(_) = build {
        // The minifier leaves a script's style as it is, which is a text to it; its lines end with a brace.
        let joined: String = fs::read_to_string(&output)?.lines().collect();
        fs::write(&output, joined)?;
    }
    Ok(())
}
