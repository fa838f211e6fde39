//! The scripts that customers' pages load: each is bundled from modules, in every build by the same bundler.

use std::{fs, path::Path};

use anyhow::Result;
use sha2::{Digest, Sha256};

use super::{Build, shrink::MINIFIER};
use crate::{steps, tools, workspace::Workspace};

/// A script, by its first module below `public/`.
struct Script {
    entry: &'static str,
    /// How it is loaded: `iife` by any tag, `esm` by `import`.
    format: &'static str,
    /// Its place on the relay.
    output: &'static str,
}

/// What the script tag fetches later, the last one first: each is named in the one before it by its version, which is called so.
const LATER: [(Script, &str); 4] = [
    (
        module("embed/proactive/main.js", "embed/proactive.js"),
        "PROACTIVE_VERSION",
    ),
    (
        module("embed/subscribe/main.js", "embed/subscribe.js"),
        "SUBSCRIBE_VERSION",
    ),
    (module("embed/alerts/main.js", "embed/alerts.js"), "ALERTS_VERSION"),
    (module("embed/chat/main.js", "embed/chat.js"), "CHAT_VERSION"),
];

/// Of its SHA-256, as the relay knows it (`server/src/http/embed.rs`).
const VERSION_DIGITS: usize = 16;

const OTHERS: [Script; 6] = [
    Script {
        entry: "embed/main.js",
        format: "iife",
        output: "embed.js",
    },
    Script {
        entry: "embed/worker/main.js",
        format: "iife",
        output: "embed/worker.js",
    },
    shim("shims/chatwoot.js"),
    shim("shims/intercom.js"),
    shim("shims/zendesk.js"),
    shim("shims/cim.js"),
];

/// What another script fetches.
const fn module(entry: &'static str, output: &'static str) -> Script {
    Script {
        entry,
        format: "esm",
        output,
    }
}

/// What lets a page work that was written for another chat.
const fn shim(name: &'static str) -> Script {
    Script {
        entry: name,
        format: "iife",
        output: name,
    }
}

/// Bundles them into a folder; small for a release. What is fetched later is named by its content.
pub(super) fn bundle(workspace: &Workspace, build: Build<'_>, folder: &Path) -> Result<()> {
    let mut versions = Vec::new();
    for (script, name) in &LATER {
        bundle_one(workspace, build, folder, script, &versions)?;
        let mut version = format!("{:x}", Sha256::digest(fs::read(folder.join(script.output))?));
        version.truncate(VERSION_DIGITS);
        versions.push(format!("--define:{name}={version:?}"));
    }
    for script in &OTHERS {
        bundle_one(workspace, build, folder, script, &versions)?;
    }
    Ok(())
}

fn bundle_one(
    workspace: &Workspace,
    build: Build<'_>,
    folder: &Path,
    script: &Script,
    versions: &[String],
) -> Result<()> {
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
        .args(versions)
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
