//! From what Trunk wrote to what is served: optimized, with the hash of its content in each file's name.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use super::{
    App,
    document::{self, Page},
    fingerprint::short_hash,
    script,
};
use crate::{steps, tools::BuildTools, workspace::Workspace};

/// Finishes a folder that Trunk filled without hashes in names.
///
/// The order is the order of reference: a file is named when everything it names has its name.
pub(super) fn finish(workspace: &Workspace, tools: &BuildTools, app: App, folder: &Path) -> Result<()> {
    for name in names(folder, "wasm")? {
        optimize(workspace, tools, &folder.join(name))?;
    }

    let mut renamed = Vec::new();
    for extension in ["wasm", "css", "js"] {
        for name in names(folder, extension)? {
            let path = folder.join(&name);
            if extension != "wasm" {
                let text = fs::read_to_string(&path)?;
                fs::write(
                    &path,
                    document::rename(&script::shrink(&text), app.public_url(), &renamed),
                )?;
            }
            let new = hashed_name(&name, &fs::read(&path)?);
            fs::rename(&path, folder.join(&new))?;
            renamed.push((name, new));
        }
    }

    let index = folder.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("Trunk wrote no {}", index.display()))?;
    let html = document::rename(&html, app.public_url(), &renamed);
    let page = Page::parse(&html)?;
    let boot = script::shrink(page.script());
    let boot_name = hashed_name("boot.js", boot.as_bytes());
    fs::write(folder.join(&boot_name), boot)?;
    Ok(fs::write(
        &index,
        page.with_script_at(&format!("{}{boot_name}", app.public_url())),
    )?)
}

fn optimize(workspace: &Workspace, tools: &BuildTools, wasm: &Path) -> Result<()> {
    let mut command = tools.wasm_opt(workspace);
    command
        .args(["-Oz", "--strip-producers", "--strip-target-features"])
        .arg(wasm)
        .arg("-o")
        .arg(wasm);
    steps::run(&mut command)
}

/// The files of one kind in the folder itself; what lies deeper was named by whoever put it there.
fn names(folder: &Path, extension: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|found| found == extension) {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .context("a file's name is not text")?;
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn hashed_name(name: &str, content: &[u8]) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{}.{extension}", short_hash(content)),
        None => format!("{name}-{}", short_hash(content)),
    }
}

#[cfg(test)]
mod tests {
    use super::hashed_name;

    #[test]
    fn the_name_tells_the_content() {
        assert_eq!(hashed_name("app_bg.wasm", b""), "app_bg-e3b0c44298fc1c14.wasm");
        assert_ne!(hashed_name("boot.js", b"1"), hashed_name("boot.js", b"2"));
    }
}
