//! From what Trunk wrote to what is served: optimized, with the hash of its content in each file's name.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use super::{
    App,
    document::{self, Page},
    fingerprint::short_hash,
    leftovers, names, panics,
};
use crate::{steps, tools::BuildTools, workspace::Workspace};

/// The script that starts an application; it names the WebAssembly, so that its own name comes last.
const BOOT: &str = "boot.js";

/// All style of an application.
const STYLE: &str = "style.css";

/// How scripts and style sheets are made small.
const MINIFIER: [&str; 4] = [
    "--minify",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=warning",
];

/// Starts a program, in place of wasm-bindgen's own way: that has an answer for servers with wrong types and for browsers
/// of long ago, which costs every visitor half a kilobyte.
const START: &str = "
export async function start(url) {
    const { instance, module } = await WebAssembly.instantiateStreaming(fetch(url), __wbg_get_imports());
    return __wbg_finalize_init(instance, module);
}
";

/// Finishes a folder that Trunk filled without hashes in names.
pub(super) fn finish(workspace: &Workspace, tools: &BuildTools, app: App, folder: &Path) -> Result<()> {
    let index = folder.join("index.html");
    let html = fs::read_to_string(&index).with_context(|| format!("Trunk wrote no {}", index.display()))?;
    let page = Page::parse(&html, app.public_url())?;

    let glue = folder.join(format!("portico-{}.js", app.name()));
    let wasm = folder.join(format!("portico-{}_bg.wasm", app.name()));
    rewrite(app, &wasm, &glue)?;
    optimize(workspace, tools, &wasm)?;
    join_scripts(workspace, tools, app, folder, &glue)?;
    join_styles(folder, page.styles())?;
    minify(workspace, tools, [folder.join(STYLE)], folder)?;

    let renamed = hash_names(app, folder)?;
    let html = page.with(BOOT, STYLE);
    Ok(fs::write(&index, document::rename(&html, app.public_url(), &renamed))?)
}

/// What no optimizer may do by itself.
fn rewrite(app: App, wasm: &Path, glue: &Path) -> Result<()> {
    let mut module = walrus::Module::from_file(wasm)?;
    let reached = leftovers::reached(&module);
    if let App::Widget = app {
        panics::silence(&mut module)?;
    }
    let script = names::shorten(&mut module, &fs::read_to_string(glue)?)?;
    leftovers::sweep(&mut module, &reached)?;
    fs::write(glue, script)?;
    module.emit_wasm_file(wasm)
}

/// One script instead of two: what starts the application, with the parts of wasm-bindgen's script that it uses.
fn join_scripts(workspace: &Workspace, tools: &BuildTools, app: App, folder: &Path, glue: &Path) -> Result<()> {
    let boot = folder.join(BOOT);
    let (name, base) = (app.name(), app.public_url());
    fs::write(glue, fs::read_to_string(glue)? + START)?;
    fs::write(
        &boot,
        format!("import {{ start }} from './portico-{name}.js';\nstart('{base}portico-{name}_bg.wasm');\n"),
    )?;
    let mut command = tools.esbuild(workspace);
    command
        .args(MINIFIER)
        .args(["--bundle", "--format=esm", "--allow-overwrite"])
        .arg(&boot)
        .arg(format!("--outfile={}", boot.display()));
    steps::run(&mut command)?;
    // Scripts that the program brought along are in the one script now.
    let snippets = folder.join("snippets");
    if snippets.exists() {
        fs::remove_dir_all(snippets)?;
    }
    Ok(fs::remove_file(glue)?)
}

/// One style sheet instead of one per part, in the order of the page.
fn join_styles(folder: &Path, styles: &[&str]) -> Result<()> {
    let mut joined = String::new();
    for style in styles {
        let path = folder.join(style);
        joined += &fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        fs::remove_file(&path)?;
    }
    Ok(fs::write(folder.join(STYLE), joined)?)
}

/// Writes smaller versions of scripts and style sheets into a folder.
pub(super) fn minify(
    workspace: &Workspace,
    tools: &BuildTools,
    files: impl IntoIterator<Item = PathBuf>,
    into: &Path,
) -> Result<()> {
    let mut command = tools.esbuild(workspace);
    command
        .args(MINIFIER)
        .args(files)
        .arg("--allow-overwrite")
        .arg(format!("--outdir={}", into.display()));
    steps::run(&mut command)
}

fn optimize(workspace: &Workspace, tools: &BuildTools, wasm: &Path) -> Result<()> {
    let mut command = tools.wasm_opt(workspace);
    command
        .args(["--monomorphize", "--gufa", "-Oz", "--converge"])
        // What repeats itself compresses better than what was worked out once and kept.
        .arg("--skip-pass=local-cse")
        // What is alike has names that are alike: side by side it compresses better than by size or by use.
        .arg("--reorder-functions-by-name")
        .args(["--strip-producers", "--strip-target-features"])
        // Rust puts the stack's far end there, which nothing may reach.
        .arg("--low-memory-unused")
        .arg(wasm)
        .arg("-o")
        .arg(wasm);
    steps::run(&mut command)
}

/// Puts the hash of its content into each file's name; answers with the old and the new names.
///
/// The order is the order of reference: a file is named when everything it names has its name.
fn hash_names(app: App, folder: &Path) -> Result<Vec<(String, String)>> {
    let mut renamed = Vec::new();
    let kinds = ["json", "wasm", "css", "js"];
    let names = kinds
        .map(|kind| files(folder, kind))
        .into_iter()
        .collect::<Result<Vec<_>>>()?;
    for name in names.concat() {
        let path = folder.join(&name);
        if name.ends_with(".css") || name.ends_with(".js") {
            let text = fs::read_to_string(&path)?;
            fs::write(&path, document::rename(&text, app.public_url(), &renamed))?;
        }
        let new = hashed_name(&name, &fs::read(&path)?);
        fs::rename(&path, folder.join(&new))?;
        renamed.push((name, new));
    }
    Ok(renamed)
}

/// The files of one kind in the folder itself; what lies deeper was named by whoever put it there.
fn files(folder: &Path, extension: &str) -> Result<Vec<String>> {
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
    use super::*;

    #[test]
    fn the_name_tells_the_content() {
        assert_eq!(hashed_name("app_bg.wasm", b""), "app_bg-e3b0c44298fc1c14.wasm");
        assert_ne!(hashed_name("boot.js", b"1"), hashed_name("boot.js", b"2"));
    }

    #[test]
    fn a_file_names_the_others_by_their_new_names() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        write("app_bg.wasm", "code");
        write("app.js", r#"new URL("app_bg.wasm",import.meta.url)"#);
        write("boot.js", r#"import a from"/widget/app.js";a("/widget/app_bg.wasm")"#);

        let renamed = hash_names(App::Widget, folder.path()).expect("the folder is ours");

        let [wasm, glue, boot] = renamed.as_slice() else {
            panic!("three files: {renamed:?}")
        };
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("it was renamed");
        assert_eq!(read(&glue.1), format!(r#"new URL("{}",import.meta.url)"#, wasm.1));
        assert_eq!(
            read(&boot.1),
            format!(r#"import a from"/widget/{}";a("/widget/{}")"#, glue.1, wasm.1)
        );
    }
}
