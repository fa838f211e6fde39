//! `dist/`: everything a browser downloads, named, shrunk and compressed as it will be served.
//!
//! Trunk turns a browser crate into a page, a start script, style sheets and WebAssembly. What is added here is what
//! Trunk does not do: the start script leaves the page, because the relay's content security policy forbids inline
//! scripts; scripts and style sheets are joined into one each; optimizer and minifier run before names are given, so that
//! the hash in a name is the hash of what is served; each file gets a brotli twin. An application whose inputs and
//! outputs did not change is left alone.

mod bundle;
mod compress;
mod document;
mod fingerprint;
mod leftovers;
mod names;
mod panics;

use std::{
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::ValueEnum;
use serde::Deserialize;

use self::fingerprint::Fingerprint;
use crate::{steps, tools::BuildTools, workspace::Workspace};

/// An application that runs in a browser.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum App {
    /// The chat document in the frame on a customer's page
    Widget,
    /// The console where agents answer
    Desk,
}

impl App {
    /// All of them, in the order they are built.
    pub(crate) const ALL: [Self; 2] = [Self::Widget, Self::Desk];

    /// The application's folder in the sources, in `dist/` and on the relay.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Widget => "widget",
            Self::Desk => "desk",
        }
    }

    /// Where the relay serves it.
    pub(crate) const fn public_url(self) -> &'static str {
        match self {
            Self::Widget => "/widget/",
            Self::Desk => "/desk/",
        }
    }

    /// The page that Trunk starts from.
    pub(crate) const fn page(self) -> &'static str {
        match self {
            Self::Widget => "widget/index.html",
            Self::Desk => "desk/index.html",
        }
    }
}

/// Fills `dist/`.
pub(crate) fn build(workspace: &Workspace, tools: &BuildTools) -> Result<()> {
    let _lock = lock(workspace)?;
    for app in App::ALL {
        build_app(workspace, tools, app).with_context(|| format!("cannot build {}", app.name()))?;
    }
    build_public(workspace, tools)
}

/// Fills `dist/` as far as it is needed beside an application that Trunk serves. The other application is as the last
/// build left it: building it anew takes longer than most changes do.
pub(crate) fn build_beside(workspace: &Workspace, tools: &BuildTools, served: App) -> Result<()> {
    let _lock = lock(workspace)?;
    for app in App::ALL.into_iter().filter(|app| *app != served) {
        if workspace.dist().join(app.page()).is_file() {
            println!("   {} is as `cargo xtask build` made it last", app.name());
        } else {
            build_app(workspace, tools, app).with_context(|| format!("cannot build {}", app.name()))?;
        }
    }
    build_public(workspace, tools)
}

/// Two builds at once would replace each other's folders.
fn lock(workspace: &Workspace) -> Result<File> {
    let scratch = workspace.scratch();
    fs::create_dir_all(&scratch)?;
    let lock = File::create(scratch.join("assets.lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// One hash of all that browsers download, for a build that embeds it.
pub(crate) fn fingerprint(workspace: &Workspace) -> Result<String> {
    Ok(Fingerprint::new().folder(&workspace.dist())?.finish())
}

fn build_app(workspace: &Workspace, tools: &BuildTools, app: App) -> Result<()> {
    let dist = workspace.dist().join(app.name());
    let stamp = workspace.scratch().join(format!("{}.stamp", app.name()));
    let inputs = inputs(workspace, tools, app)?;
    if let Ok(old) = fs::read_to_string(&stamp)
        && old == stamped(&inputs, &dist)?
    {
        println!("   {} is up to date", app.name());
        return Ok(());
    }

    let staging = workspace.scratch().join(format!("{}-staging", app.name()));
    trunk(workspace, tools, app, &staging)?;
    bundle::finish(workspace, tools, app, &staging)?;
    compress::folder(&staging)?;
    replace(&dist, &staging)?;
    Ok(fs::write(stamp, stamped(&inputs, &dist)?)?)
}

fn trunk(workspace: &Workspace, tools: &BuildTools, app: App, into: &Path) -> Result<()> {
    let mut command = tools.trunk(workspace);
    command.args(["--config", "Trunk.toml", "--skip-version-check", "build", app.page()]);
    command.args([
        "--cargo-profile",
        "wasm-release",
        "--public-url",
        app.public_url(),
        "--locked",
        "true",
    ]);
    command.arg("--dist").arg(into);
    // The place of a panic is in the program, and this machine's folders are nobody's business.
    command.env("CARGO_ENCODED_RUSTFLAGS", compiler_options(workspace)?);
    steps::run(&mut command)
}

/// Between options of the compiler.
const SEPARATOR: &str = "\u{1f}";

/// Takes the folder of downloaded crates out of their files' names, and leaves constants to [`leftovers`].
fn compiler_options(workspace: &Workspace) -> Result<OsString> {
    let mut metadata = workspace.cargo(["metadata", "--locked", "--offline", "--format-version", "1"]);
    let Metadata { packages } = serde_json::from_str(&steps::output(&mut metadata)?)?;
    let downloaded = packages.iter().find(|package| package.source.is_some());
    // .../registry/src/index/crate-1.0.0/Cargo.toml
    let folder = downloaded.and_then(|package| package.manifest_path.ancestors().nth(2));
    let mut option = OsString::from("--remap-path-prefix=");
    option.push(folder.context("no crate is downloaded")?);
    option.push("=crates");
    option.push(SEPARATOR);
    option.push(leftovers::LINKER_OPTION);
    Ok(option)
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    source: Option<String>,
    manifest_path: PathBuf,
}

/// The script tag and the demo shop: no build but the minifier's, and that only for what customers' pages load.
fn build_public(workspace: &Workspace, tools: &BuildTools) -> Result<()> {
    let public = workspace.root().join("public");
    let staging = workspace.scratch().join("public-staging");
    if staging.exists() {
        fs::remove_dir_all(&staging)?;
    }
    copy_folder(&public.join("demo"), &staging.join("demo"))?;
    // The shop has the design tokens from its own origin, as it has everything but the script tag.
    fs::copy(public.join("tokens.css"), staging.join("demo/tokens.css"))?;
    bundle::minify(workspace, tools, [public.join("embed.js")], &staging)?;
    join_lines(&staging.join("embed.js"))?;
    compress::folder(&staging)?;

    let dist = workspace.dist();
    fs::create_dir_all(&dist)?;
    replace(&dist.join("demo"), &staging.join("demo"))?;
    for name in ["embed.js", "embed.js.br"] {
        fs::rename(staging.join(name), dist.join(name))?;
    }
    Ok(())
}

/// The minifier leaves the script tag's style as it is, which is a text to it; its lines end with a brace.
fn join_lines(script: &Path) -> Result<()> {
    let joined: String = fs::read_to_string(script)?.lines().collect();
    Ok(fs::write(script, joined)?)
}

/// Everything that decides what an application's files look like.
fn inputs(workspace: &Workspace, tools: &BuildTools, app: App) -> Result<String> {
    let root = workspace.root();
    let compiler = steps::output(workspace.command("rustc").arg("-vV"))?;
    let mut fingerprint = Fingerprint::new().text(tools.versions()).text(&compiler);
    for folder in [app.name(), "ui", "client", "i18n", "shared", "public", "xtask"] {
        fingerprint = fingerprint.folder(&root.join(folder))?;
    }
    for file in ["Cargo.toml", "Cargo.lock", "Trunk.toml"] {
        fingerprint = fingerprint.file(&root.join(file))?;
    }
    Ok(fingerprint.finish())
}

/// What was built from what: a file that went missing is as good a reason to build as one that changed.
fn stamped(inputs: &str, dist: &Path) -> Result<String> {
    Ok(format!("{inputs} {}\n", Fingerprint::new().folder(dist)?.finish()))
}

fn replace(old: &Path, new: &Path) -> Result<()> {
    if old.exists() {
        fs::remove_dir_all(old)?;
    }
    if let Some(parent) = old.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::rename(new, old).with_context(|| format!("cannot move {} to {}", new.display(), old.display()))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
