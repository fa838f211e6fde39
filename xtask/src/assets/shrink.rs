//! What makes a release small: the optimizer of WebAssembly, the minifier of scripts and styles, and brotli.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use super::program::BOOT;
use crate::{steps, tools::BuildTools, workspace::Workspace};

/// How scripts and style sheets are made small.
pub(super) const MINIFIER: [&str; 5] = [
    "--minify",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=warning",
    "--allow-overwrite",
];

/// What shrinks; images, fonts and sounds are compressed already.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "ico", "js", "json", "svg", "txt", "wasm", "webmanifest"];

/// Node.js brings Google's own brotli. The best quality, since nobody waits for it but the build, and a window of 4 MiB,
/// more than any of the files.
const BROTLI: &str = "
const { readFileSync, writeFileSync } = require('node:fs');
const { brotliCompressSync, constants } = require('node:zlib');
for (const name of process.argv.slice(1)) {
  const content = readFileSync(name);
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  writeFileSync(name + '.br', brotliCompressSync(content, { params }));
}
";

/// Makes a program small, in its place: one script instead of all that the first one imports.
pub(super) fn program(workspace: &Workspace, tools: &BuildTools, folder: &Path) -> Result<()> {
    let boot = folder.join(BOOT);
    let mut bundle = tools.esbuild(workspace);
    bundle.args(MINIFIER).args(["--bundle", "--format=esm"]).arg(&boot);
    steps::run(bundle.arg(format!("--outfile={}", boot.display())))?;
    for script in files(folder, |name| name.extension() == Some(OsStr::new("js")))? {
        if script != boot {
            fs::remove_file(script)?;
        }
    }

    for wasm in files(folder, |name| name.extension() == Some(OsStr::new("wasm")))? {
        optimize(workspace, tools, &wasm)?;
    }
    Ok(())
}

/// Makes what a page brings along small: its style, and its scripts but the one that starts the program.
pub(super) fn page(workspace: &Workspace, tools: &BuildTools, folder: &Path) -> Result<()> {
    let is_of_page = |name: &Path| {
        let extension = name.extension().and_then(OsStr::to_str);
        matches!(extension, Some("css" | "js")) && !name.ends_with(BOOT)
    };
    for file in files(folder, is_of_page)? {
        minify(workspace, tools, &file)?;
    }
    Ok(())
}

/// Puts `name.br` next to each compressible file below a folder.
pub(super) fn compress_below(folder: &Path) -> Result<()> {
    compress(&compressible(folder)?)
}

/// Puts `name.br` next to each of the files.
pub(crate) fn compress(files: &[PathBuf]) -> Result<()> {
    let mut node = Command::new("node");
    node.args(["-e", BROTLI, "--"]).args(files);
    steps::output(&mut node).context("cannot compress")?;
    Ok(())
}

fn compressible(folder: &Path) -> Result<Vec<PathBuf>> {
    let is_compressible = |name: &Path| {
        let extension = name.extension().and_then(OsStr::to_str);
        extension.is_some_and(|extension| COMPRESSIBLE.contains(&extension))
    };
    files(folder, is_compressible)
}

fn minify(workspace: &Workspace, tools: &BuildTools, file: &Path) -> Result<()> {
    let mut command = tools.esbuild(workspace);
    command
        .args(MINIFIER)
        .arg(file)
        .arg(format!("--outfile={}", file.display()));
    steps::run(&mut command)
}

fn optimize(workspace: &Workspace, tools: &BuildTools, wasm: &Path) -> Result<()> {
    let mut command = tools.wasm_opt(workspace);
    command
        .arg("-Oz")
        // Rust puts the stack's far end there, which nothing may reach.
        .arg("--low-memory-unused")
        // What is alike has names that are alike: side by side it compresses better.
        .arg("--reorder-functions-by-name")
        .args(["--strip-producers", "--strip-debug", "--strip-target-features"]);
    steps::run(command.arg(wasm).arg("-o").arg(wasm))
}

/// The files below a folder whose name is wanted, in order.
fn files(folder: &Path, wanted: impl Fn(&Path) -> bool + Copy) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, wanted)?);
        } else if wanted(&path) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_shrinks_is_compressed() {
        let dist = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(dist.path().join("demo")).expect("created");
        fs::write(dist.path().join("demo/page.html"), "<p>").expect("written");
        fs::write(dist.path().join("photo.png"), "x").expect("written");
        let found = compressible(dist.path()).expect("the folder is ours");
        assert_eq!(found, [dist.path().join("demo/page.html")]);
    }
}
